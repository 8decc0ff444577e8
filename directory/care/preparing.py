"""What to do the day before a visit and on its day, and what to look at one and three days after it. Pure.

The guide's pages on preparing and on the time after a session say the same with their sources
(``seeds/guide/preparing.md``, ``seeds/guide/after-a-session.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from directory.guide.evidence import AACP, BACC
from directory.guide.words import N_, Source

AFTER: Final = (timedelta(hours=24), timedelta(hours=72))
"""When to look at how it went."""


@dataclass(frozen=True, slots=True)
class Part:
    """Things to tick under one heading; all words are msgids."""

    name: str
    heading: str
    items: tuple[str, ...]
    sources: tuple[Source, ...] = ()


_DAY_BEFORE: Final = (
    N_("Eat and drink as usual."),
    N_("Take your medicines as usual, and write them down with dose and reason."),
    N_("Write down a few nights: when it began, and how long you were awake."),
    N_("Note the telephone number of the practice and the way there."),
    N_("Choose the questions you want to ask."),
)
_LIGHT_MEAL: Final = N_(
    "Have a light meal one or two hours before: not a heavy one and not none. An empty stomach makes fainting more "
    "likely."
)
_DAY: Final = (
    N_("Wear loose clothes with sleeves and trouser legs that roll up to the elbow and knee."),
    N_("Leave alcohol out."),
    N_("Go to the toilet just before."),
    N_("Take your lists along: medicines, questions, notes of your nights."),
    N_("Plan a quiet half hour after it. Do not count on driving at once."),
)
_PREGNANT_BEFORE: Final = (
    N_("Tell the practice that you are or may be pregnant, with the week, if you have not yet."),
    N_("Tell your midwife or doctor that you are going."),
    N_("Ask which points they leave out, and what they do if something worries them."),
)
_PREGNANT_MEAL: Final = N_("Eat something before you go, and take a snack and water.")
_PREGNANT_DAY: Final = (
    N_("Take your maternity notes and the number of your maternity unit."),
    N_("Ask to lie on your side or half sitting, not flat on your back for long."),
    N_("Plan a break for the toilet."),
)
_LEGS: Final = (
    N_("Say at the start that your legs may need to move."),
    N_("Ask whether you may stand up, sit, or lie on your side."),
    N_("Agree on a bell or a hand sign."),
)
_PUT_OFF: Final = (
    N_("a fever or an infection"),
    N_("broken or sore skin where the needles would go"),
)
PUT_OFF: Final = Part("put_off", N_("Put the visit off if you have:"), _PUT_OFF, (BACC,))
"""When not to go. No list to tick."""


def checklist(*, pregnant: bool) -> tuple[Part, ...]:
    """What to tick. ``pregnant`` is also true for somebody who may be."""
    before = (*_PREGNANT_BEFORE, *_DAY_BEFORE) if pregnant else _DAY_BEFORE
    day = (_PREGNANT_MEAL, *_PREGNANT_DAY, *_DAY) if pregnant else (_LIGHT_MEAL, *_DAY)
    return (
        Part("before", N_("The day before"), before),
        Part("day", N_("On the day"), day, (BACC, AACP) if pregnant else (BACC,)),
        Part("legs", N_("If your legs will not lie still"), _LEGS),
    )


AFTER_A_DAY: Final = Part(
    "day_after",
    N_("After 24 hours"),
    (
        N_("How was the night? Note it in your diary."),
        N_("Is any spot red, warm or sore?"),
        N_("Did you take your medicines as usual?"),
        N_("Did you feel faint, very tired or unwell?"),
    ),
)
AFTER_THREE_DAYS: Final = Part(
    "three_days",
    N_("After 72 hours"),
    (
        N_("Have the nights changed, for better or worse? One night says little."),
        N_("Is a bruise fading?"),
        N_("Is there something to tell the practitioner or your doctor?"),
    ),
)


def prompts(visit: datetime) -> tuple[datetime, ...]:
    """When to look, by the same clock as ``visit``. A clock without a zone keeps the hour, whatever the clocks do."""
    return tuple(visit + later for later in AFTER)
