"""The steps about places, work and offers: found, pinned, hidden, kept apart from others', and nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.crypto import keyring
from directory.geo.geocoders import build
from directory.geo.models import GeocodeCache
from directory.http.site import EXTENSION, Site
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import Meeting, Prices, Way
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.rules import Interval, area_point
from directory.practitioners.terms import Accepting, LanguageLevel, PointPrecision, SpokenBy
from directory.screening.terms import Condition
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock

WHO = "/registration/who"
PLACES = "/registration/places"
NEW = "/registration/places/new"
ADDRESS = {
    "label": "Fern Rooms",
    "country": "US",
    "street": "12 Fern Way",
    "locality": "Portland",
    "region": "Oregon",
    "postal_code": "97214",
}
NOWHERE = ADDRESS | {"locality": "Xyzzyville", "postal_code": ""}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("places")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_population(config.database_url)
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def session(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


_count = iter(range(1, 1000))


@pytest.fixture
def member(app: DirectoryApp, clock: Clock) -> Client:
    """Somebody who has begun to register."""
    clock.now = population.NOW
    return _member(app)


def _member(app: DirectoryApp) -> Client:
    client = Client(app)
    sign_in(client, email=f"placed{next(_count)}@example.org")
    client.submit(client.get(WHO), WHO, {"display_name": "Juniper Underhill", "profession": "acupuncturist"})
    return client


def mine(session: Session) -> Practitioner:
    """Whoever registered last."""
    session.rollback()
    return session.scalars(select(Practitioner).order_by(Practitioner.id.desc()).limit(1)).one()


def my_places(session: Session) -> list[PracticePlace]:
    return people.places_of(session, mine(session).id)


def settled(client: Client, session: Session, **facts: str) -> PracticePlace:
    """A place of the member's, saved through the form."""
    client.submit(client.get(NEW), NEW, ADDRESS | facts)
    return my_places(session)[-1]


def later(client: Client, session: Session, clock: Clock, *, days: int) -> None:
    """Come back after so many days."""
    clock.now += timedelta(days=days)
    sign_in(client, email=f"placed{next(_count)}@example.org", practitioner_id=mine(session).id)


def publish(session: Session, clock: Clock) -> None:
    publication.publish(session, mine(session).id, now=clock.now)
    session.commit()


def pressed(client: Client, page: Page, action: str, name: str, value: str, **typed: str) -> Page:
    """The answer to one of the other buttons of a form."""
    return client.submit(page, action, typed | {name: value}, status=200)


def typed(page: Page, id_: str) -> str:
    return page.by_id(id_).get("value", "")


# --- where it is -----------------------------------------------------------------------------------------------------


def test_an_address_is_found_saved_and_shown_on_the_map(member: Client, session: Session) -> None:
    page = member.submit(member.get(NEW), NEW, ADDRESS)
    row = my_places(session)[0]
    assert page.response.headers["Location"] == f"/registration/places/{row.id}#pin"
    assert (row.jurisdiction, row.timezone, row.admin1) == ("US-OR", "America/Los_Angeles", "OR")
    assert row.point_precision is PointPrecision.POSTCODE
    page = member.get(f"{PLACES}/{row.id}")
    words = page.words()
    assert "Oregon licenses acupuncturists (Oregon Medical Board)" in words
    assert "The pin is in the middle of 97214." in words
    assert "Pacific" in words
    assert typed(page, "region") == "Oregon"
    assert typed(page, "latitude") == f"{row.latitude:.5f}"
    assert "Fern Rooms" in member.get(PLACES).words()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label", ""),
        ("label", "x" * 201),
        ("country", ""),
        ("country", "QQ"),
        ("locality", ""),
        ("street", "x" * 201),
        ("postal_code", "x" * 17),
        ("title", "x" * 121),
    ],
)
def test_what_cannot_be_comes_back_as_typed_with_its_complaint(
    member: Client, session: Session, field: str, value: str
) -> None:
    page = member.submit(member.get(NEW), NEW, ADDRESS | {field: value}, status=422)
    assert my_places(session) == []
    assert field in page.errors_at()
    if field != "street":
        assert typed(page, "street") == "12 Fern Way"


