"""Sorting the desk's work by age and by week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from directory.desk.dashboard import rules

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOURS = st.integers(0, 3000)


@given(st.lists(st.tuples(HOURS, st.integers(-100, 100)), max_size=50))
def test_every_case_has_one_age(waiting: list[tuple[int, int]]) -> None:
    found = rules.ages([(NOW - timedelta(hours=age), NOW + timedelta(hours=due)) for age, due in waiting], now=NOW)
    assert sum(each.cases for each in found) == len(waiting)
    assert sum(each.overdue for each in found) == sum(due < 0 for _, due in waiting)
    assert [each.after for each in found[1:]] == [each.up_to for each in found[:-1]]


def test_a_case_of_exactly_two_days_is_not_older_than_two_days() -> None:
    found = rules.ages([(NOW - timedelta(days=2), NOW), (NOW - timedelta(days=2, seconds=1), NOW)], now=NOW)
    assert [each.cases for each in found] == [0, 1, 1, 0, 0, 0]


def test_a_week_tells_the_middle_and_what_nine_of_ten_take() -> None:
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    closed = [(monday - timedelta(hours=hours), monday) for hours in range(1, 11)]
    *_, last_week, week = rules.weeks([*closed, (NOW, monday - timedelta(weeks=52))], today=NOW.date())
    assert (week.monday, week.closed, week.median_hours, week.late_hours) == (monday.date(), 10, 5.5, 9)
    assert (last_week.closed, last_week.median_hours) == (0, None)
    assert rules.first_day(NOW.date()).weekday() == 0
