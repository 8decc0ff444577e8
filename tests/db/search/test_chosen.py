"""People who were picked: where each would meet this patient, and the first things that stand in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.credentials.terms import Mode
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import Accepting, AccountStatus
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import Condition, PregnancyStatus
from directory.search import service
from directory.search.chosen import Bar, Chosen, chosen
from directory.search.criteria import Criteria, Page
from directory.search.loader import IndexHolder
from tests.db.search import people
from tests.db.search.conftest import counted
from tests.db.search.people import NOW, RULES

PREGNANT = Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(20, 21))


def slug_of(session: Session, person: int) -> str:
    return session.get_one(Practitioner, person).slug


def look(session: Session, person: int, criteria: Criteria | None = None, patient: Patient | None = None) -> Chosen:
    asked = people.here() if criteria is None else criteria
    asked = asked if patient is None else replace(asked, patient=patient)
    (found,) = chosen(session, [slug_of(session, person)], asked.patient, asked, RULES, now=NOW)
    return found


@pytest.mark.parametrize(
    ("facts", "patient", "bars"),
    [
        ({}, Patient(), ()),
        ({"place": {"longitude": -120.0}}, Patient(), (Bar.TOO_FAR,)),
        ({"place": {"accepting": Accepting.CLOSED}}, Patient(), (Bar.LIST_CLOSED,)),
        ({"min_patient_age": 18}, Patient(age=16), (Bar.AGE,)),
        ({}, PREGNANT, (Bar.PREGNANCY,)),
        ({"pregnancy": {}}, PREGNANT, ()),
        ({"pregnancy": {"max_week": 20}}, PREGNANT, (Bar.PREGNANCY,)),
        ({}, Patient(conditions=frozenset({Condition.NEEDLE_PHOBIA})), (Bar.NOT_FOR_YOU,)),
        (
            {"place": {"accepting": Accepting.CLOSED}, "min_patient_age": 18},
            Patient(age=16),
            (Bar.AGE, Bar.LIST_CLOSED),
        ),
    ],
)
def test_what_stands_in_the_way_is_named(
    town: Session, facts: dict[str, Any], patient: Patient, bars: tuple[Bar, ...]
) -> None:
    facts = {"min_patient_age": 12, "cover": {"covers_pregnancy": True}} | facts
    found = look(town, people.add(town, **facts), patient=patient)
    assert found.match is not None
    assert found.bars == bars
    assert found.fits is (bars == ())


@pytest.mark.parametrize(
    "facts",
    [
        {"account_status": AccountStatus.SUSPENDED},
        {"licence": None},
        {"held_since": NOW},
        {"attested_at": NOW - timedelta(days=200)},
    ],
)
def test_whoever_may_not_be_shown_is_nobody(town: Session, facts: dict[str, Any]) -> None:
    found = look(town, people.add(town, **facts))
    assert (found.match, found.fits, found.bars) == (None, False, ())


def test_an_unknown_name_is_nobody_and_the_order_is_kept(town: Session) -> None:
    one, two = (slug_of(town, people.add(town, name)) for name in ("one", "two"))
    found = chosen(town, [two, "nobody-at-all", one], Patient(), people.here(), RULES, now=NOW)
    assert [each.slug for each in found] == [two, "nobody-at-all", one]
    assert [each.match is not None for each in found] == [True, False, True]


def test_of_several_places_the_one_that_fits_best_is_taken(town: Session) -> None:
    person = people.add(town, place={"accepting": Accepting.CLOSED})
    far = people.add_place(town, person, latitude=45.6, attested_at=NOW)
    found = look(town, person)
    assert found.match is not None
    assert found.match.place_id == far
    assert found.fits


def test_without_a_place_of_the_patient_no_distance_is_known(town: Session) -> None:
    slug = slug_of(town, people.add(town))
    (found,) = chosen(town, [slug], Patient(), None, RULES, now=NOW)
    assert found.fits
    assert not found.placed


def test_who_meets_nobody_in_the_way_that_was_asked_for_is_said_to(town: Session) -> None:
    found = look(town, people.add(town), replace(people.here(), mode=Mode.REMOTE))
    assert found.bars == (Bar.NOT_THERE,)


def test_everybody_of_a_list_fits_and_it_takes_two_statements(town: Session) -> None:
    """The list and the shortlist must not contradict each other."""
    for number in range(12):
        people.add(
            town,
            f"person-{number}",
            min_patient_age=12 if number % 2 else 18,
            pregnancy={} if number % 3 == 0 else None,
            cover={"covers_pregnancy": number % 3 == 0},
            place={"accepting": Accepting.CLOSED if number % 4 == 0 else Accepting.YES},
        )
    slugs = [slug for (slug,) in town.query(Practitioner.slug)]
    for patient in (Patient(), Patient(age=15), PREGNANT):
        asked = replace(people.here(), patient=patient)
        listed = service.find(town, asked, Page(size=50), now=NOW, holder=IndexHolder())
        with counted(town) as statements:
            found = chosen(town, slugs, patient, asked, RULES, now=NOW)
        assert {each.slug for each in found if each.fits} == {match.slug for match in listed.matches}
        assert len(statements) == 2
