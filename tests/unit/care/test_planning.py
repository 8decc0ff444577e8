"""A plan of visits: its days, its hours and its sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from directory.care.planning import FIRST_WEEKS, Wanted, plan

WANTED = Wanted(
    first=date(2026, 12, 7),
    at=time(17, 30),
    timezone="America/Los_Angeles",
    minutes=45,
    a_week=1,
    then_every_weeks=2,
    review_after=8,
    price_first=Decimal(120),
    price_later=Decimal(90),
    travel=Decimal(10),
)


@st.composite
def wanted(draw: st.DrawFn) -> Wanted:
    first = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    away = []
    for _ in range(draw(st.integers(0, 3))):
        begin = first + timedelta(days=draw(st.integers(-5, 90)))
        away.append((begin, begin + timedelta(days=draw(st.integers(0, 30)))))
    return Wanted(
        first=first,
        at=draw(st.times().map(lambda at: at.replace(second=0, microsecond=0))),
        timezone=draw(
            st.sampled_from(["America/Los_Angeles", "Europe/London", "Australia/Sydney", "Pacific/Honolulu"])
        ),
        minutes=draw(st.integers(15, 120)),
        a_week=draw(st.sampled_from([1, 2])),
        then_every_weeks=draw(st.sampled_from([2, 4])),
        review_after=draw(st.integers(6, 10)),
        beyond=draw(st.integers(0, 12)),
        price_first=draw(st.none() | st.decimals(0, 500, places=2)),
        price_later=draw(st.none() | st.decimals(0, 500, places=2)),
        travel=draw(st.decimals(0, 50, places=2)),
        away=tuple(away),
    )


def test_the_usual_plan() -> None:
    made = plan(WANTED)
    assert [visit.day for visit in made.visits] == [
        *(date(2026, 12, 7) + timedelta(weeks=week) for week in range(FIRST_WEEKS)),
        *(date(2026, 12, 28) + timedelta(weeks=2 * number) for number in range(1, 5)),
    ]
    assert made.review_on == date(2027, 2, 22)
    assert made.until_review == Decimal(120 + 7 * 90 + 8 * 10)
    assert made.travel_until_review == Decimal(80)
    assert made.beyond_review is None
    assert made.visits[0].starts_at == datetime(2026, 12, 8, 1, 30, tzinfo=UTC)


def test_twice_a_week_is_three_and_four_days_apart() -> None:
    days = [visit.day for visit in plan(replace(WANTED, a_week=2)).visits]
    assert [(later - earlier).days for earlier, later in pairwise(days)] == [3, 4, 3, 4, 3, 4, 3]


def test_the_plan_pauses_while_nothing_can_be_and_keeps_its_weekday() -> None:
    made = plan(replace(WANTED, away=((date(2026, 12, 20), date(2027, 1, 3)),)))
    assert [visit.day for visit in made.visits[1:5]] == [
        date(2026, 12, 14),
        date(2027, 1, 4),
        date(2027, 1, 11),
        date(2027, 1, 25),
    ]
    assert [visit.after_pause for visit in made.visits[1:4]] == [False, True, True]


@given(wanted=wanted())
def test_visits_go_on_never_meet_and_never_fall_on_a_day_away(wanted: Wanted) -> None:
    visits = plan(wanted).visits
    assert len(visits) == wanted.review_after + wanted.beyond
    assert [visit.number for visit in visits] == list(range(1, len(visits) + 1))
    assert all(earlier.day < later.day for earlier, later in pairwise(visits))
    assert not any(first <= visit.day <= last for visit in visits for first, last in wanted.away)
    assert all(visit.day >= wanted.first for visit in visits)


@given(wanted=wanted())
def test_an_hour_is_the_hour_of_the_practice_across_the_change_of_clocks(wanted: Wanted) -> None:
    zone = ZoneInfo(wanted.timezone)
    for visit in plan(wanted).visits:
        assert visit.ends_at - visit.starts_at == timedelta(minutes=wanted.minutes)
        local = visit.starts_at.astimezone(zone)
        # An hour that a change of clocks leaves out on that day is the hour after.
        assert local.time() == wanted.at or (
            local.utcoffset() != datetime.combine(visit.day, wanted.at, zone).utcoffset() and local.date() == visit.day
        )


@given(wanted=wanted())
def test_what_it_costs_is_the_sum_of_what_is_shown(wanted: Wanted) -> None:
    made = plan(wanted)
    costs = [visit.cost for visit in made.visits[: wanted.review_after]]
    if made.until_review is None:
        assert None in costs
    else:
        assert made.until_review == sum(cost for cost in costs if cost is not None)
        assert made.until_review >= made.travel_until_review
