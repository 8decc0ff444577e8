"""FHIR resources: every one of a demonstration population keeps what it claims, and each is read as FHIR says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Config
from directory import db
from directory.api.fhir import entries, formats, resources
from directory.api.fhir import terminology as codes
from directory.api.fhir.entries import Entry
from directory.app import DirectoryApp, create_app
from directory.cli.demo import populate
from directory.credentials.models import Credential
from directory.crypto import keyring
from directory.entries import service as ledger
from directory.guide import claims
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners import service as practitioners
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import Accepting
from tests import fhir_profiles
from tests.examples import examples
from tests.factories import place_draft
from tests.web import population, ready
from tests.web.conftest import Clock

BASE = "http://localhost/fhir"
PEOPLE = 160


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Demonstration people of every country that has any."""
    config = Config.from_environment({}, cwd=tmp_path_factory.mktemp("keys"))
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(f"sqlite:///{tmp_path_factory.mktemp('fhir') / 'demo.db'}")
    with Session(engine) as session:
        db.writing(session)
        populate(session, size=PEOPLE, today=population.TODAY, now=population.NOW)
        ledger.catch_up(session, now=population.NOW)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def everybody(demo: Engine) -> list[Entry]:
    """Whoever of them may be shown."""
    with Session(demo) as session:
        return read(session, session.scalars(select(Practitioner.id)).all())


def read(session: Session, people: Any, now: datetime = population.NOW) -> list[Entry]:
    return list(entries.read(session, people, now=now, rules=jurisdictions.all_rules(session)).values())


def all_of(entry: Entry) -> list[dict[str, Any]]:
    return [each for kind in resources.KINDS for each in resources.plain(entry, kind, BASE)]


# --- everybody ----------------------------------------------------------------------------------------------------


def test_every_resource_keeps_the_profiles_it_claims(everybody: list[Entry]) -> None:
    countries = {place.listing.place.country for entry in everybody for place in entry.places}
    assert {"US", "GB", "CA", "AU"} <= countries
    wrong = [str(fault) for entry in everybody for each in all_of(entry) for fault in fhir_profiles.faults(each)]
    assert not wrong, "\n".join(wrong[:20])


def test_every_resource_is_one_by_the_models_of_the_library_too(everybody: list[Entry]) -> None:
    for entry in everybody:
        for kind, models in resources.of(entry, BASE).items():
            assert [json.loads(each.model_dump_json()) for each in models] == resources.plain(entry, kind, BASE)


def test_plan_net_is_claimed_by_everybody_in_the_united_states_and_not_where_its_codes_do_not_reach(
    everybody: list[Entry],
) -> None:
    profile = codes.plan_net_profile("Practitioner")
    american = {entry.places[0].listing.place.country == "US": set() for entry in everybody}
    for entry in everybody:
        claimed = profile in resources.plain(entry, "Practitioner", BASE)[0]["meta"]["profile"]
        american[entry.places[0].listing.place.country == "US"].add(claimed)
    assert american == {True: {True}, False: {False}}


def test_whoever_is_named_is_there(everybody: list[Entry]) -> None:
    told = [each for entry in everybody for each in all_of(entry)]
    there = {f"{each['resourceType']}/{each['id']}" for each in told}
    assert len(there) == len(told)
    assert {name for each in told for name in fhir_profiles.references(each)} <= there


def test_a_check_points_at_the_paper_it_is_of(everybody: list[Entry]) -> None:
    for entry in everybody:
        (person,) = resources.plain(entry, "Practitioner", BASE)
        checks = resources.plain(entry, "VerificationResult", BASE)
        assert len(checks) == len(person["qualification"]) > 0
        for number, (check, paper) in enumerate(zip(checks, person["qualification"], strict=True)):
            assert check["targetLocation"] == [f"Practitioner.qualification[{number}]"]
            assert check["primarySource"][0]["who"] == paper["issuer"]
            assert check["status"] == "validated"
            assert ("frequency" in check) == ("nextScheduled" in check)
            assert check.get("nextScheduled", check["lastPerformed"]) >= check["lastPerformed"]


def test_what_is_written_in_xml_is_read_as_the_same(everybody: list[Entry]) -> None:
    for entry in everybody[::12]:
        for each in all_of(entry):
            assert_same_in_xml(each)