def test_an_address_nobody_knows_is_placed_on_the_map_and_nothing_is_lost(member: Client, session: Session) -> None:
    page = member.submit(member.get(NEW), NEW, NOWHERE, status=422)
    assert "put the pin on the map" in page.errors_at()["street"]
    assert typed(page, "locality") == "Xyzzyville"
    assert "The pin is not placed yet." in page.words()
    assert typed(page, "latitude") == ""
    for _ in range(6):
        page = pressed(member, page, NEW, "look", "closer")
    page = pressed(member, page, NEW, "look", "north")
    assert typed(page, "locality") == "Xyzzyville"
    assert float(typed(page, "latitude")) == pytest.approx(45.52, abs=0.1)
    page = member.submit(page, NEW, {})
    row = my_places(session)[0]
    assert row.locality == "Xyzzyville"
    assert row.jurisdiction == "US-OR"
    assert row.point_precision is PointPrecision.EXACT


def test_a_pin_put_from_afar_stands_for_an_area(member: Client, session: Session) -> None:
    page = member.submit(member.get(NEW), NEW, NOWHERE, status=422)
    page = pressed(member, page, NEW, "look", "east")
    member.submit(page, NEW, {})
    assert my_places(session)[0].point_precision is PointPrecision.AREA


def test_a_pin_is_moved_by_buttons_and_by_numbers(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}"
    page = pressed(member, member.get(action), action, "look", "south")
    assert float(typed(page, "latitude")) < row.latitude
    page = member.submit(page, action, {"latitude": "45.51000", "longitude": "-122.64000"})
    session.rollback()
    assert (row.latitude, row.longitude) == (45.51, -122.64)
    assert row.point_precision is PointPrecision.EXACT
    page = pressed(member, member.get(action), action, "look", "here", latitude="45.52, -122.65", longitude="")
    assert (typed(page, "latitude"), typed(page, "longitude")) == ("45.52000", "-122.65000")
    session.rollback()
    assert row.latitude == 45.51


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("95", "0"), ("45", "-181"), ("north", "west"), ("45.5", ""), ("nan", "1"), ("1e9", "1")],
)
def test_a_point_that_is_none_is_told_and_kept(member: Client, session: Session, latitude: str, longitude: str) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}"
    point = {"latitude": latitude, "longitude": longitude}
    page = member.submit(member.get(action), action, point, status=422)
    assert "latitude" in page.errors_at()
    assert typed(page, "latitude") == latitude
    page = member.submit(member.get(action), action, point | {"look": "here"}, status=422)
    assert typed(page, "latitude") == latitude


def test_a_pin_far_from_its_town_or_in_another_country_is_asked_back(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}"
    page = member.submit(member.get(action), action, {"latitude": "42.36", "longitude": "-71.06"}, status=422)
    assert "miles away from Portland" in page.errors_at()["locality"]
    abroad = NOWHERE | {"latitude": "48.85", "longitude": "2.35"}
    page = member.submit(member.get(NEW), NEW, abroad, status=422)
    assert "France" in page.errors_at()["country"]
    torn = ADDRESS | {"locality": "Boston", "region": "MA"}
    page = member.submit(member.get(NEW), NEW, torn, status=422)
    assert "far apart" in page.errors_at()["postal_code"]
    several = ADDRESS | {"locality": "Springfield", "region": "", "postal_code": ""}
    page = member.submit(member.get(NEW), NEW, several, status=422)
    assert "more than one place" in page.errors_at()["locality"]


def test_a_place_at_the_date_line_in_the_sea_is_saved_and_said_plainly(member: Client, session: Session) -> None:
    at_sea = NOWHERE | {"label": "Boat", "latitude": "0", "longitude": "180"}
    member.submit(member.get(NEW), NEW, at_sea)
    row = my_places(session)[0]
    assert (row.jurisdiction, row.timezone) == (None, "Etc/GMT-12")
    words = member.get(PLACES).words()
    assert "We do not know the rules for acupuncture at this place" in words
    assert "nobody is shown there" in words
    page = member.get(f"{PLACES}/{row.id}")
    assert "not know the rules" in page.words()
    assert "far from any town" in page.words()


def test_a_place_at_the_pole_has_numbers_and_no_map(member: Client, session: Session) -> None:
    member.submit(member.get(NEW), NEW, NOWHERE | {"latitude": "89.5", "longitude": "10"})
    row = my_places(session)[0]
    page = member.get(f"{PLACES}/{row.id}")
    assert typed(page, "latitude") == "89.50000"
    assert not [each for each in page.all("svg") if "map__sheet" in (each.get("class") or "")]


