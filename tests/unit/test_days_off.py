"""Public holidays: where a place lies decides which days count, and where we know of none only the weekend is free."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import InvalidInput
from directory.jurisdictions import rules
from directory.jurisdictions.days_off import SOURCE, UNKNOWN, days_off, read
from directory.paths import SEEDS

YEARS = range(2025, 2037)
TABLE = read(SOURCE)


# Days that are well known where they are kept, written down without looking into the table.
@pytest.mark.parametrize(
    ("country", "admin1", "day", "free"),
    [
        ("US", "OR", date(2026, 11, 26), True),
        ("US", "OR", date(2026, 11, 27), False),
        ("US", "CA", date(2026, 11, 27), True),
        ("US", "OR", date(2026, 7, 3), True),
        ("US", "OR", date(2026, 10, 12), False),
        ("US", "NY", date(2026, 10, 12), True),
        ("US", "WA", date(2027, 6, 18), True),
        ("GB", "ENG", date(2026, 8, 31), True),
        ("GB", "SCT", date(2026, 8, 31), False),
        ("GB", "SCT", date(2026, 11, 30), True),
        ("GB", "NIR", date(2026, 3, 17), True),
        ("GB", "WLS", date(2026, 3, 17), False),
        ("GB", "ENG", date(2026, 12, 28), True),
        ("IE", "", date(2026, 10, 26), True),
        ("CA", "ON", date(2026, 10, 12), True),
        ("CA", "QC", date(2026, 6, 24), True),
        ("CA", "ON", date(2026, 6, 24), False),
        ("AU", "NSW", date(2026, 10, 5), True),
        ("AU", "VIC", date(2026, 11, 3), True),
        ("AU", "NSW", date(2026, 11, 3), False),
        ("NZ", "E7", date(2026, 1, 26), True),
        ("NZ", "G2", date(2026, 1, 26), False),
        ("NZ", "G2", date(2026, 7, 10), True),
    ],
)
def test_holidays_are_those_of_the_part_of_the_country(country: str, admin1: str, day: date, free: bool) -> None:
    assert (day in days_off(country, admin1)) is free


def test_every_jurisdiction_has_its_holidays() -> None:
    for each in rules.read(SEEDS / "jurisdictions.csv").values():
        part = each.code.partition("-")[2]
        found = days_off(each.country, None, each.code)
        whole = part in ("", "other")
        assert found.area == (each.country if whole else {"GB-LDN": "GB-ENG"}.get(each.code, each.code)), each.code
        assert all(found.known(date(year, 7, 1)) for year in YEARS), each.code


@pytest.mark.parametrize("where", [("DE", "BY"), ("", ""), (None, None), ("XX", "YY")])
def test_elsewhere_none_are_known(where: tuple[str | None, str | None]) -> None:
    assert days_off(*where) is UNKNOWN
    assert not UNKNOWN.known(date(2026, 12, 25))
    assert UNKNOWN.next(date(2026, 1, 1)) is None


def test_after_the_last_year_none_are_known() -> None:
    oregon = days_off("US", "OR")
    assert oregon.known(date(YEARS[-1], 1, 1))
    assert not oregon.known(date(YEARS[-1] + 1, 1, 1))
    assert oregon.next(date(YEARS[-1], 12, 31)) is None


@given(st.sampled_from(sorted(TABLE)), st.dates(date(2025, 1, 1), date(2036, 12, 1)))
def test_the_next_one_is_after_today_and_there_is_none_between(area: str, today: date) -> None:
    found = TABLE[area].next(today)
    assert found is not None
    assert found > today
    assert found in TABLE[area]
    assert not any(today + timedelta(days=each) in TABLE[area] for each in range(1, (found - today).days))


def test_the_table_is_whole_and_holds_only_weekdays() -> None:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(each["year"]) for each in rows] == [*YEARS] * len(TABLE)
    for area, found in TABLE.items():
        assert all(day.weekday() < 5 for day in found.days), area
        for year in YEARS:
            assert 4 <= sum(day.year == year for day in found.days) <= 20, (area, year)
            new_year = date(year, 1, 1)
            assert new_year.weekday() >= 5 or new_year in found, (area, year)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("area,days\n", "Line 1"),
        ("area,year,days\nUS,2026,02-30\n", "Line 2"),
        ("area,year,days\nUS,x,01-01\n", "Line 2"),
    ],
)
def test_a_broken_table_names_its_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "days.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=line):
        read(path)