def assert_same_in_xml(resource: dict[str, Any]) -> None:
    """By another reader than our writer: that of the library."""
    written = formats.as_xml(resource)
    model = get_fhir_model_class(resource["resourceType"]).model_validate_xml(written)
    again = json.loads(model.model_dump_json())
    mine, theirs = resource["text"]["div"], again["text"]["div"]
    # That reader writes the signs of the text as references.
    assert ElementTree.canonicalize(theirs) == ElementTree.canonicalize(mine)
    assert again | {"text": resource["text"]} == resource
    assert formats.as_xml(resource, pretty=True).count(b"\n") > 20


def test_the_words_promise_nothing(everybody: list[Entry]) -> None:
    said = set()
    for each in (resource for entry in everybody for resource in all_of(entry)):
        said |= {unescape(text) for text in ElementTree.fromstring(each["text"]["div"]).itertext()}
        said |= {concept["text"] for concept in fhir_profiles.at(each, "characteristic")}
    assert any("Has seen" in each for each in said)
    assert any("Takes on weeks" in each for each in said)
    # Names of authorities are theirs.
    ours = sorted(each.replace("Board of Healing Arts", "Board") for each in said)
    offences = [f"{hit[0]}: {each}" for each in ours for hit in claims.strictly(each)]
    assert not offences, "\n".join(offences[:10])


def test_fictional_people_are_labelled_in_every_resource_and_in_its_text(everybody: list[Entry]) -> None:
    label = {"system": codes.ACT_REASON, "code": "HTEST", "display": "test health data"}
    for each in (resource for entry in everybody for resource in all_of(entry)):
        assert label in each["meta"]["security"]
        assert label in each["meta"]["tag"]
        assert "fictional person" in each["text"]["div"]
    real = replace(everybody[0], practitioner=everybody[0].practitioner._replace(fictional=False))
    for each in all_of(real):
        assert "security" not in each["meta"]
        assert "tag" not in each["meta"]
        assert "fictional" not in each["text"]["div"]


def test_a_hidden_home_is_an_area_and_nothing_of_its_address_is_told(demo: Engine, everybody: list[Entry]) -> None:
    with Session(demo) as session:
        sealed = {
            row.id: row.address_sealed
            for row in session.scalars(select(PracticePlace).where(PracticePlace.hidden_home))
            if row.address_sealed
        }
    found = 0
    for entry in everybody:
        for shown in entry.places:
            place = shown.listing.place
            if not place.hidden_home:
                continue
            found += 1
            street = sealed[place.id].split(",")[0]
            for kind in resources.KINDS:
                assert street not in json.dumps(resources.plain(entry, kind, BASE))
            location = resources.plain_one(entry, "Location", place.id, BASE)
            assert location is not None
            assert "line" not in location["address"]
            assert location["address"]["text"].startswith("About ")
            assert location["physicalType"]["coding"][0]["code"] == "area"
            assert location["position"] == {"longitude": place.longitude, "latitude": place.latitude}
    assert found > 5


def test_a_doctor_of_oriental_medicine_is_one_only_where_the_licence_says_so(everybody: list[Entry]) -> None:
    roles = {}
    for entry in everybody:
        for each in resources.plain(entry, "PractitionerRole", BASE):
            (code,) = each["code"][0]["coding"]
            roles.setdefault(code["code"], set()).add(entry.places[0].listing.place.jurisdiction)
    assert roles.get("om", set()) <= {"US-NM", "US-NV"}
    assert {"os", "ph", "pt"} & roles.keys()


# --- reading ------------------------------------------------------------------------------------------------------


def test_as_many_statements_for_many_as_for_one(demo: Engine) -> None:
    counts = []
    with Session(demo) as session:
        rules = jurisdictions.all_rules(session)
        people = session.scalars(select(Practitioner.id)).all()
        for some in (people[:1], people[:100]):
            statements: list[str] = []

            def note(_c: Any, _cursor: Any, statement: str, *_: Any, seen: list[str] = statements) -> None:
                seen.append(statement)

            event.listen(demo, "before_cursor_execute", note)
            entries.read(session, some, now=population.NOW, rules=rules)
            event.remove(demo, "before_cursor_execute", note)
            counts.append(len(statements))
    assert counts == [entries.STATEMENTS, entries.STATEMENTS]