def test_other_countries_and_long_names_in_any_script_fit(member: Client, session: Session) -> None:
    french = {"label": population.RTL_NAME, "country": "FR", "street": "3 rue de l’Église", "locality": "Paris"}
    french |= {"region": "Île-de-France et tout ce qui l’entoure", "postal_code": "75001"}
    member.submit(member.get(NEW), NEW, french)
    row = my_places(session)[0]
    assert (row.country, row.jurisdiction, row.timezone) == ("FR", None, "Europe/Paris")
    page = member.get(f"{PLACES}/{row.id}")
    assert typed(page, "region") == french["region"]
    assert "France yet" in page.words()
    member.submit(member.get(NEW), NEW, ADDRESS | {"label": population.LONG_NAME, "title": "ل" * 120})
    member.submit(member.get(NEW), NEW, ADDRESS | {"label": population.HTML_NAME})
    assert population.HTML_NAME in member.get(PLACES).words()


def test_a_changed_town_is_looked_up_again_unless_the_pin_was_moved(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}"
    member.submit(member.get(action), action, {"locality": "Eugene", "postal_code": "97401"})
    session.rollback()
    assert row.latitude == pytest.approx(44.07, abs=0.1)
    member.submit(member.get(action), action, {"locality": "Xyzzyville", "postal_code": ""}, status=422)
    session.rollback()
    assert row.locality == "Eugene"


def test_a_time_zone_is_worked_out_and_may_be_changed(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}"
    member.submit(member.get(action), action, {"timezone": "America/Boise"})
    session.rollback()
    assert row.timezone == "America/Boise"
    page = member.get(action)
    assert "selected" in next(each.attrib for each in page.all("option") if each.get("value") == "America/Boise")
    member.submit(page, action, {"timezone": ""})
    session.rollback()
    assert row.timezone == "America/Los_Angeles"


# --- a hidden home ---------------------------------------------------------------------------------------------------


def test_a_hidden_home_leaves_nothing_of_its_point_or_street(
    app: DirectoryApp, member: Client, session: Session
) -> None:
    page = member.get(NEW)
    assert "public registers often print the address" in page.words()
    pinned = ADDRESS | {"hidden_home": "y", "latitude": "45.51234", "longitude": "-122.64321"}
    page = member.submit(page, NEW, pinned)
    row = my_places(session)[0]
    assert page.response.headers["Location"] == f"/registration/places/{row.id}/visits"
    assert (row.latitude, row.longitude) == area_point(45.51234, -122.64321)
    assert (row.street, row.postal_code) == (None, None)
    page = member.get(f"{PLACES}/{row.id}")
    for secret in ("Fern Way", "97214", "45.51234", "122.64321", f"{row.latitude:.5f}", f"{row.longitude:.5f}"):
        assert secret not in page.text.replace('"97214"', "")
        assert secret not in member.get(PLACES).text
    stored = session.execute(text("SELECT * FROM practice_place WHERE id = :id"), {"id": row.id}).one()
    assert not any("Fern Way" in str(value) or "45.51234" in str(value) for value in stored)
    assert session.scalar(select(func.count()).select_from(GeocodeCache)) == 0
    sealed = row.address_sealed
    member.submit(page, f"{PLACES}/{row.id}", {"label": "At home"})
    session.rollback()
    assert (row.label, row.address_sealed) == ("At home", sealed)
    assert (row.latitude, row.longitude) == area_point(45.51234, -122.64321)


def test_a_home_that_is_shown_again_needs_its_address(member: Client, session: Session) -> None:
    row = settled(member, session, hidden_home="y")
    action = f"{PLACES}/{row.id}"
    page = member.get(action)
    data = {"street": "12 Fern Way", "postal_code": "97214"}
    form = page.fields(page.form(action))
    del form["hidden_home"]
    for name, value in data.items():
        form.setlist(name, [value])
    member.post(action, 303, data=form)
    session.rollback()
    assert (row.hidden_home, row.street, row.postal_code, row.address_sealed) == (False, "12 Fern Way", "97214", None)


