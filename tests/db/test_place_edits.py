"""Changing a published place: what waits for a look, what does not, and what is seen meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from directory.cases.models import Case
from directory.credentials.edits import queries, service
from directory.crypto import keyring, new_key
from directory.errors import Conflict, InvalidInput
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import Address
from directory.practitioners.premises import service as premises
from directory.practitioners.rules import area_point
from directory.search import listings
from tests.factories import NOW, PORTLAND, Changes, Listed, listed, person_draft, place_draft, reference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EUGENE = Address(
    label="Underhill Acupuncture",
    latitude=44.05,
    longitude=-123.09,
    country="US",
    admin1="OR",
    locality="Eugene",
    postal_code="97401",
    street="1 Oak St",
)


@pytest.fixture
def session(session: Session) -> Session:
    """The session of every database test, with reference data."""
    keyring.install([new_key()])
    reference(session)
    return session


@pytest.fixture
def somebody(session: Session) -> Listed:
    return listed(session, Changes(place={"telephone": "503 555 0101"}))


def test_a_new_address_waits_and_the_old_one_stays(session: Session, somebody: Listed) -> None:
    outcome = service.save_address(session, somebody.place_id, EUGENE, now=NOW)
    assert {"street", "locality", "latitude"} <= outcome.waiting
    row = people.place(session, somebody.place_id)
    assert (row.street, row.locality, row.latitude) == ("12 Fern Way", "Portland", PORTLAND[0])
    wish = queries.waiting(session, somebody.id)[service.place_subject(row.id)]
    assert session.query(Case).filter_by(subject=service.subject_of(wish)).count() == 1
    service.accept(session, wish.id, now=NOW)
    assert (row.street, row.locality, row.latitude, row.telephone) == ("1 Oak St", "Eugene", 44.05, "503 555 0101")
    with pytest.raises(Conflict):
        service.accept(session, wish.id, now=NOW)


def test_a_wish_is_taken_back_by_going_back(session: Session, somebody: Listed) -> None:
    service.save_address(session, somebody.place_id, EUGENE, now=NOW)
    row = people.place(session, somebody.place_id)
    back = replace(
        EUGENE, latitude=row.latitude, longitude=row.longitude, locality=row.locality, street=row.street,
        postal_code=row.postal_code,
    )  # fmt: skip
    service.save_address(session, somebody.place_id, back, now=NOW)
    assert queries.waiting(session, somebody.id) == {}


def test_a_name_is_free_and_a_telephone_waits_beside_the_address(session: Session, somebody: Listed) -> None:
    row = people.place(session, somebody.place_id)
    service.save_place_name(session, row.id, label="New name", title="L.Ac.", timezone=row.timezone, now=NOW)
    assert (row.label, row.title) == ("New name", "L.Ac.")
    service.save_address(session, row.id, replace(EUGENE, label="New name", title="L.Ac."), now=NOW)
    service.save_telephone(session, row.id, "541 555 0101", now=NOW)
    assert row.telephone == "503 555 0101"
    wish = queries.waiting(session, somebody.id)[service.place_subject(row.id)]
    assert wish.after["telephone"] == "541 555 0101"
    assert wish.after["locality"] == "Eugene"
    with pytest.raises(InvalidInput):
        service.save_telephone(session, row.id, "none", now=NOW)
    service.accept(session, wish.id, now=NOW)
    assert (row.telephone, row.locality) == ("541 555 0101", "Eugene")


def test_hiding_a_home_waits_for_nobody_and_a_new_home_leaves_no_point(session: Session, somebody: Listed) -> None:
    row = people.place(session, somebody.place_id)
    service.save_address(session, row.id, replace(EUGENE, hidden_home=True), now=NOW)
    assert (row.hidden_home, row.street, row.locality) == (True, None, "Portland")
    assert (row.latitude, row.longitude) == area_point(*PORTLAND)
    assert row.address_sealed == "12 Fern Way\nPortland\n97214"
    wish = queries.waiting(session, somebody.id)[service.place_subject(row.id)]
    assert (wish.after["latitude"], wish.after["longitude"]) == area_point(44.05, -123.09)
    assert wish.after.get("street") is None
    service.accept(session, wish.id, now=NOW)
    assert row.address_sealed == "1 Oak St\nEugene\n97401"
    assert (row.latitude, row.longitude) == area_point(44.05, -123.09)


def test_a_new_place_has_no_rules_until_somebody_has_looked_at_it(session: Session, somebody: Listed) -> None:
    draft = place_draft(somebody.id, label="Second Rooms", street="1 Oak St")
    row = service.add_place(session, draft, now=NOW)
    assert row.jurisdiction is None
    assert service.add_place(session, draft, now=NOW).id == row.id
    service.save_address(session, row.id, replace(EUGENE, label="Second Rooms", hidden_home=True), now=NOW)
    assert (row.hidden_home, row.jurisdiction) == (True, None)
    assert [each.place.id for each in listings.read(session, practitioner_ids=[somebody.id])] == [somebody.place_id]
    wish = queries.waiting(session, somebody.id)[service.place_subject(row.id)]
    service.accept(session, wish.id, now=NOW)
    assert (row.jurisdiction, row.locality, row.hidden_home) == ("US-OR", "Eugene", True)
    assert len(list(listings.read(session, practitioner_ids=[somebody.id]))) == 2
    assert service.add_place(session, place_draft(somebody.id), now=NOW).jurisdiction == "US-OR"


def test_what_was_never_published_is_changed_at_once(session: Session) -> None:
    person = practitioners.register(session, person_draft(), now=NOW)
    place = premises.add_place(session, place_draft(person.id))
    service.save_address(session, place.id, EUGENE, now=NOW)
    service.save_telephone(session, place.id, "541 555 0101", now=NOW)
    assert (place.locality, place.telephone) == ("Eugene", "541 555 0101")
    assert queries.waiting(session, person.id) == {}
