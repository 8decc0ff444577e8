"""What is still missing before somebody can hand in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from directory.credentials.registration.terms import Missing, Progress, StepKey

STEP_OF: Final[Mapping[Missing, StepKey]] = {
    Missing.NAME: StepKey.WHO,
    Missing.EDUCATION: StepKey.EDUCATION,
    Missing.LICENCE: StepKey.LICENCES,
    Missing.INDEMNITY: StepKey.LICENCES,
    Missing.PLACE: StepKey.PLACES,
    Missing.RLS: StepKey.RLS,
    Missing.PREGNANCY: StepKey.PREGNANCY,
    Missing.PREGNANCY_SIGNATURE: StepKey.PREGNANCY,
    Missing.LANGUAGE: StepKey.OFFERS,
    Missing.CLAIMS: StepKey.WORDS,
}
"""Where each is mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules need to know of a registration."""

    name: str
    saved: frozenset[StepKey]
    education: bool
    """A school, or for other professions none is asked."""
    licences: bool
    indemnity: bool
    places: bool
    treats_in_pregnancy: bool
    declaration_signed: bool
    languages: bool
    claims: bool
    """Whether their own words hold something that nobody may advertise."""


def missing(facts: Facts) -> tuple[Missing, ...]:
    """What is missing, in the order of the steps; empty when it can be handed in."""
    lacking = {
        Missing.NAME: not facts.name,
        Missing.EDUCATION: not facts.education,
        Missing.LICENCE: not facts.licences,
        Missing.INDEMNITY: not facts.indemnity,
        Missing.PLACE: not facts.places,
        Missing.RLS: StepKey.RLS not in facts.saved,
        Missing.PREGNANCY: StepKey.PREGNANCY not in facts.saved,
        Missing.PREGNANCY_SIGNATURE: facts.treats_in_pregnancy and not facts.declaration_signed,
        Missing.LANGUAGE: not facts.languages,
        Missing.CLAIMS: facts.claims,
    }
    return tuple(each for each in Missing if lacking[each])


def progress(facts: Facts) -> dict[StepKey, Progress]:
    """How each step stands; the review itself is done when nothing is missing."""
    lacking = missing(facts)
    unfinished = {STEP_OF[each] for each in lacking}
    stands: dict[StepKey, Progress] = {}
    for step in StepKey:
        if step is StepKey.REVIEW:
            stands[step] = Progress.INCOMPLETE if lacking else Progress.DONE
        elif step not in facts.saved:
            stands[step] = Progress.NOT_SEEN
        else:
            stands[step] = Progress.INCOMPLETE if step in unfinished else Progress.DONE
    return stands


def following(step: StepKey) -> StepKey:
    """The step after this one; the review is the last."""
    steps = list(StepKey)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def preceding(step: StepKey) -> StepKey | None:
    """The step before this one."""
    steps = list(StepKey)
    where = steps.index(step)
    return steps[where - 1] if where else None