HOSTILE = st.text(min_size=1, max_size=60) | st.sampled_from(
    (
        population.HTML_NAME,
        population.RTL_NAME,
        population.LONG_NAME,
        "]]>",
        "&#0;",
        "<div>",
        "\x00",
        "\ud800x",
        "\u2028",
    )
)


@given(name=HOSTILE, label=HOSTILE, website=HOSTILE)
@settings(max_examples=examples(80))
def test_no_name_breaks_a_resource(everybody: list[Entry], name: str, label: str, website: str) -> None:
    entry = everybody[0]
    person = entry.practitioner._replace(display_name=name, website=website)
    places = tuple(
        replace(
            shown,
            listing=replace(
                shown.listing, practitioner=person, place=shown.listing.place._replace(label=label, street=name)
            ),
        )
        for shown in entry.places
    )
    for each in all_of(replace(entry, practitioner=person, places=places)):
        assert not fhir_profiles.faults(each)
        get_fhir_model_class(each["resourceType"]).model_validate(each)
        root = ElementTree.fromstring(formats.as_xml(each))
        assert {attribute for part in root.iter() for attribute in part.attrib} <= {"value", "url", "id"}


def test_new_patients_are_told_as_far_as_anybody_knows(demo: Engine, everybody: list[Entry]) -> None:
    seen = set()
    for entry in everybody:
        for shown in entry.places:
            place = shown.listing.place
            told = resources.plain_one(entry, "HealthcareService", place.id, BASE)
            found = fhir_profiles.at(told, "extension.extension.valueCodeableConcept.coding")
            accepting = [each["code"] for each in found if each["system"] == codes.ACCEPTING_CODES]
            fresh = place.accepting_confirmed_on is not None and (
                shown.today - place.accepting_confirmed_on <= timedelta(days=90)
            )
            expected = {Accepting.CLOSED: ["nopt"], Accepting.UNKNOWN: []}.get(
                place.accepting, ["newpt"] if fresh else []
            )
            assert accepting == expected
            seen.add((place.accepting, fresh))
    assert len(seen) == 5 or len(seen) == 4


def test_an_absence_is_told_of_everything_that_opens_and_closes(everybody: list[Entry]) -> None:
    entry = everybody[0]
    shown = entry.places[0]
    place = shown.listing.place._replace(away_from=date(2026, 12, 3), away_until=date(2026, 12, 10))
    away = replace(entry, places=(replace(shown, listing=replace(shown.listing, place=place)),))
    for kind in ("PractitionerRole", "HealthcareService"):
        (told,) = resources.plain(away, kind, BASE)
        assert [each["during"] for each in told["notAvailable"]] == [{"start": "2026-12-03", "end": "2026-12-10"}]
    (location,) = resources.plain(away, "Location", BASE)
    assert "3 December 2026 to 10 December 2026" in location["availabilityExceptions"]
    assert not fhir_profiles.faults(location)
    (here,) = resources.plain(replace(entry, places=(shown,)), "Location", BASE)
    assert here == {name: value for name, value in location.items() if name != "availabilityExceptions"}


# --- over HTTP ----------------------------------------------------------------------------------------------------


