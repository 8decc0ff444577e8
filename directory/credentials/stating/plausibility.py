"""What is unlikely, and the little that is impossible, about what somebody says of themselves. Pure.

A doubt is no accusation: what was said is kept, the score caps it (``search.ranking``), and a person looks at it.
Nothing is refused but years that the register itself rules out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

MANY_PATIENTS: Final = 400
"""People with one condition in 24 months."""
LARGE_SHARE: Final = 0.15
"""Of all visits."""
WEEKS_IN_24_MONTHS: Final = 104
MANY_HOURS: Final = 1_000
MANY_PUBLICATIONS: Final = 100
DAYS_IN_YEAR: Final = 365.25


class Doubt(StrEnum):
    """Why somebody should look at a statement."""

    MANY_PATIENTS = "many_patients"
    LARGE_SHARE = "large_share"
    LONGER_THAN_LICENSED = "longer_than_licensed"
    MANY_HOURS = "many_hours"
    MANY_PUBLICATIONS = "many_publications"


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper under which somebody may have worked, and when it was issued, where that is known."""

    on: date | None
    checked: bool


def doubts(
    *,
    patients: int = 0,
    visits_per_week: int | None = None,
    years: float = 0.0,
    hours: float = 0.0,
    publications: int = 0,
    papers: Iterable[Issued] = (),
    today: date,
) -> frozenset[Doubt]:
    """What about these numbers somebody should look at."""
    found = set()
    if patients > MANY_PATIENTS:
        found.add(Doubt.MANY_PATIENTS)
    if visits_per_week and patients > LARGE_SHARE * visits_per_week * WEEKS_IN_24_MONTHS:
        found.add(Doubt.LARGE_SHARE)
    known = [each.on for each in papers if each.on is not None]
    if known and years > _years_since(min(known), today):
        found.add(Doubt.LONGER_THAN_LICENSED)
    if hours > MANY_HOURS:
        found.add(Doubt.MANY_HOURS)
    if publications > MANY_PUBLICATIONS:
        found.add(Doubt.MANY_PUBLICATIONS)
    return frozenset(found)


def longest_possible(papers: Iterable[Issued], *, today: date) -> int | None:
    """The most years somebody can have worked, or ``None`` where nothing proves a limit.

    A limit is proved when the oldest paper of all was checked and every paper's day of issue is known: somebody may
    have worked elsewhere under a paper whose day we do not know. A year that has begun counts as one.
    """
    every = list(papers)
    dated = [(each.on, each.checked) for each in every if each.on is not None]
    if not dated or len(dated) < len(every):
        return None
    first = min(on for on, _ in dated)
    return _years_since(first, today) if (first, True) in dated else None


def _years_since(first: date, today: date) -> int:
    return max(0, math.ceil((today - first).days / DAYS_IN_YEAR))
