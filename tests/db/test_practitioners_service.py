"""Writing people and places: what is refused at which field, what is kept, and what a hidden home gives away."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from directory import changes
from directory.crypto import keyring, new_key
from directory.errors import Conflict, InvalidInput, NotFound
from directory.geo.distance import ecef
from directory.practitioners import queries
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import Spoken
from directory.practitioners.models import (
    Language,
    Payer,
    PlaceHours,
    PlacePayer,
    PracticePlace,
    Practitioner,
    PractitionerLanguage,
    PractitionerTechnique,
)
from directory.practitioners.rules import Interval, area_code, area_point, npi_is_valid
from directory.practitioners.terms import Accepting, AccountStatus, PointPrecision, Technique
from tests.factories import NOW, PORTLAND, TODAY, listed, person_draft, place_draft, reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session


@pytest.fixture
def session(session: Session) -> Session:
    """The session of every database test, with reference data."""
    keyring.install([new_key()])
    reference(session)
    return session


@pytest.fixture
def person(session: Session) -> int:
    return practitioners.register(session, person_draft(), now=NOW).id


def test_reference_data_may_be_loaded_again(session: Session) -> None:
    assert practitioners.load_reference(session) == {"languages": 51, "payers": 71}
    assert session.scalar(select(func.count()).select_from(Payer)) == 71
    assert session.scalar(select(func.count()).select_from(Language)) == 51
    assert practitioners.ensure_payer(session, country="US", name="Aetna") == "us-aetna"
    assert session.scalar(select(func.count()).select_from(Payer)) == 71
    assert practitioners.ensure_payer(session, country="US", name="New Plan") == "us-new-plan"


def test_everybody_gets_an_address_of_their_own(session: Session) -> None:
    names = ["Zoë O’Brien-Łukasz", "Zoe OBrien Lukasz", "יעל אלמוג", "ليلى النجار"]
    first = [
        row.slug for row in practitioners.register_all(session, [person_draft(display_name=n) for n in names], now=NOW)
    ]
    assert first == ["zoe-obrien-lukasz", "zoe-obrien-lukasz-2", "practitioner", "practitioner-2"]
    again = practitioners.register(session, person_draft(display_name=names[0]), now=NOW)
    assert again.slug == "zoe-obrien-lukasz-3"
    assert again.display_name == names[0]


def test_a_number_at_the_end_of_a_name_is_not_taken_for_a_count(session: Session) -> None:
    slugs = [practitioners.register(session, person_draft(display_name=n), now=NOW).slug for n in ("Bo 7", "Bo", "Bo")]
    assert slugs == ["bo-7", "bo", "bo-8"]


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("display_name", {"display_name": "   "}),
        ("display_name", {"display_name": "x" * 201}),
        ("display_name", {"display_name": "Bell\x07"}),
        ("npi", {"npi": "1234567890"}),
        ("npi", {"npi": "3234567891"}),
        ("email", {"email": "nobody"}),
        ("website", {"website": "javascript:alert(1)"}),
        ("min_patient_age", {"min_patient_age": -1}),
        ("languages", {"languages": (Spoken("tlh"),)}),
        ("languages", {"languages": (Spoken("en"), Spoken("en"))}),
        ("words", {"words": "a\x00b"}),
    ],
)
def test_a_person_that_cannot_be_is_refused_at_its_field(session: Session, field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        practitioners.register(session, person_draft(**facts), now=NOW)
    assert refusal.value.field == field
    assert session.scalar(select(func.count()).select_from(Practitioner)) == 0


def test_an_npi_belongs_to_one_person(session: Session) -> None:
    practitioners.register(session, person_draft(npi="1234567893"), now=NOW)
    with pytest.raises(InvalidInput) as refusal:
        practitioners.register(session, person_draft(npi="1234567893"), now=NOW)
    assert refusal.value.field == "npi"


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("latitude", {"latitude": 90.5}),
        ("latitude", {"latitude": math.nan}),
        ("longitude", {"longitude": -181.0}),
        ("timezone", {"timezone": "Mars/Olympus"}),
        ("country", {"country": "usa"}),
        ("home_visit_radius_km", {"home_visit_radius_km": -1.0}),
        ("price_first_visit", {"price_first_visit": Decimal(-1)}),
        ("price_follow_up", {"price_follow_up": Decimal("NaN")}),
        ("price_currency", {"price_currency": None}),
        ("price_currency", {"price_currency": "dollars"}),
        ("payers", {"payers": {"us-nobody": TODAY}}),
        ("hours", {"hours": (Interval(7, time(9), time(10)),)}),
        ("hours", {"hours": (Interval(1, time(10), time(9)),)}),
        ("hours", {"hours": (Interval(1, time(9), time(12)), Interval(1, time(11), time(13)))}),
        ("accepting", {"accepting": Accepting.UNKNOWN}),
        ("locality", {"locality": ""}),
    ],
)
def test_a_place_that_cannot_be_is_refused_at_its_field(
    session: Session, person: int, field: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        practitioners.add_place(session, place_draft(person, **facts))
    assert refusal.value.field == field


def test_zone_and_jurisdiction_follow_from_the_point(session: Session, person: int) -> None:
    place = practitioners.add_place(session, place_draft(person, timezone=None, jurisdiction=None))
    assert (place.timezone, place.jurisdiction) == ("America/Los_Angeles", "US-OR")
    with pytest.raises(InvalidInput, match="no rules"):
        practitioners.add_place(
            session, place_draft(person, latitude=48.85, longitude=2.35, country="FR", jurisdiction=None)
        )


def test_a_hidden_home_leaves_only_its_area_behind(session: Session, person: int) -> None:
    draft = place_draft(person, hidden_home=True, postal_code="97214-1234", street="12 Fern Way")
    place = practitioners.add_place(session, draft)
    session.flush()
    assert (place.latitude, place.longitude) == area_point(*PORTLAND) != PORTLAND
    assert (place.street, place.postal_code, place.point_precision) == (None, None, PointPrecision.AREA)
    assert place.address_sealed == "12 Fern Way\nPortland\n97214-1234"
    row = session.execute(text("SELECT * FROM practice_place WHERE id = :id"), {"id": place.id}).one()
    assert not any("Fern" in str(value) or "1234" in str(value) for value in row if not str(value).startswith("gAAAA"))
    again = practitioners.replace_place(session, place.id, replace(draft, latitude=PORTLAND[0] + 0.0004))
    assert (again.latitude, again.longitude) == area_point(*PORTLAND)


def test_a_place_is_replaced_with_all_that_hangs_on_it(session: Session, person: int) -> None:
    place = practitioners.add_place(session, place_draft(person, payers={"us-aetna": TODAY}))
    draft = place_draft(
        person, hours=(Interval(5, time(10), time(14)),), remote_jurisdictions=frozenset({"US-OR", "US-WA"})
    )
    practitioners.replace_place(session, place.id, draft)
    assert place.remote_consultation
    assert session.scalars(select(PlaceHours.weekday).where(PlaceHours.place_id == place.id)).all() == [5]
    assert session.scalars(select(PlacePayer).where(PlacePayer.place_id == place.id)).all() == []
    other = practitioners.register(session, person_draft(), now=NOW)
    with pytest.raises(Conflict):
        practitioners.replace_place(session, place.id, place_draft(other.id))
    practitioners.close_place(session, place.id)
    assert not session.get_one(PracticePlace, place.id).active


def test_hours_payers_and_accepting_are_set_by_themselves(session: Session, person: int) -> None:
    place = practitioners.add_place(session, place_draft(person))
    practitioners.set_hours(session, place.id, [Interval(2, time(18), time(20))])
    practitioners.set_payers(session, place.id, {"us-cigna-healthcare": TODAY})
    practitioners.set_accepting(session, place.id, Accepting.CLOSED, today=TODAY)
    assert session.scalars(select(PlaceHours.weekday).where(PlaceHours.place_id == place.id)).all() == [2]
    assert place.accepting_confirmed_on == TODAY
    practitioners.set_accepting(session, place.id, Accepting.UNKNOWN, today=TODAY)
    assert place.accepting_confirmed_on is None
    with pytest.raises(InvalidInput):
        practitioners.set_hours(session, place.id, [Interval(2, time(20), time(18))])
    assert session.scalars(select(PlaceHours.weekday).where(PlaceHours.place_id == place.id)).all() == [2]


def test_what_somebody_says_is_replaced_whole(session: Session, person: int) -> None:
    practitioners.set_languages(session, person, [Spoken("es"), Spoken("cy")], now=NOW)
    practitioners.set_techniques(session, person, [Technique.LASER], now=NOW)
    practitioners.set_declines(session, person, [], now=NOW)
    practitioners.set_protocols(session, person, [], now=NOW)
    spoken = select(PractitionerLanguage.language_code).where(PractitionerLanguage.practitioner_id == person)
    assert set(session.scalars(spoken)) == {"es", "cy"}
    techniques = select(PractitionerTechnique.technique).where(PractitionerTechnique.practitioner_id == person)
    assert session.scalars(techniques).all() == [Technique.LASER]


def test_published_paused_suspended_and_held(session: Session, person: int) -> None:
    row = queries.practitioner(session, person)
    with pytest.raises(Conflict):
        practitioners.pause(session, person, now=NOW)
    practitioners.publish(session, person, now=NOW)
    assert row.published_at == NOW
    practitioners.pause(session, person, now=NOW + timedelta(days=1))
    assert row.account_status is AccountStatus.PAUSED
    practitioners.publish(session, person, now=NOW + timedelta(days=2))
    assert row.published_at == NOW
    practitioners.suspend(session, person, now=NOW)
    with pytest.raises(Conflict, match="administrator"):
        practitioners.publish(session, person, now=NOW)
    with pytest.raises(Conflict):
        practitioners.pause(session, person, now=NOW)
    practitioners.lift_suspension(session, person, now=NOW)
    assert row.account_status is AccountStatus.PAUSED
    practitioners.hold(session, person, now=NOW)
    practitioners.hold(session, person, now=NOW + timedelta(days=3))
    assert row.held_since == NOW
    practitioners.release(session, person, now=NOW)
    assert row.held_since is None


def _writers(session: Session, person: int, place: int) -> list[Callable[[], object]]:
    return [
        lambda: practitioners.set_techniques(session, person, [Technique.MANUAL], now=NOW),
        lambda: practitioners.set_hours(session, place, []),
        lambda: practitioners.set_accepting(session, place, Accepting.YES, today=TODAY),
        lambda: practitioners.attest(session, person, now=NOW),
        lambda: practitioners.prove_holder(session, person, today=TODAY, now=NOW),
        lambda: practitioners.pause(session, person, now=NOW),
        lambda: practitioners.replace_place(session, place, place_draft(person)),
        lambda: practitioners.close_place(session, place),
    ]


def test_every_change_is_told_to_the_search(session: Session) -> None:
    somebody = listed(session)
    session.commit()
    for write in _writers(session, somebody.id, somebody.place_id):
        before = changes.position(session).newest
        write()
        session.commit()
        assert changes.position(session, after=before).changed == {somebody.id}


def test_the_fictional_can_be_taken_out_again(session: Session) -> None:
    listed(session)
    real = practitioners.register(session, person_draft(fictional=False), now=NOW)
    assert queries.anybody(session, fictional=True)
    assert practitioners.remove_fictional(session) == 1
    assert session.scalars(select(Practitioner.id)).all() == [real.id]
    assert session.scalar(select(func.count()).select_from(PracticePlace)) == 0


def test_who_is_not_there_cannot_be_changed(session: Session) -> None:
    for write in _writers(session, 999, 999)[:3]:
        with pytest.raises(NotFound):
            write()


@given(st.floats(-89.9, 89.9), st.floats(-180, 180))
def test_an_area_point_is_near_and_stands_for_its_whole_cell(latitude: float, longitude: float) -> None:
    area = area_point(latitude, longitude)
    assert -90 <= area[0] <= 90
    assert -180 <= area[1] <= 180
    x, y, z = (a - b for a, b in zip(ecef(latitude, longitude), ecef(*area), strict=True))
    assert math.sqrt(x * x + y * y + z * z) < 1.2
    assert area_point(*area) == area


@pytest.mark.parametrize(
    ("country", "code", "area"),
    [
        ("US", "97214-1234", None),
        ("US", "97214", None),
        ("GB", "EH1 1YZ", "EH1"),
        ("GB", "sw1a1aa", "SW1A"),
        ("GB", "LS6", "LS6"),
        ("CA", "K1A 0B1", "K1A"),
        ("IE", "D02 AF30", "D02"),
        ("AU", "2000", "2000"),
    ],
)
def test_the_code_of_a_hidden_home_names_no_house(country: str, code: str, area: str | None) -> None:
    assert area_code(country, code) == area


@pytest.mark.parametrize(
    ("npi", "valid"),
    [
        ("1234567893", True),
        ("1558598797", True),
        ("1234567890", False),
        ("1558598798", False),
        ("3234567891", False),
        ("123456789", False),
        ("１２３４５６７８９３", False),
        ("1234567893\n", False),
    ],
)
def test_the_check_digit_of_an_npi(npi: str, valid: bool) -> None:
    assert npi_is_valid(npi) is valid
