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
from directory.practitioners.drafts import Access, Address, Meeting, Prices, Spoken, Way
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
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.reference import service as reference_data
from directory.practitioners.rules import Interval, area_code, area_point, npi_is_valid
from directory.practitioners.terms import Accepting, AccountStatus, PointPrecision, Technique
from directory.search import listings
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
    assert reference_data.load_reference(session) == {"languages": 51, "payers": 71}
    assert session.scalar(select(func.count()).select_from(Payer)) == 71
    assert session.scalar(select(func.count()).select_from(Language)) == 51
    assert reference_data.ensure_payer(session, country="US", name="Aetna") == "us-aetna"
    assert session.scalar(select(func.count()).select_from(Payer)) == 71
    assert reference_data.ensure_payer(session, country="US", name="New Plan") == "us-new-plan"


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
        ("door_width_cm", {"door_width_cm": 8}),
        ("price_shared_room", {"price_shared_room": Decimal("1e9")}),
        (
            "price_currency",
            {
                "price_currency": None,
                "price_first_visit": None,
                "price_follow_up": None,
                "price_without_insurance": Decimal(60),
            },
        ),
        ("price_without_insurance", {"price_without_insurance": Decimal(60), "same_without_insurance": True}),
    ],
)
def test_a_place_that_cannot_be_is_refused_at_its_field(
    session: Session, person: int, field: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        premises.add_place(session, place_draft(person, **facts))
    assert refusal.value.field == field


def test_zone_and_jurisdiction_follow_from_the_point(session: Session, person: int) -> None:
    place = premises.add_place(session, place_draft(person, timezone=None, jurisdiction=None))
    assert (place.timezone, place.jurisdiction) == ("America/Los_Angeles", "US-OR")
    elsewhere = place_draft(
        person, label="Chez moi", latitude=48.85, longitude=2.35, country="FR", timezone=None, jurisdiction=None
    )
    place = premises.add_place(session, elsewhere)
    assert (place.timezone, place.jurisdiction) == ("Europe/Paris", None)
    at_sea = premises.add_place(session, replace(elsewhere, label="Boat", latitude=0.0, longitude=-180.0))
    assert (at_sea.timezone, at_sea.jurisdiction) == ("Etc/GMT+12", None)


def test_a_hidden_home_leaves_only_its_area_behind(session: Session, person: int) -> None:
    draft = place_draft(person, hidden_home=True, postal_code="97214-1234", street="12 Fern Way")
    place = premises.add_place(session, draft)
    session.flush()
    assert (place.latitude, place.longitude) == area_point(*PORTLAND) != PORTLAND
    assert (place.street, place.postal_code, place.point_precision) == (None, None, PointPrecision.AREA)
    assert place.address_sealed == "12 Fern Way\nPortland\n97214-1234"
    row = session.execute(text("SELECT * FROM practice_place WHERE id = :id"), {"id": place.id}).one()
    assert not any("Fern" in str(value) or "1234" in str(value) for value in row if not str(value).startswith("gAAAA"))
    again = premises.replace_place(session, place.id, replace(draft, latitude=PORTLAND[0] + 0.0004))
    assert (again.latitude, again.longitude) == area_point(*PORTLAND)


def test_a_place_is_replaced_with_all_that_hangs_on_it(session: Session, person: int) -> None:
    place = premises.add_place(session, place_draft(person, payers={"us-aetna": TODAY}))
    draft = place_draft(
        person, hours=(Interval(5, time(10), time(14)),), remote_jurisdictions=frozenset({"US-OR", "US-WA"})
    )
    premises.replace_place(session, place.id, draft)
    assert place.remote_consultation
    assert session.scalars(select(PlaceHours.weekday).where(PlaceHours.place_id == place.id)).all() == [5]
    assert session.scalars(select(PlacePayer).where(PlacePayer.place_id == place.id)).all() == []
    other = practitioners.register(session, person_draft(), now=NOW)
    with pytest.raises(Conflict):
        premises.replace_place(session, place.id, place_draft(other.id))
    premises.close_place(session, place.id)
    assert not session.get_one(PracticePlace, place.id).active


def test_hours_payers_and_accepting_are_set_by_themselves(session: Session, person: int) -> None:
    place = premises.add_place(session, place_draft(person))
    premises.set_hours(session, place.id, [Interval(2, time(18), time(20))])
    premises.set_payers(session, place.id, {"us-cigna-healthcare": TODAY})
    premises.set_accepting(session, place.id, Accepting.CLOSED, today=TODAY)
    assert session.scalars(select(PlaceHours.weekday).where(PlaceHours.place_id == place.id)).all() == [2]
    assert place.accepting_confirmed_on == TODAY
    premises.set_accepting(session, place.id, Accepting.UNKNOWN, today=TODAY)
    assert place.accepting_confirmed_on is None
    with pytest.raises(InvalidInput):
        premises.set_hours(session, place.id, [Interval(2, time(20), time(18))])
    assert session.scalars(select(PlaceHours.weekday).where(PlaceHours.place_id == place.id)).all() == [2]


def test_a_part_of_a_place_is_changed_and_the_rest_stays(session: Session, person: int) -> None:
    draft = place_draft(
        person, telephone="503 555 0101", payers={"us-aetna": TODAY}, remote_jurisdictions=frozenset({"US-OR"})
    )
    place = premises.add_place(session, draft)
    table = PracticePlace.__table__
    own = select(table).where(table.c.id == place.id)

    def changed(write: Callable[[], object]) -> set[str]:
        before = session.execute(own).one()._asdict()
        write()
        after = session.execute(own).one()._asdict()
        return {name for name in before if before[name] != after[name]}

    address = Address(label="New Rooms", latitude=45.6387, longitude=-122.6615, country="US", locality="Vancouver",
                      admin1="WA", postal_code="98660", street="1 Main St")  # fmt: skip
    assert changed(lambda: premises.move_place(session, place.id, address)) == {
        "label", "latitude", "longitude", "locality", "admin1", "postal_code", "street", "jurisdiction",
    }  # fmt: skip
    assert place.jurisdiction == "US-WA"
    prices = Prices(price_currency="USD", price_shared_room=Decimal("25.50"), same_without_insurance=True)
    assert changed(lambda: premises.set_prices(session, place.id, prices)) == {
        "price_first_visit", "price_follow_up", "price_shared_room", "same_without_insurance",
    }  # fmt: skip
    access = Access(step_free=False, door_width_cm=81)
    assert changed(lambda: premises.set_access(session, place.id, access)) == {"step_free", "door_width_cm"}
    assert changed(lambda: premises.set_telephone(session, place.id, "  ")) == {"telephone"}
    assert queries.stated_payers(session, place.id) == {"us-aetna": TODAY}
    assert queries.intervals_of(session, place.id) == (Interval(0, time(9), time(17)),)
    meeting = Meeting(in_person=False, home_visit_radius_km=12.5, appointment_only=True)
    assert changed(lambda: premises.set_meeting(session, place.id, meeting)) == {
        "in_person", "home_visit_radius_km", "appointment_only", "remote_consultation",
    }  # fmt: skip
    assert queries.intervals_of(session, place.id) == ()
    assert queries.remote_of(session, place.id) == frozenset()


@pytest.mark.parametrize(
    ("field", "write"),
    [
        ("hours", lambda session, place: premises.set_meeting(
            session, place, Meeting(hours=(Interval(1, time(10), time(9)),)))),
        ("home_visit_radius_km", lambda session, place: premises.set_meeting(
            session, place, Meeting(home_visit_radius_km=501))),
        ("door_width_cm", lambda session, place: premises.set_access(session, place, Access(door_width_cm=501))),
        ("price_currency", lambda session, place: premises.set_prices(
            session, place, Prices(price_shared_room=Decimal(20)))),
        ("telephone", lambda session, place: premises.set_telephone(session, place, "call me")),
        ("telephone", lambda session, place: premises.set_telephone(session, place, "1" * 41)),
        ("timezone", lambda session, place: premises.rename_place(
            session, place, label="A", title=None, timezone="Mars/Olympus")),
        ("label", lambda session, place: premises.rename_place(
            session, place, label=" ", title=None, timezone="UTC")),
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_leaves_the_place_alone(
    session: Session, person: int, field: str, write: Callable[[Session, int], object]
) -> None:
    place = premises.add_place(session, place_draft(person, telephone="503 555 0101"))
    with pytest.raises(InvalidInput) as refusal:
        write(session, place.id)
    assert refusal.value.field == field
    assert (place.label, place.telephone, place.door_width_cm) == ("Underhill Acupuncture", "503 555 0101", None)
    assert queries.intervals_of(session, place.id) == (Interval(0, time(9), time(17)),)


def test_a_hidden_home_is_renamed_without_its_address_and_found_again_with_it(session: Session, person: int) -> None:
    place = premises.add_place(session, place_draft(person, hidden_home=True))
    point, sealed = (place.latitude, place.longitude), place.address_sealed
    premises.rename_place(session, place.id, label="At home", title="L.Ac.", timezone="America/Denver")
    assert (place.latitude, place.longitude, place.address_sealed) == (*point, sealed)
    assert (place.label, place.title, place.timezone) == ("At home", "L.Ac.", "America/Denver")
    shown = Address(label="At home", latitude=PORTLAND[0], longitude=PORTLAND[1], country="US", locality="Portland",
                    postal_code="97214", street="12 Fern Way")  # fmt: skip
    premises.move_place(session, place.id, shown)
    assert (place.latitude, place.longitude, place.address_sealed) == (*PORTLAND, None)
    assert place.street == "12 Fern Way"
    premises.move_place(session, place.id, replace(shown, hidden_home=True))
    assert (place.latitude, place.longitude, place.street) == (*area_point(*PORTLAND), None)


def test_the_same_place_sent_twice_is_there_once_and_there_is_an_end_to_places(session: Session, person: int) -> None:
    first = premises.add_place(session, place_draft(person))
    assert premises.add_place(session, place_draft(person)).id == first.id
    home = premises.add_place(session, place_draft(person, hidden_home=True))
    assert premises.add_place(session, place_draft(person, hidden_home=True)).id == home.id
    for number in range(premises.MOST_PLACES - 2):
        premises.add_place(session, place_draft(person, label=f"Room {number}"))
    with pytest.raises(InvalidInput, match="room for 12"):
        premises.add_place(session, place_draft(person, label="One more"))
    premises.close_place(session, home.id)
    assert premises.add_place(session, place_draft(person, label="One more")).label == "One more"
    assert len(queries.places_of(session, person)) == premises.MOST_PLACES


def test_a_place_is_its_owners_alone_and_gone_when_closed(session: Session, person: int) -> None:
    place = premises.add_place(session, place_draft(person))
    assert queries.own_place(session, person, place.id) is place
    other = practitioners.register(session, person_draft(), now=NOW)
    for owner, wanted in ((other.id, place.id), (person, 0), (person, 2**70), (person, place.id + 1)):
        with pytest.raises(NotFound):
            queries.own_place(session, owner, wanted)
    premises.close_place(session, place.id)
    with pytest.raises(NotFound):
        queries.own_place(session, person, place.id)


def test_how_somebody_works_is_kept_with_its_day_until_nothing_is_said(session: Session, person: int) -> None:
    way = Way(asks_ferritin=True, may_move=False, visit_minutes=60, needle_minutes=25, visits_a_week=2, first_weeks=4)
    practitioners.set_way(session, person, way, today=TODAY, now=NOW)
    stored = queries.way_of(session, person)
    assert stored is not None
    assert (stored.asks_ferritin, stored.reads_medicines, stored.may_move) == (True, None, False)
    assert (stored.needle_minutes, stored.stated_on) == (25, TODAY)
    for field, odd in (
        ("needle_minutes", replace(way, needle_minutes=61)),
        ("visits_a_week", replace(way, visits_a_week=None)),
        ("visits_a_week", replace(way, visits_a_week=8)),
        ("visit_minutes", replace(way, visit_minutes=4)),
    ):
        with pytest.raises(InvalidInput) as refusal:
            practitioners.set_way(session, person, odd, today=TODAY, now=NOW)
        assert refusal.value.field == field
    practitioners.set_way(session, person, Way(), today=TODAY, now=NOW)
    assert queries.way_of(session, person) is None


def test_nobody_is_shown_where_we_know_no_rules(session: Session) -> None:
    somebody = listed(session)
    premises.move_place(
        session,
        somebody.place_id,
        Address(label="Chez moi", latitude=48.85, longitude=2.35, country="FR", locality="Paris"),
    )
    assert session.get_one(PracticePlace, somebody.place_id).jurisdiction is None
    assert list(listings.read(session, practitioner_ids=[somebody.id])) == []


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
        publication.pause(session, person, now=NOW)
    publication.publish(session, person, now=NOW)
    assert row.published_at == NOW
    publication.pause(session, person, now=NOW + timedelta(days=1))
    assert row.account_status is AccountStatus.PAUSED
    publication.publish(session, person, now=NOW + timedelta(days=2))
    assert row.published_at == NOW
    publication.suspend(session, person, now=NOW)
    with pytest.raises(Conflict, match="administrator"):
        publication.publish(session, person, now=NOW)
    with pytest.raises(Conflict):
        publication.pause(session, person, now=NOW)
    publication.lift_suspension(session, person, now=NOW)
    assert row.account_status is AccountStatus.PAUSED
    publication.hold(session, person, now=NOW)
    publication.hold(session, person, now=NOW + timedelta(days=3))
    assert row.held_since == NOW
    publication.release(session, person, now=NOW)
    assert row.held_since is None


def _writers(session: Session, person: int, place: int) -> list[Callable[[], object]]:
    return [
        lambda: practitioners.set_techniques(session, person, [Technique.MANUAL], now=NOW),
        lambda: premises.set_hours(session, place, []),
        lambda: premises.set_accepting(session, place, Accepting.YES, today=TODAY),
        lambda: practitioners.attest(session, person, now=NOW),
        lambda: publication.prove_holder(session, person, today=TODAY, now=NOW),
        lambda: publication.pause(session, person, now=NOW),
        lambda: premises.replace_place(session, place, place_draft(person)),
        lambda: premises.set_meeting(session, place, Meeting()),
        lambda: premises.set_access(session, place, Access()),
        lambda: premises.set_prices(session, place, Prices()),
        lambda: premises.set_telephone(session, place, None),
        lambda: premises.rename_place(session, place, label="New", title=None, timezone="America/Denver"),
        lambda: practitioners.set_way(session, person, Way(may_move=True), today=TODAY, now=NOW),
        lambda: premises.close_place(session, place),
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
