"""Everything at once: what a client of FHIR Bulk Data does, and what it finds when something breaks."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from directory import db
from directory.api.fhir import export, resources
from directory.jurisdictions import service as jurisdiction_rules
from directory.practitioners import service as practitioners
from directory.practitioners.models import PracticePlace
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from tests import fhir_profiles
from tests.examples import examples
from tests.factories import place_draft
from tests.web import population
from tests.web.test_fhir_resources import Site, outcome

ASYNC = {"Prefer": "respond-async"}
HOST = "http://localhost"
FHIR = "http://hl7.org/fhir"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that nobody changes."""
    made = Site(tmp_path_factory.mktemp("quiet"))
    yield made
    made.engine.dispose()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.engine.dispose()


def manifest(site: Site, query: str = "") -> dict[str, Any]:
    """The list of files, by the way of the standard."""
    kicked = site.get(f"/fhir/$export{query}", headers=ASYNC)
    assert kicked.status_code == 202, kicked.get_data(as_text=True)
    status = site.get(kicked.headers["Content-Location"].removeprefix(HOST))
    assert (status.status_code, status.mimetype) == (200, "application/json")
    told: dict[str, Any] = json.loads(status.get_data())
    return told


def lines(site: Site, url: str) -> list[dict[str, Any]]:
    answer = site.get(url.removeprefix(HOST))
    assert (answer.status_code, answer.mimetype) == (200, "application/fhir+ndjson")
    text = answer.get_data(as_text=True)
    assert text == "" or text.endswith("\n")
    return [json.loads(each) for each in text.splitlines()]


def test_everything_is_taken_out_file_by_file(quiet: Site) -> None:
    told = manifest(quiet)
    assert told["requiresAccessToken"] is False
    assert told["error"] == told["deleted"] == []
    assert [each["type"] for each in told["output"]] == list(resources.KINDS)
    found = {}
    for file in told["output"]:
        for each in lines(quiet, file["url"]):
            assert each["resourceType"] == file["type"]
            assert not fhir_profiles.faults(each)
            found[f"{each['resourceType']}/{each['id']}"] = each
    assert len([name for name in found if name.startswith("Practitioner/")]) > 50
    assert {name for each in found.values() for name in fhir_profiles.references(each)} <= found.keys()
    numbers = {each["identifier"][0]["value"] for name, each in found.items() if name.startswith("Practitioner/")}
    assert "whole-pregnancy" in numbers
    assert not {"not-published", "lapsed-yesterday", "under-a-ban"} & numbers


def test_some_types_and_other_names_of_the_format(quiet: Site) -> None:
    told = manifest(quiet, "?_type=Location,Practitioner&_outputFormat=application/ndjson")
    assert [each["type"] for each in told["output"]] == ["Practitioner", "Location"]
    assert manifest(quiet, "?_outputFormat=application/fhir%2Bndjson")["output"]
    assert manifest(quiet, "?_outputFormat=application/fhir+ndjson")["output"]


