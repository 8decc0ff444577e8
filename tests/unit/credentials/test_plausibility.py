"""What is hard to believe, and what cannot be."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.stating.plausibility import Doubt, Issued, doubts, longest_possible

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1950, 1, 1), TODAY)
PAPERS = st.lists(st.builds(Issued, st.none() | DAYS, st.booleans()), max_size=5)


def _ago(years: float) -> date:
    return TODAY - timedelta(days=round(years * 365.25))


def test_a_large_caseload_is_looked_at() -> None:
    assert doubts(patients=400, today=TODAY) == set()
    assert doubts(patients=401, today=TODAY) == {Doubt.MANY_PATIENTS}


def test_a_caseload_is_held_against_all_visits_where_they_are_known() -> None:
    # Ten visits a week are 1,040 in two years; 15 % of them are 156.
    assert doubts(patients=156, visits_per_week=10, today=TODAY) == set()
    assert doubts(patients=157, visits_per_week=10, today=TODAY) == {Doubt.LARGE_SHARE}
    assert doubts(patients=157, visits_per_week=0, today=TODAY) == set()


def test_years_beyond_the_oldest_paper_are_looked_at() -> None:
    papers = [Issued(_ago(4.2), False), Issued(None, True)]
    assert doubts(years=5, papers=papers, today=TODAY) == set()
    assert doubts(years=5.5, papers=papers, today=TODAY) == {Doubt.LONGER_THAN_LICENSED}


def test_hours_and_publications_without_end_are_looked_at() -> None:
    assert doubts(hours=1001, publications=101, today=TODAY) == {Doubt.MANY_HOURS, Doubt.MANY_PUBLICATIONS}


def test_years_are_impossible_only_where_the_oldest_paper_was_checked() -> None:
    assert longest_possible([Issued(_ago(4.2), True)], today=TODAY) == 5
    assert longest_possible([Issued(_ago(4.2), True), Issued(_ago(2), False)], today=TODAY) == 5
    assert longest_possible([], today=TODAY) is None


def test_an_older_paper_or_one_without_a_day_leaves_room() -> None:
    checked = Issued(_ago(4.2), True)
    assert longest_possible([checked, Issued(_ago(9), False)], today=TODAY) is None
    assert longest_possible([checked, Issued(None, False)], today=TODAY) is None
    assert longest_possible([Issued(_ago(4.2), False)], today=TODAY) is None


@given(PAPERS, st.floats(0, 80))
def test_what_is_impossible_is_also_doubted(papers: list[Issued], years: float) -> None:
    most = longest_possible(papers, today=TODAY)
    if most is not None and years > most:
        assert Doubt.LONGER_THAN_LICENSED in doubts(years=years, papers=papers, today=TODAY)


@given(PAPERS, DAYS)
def test_what_one_types_oneself_never_proves_anything(papers: list[Issued], day: date) -> None:
    """A statement can lift a limit, because somebody may have worked elsewhere; it never sets or tightens one."""
    before = longest_possible(papers, today=TODAY)
    after = longest_possible([*papers, Issued(day, False)], today=TODAY)
    assert after is None or after == before


@given(
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.none() | st.integers(1, 200),
)
def test_a_smaller_number_raises_no_new_doubt(patients: int, fewer: int, visits: int | None) -> None:
    low, high = sorted((patients, fewer))
    assert doubts(patients=low, visits_per_week=visits, today=TODAY) <= doubts(
        patients=high, visits_per_week=visits, today=TODAY
    )
