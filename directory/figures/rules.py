"""What is counted, and how much of it is told. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

FEW: Final = 5
"""Below this a number is only "fewer than five", so that no figure speaks of one person."""

WEEKS_TOLD: Final = 13
KEEP_DAYS: Final = 400

_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|headless|scan", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Count:
    """What to add for one person and one day."""

    appearances: int = 0
    sum_of_rank: int = 0
    apart: int = 0
    views: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.appearances + other.appearances,
            self.sum_of_rank + other.sum_of_rank,
            self.apart + other.apart,
            self.views + other.views,
        )


@dataclass(frozen=True, slots=True)
class Week:
    """One week from its Monday on. ``None`` stands for fewer than five."""

    monday: date
    appearances: int | None
    mean_rank: float | None
    """Only where the appearances are told."""
    apart: int | None
    views: int | None
    over: bool
    """Whether its Sunday has passed."""


def is_person(user_agent: str, *, purpose: str = "") -> bool:
    """Whether a request with this ``User-Agent`` and ``Sec-Purpose`` looks like somebody reading: programs say what
    they are, and a browser says when it fetches a page that nobody may ever see."""
    return bool(user_agent) and not purpose and not _MACHINE.search(user_agent)


def told(number: int) -> int | None:
    """The number, or ``None`` where it is too small to be told."""
    return number if number >= FEW else None


def monday_of(day: date) -> date:
    """The Monday of the week of this day."""
    return day - timedelta(days=day.weekday())


def first_day_told(today: date, *, weeks: int = WEEKS_TOLD) -> date:
    """The Monday with which the figures begin, so many weeks ago, this one included."""
    return monday_of(today) - timedelta(weeks=weeks - 1)


def by_week(days: Iterable[tuple[date, Count]], *, today: date, weeks: int = WEEKS_TOLD) -> Sequence[Week]:
    """The last weeks, oldest first, this one included; a week without a row is there as well.

    No total is told beside them: it would give away, by subtraction, what a small week held.
    """
    first = first_day_told(today, weeks=weeks)
    sums = {first + timedelta(weeks=each): Count() for each in range(weeks)}
    for day, count in days:
        monday = monday_of(day)
        if monday in sums:
            sums[monday] += count
    return [_week(monday, count, today) for monday, count in sums.items()]


def _week(monday: date, count: Count, today: date) -> Week:
    appearances = told(count.appearances)
    return Week(
        monday=monday,
        appearances=appearances,
        mean_rank=None if appearances is None else round(count.sum_of_rank / appearances, 1),
        apart=told(count.apart),
        views=told(count.views),
        over=today >= monday + timedelta(days=7),
    )