def test_more_people_than_are_read_together_are_all_there_once(quiet: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lines(quiet, "/fhir/export/Practitioner.ndjson")
    monkeypatch.setattr(export, "AT_A_TIME", 3)
    assert lines(quiet, "/fhir/export/Practitioner.ndjson") == whole
    assert len({each["id"] for each in whole}) == len(whole)


def test_what_changed_and_what_is_to_be_deleted_since_the_last_time(site: Site) -> None:
    before = manifest(site)["transactionTime"]
    site.clock.now += timedelta(hours=1)
    site.pause("closed-list")
    with Session(site.engine) as session:
        db.writing(session)
        practitioners.attest(session, site.number("just-arrived"), now=site.clock.now)
        session.commit()
    site.note()
    since = (population.NOW + timedelta(minutes=30)).isoformat().replace("+00:00", "Z")
    told = manifest(site, f"?_since={since}&_type=Practitioner,Location")
    people = {each["type"]: [line["id"] for line in lines(site, each["url"])] for each in told["output"]}
    assert people == {
        "Practitioner": [str(site.number("just-arrived"))],
        "Location": [str(site.place("just-arrived"))],
    }
    assert told["transactionTime"] > before
    (deleted,) = told["deleted"]
    (bundle,) = lines(site, deleted["url"])
    get_fhir_model_class("Bundle").model_validate(bundle)
    assert bundle["type"] == "transaction"
    assert {(each["request"]["method"], each["request"]["url"]) for each in bundle["entry"]} == {
        ("DELETE", f"Practitioner/{site.number('closed-list')}"),
        ("DELETE", f"Location/{site.place('closed-list')}"),
    }
    later = manifest(site, "?_since=2030-01-01T00:00:00Z")
    assert not [line for each in (*later["output"], *later["deleted"]) for line in lines(site, each["url"])]
    assert lines(site, "/fhir/export/Location.ndjson?_since=9999-12-31T23:59:59.999999Z") == []


@pytest.fixture(scope="module")
def restless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose people come and go."""
    made = Site(tmp_path_factory.mktemp("restless"))
    with Session(made.engine) as session:
        db.writing(session)
        for slug in CHANGING[:2]:
            premises.add_place(session, place_draft(made.number(slug)))
        session.commit()
    made.note()
    yield made
    made.engine.dispose()


CHANGING = ("whole-pregnancy", "closed-list", "just-arrived")


def act(session: Session, site: Site, slug: str, what: str) -> None:
    """Something happens to somebody, or to the newest of their places."""
    number, now = site.number(slug), site.clock.now
    places = select(PracticePlace).where(PracticePlace.practitioner_id == number).order_by(PracticePlace.id.desc())
    place = session.scalars(places.limit(1)).one()
    match what:
        case "hold":
            publication.hold(session, number, now=now)
        case "release":
            publication.release(session, number, now=now)
        case "attest":
            practitioners.attest(session, number, now=now)
        case "close":
            premises.close_place(session, place.id)
        case "open":
            premises.add_place(session, place_draft(number))
        case "telephone":
            premises.set_telephone(session, place.id, f"+1 503 555 {now.hour:02}{now.minute:02}")


def everything(site: Site, query: str = "") -> tuple[dict[str, Any], dict[str, dict[str, Any]], set[str]]:
    """An export: its list of files, every resource by its name, and what is to be deleted."""
    told = manifest(site, query)
    found = {
        f"{each['resourceType']}/{each['id']}": each for file in told["output"] for each in lines(site, file["url"])
    }
    gone = {
        entry["request"]["url"]
        for file in told["deleted"]
        for bundle in lines(site, file["url"])
        for entry in bundle["entry"]
    }
    return told, found, gone


@given(
    happens=st.lists(
        st.tuples(
            st.sampled_from(CHANGING), st.sampled_from(("hold", "release", "attest", "close", "open", "telephone"))
        ),
        max_size=5,
    )
)
@settings(max_examples=examples(24), deadline=None)
def test_what_came_since_and_what_went_is_the_difference_between_two_exports(
    restless: Site, happens: list[tuple[str, str]]
) -> None:
    kinds = "?_type=Practitioner,Location,VerificationResult"
    told, before, _ = everything(restless, kinds)
    restless.clock.now += timedelta(minutes=7)
    with Session(restless.engine) as session:
        db.writing(session)
        for slug, what in happens:
            act(session, restless, slug, what)
        session.commit()
    restless.note()
    _, after, _ = everything(restless, kinds)
    _, came, went = everything(restless, f"{kinds}&_since={told['transactionTime']}")
    assert came.keys() == {name for name in after if after[name] != before.get(name)}
    assert {name: each for name, each in {**before, **came}.items() if name not in went} == after
    assert went >= before.keys() - after.keys()


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/fhir/$export?_type=Patient", ASYNC, 400, "not-supported"),
        ("/fhir/$export?_since=soon", ASYNC, 400, "invalid"),
        ("/fhir/$export?_outputFormat=csv", ASYNC, 400, "not-supported"),
        ("/fhir/$export?_typeFilter=x", ASYNC, 400, "not-supported"),
        ("/fhir/export/Patient.ndjson", {}, 404, "not-found"),
        ("/fhir/export/deleted.ndjson", {}, 400, "invalid"),
        ("/fhir/export/Location.ndjson?_since=soon", {}, 400, "invalid"),
        ("/fhir/export/status/nonsense", {}, 404, "not-found"),
    ],
)
def test_what_cannot_be_done_is_refused(
    quiet: Site, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    outcome(quiet.get(path, headers=headers), status, code)


def test_a_lenient_client_is_given_what_there_is(quiet: Site) -> None:
    lenient = {"Prefer": "respond-async, handling=lenient"}
    kicked = quiet.get("/fhir/$export?_type=Patient,Location&_typeFilter=x", headers=lenient)
    told = json.loads(quiet.get(kicked.headers["Content-Location"].removeprefix(HOST)).get_data())
    assert [each["type"] for each in told["output"]] == ["Location"]
    left_out = [each for each in json.loads(kicked.get_data())["issue"] if each["severity"] == "warning"]
    assert {each["expression"][0] for each in left_out} == {"http._type", "http._typeFilter"}
    assert "Patient" in json.dumps(left_out)


def sent(site: Site, body: Any, content_type: str = "application/fhir+json") -> TestResponse:
    """A kick-off that brings its parameters as a resource."""
    data = body if isinstance(body, str) else json.dumps(body)
    client = site.app.test_client()
    return client.post("/fhir/$export", data=data, content_type=content_type, headers=ASYNC)


def test_the_parameters_may_be_sent_as_a_resource(quiet: Site) -> None:
    since = {"name": "_since", "valueInstant": "2026-11-01T00:00:00Z"}
    kinds = [{"name": "_type", "valueString": each} for each in ("Location,Practitioner", "VerificationResult")]
    kicked = sent(quiet, {"resourceType": "Parameters", "parameter": [*kinds, since]})
    assert kicked.status_code == 202
    told = json.loads(quiet.get(kicked.headers["Content-Location"].removeprefix(HOST)).get_data())
    query = "?_type=Location,Practitioner,VerificationResult&_since=2026-11-01T00:00:00Z"
    assert told | {"request": ""} == manifest(quiet, query) | {"request": ""}
    assert sent(quiet, {"resourceType": "Parameters"}, "application/json").status_code == 202


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{}", "application/fhir+json", 400, "invalid"),
        ("[]", "application/fhir+json", 400, "invalid"),
        ("{", "application/fhir+json", 400, "invalid"),
        ("[" * 5_000, "application/fhir+json", 400, "invalid"),
        ('{"resourceType":"Parameters","parameter":{}}', "application/fhir+json", 400, "invalid"),
        ('{"resourceType":"Parameters","parameter":[7]}', "application/fhir+json", 400, "invalid"),
        ('{"resourceType":"Parameters","parameter":[{"name":"_type"}]}', "application/fhir+json", 400, "invalid"),
        (
            '{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Patient"}]}',
            "application/fhir+json",
            400,
            "not-supported",
        ),
        ("<Parameters xmlns='http://hl7.org/fhir'/>", "application/fhir+xml", 415, "not-supported"),
        ("_type=Location", "application/x-www-form-urlencoded", 415, "not-supported"),
        (
            r'{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Half a \ud800 sign"}]}',
            "application/fhir+json",
            400,
            "not-supported",
        ),
        (
            r'{"resourceType":"Parameters","parameter":[{"name":"\ud800\u0000","valueString":"x"}]}',
            "application/fhir+json",
            400,
            "not-supported",
        ),
    ],
)
def test_what_is_sent_and_is_no_wish_is_refused(
    quiet: Site, body: str, content_type: str, status: int, code: str
) -> None:
    outcome(sent(quiet, body, content_type), status, code)


def test_a_sign_that_xml_forbids_makes_no_refusal_unreadable(quiet: Site) -> None:
    refused = quiet.get("/fhir/$export?%00odd=1", headers={"Accept": "application/fhir+xml"})
    assert refused.status_code == 400
    assert [each.get("value") for each in ElementTree.fromstring(refused.get_data()).iter(f"{{{FHIR}}}expression")] == [
        "http.odd"
    ]


@pytest.mark.parametrize("kind", ["PractitionerRole", "Practitioner"])
def test_one_type_alone_is_told_how_it_is_exported(quiet: Site, kind: str) -> None:
    says = outcome(quiet.get(f"/fhir/{kind}/$export", headers=ASYNC), 404, "not-supported")
    assert "/fhir/$export" in says["issue"][0]["details"]["text"]


def test_a_wish_too_long_to_be_carried_is_refused_at_once(quiet: Site) -> None:
    outcome(quiet.get(f"/fhir/$export?{'&'.join(['_type=Location'] * 150)}", headers=ASYNC), 414, "too-long")


def test_the_list_of_files_holds_for_a_while(quiet: Site) -> None:
    address = quiet.get("/fhir/$export", headers=ASYNC).headers["Content-Location"].removeprefix(HOST)
    expires = quiet.get(address).expires
    assert expires is not None
    assert expires >= quiet.clock.now + timedelta(hours=1)


def test_a_file_comes_pressed_for_whoever_reads_that(quiet: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/fhir/export/PractitionerRole.ndjson"
    plain = quiet.get(path)
    assert "Content-Encoding" not in plain.headers
    monkeypatch.setattr(export, "AT_A_TIME", 7)
    pressed = quiet.get(path, headers={"Accept-Encoding": "gzip"})
    assert pressed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in pressed.headers["Vary"]
    assert gzip.decompress(pressed.get_data()) == plain.get_data()
    assert len(pressed.get_data()) < len(plain.get_data()) / 4
    assert "Content-Encoding" not in quiet.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"}).headers


def test_whoever_does_not_say_that_they_wait_is_answered_alike(quiet: Site) -> None:
    assert quiet.get("/fhir/$export").status_code == 202


def test_an_export_can_be_called_off_and_a_bent_address_is_none(quiet: Site) -> None:
    address = quiet.get("/fhir/$export", headers=ASYNC).headers["Content-Location"].removeprefix(HOST)
    client = quiet.app.test_client()
    assert client.delete(address).status_code == 202
    assert client.delete(f"{address[:-2]}zz").status_code == 404
    assert client.get(f"{address[:-2]}zz").status_code == 404


def test_only_so_many_files_at_the_same_time_and_each_place_is_given_back(quiet: Site) -> None:
    held = [quiet.app.test_client().get("/fhir/export/Location.ndjson", buffered=False) for _ in range(export.AT_ONCE)]
    refused = quiet.get("/fhir/export/Location.ndjson")
    outcome(refused, 503, "transient")
    assert int(refused.headers["Retry-After"]) > 0
    for each in held:
        each.close()
    for _ in range(2 * export.AT_ONCE):
        assert quiet.app.test_client().head("/fhir/export/Location.ndjson", buffered=True).status_code == 200
        assert lines(quiet, "/fhir/export/Location.ndjson")


def test_a_client_that_cannot_tell_a_broken_file_from_a_whole_one_is_given_none(quiet: Site) -> None:
    answer = quiet.get("/fhir/export/Location.ndjson", environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"})
    outcome(answer, 505, "not-supported")


class _Chunked(WSGIRequestHandler):
    """The development server, speaking HTTP/1.1 as the real one does, and keeping quiet."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object, **__: object) -> None:
        """Write nothing."""


@pytest.fixture
def served(site: Site) -> Iterator[int]:
    """The port at which the site is served."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=_Chunked)
    runs = threading.Thread(target=server.serve_forever)
    runs.start()
    yield server.server_port
    server.shutdown()
    runs.join()
    server.server_close()


def test_a_file_that_breaks_off_is_no_whole_one(site: Site, served: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away behind the first people: the client must notice, and not keep half a directory."""
    monkeypatch.setattr(export, "AT_A_TIME", 5)
    read, asked = export.entries.read, []

    def away(*arguments: Any, **options: Any) -> Any:
        asked.append(1)
        if len(asked) == 3:
            site.engine.dispose()
            Path(str(site.engine.url.database)).unlink()
        return read(*arguments, **options)

    monkeypatch.setattr(export.entries, "read", away)
    connection = http.client.HTTPConnection("127.0.0.1", served, timeout=60)
    connection.request("GET", "/fhir/export/Practitioner.ndjson")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Transfer-Encoding")) == (200, "chunked")
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    connection.close()
    assert len(asked) >= 2


def test_a_jurisdiction_hidden_meanwhile_stands_in_nothing_that_is_read_after(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_A_TIME", 5)
    everybody = len(lines(site, "/fhir/export/Location.ndjson"))
    answer = site.app.test_client().get("/fhir/export/Location.ndjson", buffered=False)
    coming = answer.iter_encoded()
    first = next(coming).splitlines()
    with Session(site.engine) as session:
        jurisdiction_rules.hide(session, "US-OR", reason="A court said so.", by=None, now=site.clock.now)
        session.commit()
    later = [json.loads(line) for part in coming for line in part.splitlines()]
    answer.close()
    assert len(first) + len(later) < everybody
    assert all(each["address"].get("state") != "OR" for each in later)


def test_a_client_that_goes_away_leaves_its_place(site: Site, served: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "AT_A_TIME", 1)
    given_back = threading.Event()
    release = export._sending.release

    def noted() -> None:
        release()
        given_back.set()

    monkeypatch.setattr(export._sending, "release", noted)
    connection = http.client.HTTPConnection("127.0.0.1", served, timeout=60)
    connection.request("GET", "/fhir/export/HealthcareService.ndjson")
    answer = connection.getresponse()
    assert answer.read(10)
    answer.close()
    connection.close()
    assert given_back.wait(60)