class Site:
    """A site of its own, whose clock and people a test may change."""

    def __init__(self, folder: Path) -> None:
        (folder / "var").mkdir()
        config = Config.from_environment({}, cwd=folder)
        keyring.install(config.encryption_keys)
        self.engine = ready.with_population(config.database_url)
        self.clock = Clock(population.NOW)
        self.app: DirectoryApp = create_app(config, engine=self.engine, clock=self.clock)
        self.note()

    def note(self) -> None:
        """Let the ledger look at everybody who changed."""
        with Session(self.engine) as session:
            db.writing(session)
            ledger.catch_up(session, now=self.clock.now)
            session.commit()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.app.test_client().get(path, buffered=True, **options)

    def number(self, slug: str) -> int:
        with Session(self.engine) as session:
            return session.scalars(select(Practitioner.id).where(Practitioner.slug == slug)).one()

    def place(self, slug: str) -> int:
        with Session(self.engine) as session:
            return session.scalars(
                select(PracticePlace.id).where(PracticePlace.practitioner_id == self.number(slug))
            ).one()

    def paper(self, slug: str) -> int:
        with Session(self.engine) as session:
            return session.scalars(
                select(Credential.id)
                .where(Credential.practitioner_id == self.number(slug), Credential.verified_on.is_not(None))
                .limit(1)
            ).one()

    def pause(self, slug: str) -> None:
        with Session(self.engine) as session:
            db.writing(session)
            publication.pause(session, self.number(slug), now=self.clock.now)
            session.commit()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that nobody changes."""
    made = Site(tmp_path_factory.mktemp("shared"))
    yield made
    made.engine.dispose()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.engine.dispose()


def outcome(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The refusal, which must be readable by people and programs."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype in ("application/fhir+json", "application/fhir+xml")
    told: dict[str, Any] = json.loads(response.get_data())
    get_fhir_model_class("OperationOutcome").model_validate(told)
    assert told["issue"][0]["code"] == code
    assert len(told["issue"][0]["details"]["text"]) > 10
    return told


def test_a_resource_is_read_with_its_version_and_may_be_kept_until_it_changes(shared: Site) -> None:
    person = shared.number("whole-pregnancy")
    answer = shared.get(f"/fhir/Practitioner/{person}")
    assert (answer.status_code, answer.content_type) == (200, "application/fhir+json; charset=utf-8")
    told = json.loads(answer.get_data())
    assert answer.headers["ETag"] == f'W/"{told["meta"]["versionId"]}"'
    assert told["meta"]["lastUpdated"].startswith(population.NOW.strftime("%Y-%m-%dT%H:%M"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    same = shared.get(f"/fhir/Practitioner/{person}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.get_data()) == (304, b"")
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert shared.get(f"/fhir/Practitioner/{person}", headers=since).status_code == 304
    long_ago = {"If-Modified-Since": "Sun, 01 Nov 2020 08:00:00 GMT"}
    assert shared.get(f"/fhir/Practitioner/{person}", headers=long_ago).status_code == 200
    assert shared.get(f"/fhir/Practitioner/{person}", headers={"If-None-Match": 'W/"1"'}).status_code == 200


def test_an_answer_is_compressed_for_whoever_can_unpack_it(shared: Site) -> None:
    path = f"/fhir/HealthcareService/{shared.place('whole-pregnancy')}"
    packed = shared.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == shared.get(path).get_data()
    tag = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert shared.get(path, headers=tag).status_code == 304


def test_what_is_not_noted_yet_is_never_said_to_be_the_same(site: Site) -> None:
    path = f"/fhir/Practitioner/{site.number('whole-pregnancy')}"
    tag = {"If-None-Match": site.get(path).headers["ETag"]}
    site.pause("whole-pregnancy")
    assert site.get(path, headers=tag).status_code == 410


def test_a_change_makes_a_new_version(site: Site) -> None:
    path = f"/fhir/Practitioner/{site.number('whole-pregnancy')}"
    before = site.get(path)
    site.clock.now += timedelta(hours=1)
    with Session(site.engine) as session:
        db.writing(session)
        practitioners.attest(session, site.number("whole-pregnancy"), now=site.clock.now)
        session.commit()
    site.note()
    after = site.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    old = json.loads(before.get_data())["meta"]["versionId"]
    outcome(site.get(f"{path}/_history/{old}"), 404, "not-found")
    new = json.loads(after.get_data())["meta"]["versionId"]
    assert site.get(f"{path}/_history/{new}").get_data() == after.get_data()


def test_each_kind_is_read_under_its_own_number(shared: Site) -> None:
    slug = "whole-pregnancy"
    place = shared.place(slug)
    numbers = dict.fromkeys(resources.AT_A_PLACE, place) | {
        "Practitioner": shared.number(slug),
        "VerificationResult": shared.paper(slug),
    }
    for kind, number in numbers.items():
        told = json.loads(shared.get(f"/fhir/{kind}/{number}").get_data())
        assert (told["resourceType"], told["id"]) == (kind, str(number))
        assert not fhir_profiles.faults(told)


def test_whoever_is_gone_is_gone_and_nobody_learns_of_whoever_never_was(site: Site) -> None:
    slug = "whole-pregnancy"
    paths = {
        f"/fhir/Practitioner/{site.number(slug)}",
        f"/fhir/VerificationResult/{site.paper(slug)}",
        *(f"/fhir/{kind}/{site.place(slug)}" for kind in resources.AT_A_PLACE),
    }
    site.pause(slug)
    for noted in (False, True):
        if noted:
            site.note()
        for path in paths:
            outcome(site.get(path), 410, "deleted")
    never = site.number("not-published")
    outcome(site.get(f"/fhir/Practitioner/{never}"), 404, "not-found")
    outcome(site.get(f"/fhir/Location/{site.place('not-published')}"), 404, "not-found")
    outcome(site.get(f"/fhir/VerificationResult/{site.paper('not-published')}"), 404, "not-found")
    outcome(site.get(f"/fhir/Practitioner/{site.number('lapsed-yesterday')}"), 410, "deleted")
    for id_ in ("999999", "0", "-1", "x", "1.0", "٣", "9" * 60, "_search", "1%00"):
        assert site.get(f"/fhir/Practitioner/{id_}").status_code == 404, id_


def test_a_place_that_was_never_shown_is_not_told_apart_from_none(site: Site) -> None:
    with Session(site.engine) as session:
        db.writing(session)
        somewhere = place_draft(site.number("whole-pregnancy"), jurisdiction=None, country="FR", admin1=None)
        number = premises.add_place(session, somewhere).id
        session.commit()
    for _ in range(2):
        outcome(site.get(f"/fhir/Location/{number}"), 404, "not-found")
        site.note()
    assert site.get(f"/fhir/Practitioner/{site.number('whole-pregnancy')}").status_code == 200


def test_an_unchecked_paper_is_as_good_as_none(shared: Site) -> None:
    with Session(shared.engine) as session:
        unchecked = session.scalars(
            select(Credential.id).where(
                Credential.practitioner_id == shared.number("whole-pregnancy"), Credential.verified_on.is_(None)
            )
        ).first()
    outcome(shared.get(f"/fhir/VerificationResult/{unchecked}"), 404, "not-found")


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        ("", "application/fhir+json", "application/fhir+json"),
        ("", "application/json", "application/fhir+json"),
        ("", "application/fhir+xml", "application/fhir+xml"),
        ("", "application/fhir+json;q=0.5, application/fhir+xml;q=0.9", "application/fhir+xml"),
        ("", "*/*", "application/fhir+json"),
        ("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/fhir+json"),
        ("?_format=xml", "application/fhir+json", "application/fhir+xml"),
        ("?_format=application/fhir%2Bxml", "", "application/fhir+xml"),
        ("?_format=application/fhir+json", "application/fhir+xml", "application/fhir+json"),
    ],
)
def test_the_form_that_is_asked_for_is_given(shared: Site, query: str, accept: str, expected: str) -> None:
    path = f"/fhir/Practitioner/{shared.number('whole-pregnancy')}{query}"
    answer = shared.get(path, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (200, expected)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(("query", "accept"), [("?_format=turtle", "*/*"), ("", "text/turtle"), ("", "image/png")])
def test_another_form_is_refused(shared: Site, query: str, accept: str) -> None:
    path = f"/fhir/Practitioner/{shared.number('whole-pregnancy')}{query}"
    outcome(shared.get(path, headers={"Accept": accept}), 406, "not-supported")


def test_less_is_given_where_less_is_asked_for_and_labelled_so(shared: Site) -> None:
    path = f"/fhir/PractitionerRole/{shared.place('whole-pregnancy')}"
    whole = json.loads(shared.get(path).get_data())
    some = json.loads(shared.get(f"{path}?_elements=code,specialty").get_data())
    assert set(some) == {"resourceType", "id", "meta", "active", "code", "specialty"}
    text = json.loads(shared.get(f"{path}?_summary=text").get_data())
    assert set(text) == {"resourceType", "id", "meta", "active", "text"}
    data = json.loads(shared.get(f"{path}?_summary=data").get_data())
    assert set(data) == set(whole) - {"text"}
    summary = json.loads(shared.get(f"{path}?_summary=true").get_data())
    assert {"practitioner", "location", "telecom"} <= set(summary) < set(whole) - {"text"}
    for each in (some, text, data, summary):
        assert codes.SUBSETTED in [tag["code"] for tag in each["meta"]["tag"]]
        get_fhir_model_class("PractitionerRole").model_validate(each)
    assert json.loads(shared.get(f"{path}?_summary=false").get_data()) == whole
    assert shared.get(f"{path}?_pretty=true").get_data().count(b"\n") > 20
    outcome(shared.get(f"{path}?_summary=everything"), 400, "invalid")
    outcome(shared.get(f"{path}?_elements=nonsense"), 400, "invalid")
    outcome(shared.get(f"{path}?_summary=true&_elements=code"), 400, "invalid")
    outcome(shared.get(f"{path}?_at=2020"), 400, "not-supported")


# --- what changed -------------------------------------------------------------------------------------------------


def feed(site: Site, path: str) -> Iterator[dict[str, Any]]:
    """The lines of a history, page after page."""
    for _ in range(500):
        bundle = json.loads(site.get(path).get_data())
        get_fhir_model_class("Bundle").model_validate(bundle)
        assert bundle["type"] == "history"
        yield from bundle.get("entry", ())
        links = {each["relation"]: each["url"] for each in bundle["link"]}
        if "next" not in links:
            return
        path = links["next"].removeprefix("http://localhost")
    raise AssertionError("the pages have no end")


def test_the_feed_tells_each_resource_once_whatever_the_size_of_its_pages(shared: Site) -> None:
    told = [each["fullUrl"] for each in feed(shared, "/fhir/_history?_count=200")]
    assert len(told) == len(set(told)) > 200
    assert [each["fullUrl"] for each in feed(shared, "/fhir/_history?_count=37")] == told
    roles = [each["fullUrl"] for each in feed(shared, "/fhir/PractitionerRole/_history?_count=10")]
    assert roles == [each for each in told if "/PractitionerRole/" in each]


def test_what_changed_since_is_told_with_tombstones(site: Site) -> None:
    started = json.loads(site.get("/fhir/_history?_count=1").get_data())["timestamp"]
    site.clock.now += timedelta(hours=2)
    place = site.place("closed-list")
    site.pause("closed-list")
    with Session(site.engine) as session:
        db.writing(session)
        practitioners.attest(session, site.number("just-arrived"), now=site.clock.now)
        session.commit()
    site.note()
    since = (population.NOW + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    lines = list(feed(site, f"/fhir/_history?_since={since}"))
    gone = {each["request"]["url"] for each in lines if each["request"]["method"] == "DELETE"}
    assert gone == {
        f"Practitioner/{site.number('closed-list')}",
        f"VerificationResult/{site.paper('closed-list')}",
        *(f"{kind}/{place}" for kind in resources.AT_A_PLACE),
    }
    for each in lines:
        if each["request"]["method"] == "DELETE":
            assert "resource" not in each
            assert each["response"]["status"] == "410"
        else:
            assert each["resource"]["meta"]["lastUpdated"] >= since
            assert each["request"]["url"].endswith(each["resource"]["id"])
    assert f"Practitioner/{site.number('just-arrived')}" in {each["request"]["url"] for each in lines}
    assert len({each["fullUrl"] for each in feed(site, f"/fhir/_history?_since={started}")}) >= len(lines)
    assert not list(feed(site, "/fhir/_history?_since=2030-01-01"))
    persons = list(feed(site, f"/fhir/Practitioner/_history?_since={since}"))
    assert [each["request"]["method"] for each in persons].count("DELETE") == 1


def test_the_pages_of_a_feed_stay_what_they_were_when_it_began(site: Site) -> None:
    first = json.loads(site.get("/fhir/Practitioner/_history?_count=20").get_data())
    onward = next(each["url"] for each in first["link"] if each["relation"] == "next")
    site.clock.now += timedelta(hours=1)
    changed = first["entry"][3]["resource"]["id"]
    with Session(site.engine) as session:
        db.writing(session)
        practitioners.attest(session, int(changed), now=site.clock.now)
        session.commit()
    site.note()
    rest = list(feed(site, onward.removeprefix("http://localhost")))
    told = [each["fullUrl"] for each in (*first["entry"], *rest)]
    assert len(told) == len(set(told))
    assert f"{BASE}/Practitioner/{changed}" not in [each["fullUrl"] for each in rest]


def test_a_page_of_changes_is_the_same_until_something_changes(site: Site) -> None:
    path = "/fhir/Practitioner/_history?_count=20"
    tag = {"If-None-Match": site.get(path).headers["ETag"]}
    assert site.get(path, headers=tag).status_code == 304
    assert site.get("/fhir/Practitioner/_history?_count=21", headers=tag).status_code == 200
    site.pause("closed-list")
    assert site.get(path, headers=tag).status_code == 200
    site.note()
    assert site.get(path, headers=tag).status_code == 200


def test_the_history_of_one_is_its_version_or_its_end(site: Site) -> None:
    path = f"/fhir/Location/{site.place('closed-list')}/_history"
    (line,) = feed(site, path)
    assert line["request"]["method"] == "PUT"
    site.pause("closed-list")
    site.note()
    (line,) = feed(site, path)
    assert (line["request"]["method"], line["response"]["status"]) == ("DELETE", "410")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("_count=0", "invalid"),
        ("_count=-1", "invalid"),
        ("_count=x", "invalid"),
        ("_since=yesterday", "invalid"),
        ("_since=2026-11-23T20:00:00", "invalid"),
        ("_since=0001-01-01T00:00:00%2B14:00", "invalid"),
        ("_page=nonsense", "invalid"),
        ("_sort=_lastUpdated", "not-supported"),
    ],
)
def test_a_feed_that_cannot_be_understood_is_refused(shared: Site, query: str, code: str) -> None:
    outcome(shared.get(f"/fhir/_history?{query}"), 400, code)


def test_a_page_link_cannot_be_bent(shared: Site) -> None:
    first = json.loads(shared.get("/fhir/Practitioner/_history?_count=5").get_data())
    onward = next(each["url"] for each in first["link"] if each["relation"] == "next").removeprefix("http://localhost")
    token = onward.partition("_page=")[2]
    for bent in (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), token[1:], token * 40):
        outcome(shared.get(f"/fhir/Practitioner/_history?_count=5&_page={bent}"), 400, "invalid")
    outcome(shared.get(f"/fhir/Location/_history?_count=5&_page={token}"), 400, "invalid")
    outcome(shared.get(f"/fhir/Practitioner/_history?_since=2020-01-01&_page={token}"), 400, "invalid")
    assert shared.get(f"/fhir/Practitioner/_history?_count=9&_page={token}").status_code == 200


def test_a_giant_page_is_made_a_large_one(shared: Site) -> None:
    bundle = json.loads(shared.get(f"/fhir/_history?_count={10**17}").get_data())
    assert len(bundle["entry"]) == 200


def test_what_hangs_on_the_day_alone_makes_a_new_version(site: Site) -> None:
    """A yes of long ago fades, and whoever follows the changes learns of it."""
    slug = "practitioner-10"
    place = site.place(slug)
    path = f"/fhir/HealthcareService/{place}"
    before = site.get(path)
    assert "newpt" in before.get_data(as_text=True)
    confirmed = population.TODAY - timedelta(days=10)
    site.clock.now = datetime(confirmed.year, confirmed.month, confirmed.day, 12, tzinfo=UTC) + timedelta(days=92)
    assert site.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    site.note()
    after = site.get(path)
    assert "newpt" not in after.get_data(as_text=True)
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_refusal_is_given_in_the_form_that_is_asked_for(shared: Site) -> None:
    answer = shared.get("/fhir/Practitioner/999999", headers={"Accept": "application/fhir+xml"})
    assert (answer.status_code, answer.mimetype) == (404, "application/fhir+xml")
    root = ElementTree.fromstring(answer.get_data())
    assert root.tag == "{http://hl7.org/fhir}OperationOutcome"


def test_few_statements_for_a_page_of_changes(shared: Site) -> None:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    # Whoever asks first reads the index as well.
    assert shared.get("/fhir/_history?_count=1").status_code == 200
    event.listen(shared.engine, "before_cursor_execute", note)
    for query in ("_count=5", "_count=150"):
        statements.clear()
        assert shared.get(f"/fhir/_history?{query}").status_code == 200
        said = [each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]
        assert len(said) <= entries.STATEMENTS + 7, said
    assert list(islice(feed(shared, "/fhir/_history"), 3))
