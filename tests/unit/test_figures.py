"""What is counted, how it waits, and how much of it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.figures import rules
from directory.figures.rules import FEW, Count
from directory.figures.tally import MOST_WAITING, WRITE_AFTER, Tally

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)


def test_days_become_weeks_with_their_mean_rank() -> None:
    days = [(MONDAY, Count(4, 12, 0, 5)), (TODAY, Count(4, 4, 6, 1))]
    *earlier, this = rules.by_week(days, today=TODAY, weeks=3)
    assert (this.monday, this.appearances, this.mean_rank, this.apart, this.views) == (MONDAY, 8, 2.0, 6, 6)
    assert not this.over
    assert [(week.monday, week.appearances, week.over) for week in earlier] == [
        (MONDAY - timedelta(weeks=2), None, True),
        (MONDAY - timedelta(weeks=1), None, True),
    ]


def test_a_small_week_tells_neither_its_number_nor_its_rank() -> None:
    (week,) = rules.by_week([(TODAY, Count(FEW - 1, 4, FEW - 1, FEW - 1))], today=TODAY, weeks=1)
    assert (week.appearances, week.mean_rank, week.apart, week.views) == (None, None, None, None)


counts = st.builds(
    lambda seen, rank, apart, views: Count(seen, seen * rank, apart, views),
    st.integers(0, 9),
    st.integers(1, 50),
    st.integers(0, 9),
    st.integers(0, 9),
)


@given(days=st.lists(st.tuples(st.dates(date(2026, 6, 1), TODAY), counts), max_size=60))
def test_no_number_below_five_is_ever_told(days: list[tuple[date, Count]]) -> None:
    for week in rules.by_week(days, today=TODAY):
        assert all(number is None or number >= FEW for number in (week.appearances, week.apart, week.views))
        assert (week.mean_rank is None) == (week.appearances is None)
        assert week.mean_rank is None or week.mean_rank >= 1


def test_a_day_before_the_first_week_does_not_count() -> None:
    long_ago = rules.first_day_told(TODAY) - timedelta(days=1)
    assert all(week.appearances is None for week in rules.by_week([(long_ago, Count(99, 99))], today=TODAY))


@pytest.mark.parametrize(
    ("agent", "purpose", "person"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "prefetch", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "", False),
        ("facebookexternalhit/1.1 WhatsApp link preview", "", False),
        ("python-requests/2.32", "", False),
        ("curl/8.5", "", False),
        ("", "", False),
    ],
)
def test_programs_are_not_counted(agent: str, purpose: str, person: bool) -> None:
    assert rules.is_person(agent, purpose=purpose) is person


def test_ranks_go_on_from_the_page_before() -> None:
    tally = Tally()
    tally.listed([7, 8], before=20, apart=[9], now=NOW)
    tally.viewed(7, now=NOW)
    assert tally.due(NOW) == {
        (7, NOW.date()): Count(1, 21, 0, 1),
        (8, NOW.date()): Count(1, 22, 0, 0),
        (9, NOW.date()): Count(0, 0, 1, 0),
    }


def test_the_first_count_is_written_at_once_and_the_next_ones_together() -> None:
    tally = Tally()
    assert not tally.due(NOW)
    tally.viewed(1, now=NOW)
    assert tally.due(NOW)
    tally.viewed(1, now=NOW)
    tally.viewed(1, now=NOW + WRITE_AFTER / 2)
    assert not tally.due(NOW + WRITE_AFTER / 2)
    assert tally.due(NOW + WRITE_AFTER) == {(1, NOW.date()): Count(views=2)}
    assert not tally.due(NOW + 2 * WRITE_AFTER)


def test_a_flood_does_not_pile_up_in_memory() -> None:
    tally = Tally()
    tally.viewed(0, now=NOW)
    tally.due(NOW)
    for each in range(MOST_WAITING):
        tally.viewed(each, now=NOW)
    assert len(tally.due(NOW)) == MOST_WAITING
