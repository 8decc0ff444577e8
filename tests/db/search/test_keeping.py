"""What keeps a place true is the place's own: its last word, its absences, and whether it takes new patients."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.practitioners import service as practitioners
from directory.practitioners.premises import service as premises
from directory.practitioners.rules import Absence
from directory.practitioners.terms import Accepting
from directory.search import service
from directory.search.criteria import Criteria, Page
from directory.search.loader import IndexHolder
from directory.search.results import Results
from tests.db.search.people import NOW, add, add_place, day, here

Find = Callable[..., Results]


@pytest.fixture
def find(town: Session, holder: IndexHolder) -> Find:
    def ask(criteria: Criteria | None = None, *, now: datetime = NOW) -> Results:
        return service.find(town, criteria or here(radius_km=100), Page(size=50), now=now, holder=holder)

    return ask


def shown_at(found: Results) -> list[int]:
    return [each.place_id for each in found.matches]


def test_a_place_of_which_nobody_spoke_for_120_days_goes_and_the_other_stays(town: Session, find: Find) -> None:
    person_id = add(town, attested_at=NOW - timedelta(days=121))
    spoken_of = add_place(town, person_id, attested_at=NOW - timedelta(days=3), latitude=45.7)
    assert shown_at(find()) == [spoken_of]
    assert find(here(radius_km=5)).total == 0


def test_all_still_true_is_said_of_every_place(town: Session, find: Find) -> None:
    person_id = add(town, attested_at=NOW - timedelta(days=130))
    add_place(town, person_id, attested_at=NOW - timedelta(days=125), latitude=45.7)
    assert find().total == 0
    practitioners.attest(town, person_id, now=NOW)
    town.commit()
    assert find(here(radius_km=5)).total == 1
    (match,) = find().matches
    assert match.said_true_on == day(0)


def test_a_new_place_begins_with_a_word_of_its_own(town: Session, find: Find) -> None:
    person_id = add(town, place={"latitude": 45.7})
    new = add_place(town, person_id, attested_at=None)
    assert find(here(radius_km=5)).total == 0
    practitioners.attest_place(town, new, now=NOW)
    town.commit()
    assert shown_at(find(here(radius_km=5))) == [new]


def test_a_place_that_was_closed_is_not_spoken_of_again(town: Session) -> None:
    person_id = add(town)
    closed = add_place(town, person_id, attested_at=None)
    premises.close_place(town, closed)
    practitioners.attest(town, person_id, now=NOW)
    assert closed not in [place_id for place_id, _ in practitioners.queries.active_places(town, [person_id])]


@pytest.mark.parametrize(
    ("first", "last", "away"),
    [(0, 0, True), (-5, 0, True), (0, 9, True), (-9, -1, False), (1, 9, False)],
)
def test_who_is_away_is_shown_only_to_those_who_wait(
    town: Session, find: Find, first: int, last: int, away: bool
) -> None:
    add(town, place={"away_from": day(first), "away_until": day(last)})
    assert find().total == (0 if away else 1)
    (match,) = find(here(waitlist_ok=True)).matches
    assert match.away_until == (day(last) if away else None)


def test_an_absence_begins_and_ends_by_itself_at_midnight_there(town: Session, find: Find) -> None:
    add(town, place={"away_from": day(1), "away_until": day(2)})
    midnight = datetime(2026, 11, 24, 8, tzinfo=UTC)
    hours = (-1, 0, 47, 48)
    assert [find(now=midnight + timedelta(hours=each, minutes=1)).total for each in hours] == [1, 0, 0, 1]


def test_an_absence_counts_in_the_days_of_the_place_also_for_a_home_visit(town: Session, find: Find) -> None:
    """In Auckland the 24th has begun when it is still the 23rd in Portland."""
    comes = {"home_visit_radius_km": 50.0, "in_person": False, "timezone": "Pacific/Auckland"}
    add(town, place=comes | {"away_from": day(1), "away_until": day(1)})
    assert find().total == 0
    assert find(now=NOW + timedelta(hours=16)).total == 1


def test_an_absence_is_set_and_taken_back_and_the_index_hears_of_it(town: Session, find: Find) -> None:
    person_id = add(town)
    place_id = shown_at(find())[0]
    premises.set_absence(town, place_id, Absence(day(0), day(3)))
    town.commit()
    assert find().total == 0
    premises.set_absence(town, place_id, None)
    town.commit()
    assert [each.practitioner_id for each in find().matches] == [person_id]


def test_a_yes_of_long_ago_is_not_known_any_more(town: Session, find: Find) -> None:
    add(town, place={"accepting_confirmed_on": day(-90)})
    (match,) = find().matches
    assert match.accepting is Accepting.YES
    (match,) = find(now=NOW + timedelta(days=1)).matches
    assert match.accepting is Accepting.UNKNOWN
