"""What a patient should raise with a practitioner, and what of that this practitioner has already answered. It flags
and asks; it never clears anybody for treatment and, besides the gates of the search, shuts nobody out.

Pure codes: the words and their sources stand in ``directory.guide.cautions``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from directory.screening.terms import Concern, Condition

Told: TypeAlias = Condition | Concern
"""Anything a patient may tick that is not a red flag."""


class Kind(StrEnum):
    """How much a caution asks of the patient, the weightiest first."""

    ADVISE = "advise"
    """See a clinician before a first visit."""
    ASK = "ask"
    """A question for the practitioner decides."""
    FLAG = "flag"
    """The practitioner must know."""


class Answer(StrEnum):
    """What a practitioner has said of themselves that answers a caution."""

    BLEEDING_PROTOCOL = "anticoagulant_bleeding_protocol"
    LIMB_PROTOCOL = "lymphoedema_limb_avoidance"
    WITHOUT_NEEDLES = "works_without_needles"
    WITHOUT_ELECTRO = "no_electro_acupuncture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What counts of a practitioner: the protocols they declare, as codes, and two ways of working."""

    protocols: frozenset[str] = frozenset()
    electro: bool = True
    """Whether electro-acupuncture is among their techniques; taken as a yes where nobody knows."""
    without_needles: bool = False


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to raise. ``answers`` is empty where the practitioner has said nothing about it."""

    about: Told
    kind: Kind
    answers: tuple[Answer, ...] = ()


KINDS: Final[Mapping[Told, Kind]] = {
    Condition.BLEEDING_DISORDER: Kind.ADVISE,
    Condition.ACTIVE_INFECTION: Kind.ADVISE,
    Condition.IMMUNE_SUPPRESSION: Kind.ADVISE,
    Concern.CANCER: Kind.ADVISE,
    Concern.KIDNEY_FAILURE: Kind.ADVISE,
    Concern.STATE_OF_MIND: Kind.ADVISE,
    Concern.DOPAMINE_URGES: Kind.ADVISE,
    Concern.LOW_PLACENTA: Kind.ADVISE,
    Concern.CERVICAL_STITCH: Kind.ADVISE,
    Concern.EARLY_LABOUR_RISK: Kind.ADVISE,
    Concern.TWINS_OR_MORE: Kind.ADVISE,
    Concern.EARLIER_LOSS: Kind.ADVISE,
    Concern.BOTH_LEGS_SWOLLEN: Kind.ADVISE,
    Condition.ANTICOAGULANT: Kind.ASK,
    Condition.PACEMAKER: Kind.ASK,
    Condition.LYMPHOEDEMA: Kind.ASK,
    Condition.EPILEPSY: Kind.ASK,
    Condition.METAL_ALLERGY: Kind.ASK,
    Condition.NEEDLE_PHOBIA: Kind.ASK,
    Condition.PREGNANCY: Kind.ASK,
    Concern.NUMB_FEET: Kind.ASK,
    Concern.IMPLANT: Kind.ASK,
    Concern.NEEDLE_NERVES: Kind.FLAG,
    Concern.DROWSY: Kind.FLAG,
}
"""Every condition and concern, in the order in which they are shown."""

_BY_PROTOCOL: Final[Mapping[Told, Answer]] = {
    Condition.ANTICOAGULANT: Answer.BLEEDING_PROTOCOL,
    Condition.BLEEDING_DISORDER: Answer.BLEEDING_PROTOCOL,
    Condition.LYMPHOEDEMA: Answer.LIMB_PROTOCOL,
}


def cautions(told: Collection[Told], practice: Practice) -> tuple[Caution, ...]:
    """What to raise with this practitioner, weightiest first, each with what they have said that answers it."""
    return tuple(Caution(about, kind, _answers(about, practice)) for about, kind in KINDS.items() if about in told)


def for_request(told: Collection[Told]) -> tuple[Caution, ...]:
    """What must stand in a request and in its confirmation, whoever it goes to: nothing counts as answered there."""
    return cautions(told, Practice())


def _answers(about: Told, practice: Practice) -> tuple[Answer, ...]:
    answer = _BY_PROTOCOL.get(about)
    if answer is not None and answer.value in practice.protocols:
        return (answer,)
    if about in (Condition.NEEDLE_PHOBIA, Concern.NEEDLE_NERVES) and practice.without_needles:
        return (Answer.WITHOUT_NEEDLES,)
    if about is Condition.PACEMAKER and not practice.electro:
        return (Answer.WITHOUT_ELECTRO,)
    return ()
