"""What the directory measures of itself: shares that speak of nobody, and a lot that nobody can turn."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from directory.accuracy import rules
from directory.accuracy.rules import EVERYWHERE, FEW, MOST_A_MONTH, RECENT_DAYS, Seen
from directory.accuracy.terms import Reached

TODAY = date(2026, 11, 26)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=TODAY)
PEOPLE = st.lists(
    st.builds(
        Seen,
        jurisdiction=st.sampled_from(["US-OR", "US-CA", "AU"]),
        licence_checked_on=st.none() | DAYS,
        attested_on=st.none() | DAYS,
        names_rls=st.booleans(),
        rls_checked=st.booleans(),
        treats_pregnancy=st.booleans(),
        pregnancy_checked=st.booleans(),
    ),
    max_size=40,
)


def somebody(**given: object) -> Seen:
    facts: dict[str, object] = {
        "jurisdiction": "US-OR",
        "licence_checked_on": TODAY,
        "attested_on": TODAY,
        "names_rls": False,
        "rls_checked": False,
        "treats_pregnancy": False,
        "pregnancy_checked": False,
    }
    return Seen(**facts | given)  # type: ignore[arg-type]


def test_a_check_counts_as_recent_up_to_its_ninetieth_day() -> None:
    on = [TODAY - timedelta(days=RECENT_DAYS), TODAY - timedelta(days=RECENT_DAYS + 1), TODAY + timedelta(days=1), None]
    everywhere, _ = rules.measured([somebody(licence_checked_on=day) for day in on], {}, today=TODAY)
    assert (everywhere.listed, everywhere.checked_recently, everywhere.median_age) == (4, 2, 90)


def test_what_is_only_claimed_is_not_counted_as_shown() -> None:
    people = [somebody(names_rls=True), somebody(names_rls=True, rls_checked=True), somebody(rls_checked=True)]
    everywhere, _ = rules.measured(people, {}, today=TODAY)
    assert (everywhere.say_rls, everywhere.rls_checked) == (2, 1)


def test_only_the_practice_itself_counts_as_reached() -> None:
    calls = {"US-OR": list(Reached), "AU": [Reached.PRACTICE]}
    everywhere, oregon = rules.measured([somebody()], calls, today=TODAY)
    assert (everywhere.called, everywhere.reached) == (6, 2)
    assert (oregon.called, oregon.reached) == (5, 1)


@given(PEOPLE)
def test_the_jurisdictions_add_up_to_everywhere(people: list[Seen]) -> None:
    everywhere, *others = rules.measured(people, {}, today=TODAY)
    assert everywhere.jurisdiction == EVERYWHERE
    for name in ("listed", "checked_recently", "attested_recently", "say_rls", "rls_checked", "pregnancy_checked"):
        assert sum(getattr(each, name) for each in others) == getattr(everywhere, name)
    assert all(each.rls_checked <= each.say_rls <= each.listed for each in others)


@given(st.integers(0, 50), st.integers(0, 50))
def test_no_share_speaks_of_fewer_than_five(part: int, more: int) -> None:
    told = rules.share(part, part + more)
    assert told is None if part + more < FEW else told is not None and 0 <= told <= 1


PLACES = st.dictionaries(st.sampled_from(["US-OR", "US-CA", "AU", "NZ"]), st.sets(st.integers(1, 10**6), max_size=300))


@given(PLACES, st.dates(min_value=date(2026, 1, 1), max_value=date(2030, 1, 1)))
def test_the_lot_falls_the_same_on_every_day_of_a_month_and_in_every_order(
    places: dict[str, set[int]], day: date
) -> None:
    drawn = rules.sample(places, month=day)
    turned = {code: sorted(some, reverse=True) for code, some in reversed(places.items())}
    assert drawn == rules.sample(turned, month=day.replace(day=28))
    assert set(drawn) <= {place for some in places.values() for place in some}
    assert len(drawn) <= MOST_A_MONTH


def test_another_month_draws_others() -> None:
    places = {"US-OR": range(1, 2_001)}
    january, february = (set(rules.sample(places, month=date(2027, month, 1))) for month in (1, 2))
    assert len(january) == len(february) == 40
    assert len(january & february) < 10
