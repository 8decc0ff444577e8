"""A plan of visits: dates, and what they and the way there add up to. A planner, not advice. Pure.

The usual pattern is one or two visits a week in the first four weeks, then one in two or four weeks, and a review after
six to ten visits, where the plan ends unless somebody asks for more (``seeds/guide/how-often.md`` says where from).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

FIRST_WEEKS: Final = 4
A_WEEK: Final = (1, 2)
THEN_EVERY_WEEKS: Final = (2, 4)
FEWEST_BEFORE_REVIEW: Final = 6
MOST_BEFORE_REVIEW: Final = 10
MOST_VISITS: Final = 26
"""With the visits that somebody adds after the review point."""
DAYS_AHEAD: Final = 366
"""A first visit is at most a year away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a plan is made from. Amounts are in one currency; ``None`` where nobody stated one."""

    first: date
    at: time
    """By the clock of the practice."""
    timezone: str
    minutes: int
    a_week: int
    then_every_weeks: int
    review_after: int
    """Visits."""
    beyond: int = 0
    """Visits after the review point, for whoever asks to see them."""
    price_first: Decimal | None = None
    price_later: Decimal | None = None
    travel: Decimal = Decimal(0)
    """There and back, each time."""
    away: tuple[tuple[date, date], ...] = ()
    """Days, first to last, on which no visit can be. The plan goes on a whole number of weeks later, on the same day of
    the week."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a plan."""

    number: int
    day: date
    starts_at: datetime
    ends_at: datetime
    """Both in UTC."""
    cost: Decimal | None
    """With the way there; ``None`` where the price is not known."""
    after_pause: bool
    """Whether it comes later than the pattern says, because it or one before it fell on a day away."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Visits in order, and what they add up to."""

    visits: tuple[Visit, ...]
    review_on: date
    """The day of the last visit before looking at whether anything has changed."""
    until_review: Decimal | None
    """What the visits until then cost with the way there; ``None`` where a price is not known."""
    travel_until_review: Decimal
    beyond_review: Decimal | None
    """The same of the visits after it."""


def plan(wanted: Wanted) -> Plan:
    """The visits somebody asked for. Each keeps its hour by the clock of the practice, whatever the clocks do."""
    visits = tuple(_visits(wanted))
    before, after = visits[: wanted.review_after], visits[wanted.review_after :]
    return Plan(
        visits=visits,
        review_on=before[-1].day,
        until_review=_sum(before),
        travel_until_review=wanted.travel * len(before),
        beyond_review=_sum(after) if after else None,
    )


def _visits(wanted: Wanted) -> Iterator[Visit]:
    zone, pause = ZoneInfo(wanted.timezone), timedelta(0)
    for number, meant in enumerate(_days(wanted), 1):
        while any(first <= meant + pause <= last for first, last in wanted.away):
            pause += timedelta(weeks=1)
        day = meant + pause
        starts_at = datetime.combine(day, wanted.at, zone).astimezone(UTC)
        price = wanted.price_first if number == 1 and wanted.price_first is not None else wanted.price_later
        yield Visit(
            number=number,
            day=day,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=wanted.minutes),
            cost=None if price is None else price + wanted.travel,
            after_pause=bool(pause),
        )


def _days(wanted: Wanted) -> Iterator[date]:
    """The days of the pattern: within the first weeks evenly, twice a week three and four days apart."""
    in_first = FIRST_WEEKS * wanted.a_week
    for number in range(wanted.review_after + wanted.beyond):
        if number < in_first:
            week, second = divmod(number, wanted.a_week)
            yield wanted.first + timedelta(weeks=week, days=3 * second)
        else:
            later = number - in_first
            yield wanted.first + timedelta(weeks=FIRST_WEEKS - 1 + wanted.then_every_weeks * (later + 1))


def _sum(visits: tuple[Visit, ...]) -> Decimal | None:
    total = Decimal(0)
    for visit in visits:
        if visit.cost is None:
            return None
        total += visit.cost
    return total
