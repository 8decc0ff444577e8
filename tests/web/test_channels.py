"""Whoever may be shown is shown in every channel, and nobody else in any; and what is known is never said to hold when
time alone has ended it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import Config
from directory import db
from directory.app import DirectoryApp, create_app
from directory.credentials.terms import CredentialStatus
from directory.crypto import keyring
from directory.entries import service as ledger
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import Technique
from tests.web import population, ready
from tests.web.conftest import Clock
from tests.web.population import NOW, TODAY, Someone

NO_ELECTRO = "May not use electro-acupuncture"
AFTER_MIDNIGHT = NOW + timedelta(hours=14)
"""Past midnight in Portland; nobody has written anything since."""
EVERYBODY = (
    Someone(name="Ordinary Person"),
    Someone(name="Ends Today", expires=TODAY),
    Someone(name="Only Forbidden", conditions=NO_ELECTRO, person={"techniques": frozenset({Technique.ELECTRO})}),
    Someone(name="Needles Left", conditions=NO_ELECTRO, person={"techniques": frozenset({Technique.MANUAL})}),
    Someone(name="Electric Unforbidden", person={"techniques": frozenset({Technique.ELECTRO})}),
    Someone(name="Says Nothing", conditions=NO_ELECTRO, person={"techniques": frozenset()}),
    Someone(name="On Probation", status=CredentialStatus.PROBATION, discipline="Order of 2025"),
    Someone(name="Not Published", published=False),
    Someone(name="Under A Ban", suspended=True),
    Someone(name="Lapsed Before", expires=TODAY - timedelta(days=2)),
    Someone(name="Comes Home", place={"in_person": False, "home_visit_radius_km": 30.0}),
    Someone(
        name="Talks Only",
        place={"in_person": False, "remote_jurisdictions": frozenset({"US-OR"})},
    ),
    Someone(
        name="Comes With Nothing",
        conditions=NO_ELECTRO,
        person={"techniques": frozenset({Technique.ELECTRO})},
        place={"in_person": False, "home_visit_radius_km": 30.0},
    ),
    Someone(name="Hidden Home", place={"hidden_home": True, "street": "77 Secret Lane"}),
)
SHOWN = {
    "ordinary-person",
    "ends-today",
    "needles-left",
    "electric-unforbidden",
    "says-nothing",
    "on-probation",
    "comes-home",
    "talks-only",
    "hidden-home",
}


@dataclass
class World:
    """A site of its own, with everybody's number by slug."""

    app: DirectoryApp
    engine: Engine
    clock: Clock
    slugs: dict[int, str]

    @property
    def program(self) -> FlaskClient:
        return self.app.test_client(use_cookies=False)

    def json(self, path: str) -> dict[str, object]:
        answer = self.program.get(path)
        assert answer.status_code == 200, answer.text
        told: dict[str, object] = json.loads(answer.data)
        return told

    def text(self, path: str) -> str:
        with self.program.get(path) as answer:
            assert answer.status_code == 200, answer.text
            return answer.text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("channels")
    (folder / "var").mkdir()
    config = Config.from_environment({"API_REQUESTS_PER_HOUR": "1000000"}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        db.writing(session)
        population.settle(session, EVERYBODY)
        session.commit()
        db.writing(session)
        ledger.catch_up(session, now=NOW)
        session.commit()
        slugs = {row.id: row.slug for row in session.query(Practitioner)}
    clock = Clock()
    yield World(create_app(config, engine=engine, clock=clock), engine, clock, slugs)
    engine.dispose()


@pytest.fixture(autouse=True)
def _morning(world: World) -> None:
    world.clock.now = NOW


def slug_of(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2]


def by_fhir(kind: str, refers: Callable[[dict[str, object]], str]) -> Callable[[World], set[str]]:
    def found(world: World) -> set[str]:
        bundle = json.loads(world.text(f"/fhir/{kind}?_count=200"))
        assert bundle["total"] == len(bundle["entry"])
        return {world.slugs[int(refers(each["resource"]).rpartition("/")[2])] for each in bundle["entry"]}

    return found


def by_export(world: World) -> set[str]:
    lines = world.text("/fhir/export/Practitioner.ndjson").splitlines()
    return {world.slugs[int(json.loads(line)["id"])] for line in lines}


def by_history(world: World) -> set[str]:
    lines = json.loads(world.text("/fhir/Practitioner/_history?_count=200"))["entry"]
    return {world.slugs[int(each["resource"]["id"])] for each in lines if each["request"]["method"] == "PUT"}


def by_sitemap(world: World) -> set[str]:
    root = ElementTree.fromstring(world.text("/sitemap-people-1.xml"))
    return {slug_of(each.text or "") for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}


def by_table(world: World) -> set[str]:
    rows = list(csv.DictReader(io.StringIO(world.text("/data/practitioners.csv"))))
    column = next(name for name, value in rows[0].items() if "/practitioners/" in value)
    return {slug_of(row[column]) for row in rows}


def by_feed(world: World) -> set[str]:
    root = ElementTree.fromstring(world.text("/feeds/newly-checked.atom"))
    atom = "{http://www.w3.org/2005/Atom}"
    return {slug_of(each.findtext(f"{atom}id") or "") for each in root.iter(f"{atom}entry")}


def answering(path: str) -> Callable[[World], set[str]]:
    def found(world: World) -> set[str]:
        told = {slug: world.program.get(path.format(slug)).status_code for slug in world.slugs.values()}
        assert set(told.values()) <= {200, 404, 410}
        assert told["not-published"] == 404
        return {slug for slug, status in told.items() if status == 200}

    return found


def by_name(world: World) -> set[str]:
    named = {slug: world.text(f"/practitioners?name={slug.replace('-', '+')}") for slug in world.slugs.values()}
    return {slug for slug, page in named.items() if f"/practitioners/{slug}" in page}


CHANNELS: dict[str, Callable[[World], set[str]]] = {
    "Practitioner": by_fhir("Practitioner", lambda told: str(told["id"])),
    "PractitionerRole": by_fhir("PractitionerRole", lambda told: told["practitioner"]["reference"]),  # type: ignore[index]
    "export": by_export,
    "history": by_history,
    "sitemap": by_sitemap,
    "table": by_table,
    "feed": by_feed,
    "profiles": answering("/practitioners/{}"),
    "contacts": answering("/practitioners/{}.vcf"),
    "pictures": answering("/practitioners/{}/picture-0000000000000000.png"),
    "api": answering("/api/v1/practitioners/{}"),
    "names": by_name,
}


@pytest.mark.parametrize("now", [NOW, AFTER_MIDNIGHT], ids=["before", "after"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_shows_the_same_people(world: World, channel: str, now: datetime) -> None:
    world.clock.now = now
    expected = SHOWN if now is NOW else SHOWN - {"ends-today"}
    assert CHANNELS[channel](world) == expected


@pytest.mark.parametrize("now", [NOW, AFTER_MIDNIGHT], ids=["before", "after"])
def test_a_search_for_a_patient_finds_nobody_else(world: World, now: datetime) -> None:
    world.clock.now = now
    found = world.json("/api/v1/search?place=97214&limit=50")
    people = {slug_of(each["links"]["page"]) for each in found["matches"]}  # type: ignore[index,attr-defined]
    expected = SHOWN if now is NOW else SHOWN - {"ends-today"}
    # Who only talks from afar is found by whoever asks for that.
    assert people == expected - {"talks-only"}


# --- what is recognised --------------------------------------------------------------------------------------------


RECOGNISED = (
    "/fhir/Practitioner",
    "/fhir/Practitioner?_format=xml",
    "/fhir/Location?near=45.5|-122.6|50|km",
    "/fhir/PractitionerRole?new-patient=newpt&_summary=count",
    "/fhir/VerificationResult",
    "/fhir/Practitioner/{number}",
    "/fhir/Location/{number}",
    "/api/v1/search?place=97214",
    "/api/v1/practitioners/ends-today",
    "/api/v1/practice-places/{number}",
    "/api/v1/jurisdictions",
    "/practitioners/ends-today.vcf",
    "/feeds/newly-checked.atom",
    "/sitemap-people-1.xml",
    "/sitemap.xml",
    "/data/practitioners.csv",
)


@pytest.mark.parametrize("path", RECOGNISED)
def test_who_has_an_answer_is_told_so_until_time_alone_ends_it(world: World, path: str) -> None:
    number = next(number for number, slug in world.slugs.items() if slug == "ends-today")
    path = path.format(number=number)
    first = world.program.get(path)
    assert first.status_code == 200
    tag = {"If-None-Match": first.headers["ETag"]}
    world.clock.now = NOW + timedelta(minutes=2)
    again = world.program.get(path, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"].removeprefix("W/") == first.headers["ETag"].removeprefix("W/")
    assert "Content-Type" not in again.headers
    # The licence of one of them lapses at midnight where they work, and nobody writes anything.
    world.clock.now = AFTER_MIDNIGHT
    assert world.program.get(path, headers=tag).status_code in (200, 410)


def test_another_form_or_handling_is_another_answer(world: World) -> None:
    path = "/fhir/Practitioner?nonsense=1"
    first = world.program.get(path)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["ETag"].startswith("W/")
    assert world.program.get(path, headers=tag).status_code == 304
    assert world.program.get(path, headers=tag | {"Accept": "application/fhir+xml"}).status_code == 200
    assert world.program.get(path, headers=tag | {"Prefer": "handling=strict"}).status_code == 400
    assert world.program.post("/fhir/Practitioner/_search", data={"name": "a"}).headers.get("ETag") is None


def test_what_widens_with_time_is_made_each_time(world: World) -> None:
    assert "ETag" not in world.program.get("/fhir/Practitioner?_lastUpdated=ap2026-11-23").headers
    assert "ETag" in world.program.get("/fhir/Practitioner?_lastUpdated=ge2026-11-23").headers
