"""Sorting what waits by age, and what was decided by week. Pure; times are real time and not working time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

WEEKS: Final = 12

AGES: Final = (timedelta(days=1), timedelta(days=2), timedelta(days=4), timedelta(days=7), timedelta(days=30))
"""The upper ends of the classes of age; whatever is older is in a class of its own."""

LATE_SHARE: Final = 0.9
"""Nine of ten decisions take no longer than what is told beside the median."""


@dataclass(frozen=True, slots=True)
class Age:
    """How many open cases are older than ``after`` and at most ``up_to`` old (``None``: any age)."""

    after: timedelta
    up_to: timedelta | None
    cases: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Week:
    """What was closed in the week from this Monday on, and how many hours it had waited; ``None`` where nothing was."""

    monday: date
    closed: int
    median_hours: float | None
    late_hours: float | None


def ages(waiting: Iterable[tuple[datetime, datetime]], *, now: datetime) -> tuple[Age, ...]:
    """Open cases, given as when each was opened and is due, by age."""
    ends: tuple[timedelta | None, ...] = (*AGES, None)
    counted = [[0, 0] for _ in ends]
    for opened_at, due in waiting:
        age = now - opened_at
        at = next(index for index, end in enumerate(ends) if end is None or age <= end)
        counted[at][0] += 1
        counted[at][1] += due < now
    afters = (timedelta(0), *AGES)
    return tuple(
        Age(after, up_to, cases, overdue) for after, up_to, (cases, overdue) in zip(afters, ends, counted, strict=True)
    )


def first_day(today: date) -> date:
    """The Monday of the oldest week that is told."""
    return today - timedelta(days=today.weekday()) - timedelta(weeks=WEEKS - 1)


def weeks(closed: Iterable[tuple[datetime, datetime]], *, today: date) -> tuple[Week, ...]:
    """Closed cases, given as when each was opened and closed, by the week in which they were closed; oldest first."""
    first = first_day(today)
    hours: list[list[float]] = [[] for _ in range(WEEKS)]
    for opened_at, closed_at in closed:
        week = (closed_at.date() - first).days // 7
        if 0 <= week < WEEKS:
            hours[week].append((closed_at - opened_at).total_seconds() / 3600)
    return tuple(
        Week(first + timedelta(weeks=at), len(some), median(some) if some else None, _late(sorted(some)))
        for at, some in enumerate(hours)
    )


def _late(hours: Sequence[float]) -> float | None:
    return hours[math.ceil(len(hours) * LATE_SHARE) - 1] if hours else None
