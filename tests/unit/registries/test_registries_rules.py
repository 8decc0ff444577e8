"""Which file a file is, what a row changes, and how a name is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.cases.rules import due_after
from directory.registries import rules
from directory.registries.rules import Change, Heard, Held
from directory.registries.terms import Reach, Standing

EARLY, LATE = date(2026, 1, 1), date(2026, 1, 8)


@pytest.mark.parametrize(
    ("name", "last", "reach"),
    [
        ("npidata_pfile_20050523-20260111.csv", date(2026, 1, 11), Reach.FULL),
        ("npidata_pfile_20260105-20260111.csv", date(2026, 1, 11), Reach.PARTIAL),
        ("NPIDATA_PFILE_20260105-20260111_copy.CSV", date(2026, 1, 11), Reach.PARTIAL),
    ],
)
def test_the_name_of_a_file_says_what_it_spans(name: str, last: date, reach: Reach) -> None:
    found = rules.named(name)
    assert found is not None
    assert (found.last, found.reach) == (last, reach)


@pytest.mark.parametrize(
    "name",
    [
        "npidata.csv",
        "npidata_pfile_synthetic_60.csv",
        "npidata_pfile_20260199-20260111.csv",
        "",
        "npidata_pfile_20260111-20260105.csv",
    ],
)
def test_a_name_without_days_says_nothing(name: str) -> None:
    assert rules.named(name) is None


def test_two_files_of_one_day_are_not_older_than_each_other() -> None:
    assert not rules.is_older(EARLY, None)
    assert not rules.is_older(EARLY, EARLY)
    assert not rules.is_older(LATE, EARLY)
    assert rules.is_older(EARLY, LATE)


def test_a_full_file_never_shrinks_by_more_than_a_hundredth() -> None:
    assert not rules.looks_cut(1, None)
    assert not rules.looks_cut(990, 1000)
    assert rules.looks_cut(989, 1000)


def test_a_few_people_may_be_absent_and_a_twentieth_of_many() -> None:
    assert not rules.lacks_too_many(20, 20)
    assert not rules.lacks_too_many(50, 1000)
    assert rules.lacks_too_many(51, 1000)


def test_a_few_rows_may_be_refused_and_a_fiftieth_of_many() -> None:
    assert not rules.rejects_too_many(100, 100)
    assert not rules.rejects_too_many(200, 10_000)
    assert rules.rejects_too_many(201, 10_000)


def held(standing: Standing = Standing.SHOWN, updated: date | None = EARLY, digest: str = "a") -> Held:
    return Held(standing, updated, digest)


def heard(
    standing: Standing = Standing.SHOWN, updated: date | None = LATE, digest: str = "b", since: date | None = None
) -> Heard:
    return Heard(standing, updated, since, digest)


HIDDEN = [each for each in Standing if each is not Standing.SHOWN]


def test_what_a_row_of_a_newer_file_changes() -> None:
    assert rules.change(None, heard(), older=False) is Change.NEW
    assert rules.change(held(), heard(), older=False) is Change.CHANGED
    assert rules.change(held(), heard(digest="a"), older=False) is Change.UNCHANGED
    # A newer file is right even where it says less.
    assert rules.change(held(updated=LATE), heard(updated=EARLY), older=False) is Change.CHANGED
    for standing in HIDDEN:
        assert rules.change(held(), heard(standing), older=False) is Change.TAKEN_DOWN
        assert rules.change(held(standing), heard(), older=False) is Change.BACK
        assert rules.change(None, heard(standing), older=False) is Change.UNCHANGED


@pytest.mark.parametrize(("before", "now"), list(product(HIDDEN, HIDDEN)))
def test_from_hidden_to_hidden_is_a_change_that_shows_nobody(before: Standing, now: Standing) -> None:
    assert rules.change(held(before), heard(now), older=False) is Change.CHANGED


@given(
    st.sampled_from(Standing),
    st.sampled_from(Standing),
    st.none() | st.dates(),
    st.none() | st.dates(),
    st.none() | st.dates(),
)
def test_an_older_file_never_replaces_what_a_newer_one_said(
    before: Standing, now: Standing, updated: date | None, told: date | None, since: date | None
) -> None:
    change = rules.change(held(before, updated), heard(now, told, since=since), older=True)
    day = told or since
    if change is not Change.UNCHANGED:
        assert before is Standing.SHOWN
        assert day is not None
        assert updated is not None
        assert day > updated
    assert rules.change(None, heard(), older=True) is Change.NEW


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("UNDERHILL", "Underhill"),
        ("MARY-ANN O'BRIEN", "Mary-Ann O'Brien"),
        ("MCALLISTER", "McAllister"),
        ("MACK", "Mack"),
        ("MCKY", "Mcky"),
        ("III", "III"),
        ("JR.", "Jr."),
        ("DE LA CRUZ", "De La Cruz"),
        ("van der Berg", "van der Berg"),
        ("MÜLLER", "Müller"),
        ("", ""),
    ],
)
def test_capitals_become_names_and_what_is_no_capitals_stays(written: str, shown: str) -> None:
    assert rules.readable(written) == shown


def test_a_full_name_leaves_out_what_is_not_there() -> None:
    assert rules.full_name("JUNIPER", "", "UNDERHILL", "JR") == "Juniper Underhill Jr"
    assert rules.full_name("", "", "LI", "") == "Li"


# --- work items ------------------------------------------------------------------------------------------------------


@given(st.dates(max_value=date(9999, 1, 1)), st.times(), st.integers(0, 10))
def test_a_case_is_due_after_so_many_days_that_are_no_weekend(day: date, hour: time, days: int) -> None:
    opened_at = datetime.combine(day, hour, UTC)
    due = due_after(opened_at, working_days=days)
    between = [opened_at + timedelta(days=each) for each in range(1, (due - opened_at).days + 1)]
    assert sum(each.weekday() < 5 for each in between) == days
    assert due.timetz() == opened_at.timetz()
    if days:
        assert due.weekday() < 5


def test_what_comes_in_on_a_friday_is_due_on_tuesday() -> None:
    friday = datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert due_after(friday) == datetime(2026, 12, 1, 17, tzinfo=UTC)
