"""The steps in words, where each stands, and what the frame around each shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for

from directory.credentials.registration import queries, rules
from directory.credentials.registration.terms import Missing, Progress, StepKey
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session
from directory.practitioners.models import Practitioner

TITLES: Final[Mapping[StepKey, Any]] = {
    StepKey.WHO: _l("Who you are"),
    StepKey.EDUCATION: _l("Education"),
    StepKey.LICENCES: _l("Licences and cover"),
    StepKey.PLACES: _l("Where you work"),
    StepKey.RLS: _l("Experience with restless legs"),
    StepKey.PREGNANCY: _l("Work in pregnancy"),
    StepKey.WORK: _l("How you work"),
    StepKey.OFFERS: _l("Languages, prices and methods"),
    StepKey.WORDS: _l("Your words and photo"),
    StepKey.REVIEW: _l("Look it over and hand in"),
}
ABOUT: Final[Mapping[StepKey, Any]] = {
    StepKey.WHO: _l("Your name as patients see it, your profession, your NPI if you have one."),
    StepKey.EDUCATION: _l("School, programme, year, and your clean needle technique course."),
    StepKey.LICENCES: _l("A number and an expiry date for each, and your indemnity insurance."),
    StepKey.PLACES: _l("Address, opening hours, and how accessible it is."),
    StepKey.RLS: _l("How many people, for how long, what training."),
    StepKey.PREGNANCY: _l("Whether you see pregnant people, and a signed declaration if you do."),
    StepKey.WORK: _l("What you ask for, and what a visit is like."),
    StepKey.OFFERS: _l("What you speak, what it costs, what you use and what you decline."),
    StepKey.WORDS: _l("A few sentences of your own, and a photo if you like."),
    StepKey.REVIEW: _l("See it as patients will, sign, and send it to us."),
}
"""What to have at hand for each."""

LACKING: Final[Mapping[Missing, Any]] = {
    Missing.NAME: _l("Your name is missing."),
    Missing.EDUCATION: _l("Please add the school where you trained."),
    Missing.LICENCE: _l("Please add at least one licence, registration or membership."),
    Missing.INDEMNITY: _l("Please add your indemnity insurance."),
    Missing.PLACE: _l("Please add at least one place where you work."),
    Missing.RLS: _l("Please answer the questions about restless legs. “None yet” is an answer."),
    Missing.PREGNANCY: _l("Please say whether you see pregnant people. “No” is an answer."),
    Missing.PREGNANCY_SIGNATURE: _l("Your pregnancy declaration is not signed yet."),
    Missing.LANGUAGE: _l("Please name at least one language you speak at work."),
    Missing.CLAIMS: _l("Your own words say something that may not be advertised."),
}

STANDS: Final[Mapping[Progress, tuple[str, Any]]] = {
    Progress.NOT_SEEN: ("missing", _l("not begun")),
    Progress.INCOMPLETE: ("alert", _l("something is missing")),
    Progress.DONE: ("checked", _l("saved")),
}
"""Icon and words of how a step stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """A step as a list of steps shows it."""

    key: StepKey
    number: int
    title: str
    about: str
    href: str
    progress: Progress
    icon: str
    stands: str
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every step."""

    step: StepKey
    title: str
    number: int
    of: int
    back: str
    published: bool


def address(step: StepKey) -> str:
    """Where a step is."""
    return url_for(f"registration.{step}")


def frame(step: StepKey, person: Practitioner | None) -> Frame:
    """The frame of one step."""
    steps = list(StepKey)
    before = rules.preceding(step)
    published = person is not None and person.published_at is not None
    return Frame(
        step=step,
        title=str(TITLES[step]),
        number=steps.index(step) + 1,
        of=len(steps),
        back=address(before) if before and not published else url_for("registration.overview"),
        published=published,
    )


def lines(person: Practitioner | None) -> list[Line]:
    """Every step with how it stands; nothing is begun where there is nobody yet."""
    facts = None if person is None else queries.facts(session(), person)
    stands = {} if facts is None else rules.progress(facts)
    lacking = () if facts is None else rules.missing(facts)
    found = []
    for number, key in enumerate(StepKey, 1):
        progress = stands.get(key, Progress.NOT_SEEN)
        icon, words = STANDS[progress]
        found.append(
            Line(
                key=key,
                number=number,
                title=str(TITLES[key]),
                about=str(ABOUT[key]),
                href=address(key),
                progress=progress,
                icon=icon,
                stands=str(words),
                lacking=tuple(str(LACKING[each]) for each in lacking if rules.STEP_OF[each] is key),
            )
        )
    return found