@pytest.fixture
def asked(app: DirectoryApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a geocoding server was asked, which knows 12 Fern Way; the site asks it for the length of this test."""
    questions: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            questions.append(parse_qs(urlsplit(self.path).query)["q"][0])
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            house = {"lat": "45.51777", "lon": "-122.63333", "addresstype": "house", "display_name": "12 Fern Way"}
            self.wfile.write(json.dumps([house]).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        own: Site = app.extensions[EXTENSION]
        server = {"geocoder": "nominatim", "geocoder_domain": f"http://127.0.0.1:{http.server_port}"}
        finder = build(replace(own.config, **server), seconds_between=0)
        monkeypatch.setitem(app.extensions, EXTENSION, replace(own, places=finder))
        yield questions
        http.shutdown()
        thread.join()


def test_a_street_is_asked_of_the_server_but_never_that_of_a_hidden_home(
    member: Client, session: Session, asked: list[str]
) -> None:
    row = settled(member, session, hidden_home="y")
    assert asked == []
    assert row.point_precision is PointPrecision.AREA
    shown = settled(member, session, label="Rooms")
    assert asked == ["12 Fern Way, Portland Oregon 97214"]
    assert (shown.latitude, shown.longitude, shown.point_precision) == (45.51777, -122.63333, PointPrecision.EXACT)


# --- whose it is, twice, too many ------------------------------------------------------------------------------------


def test_somebody_elses_place_is_not_there(app: DirectoryApp, member: Client, session: Session) -> None:
    theirs = settled(member, session).id
    other = _member(app)
    for path in (f"/places/{theirs}", f"/places/{theirs}/visits", f"/places/{theirs}/access", f"/offers/{theirs}"):
        other.get(f"/registration{path}", 404)
    page = other.get(NEW)
    token = page.fields(page.form(NEW))["csrf_token"]
    for path in ("", "/visits", "/access", "/close"):
        other.post(f"{PLACES}/{theirs}{path}", 404, data=ADDRESS | {"csrf_token": token})
    other.get(f"{PLACES}/99999999999999999999999", 404)
    session.rollback()
    assert session.get_one(PracticePlace, theirs).active


def test_a_form_sent_twice_makes_one_place_and_there_is_room_for_twelve(member: Client, session: Session) -> None:
    page = member.get(NEW)
    member.submit(page, NEW, ADDRESS)
    member.submit(page, NEW, ADDRESS)
    assert len(my_places(session)) == 1
    for number in range(11):
        member.submit(page, NEW, ADDRESS | {"label": f"Room {number}"})
    refused = member.submit(page, NEW, ADDRESS | {"label": "Room 12"}, status=422)
    assert "room for 12 places" in refused.words()
    words = member.get(PLACES).words()
    assert "There is room for 12 places" in words
    assert "Add another place" not in words


def test_two_windows_are_told_of_each_other(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}"
    first, second = member.get(action), member.get(action)
    member.submit(first, action, {"label": "First"})
    page = member.submit(second, action, {"label": "Second"}, status=409)
    assert "First" in page.words()
    assert typed(page, "label") == "Second"
    member.submit(page, action, {})
    session.rollback()
    assert row.label == "Second"


def test_a_place_that_is_given_up_is_gone_at_once(member: Client, session: Session) -> None:
    row = settled(member, session)
    page = member.get(PLACES)
    member.submit(page, f"{PLACES}/{row.id}/close", {})
    assert "Fern Rooms" not in member.get(PLACES).words()
    member.get(f"{PLACES}/{row.id}", 404)


# --- how patients are seen -------------------------------------------------------------------------------------------


def test_hours_ways_and_telephone_are_saved_and_shown_again(member: Client, session: Session, clock: Clock) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}/visits"
    page = member.get(action)
    assert "Oregon" in page.words()
    seen = {"monday": "9am-12:30, 2–6pm", "saturday": "10 to noon", "home_visits": "y", "radius": "10"}
    seen |= {"telephone": "503 555 0101", "accepting": "yes", "remote": "US-OR", "appointment_only": "y"}
    page = member.submit(page, action, seen)
    assert page.response.headers["Location"] == f"{PLACES}/{row.id}/access"
    session.rollback()
    assert people.intervals_of(session, row.id) == (
        Interval(0, time(9), time(12, 30)),
        Interval(0, time(14), time(18)),
        Interval(5, time(10), time(12)),
    )
    assert row.home_visit_radius_km == pytest.approx(16.09, abs=0.01)
    assert (row.telephone, row.appointment_only, row.remote_consultation) == ("503 555 0101", True, True)
    assert (row.accepting, row.accepting_confirmed_on) == (Accepting.YES, date(2026, 11, 23))
    page = member.get(action)
    assert typed(page, "monday") == "9am–12:30pm, 2pm–6pm"
    assert typed(page, "radius") == "10"
    later(member, session, clock, days=20)
    member.submit(page, action, {"tuesday": "9-12"})
    session.rollback()
    assert row.accepting_confirmed_on == date(2026, 11, 23)
    member.submit(member.get(action), action, {"accepting_today": "y"})
    session.rollback()
    assert row.accepting_confirmed_on == date(2026, 12, 13)


@pytest.mark.parametrize(
    ("field", "answers"),
    [
        ("monday", {"monday": "9-5"}),
        ("sunday", {"sunday": "mornings"}),
        ("friday", {"friday": "9-12, 11-13"}),
        ("radius", {"home_visits": "y", "radius": ""}),
        ("radius", {"home_visits": "y", "radius": "400"}),
        ("radius", {"home_visits": "y", "radius": "inf"}),
        ("remote", {"remote": "US-XX"}),
        ("telephone", {"telephone": "call me"}),
        ("accepting", {"accepting": "maybe"}),
    ],
)
def test_odd_answers_about_visits_are_told_at_their_field(
    member: Client, session: Session, field: str, answers: dict[str, str]
) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}/visits"
    page = member.submit(member.get(action), action, answers | {"wednesday": "9-12"}, status=422)
    assert field in page.errors_at()
    assert typed(page, "wednesday") == "9-12"
    assert people.intervals_of(session, row.id) == ()


def test_mondays_hours_are_copied_and_an_odd_number_is_only_pointed_out(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}/visits"
    page = pressed(member, member.get(action), action, "copy", "monday", monday="9-12", telephone="55501")
    assert [typed(page, day) for day in ("tuesday", "friday", "saturday")] == ["9-12", "9-12", ""]
    member.submit(page, action, {})
    assert "more or fewer digits" in member.get(action).words()


def test_somebody_is_seen_in_some_way(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}/visits"
    page = member.get(action)
    form = page.fields(page.form(action))
    del form["in_person"]
    page = member.post(action, 422, data=form)
    assert "in_person" in page.errors_at()


def test_access_is_told_in_three_answers(member: Client, session: Session) -> None:
    row = settled(member, session)
    action = f"{PLACES}/{row.id}/access"
    page = member.submit(member.get(action), action, {"step_free": "no", "parking": "yes", "door_width_cm": "81"})
    assert page.response.headers["Location"] == PLACES
    session.rollback()
    assert (row.step_free, row.parking, row.accessible_toilet, row.door_width_cm) == (False, True, None, 81)
    member.submit(member.get(action), action, {"step_free": "", "door_width_cm": ""})
    session.rollback()
    assert (row.step_free, row.parking, row.door_width_cm) == (None, True, None)
    for answers in ({"door_width_cm": "8"}, {"door_width_cm": "wide"}, {"step_free": "perhaps"}):
        page = member.submit(member.get(action), action, answers, status=422)
        assert page.errors_at().keys() == answers.keys()


# --- how somebody works, and what they offer -------------------------------------------------------------------------


def test_how_somebody_works_is_saved_and_shown_again(member: Client, session: Session) -> None:
    action = "/registration/work"
    work = {"asks_ferritin": "yes", "may_move": "no", "visit_minutes": "60", "needle_minutes": "25"}
    work |= {"visits_a_week": "2", "first_weeks": "4", "review_after_visits": "6"}
    member.submit(member.get(action), action, work)
    way = people.way_of(session, mine(session).id)
    assert way is not None
    assert (way.asks_ferritin, way.may_move, way.reads_medicines) == (True, False, None)
    assert typed(member.get(action), "needle_minutes") == "25"
    for field, odd in (
        ("needle_minutes", {"needle_minutes": "61"}),
        ("visit_minutes", {"visit_minutes": "1e3"}),
        ("visits_a_week", {"visits_a_week": "8"}),
        ("first_weeks", {"visits_a_week": ""}),
        ("asks_ferritin", {"asks_ferritin": "perhaps"}),
    ):
        page = member.submit(member.get(action), action, odd, status=422)
        assert field in page.errors_at()


def test_languages_methods_and_declines_are_saved(member: Client, session: Session) -> None:
    action = "/registration/offers"
    page = member.get(action)
    answers = {"languages-0-code": "es", "languages-0-level": "native", "languages-1-code": "cy"}
    answers |= {"languages-1-level": "basic", "languages-1-by": "staff", "techniques": "manual", "declines": "epilepsy"}
    member.submit(page, action, answers)
    person = mine(session).id
    assert {(each.code, each.level, each.by) for each in people.spoken_by(session, person)} == {
        ("es", LanguageLevel.NATIVE, SpokenBy.PRACTITIONER),
        ("cy", LanguageLevel.BASIC, SpokenBy.STAFF),
    }
    assert people.declines_of(session, person) == {Condition.EPILEPSY}
    page = pressed(member, member.get(action), action, "more", "languages")
    assert page.by_id("languages-5-code") is not None
    page = member.submit(page, action, {"languages-2-code": "es"}, status=422)
    assert "stands there twice" in page.words()
    page = member.submit(member.get(action), action, {"languages-2-code": "tlh"}, status=422)
    assert "answers offered" in page.words()
    member.submit(member.get(action), action, {"languages-0-code": "", "languages-1-code": ""})
    session.rollback()
    assert people.spoken_by(session, person) == ()


def test_prices_and_insurers_belong_to_a_place_and_carry_their_day(
    member: Client, session: Session, clock: Clock
) -> None:
    row = settled(member, session)
    assert "Fern Rooms" in member.get("/registration/offers").words()
    action = f"/registration/offers/{row.id}"
    prices = {"price_first_talk": "0", "price_first_visit": "110", "price_follow_up": "87,50"}
    prices |= {"price_shared_room": "35", "same_without_insurance": "yes", "payers": "us-aetna"}
    member.submit(member.get(action), action, prices)
    session.rollback()
    assert (row.price_currency, row.price_first_talk, row.price_follow_up) == ("USD", Decimal(0), Decimal("87.50"))
    assert (row.price_shared_room, row.same_without_insurance, row.sliding_scale) == (Decimal(35), True, None)
    assert people.stated_payers(session, row.id) == {"us-aetna": date(2026, 11, 23)}
    later(member, session, clock, days=9)
    page = member.get(action)
    assert typed(page, "price_follow_up") == "87.50"
    member.submit(page, action, {"price_first_visit": "120"})
    session.rollback()
    assert people.stated_payers(session, row.id) == {"us-aetna": date(2026, 11, 23)}
    member.submit(member.get(action), action, {"payers_today": "y"})
    session.rollback()
    assert people.stated_payers(session, row.id) == {"us-aetna": date(2026, 12, 2)}
    for field, odd in (
        ("price_first_visit", {"price_first_visit": "-1"}),
        ("price_first_visit", {"price_first_visit": "1e5"}),
        ("price_without_insurance", {"price_without_insurance": "60"}),
        ("price_currency", {"price_currency": "XXX"}),
        ("payers", {"payers": "gb-bupa"}),
    ):
        page = member.submit(member.get(action), action, odd, status=422)
        assert field in page.errors_at()


def test_what_is_stated_stands_on_the_public_page_as_their_own_word(app: DirectoryApp, session: Session) -> None:
    person = people.by_slug(session, "whole-pregnancy")
    place = people.places_of(session, person.id)[0]
    way = Way(asks_ferritin=True, may_move=False, visit_minutes=60, needle_minutes=25, visits_a_week=2, first_weeks=4)
    practitioners.set_way(session, person.id, way, today=date(2026, 11, 3), now=population.NOW)
    prices = Prices(price_currency="USD", price_shared_room=Decimal(35), price_without_insurance=Decimal("72.50"))
    premises.set_prices(session, place.id, prices)
    premises.set_meeting(session, place.id, Meeting(appointment_only=True))
    session.commit()
    words = Client(app).get("/practitioners/whole-pregnancy").words()
    assert "You may move when the urge comesno" in words
    assert "60 minutes, with needles for 25" in words
    assert "2 visits a week at first, for 4 weeks" in words
    assert "Their own word, on November 3, 2026." in words
    assert "A visit in a shared room$35" in words
    assert "A visit without insurance$72.50" in words
    assert "By appointment only" in words
    assert "Reads your list" not in words


# --- once it is published --------------------------------------------------------------------------------------------


def test_a_published_address_stays_until_the_new_one_was_looked_at(
    member: Client, session: Session, clock: Clock
) -> None:
    row = settled(member, session)
    publish(session, clock)
    action = f"{PLACES}/{row.id}"
    member.submit(member.get(action), action, {"street": "1 Oak St", "locality": "Eugene", "postal_code": "97401"})
    session.rollback()
    assert (row.street, row.locality) == ("12 Fern Way", "Portland")
    page = member.get(action)
    assert typed(page, "locality") == "Eugene"
    assert "patients see the old address" in page.words()
    wish = edit_queries.waiting(session, row.practitioner_id)[edits.place_subject(row.id)]
    edits.accept(session, wish.id, now=clock.now)
    session.commit()
    assert (row.street, row.locality, row.postal_code) == ("1 Oak St", "Eugene", "97401")
    assert row.latitude == pytest.approx(44.07, abs=0.1)


def test_a_new_place_of_a_published_profile_is_shown_once_it_was_looked_at(
    member: Client, session: Session, clock: Clock
) -> None:
    first = settled(member, session)
    publish(session, clock)
    page = member.get(NEW)
    eugene = ADDRESS | {"label": "Second Rooms", "locality": "Eugene", "postal_code": "97401"}
    member.submit(page, NEW, eugene)
    member.submit(page, NEW, eugene)
    session.rollback()
    second = my_places(session)[-1]
    assert (len(my_places(session)), first.jurisdiction, second.jurisdiction) == (2, "US-OR", None)
    words = member.get(PLACES).words()
    assert "We look at this place before patients see it." in words
    assert "Oregon licenses acupuncturists" in words
    assert "This place waits" in member.get(f"{PLACES}/{second.id}").words()
    wish = edit_queries.waiting(session, second.practitioner_id)[edits.place_subject(second.id)]
    edits.accept(session, wish.id, now=clock.now)
    session.commit()
    assert (second.jurisdiction, second.locality) == ("US-OR", "Eugene")
    member.submit(page, NEW, eugene)
    session.rollback()
    assert second.jurisdiction == "US-OR"
    assert "This place waits" not in member.get(f"{PLACES}/{second.id}").words()


def test_a_published_telephone_waits_and_hours_do_not(member: Client, session: Session, clock: Clock) -> None:
    row = settled(member, session)
    publish(session, clock)
    action = f"{PLACES}/{row.id}/visits"
    page = member.submit(member.get(action), action, {"telephone": "541 555 0101", "monday": "9-12"})
    assert page.response.headers["Location"] == PLACES
    session.rollback()
    assert row.telephone is None
    assert people.intervals_of(session, row.id) == (Interval(0, time(9), time(12)),)
    page = member.get(action)
    assert typed(page, "telephone") == "541 555 0101"
    assert "new number waits" in page.words()


def test_a_home_is_hidden_at_once_and_never_waits(member: Client, session: Session, clock: Clock) -> None:
    row = settled(member, session)
    publish(session, clock)
    action = f"{PLACES}/{row.id}"
    point = area_point(row.latitude, row.longitude)
    member.submit(member.get(action), action, {"hidden_home": "y"})
    session.rollback()
    assert (row.hidden_home, row.street) == (True, None)
    assert (row.latitude, row.longitude) == point
    assert edit_queries.waiting(session, row.practitioner_id) == {}


def test_without_a_second_factor_a_published_address_is_kept_and_asked_about(
    app: DirectoryApp, member: Client, session: Session, clock: Clock
) -> None:
    row = settled(member, session)
    publish(session, clock)
    sign_in(member, email=f"placed{next(_count)}@example.org", second_factor=False, practitioner_id=row.practitioner_id)
    action = f"{PLACES}/{row.id}"
    page = member.submit(member.get(action), action, {"street": "1 Oak St"})
    assert re.match(r"/account/second-factor", page.response.headers["Location"])
    page = member.get(action)
    assert "We kept what you had typed" in page.words()
    member.submit(page, action, {"street": "12 Fern Way", "label": "New name"})
    session.rollback()
    assert (row.street, row.label) == ("12 Fern Way", "New name")
