"""A geocoding server beside the gazetteer: asked rarely, remembered, and never a reason for an error."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from config import Config
from directory.geo import service
from directory.geo.addresses import PostalAddress
from directory.geo.answers import Answer, Provider, Spot
from directory.geo.geocoders import PlaceFinder, build
from directory.geo.models import GeocodeCache
from directory.geo.places import AmbiguousPlace, Precision, UnknownPlace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENCE_SECONDS = 60
UNKNOWN = "Zwölfhausen am Nirgendwo"
HOUSE = {"lat": "45.5152", "lon": "-122.6784", "display_name": "1 Some Street", "addresstype": "building"}
FEATURE = {
    "geometry": {"coordinates": [-122.6784, 45.5152]},
    "properties": {"name": "Some Street", "type": "street", "country": "United States"},
}


@dataclass
class Server:
    """What the little server answers next, when it answers, and what it was asked."""

    body: str = "[]"
    status: int = 200
    answers: threading.Event = field(default_factory=threading.Event)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    state.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(parse_qs(urlsplit(self.path).query))
            state.agents.append(self.headers["User-Agent"])
            state.answers.wait(PATIENCE_SECONDS)
            try:
                self.send_response(state.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(state.body.encode())
            except OSError:
                self.close_connection = True  # the asker has given up waiting

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        state.answers.set()
        http.shutdown()
        thread.join()


def finder(server: Server, tmp_path: Path, *, geocoder: str = "nominatim", timeout: str = "2") -> PlaceFinder:
    config = Config.from_environment(
        {
            "GEOCODER": geocoder,
            "GEOCODER_DOMAIN": f"http://127.0.0.1:{server.port}",
            "GEOCODER_USER_AGENT": "a-test",
            "GEOCODER_TIMEOUT_SECONDS": timeout,
        },
        cwd=tmp_path,
    )
    return build(config, seconds_between=0)


def test_what_the_gazetteer_knows_is_asked_of_nobody(session: Session, server: Server, tmp_path: Path) -> None:
    asking = finder(server, tmp_path)
    assert asking.find(session, "97214", now=NOW).jurisdiction == "US-OR"
    with pytest.raises(AmbiguousPlace):
        asking.find(session, "Springfield", now=NOW)
    assert server.asked == []


def test_nominatim_is_asked_once_and_remembered(session: Session, server: Server, tmp_path: Path) -> None:
    server.body = json.dumps([HOUSE])
    asking = finder(server, tmp_path)
    answers: list[Answer] = []
    place = asking.find(session, UNKNOWN, country="US", now=NOW, remember=answers.append)
    assert (place.latitude, place.longitude, place.precision) == (45.5152, -122.6784, Precision.EXACT)
    assert (place.country, place.jurisdiction, place.timezone) == ("US", "US-OR", "America/Los_Angeles")
    assert "Some Street" not in place.label
    assert server.asked[0]["q"] == [UNKNOWN]
    assert server.asked[0]["countrycodes"] == ["us"]
    assert server.agents == ["a-test"]

    for answer in answers:
        service.remember(session, answer, now=NOW)
    again = asking.find(session, f"  {UNKNOWN.upper()} ", country="US", now=NOW + timedelta(days=89))
    assert again == place
    assert len(server.asked) == 1
    row = session.scalars(select(GeocodeCache)).one()
    assert "nirgendwo" not in f"{row.key}{row.provider}".lower()

    asking.find(session, UNKNOWN, country="US", now=NOW + timedelta(days=91))
    asking.find(session, UNKNOWN, country="CA", now=NOW)
    assert len(server.asked) == 3


def test_photon_is_asked_too(session: Session, server: Server, tmp_path: Path) -> None:
    server.body = json.dumps({"features": [FEATURE]})
    place = finder(server, tmp_path, geocoder="photon").find(session, UNKNOWN, now=NOW)
    assert (place.jurisdiction, place.precision, place.about) == ("US-OR", Precision.LOCALITY, True)


def test_that_nothing_was_found_is_remembered_for_a_day(session: Session, server: Server, tmp_path: Path) -> None:
    asking = finder(server, tmp_path)

    def ask(now: datetime) -> None:
        with pytest.raises(UnknownPlace):
            asking.find(session, UNKNOWN, now=now, remember=lambda answer: service.remember(session, answer, now=now))
        session.expire_all()

    ask(NOW)
    ask(NOW + timedelta(hours=23))
    assert len(server.asked) == 1
    ask(NOW + timedelta(hours=25))
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("geocoder", "status", "body"),
    [
        ("nominatim", 500, "[]"),
        ("nominatim", 429, "[]"),
        ("nominatim", 200, "<html>"),
        ("nominatim", 200, "[1]"),
        ("nominatim", 200, "null"),
        ("nominatim", 200, '"text"'),
        ("nominatim", 200, '{"error": "broken"}'),
        ("nominatim", 200, '[{"display_name": "nowhere"}]'),
        ("nominatim", 200, '[{"lat": "nan", "lon": "0", "display_name": "x"}]'),
        ("nominatim", 200, '[{"lat": "95", "lon": "0", "display_name": "x"}]'),
        ("nominatim", 200, '[{"lat": "45", "lon": "-122", "display_name": "x", "addresstype": "state"}]'),
        ("photon", 500, "{}"),
        ("photon", 200, "[]"),
        ("photon", 200, '{"features": [{}]}'),
        ("photon", 200, '{"features": [{"geometry": {"coordinates": []}, "properties": {}}]}'),
        ("photon", 200, '{"features": [{"geometry": {"coordinates": ["a", "b"]}, "properties": {"name": 7}}]}'),
        ("photon", 200, '{"features": [{"geometry": {"coordinates": [9, 50]}, "properties": {"type": "country"}}]}'),
    ],
)
@pytest.mark.filterwarnings("ignore:Latitude normalization")
def test_a_wrong_answer_leaves_the_gazetteers_own(
    session: Session, server: Server, tmp_path: Path, geocoder: str, status: int, body: str
) -> None:
    server.status, server.body = status, body
    asking = finder(server, tmp_path, geocoder=geocoder)
    with structlog.testing.capture_logs() as logs, pytest.raises(UnknownPlace) as caught:
        asking.find(session, "Portlnd, OR", now=NOW)
    assert caught.value.near[0].label == "Portland, Oregon"
    assert len(server.asked) == 1
    assert "portlnd" not in repr(logs).lower()


def test_a_slow_server_is_not_waited_for(session: Session, server: Server, tmp_path: Path) -> None:
    server.answers.clear()
    server.body = json.dumps([HOUSE])
    asking = finder(server, tmp_path, timeout="0.2")
    kept: list[Answer] = []
    with structlog.testing.capture_logs() as logs, pytest.raises(UnknownPlace):
        asking.find(session, UNKNOWN, now=NOW, remember=kept.append)
    assert [log["event"] for log in logs] == ["geocoder_no_answer"]
    assert kept == []


def test_a_server_that_is_away_is_no_error(session: Session, server: Server, tmp_path: Path) -> None:
    server.port = 9  # the discard port, where nothing listens
    with pytest.raises(UnknownPlace):
        finder(server, tmp_path).find(session, UNKNOWN, now=NOW)


def test_a_crowd_does_not_queue_before_the_server(session: Session, server: Server, tmp_path: Path) -> None:
    server.answers.clear()
    server.body = json.dumps([HOUSE])
    asking = finder(server, tmp_path, timeout=str(PATIENCE_SECONDS))
    answering = asking._server
    assert answering is not None
    first = [threading.Thread(target=answering.spot, args=(UNKNOWN, None)) for _ in range(2)]
    for thread in first:
        thread.start()
    while len(server.asked) < 1:
        time.sleep(0.01)
    # While nobody is answered, this one is, by the gazetteer alone.
    with pytest.raises(UnknownPlace):
        asking.find(session, UNKNOWN, now=NOW)
    assert all(thread.is_alive() for thread in first)
    server.answers.set()
    for thread in first:
        thread.join()


FERN_WAY = PostalAddress(country="US", locality="Portland", postal_code="97214", street="1 Some Street")


def test_a_street_is_asked_of_the_server_and_a_town_of_nobody(session: Session, server: Server, tmp_path: Path) -> None:
    server.body = json.dumps([HOUSE])
    asking = finder(server, tmp_path)
    answers: list[Answer] = []
    found = asking.find_address(session, FERN_WAY, now=NOW, remember=answers.append)
    assert found is not None
    assert (found.latitude, found.longitude, found.precision) == (45.5152, -122.6784, Precision.EXACT)
    assert server.asked[0]["q"] == ["1 Some Street, Portland 97214"]
    assert len(answers) == 1
    without = asking.find_address(session, replace(FERN_WAY, street=""), now=NOW)
    assert without is not None
    assert without.precision is Precision.POSTCODE
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{**HOUSE, "lat": "42.36", "lon": "-71.06"}],
        [{**HOUSE, "addresstype": "city"}],
        [{"lat": "north", "lon": "west"}],
    ],
    ids=["unknown", "in another state", "no closer than the code", "no point"],
)
def test_an_answer_that_says_nothing_new_leaves_the_postal_code(
    session: Session, server: Server, tmp_path: Path, answer: list[dict[str, str]]
) -> None:
    server.body = json.dumps(answer)
    found = finder(server, tmp_path).find_address(session, FERN_WAY, now=NOW)
    assert found is not None
    assert (found.postal_code, found.precision) == ("97214", Precision.POSTCODE)


def test_a_server_knows_what_the_gazetteer_cannot(session: Session, server: Server, tmp_path: Path) -> None:
    server.body = json.dumps([HOUSE])
    asking = finder(server, tmp_path)
    somewhere = replace(FERN_WAY, locality="Springfield", postal_code="")
    found = asking.find_address(session, somewhere, now=NOW)
    assert found is not None
    assert found.precision is Precision.EXACT
    abroad = replace(FERN_WAY, country="FR", locality="Xyzzyville", postal_code="")
    assert asking.find_address(session, abroad, now=NOW) is None
    with pytest.raises(AmbiguousPlace):
        asking.find_address(session, replace(somewhere, street=""), now=NOW)


def test_old_answers_are_forgotten_and_kept_twice_without_harm(session: Session) -> None:
    spot = Spot(1.0, 2.0, Precision.CITY)
    service.remember(session, Answer("a" * 64, Provider.PHOTON, spot), now=NOW - timedelta(days=91))
    service.remember(session, Answer("b" * 64, Provider.PHOTON, None), now=NOW)
    service.remember(session, Answer("b" * 64, Provider.NOMINATIM, spot), now=NOW)
    service.forget_old(session, now=NOW)
    session.expire_all()
    row = session.scalars(select(GeocodeCache)).one()
    assert (row.key, row.provider, row.latitude) == ("b" * 64, Provider.NOMINATIM, 1.0)


def test_half_a_point_is_refused_by_the_database(session: Session) -> None:
    half = GeocodeCache(key="c" * 64, provider=Provider.PHOTON, latitude=1.0, fetched_at=NOW)
    with pytest.raises(IntegrityError, match="ck_geocode_cache_whole_spot"), session.begin_nested():
        session.add(half)
