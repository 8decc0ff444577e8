"""What is ticked before a visit, and when to look back after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from directory.care.calendar import after_visit
from directory.care.preparing import checklist, prompts

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
VISITS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1))  # noqa: DTZ001 - of no zone


@pytest.mark.parametrize("pregnant", [True, False])
def test_nothing_stands_twice_on_a_list(pregnant: bool) -> None:
    parts = checklist(pregnant=pregnant)
    items = [item for part in parts for item in part.items]
    assert len(items) == len(set(items))
    assert [part.name for part in parts] == ["before", "day", "legs"]


def test_pregnancy_adds_its_own_and_replaces_the_meal() -> None:
    ordinary = {item for part in checklist(pregnant=False) for item in part.items}
    pregnant = {item for part in checklist(pregnant=True) for item in part.items}
    assert len(ordinary - pregnant) == 1
    assert len(pregnant - ordinary) == 7
    assert any("on your side or half sitting" in item for item in pregnant - ordinary)


@given(VISITS)
def test_the_prompts_come_a_day_and_three_days_later_at_the_same_hour(visit: datetime) -> None:
    first, second = prompts(visit)
    assert (first - visit, second - visit) == (timedelta(hours=24), timedelta(hours=72))
    assert first.time() == second.time() == visit.time()


@given(VISITS)
def test_the_calendar_file_keeps_the_hour_by_the_patients_own_clock(visit: datetime) -> None:
    content = after_visit(visit.replace(microsecond=0), titles=("One", "Two"), product="Somewhere", now=NOW)
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [each["DTSTART"].dt for each in events] == list(prompts(visit.replace(microsecond=0)))
    assert all(each["DTSTART"].dt.tzinfo is None for each in events)
    assert [str(each["SUMMARY"]) for each in events] == ["One", "Two"]
    assert len({str(each["UID"]) for each in events}) == 2
    assert content == after_visit(visit.replace(microsecond=0), titles=("One", "Two"), product="Somewhere", now=NOW)
