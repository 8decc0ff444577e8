"""Counting ahead. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

DAYS: Final = 60

USUAL_SECONDS: Final = 360.0
"""What a check takes while nobody has measured it."""

LEAST_MEASURED: Final = 20
"""Of fewer decisions than this nobody can say how long one takes."""


@dataclass(frozen=True, slots=True)
class Falling:
    """One paper of one person that ends on a day, or that everybody of its register renews by then."""

    on: date
    jurisdiction: str
    person: int


@dataclass(frozen=True, slots=True)
class Load:
    """What falls due in one jurisdiction on one day."""

    on: date
    jurisdiction: str
    people: int
    papers: int
    hours: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming days, each with what falls due there; days on which nothing does are left out of ``loads``."""

    first: date
    last: date
    seconds_a_check: float
    measured: bool
    """Whether that was measured, or is only what we think."""
    loads: tuple[Load, ...]

    @property
    def papers(self) -> int:
        """Of all days."""
        return sum(each.papers for each in self.loads)

    @property
    def hours(self) -> float:
        """Of all days."""
        return sum(each.hours for each in self.loads)

    def on(self, day: date) -> tuple[Load, ...]:
        """What falls due on one day, most of it first."""
        return tuple(sorted((each for each in self.loads if each.on == day), key=lambda each: -each.papers))


def seconds_a_check(took: Sequence[int]) -> tuple[float, bool]:
    """How long a check takes, from what recent ones took, and whether that was measured."""
    if len(took) < LEAST_MEASURED:
        return USUAL_SECONDS, False
    return float(median(took)), True


def forecast(falling: Iterable[Falling], took: Sequence[int], *, today: date, days: int = DAYS) -> Forecast:
    """What falls due from today on for so many days."""
    last = today + timedelta(days=days - 1)
    seconds, measured = seconds_a_check(took)
    found: dict[tuple[date, str], list[int]] = defaultdict(list)
    for each in falling:
        if today <= each.on <= last:
            found[each.on, each.jurisdiction].append(each.person)
    loads = tuple(
        Load(on, jurisdiction, len(set(people)), len(people), len(people) * seconds / 3600)
        for (on, jurisdiction), people in sorted(found.items())
    )
    return Forecast(today, last, seconds, measured, loads)
