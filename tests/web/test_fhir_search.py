"""Searching in FHIR through the door that clients use: Bundles, pages, includes, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from werkzeug.test import TestResponse

from directory.api.fhir import entries
from directory.api.fhir.preferences import LARGEST_PAGE, PAGE_SIZE
from directory.api.fhir.table import TABLE
from directory.app import DirectoryApp
from tests.web import population
from tests.web.conftest import Clock

LATITUDE, LONGITUDE = population.PORTLAND
DISTANCE = "http://hl7.org/fhir/StructureDefinition/location-distance"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def fhir(site: DirectoryApp, shared_clock: Clock) -> FlaskClient:
    """A program without cookies, on the day of the population."""
    shared_clock.now = population.NOW
    return site.test_client(use_cookies=False)


def path(kind: str, *pairs: tuple[str, str], **named: str) -> str:
    return f"/fhir/{kind}?{urlencode([*pairs, *named.items()])}"


def bundle(response: TestResponse) -> dict[str, Any]:
    """The Bundle, which FHIR's own model accepts."""
    assert response.status_code == 200, response.text
    assert response.content_type == "application/fhir+json; charset=utf-8"
    told: dict[str, Any] = json.loads(response.data)
    Bundle.model_validate(told)
    assert told["type"] == "searchset"
    return told


def refusal(response: TestResponse, status: int = 400) -> list[dict[str, Any]]:
    """The issues of a refusal, each with words for people."""
    assert response.status_code == status, response.text
    assert response.content_type.startswith("application/fhir+json")
    told = json.loads(response.data)
    OperationOutcome.model_validate(told)
    for issue in told["issue"]:
        assert issue["severity"] in ("error", "fatal")
        assert issue["details"]["text"]
        assert issue["diagnostics"]
    issues: list[dict[str, Any]] = told["issue"]
    return issues


def of_mode(told: dict[str, Any], mode: str) -> list[dict[str, Any]]:
    return [each["resource"] for each in told.get("entry", []) if each["search"]["mode"] == mode]


def names(resources: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["resourceType"], each["id"]) for each in resources]


def link(told: dict[str, Any], relation: str) -> str | None:
    return next((each["url"] for each in told["link"] if each["relation"] == relation), None)


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def pages(fhir: FlaskClient, first: str) -> Iterator[dict[str, Any]]:
    url: str | None = first
    while url is not None:
        told = bundle(fhir.get(local(url)))
        yield told
        url = link(told, "next")


# --- pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize("count", [1, 7, 50])
def test_pages_hold_everybody_once_and_say_how_many(fhir: FlaskClient, kind: str, count: int) -> None:
    if count == 1 and kind != "Practitioner":
        count = 20
    seen: list[tuple[str, str]] = []
    totals = set()
    for told in pages(fhir, path(kind, _count=str(count))):
        listed = of_mode(told, "match")
        assert 0 < len(listed) <= count
        seen += names(listed)
        totals.add(told["total"])
        for entry in told["entry"]:
            assert entry["fullUrl"].endswith(f"/fhir/{kind}/{entry['resource']['id']}")
    assert totals == {len(seen)}
    assert len(set(seen)) == len(seen) > 50
    assert [int(number) for _, number in seen] == sorted(int(number) for _, number in seen)


def test_the_self_link_says_what_was_understood(fhir: FlaskClient) -> None:
    told = bundle(fhir.get(path("Practitioner", name="pract", nonsense="1", _count="5000", _pretty="true")))
    own = dict(parse_qsl(urlsplit(link(told, "self") or "").query))
    assert own == {"name": "pract", "_count": str(LARGEST_PAGE), "_pretty": "true"}
    assert bundle(fhir.get(local(link(told, "self") or "")))["total"] == told["total"]


def test_a_page_by_its_own_address_is_the_same_page(fhir: FlaskClient) -> None:
    second = list(pages(fhir, path("Location", _count="20")))[1]
    again = bundle(fhir.get(local(link(second, "self") or "")))
    assert again == second
    assert names(of_mode(bundle(fhir.get(local(link(second, "first") or ""))), "match"))[0] == ("Location", "1")


def test_a_page_size_of_nothing_gives_the_number_only(fhir: FlaskClient) -> None:
    everybody = bundle(fhir.get(path("Practitioner")))["total"]
    for shaping in ({"_count": "0"}, {"_summary": "count"}):
        told = bundle(fhir.get(path("Practitioner", **shaping)))
        assert told["total"] == everybody
        assert "entry" not in told
        assert link(told, "next") is None


def test_a_total_that_is_not_wanted_is_left_out(fhir: FlaskClient) -> None:
    assert "total" not in bundle(fhir.get(path("Practitioner", _total="none")))


@pytest.mark.parametrize("sort", ["_id", "-_id", "_lastUpdated", "-_lastUpdated", "-_lastUpdated,_id"])
def test_an_order_holds_from_page_to_page(fhir: FlaskClient, sort: str) -> None:
    seen = [each for told in pages(fhir, path("Location", _sort=sort, _count="9")) for each in of_mode(told, "match")]
    keys = [(each["meta"]["lastUpdated"] if "last" in sort else "", int(each["id"])) for each in seen]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
    assert len(set(keys)) == len(keys) == bundle(fhir.get(path("Location")))["total"]


def test_the_first_preference_is_the_one_that_counts(fhir: FlaskClient) -> None:
    for written, status in (
        ("handling=strict", 400),
        ('return=minimal; HANDLING="Strict"', 400),
        ("handling=lenient, handling=strict", 200),
        ("handling=strict, handling=lenient", 400),
        ("handling=whatever", 200),
    ):
        assert fhir.get(path("Location", nonsense="1"), headers={"Prefer": written}).status_code == status, written


def test_what_is_nowhere_contained_need_not_be_asked_for(fhir: FlaskClient) -> None:
    strict = {"Prefer": "handling=strict"}
    assert bundle(fhir.get(path("Location", _contained="false"), headers=strict)) == bundle(
        fhir.get(path("Location"), headers=strict)
    )


# --- what comes along ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "include"),
    [(kind, f"{kind}:{each}") for kind, told in TABLE.items() for each in told.includes]
    + [(kind, f"{kind}:*") for kind in TABLE],
)
def test_what_is_included_is_what_is_referred_to(fhir: FlaskClient, kind: str, include: str) -> None:
    told = bundle(fhir.get(path(kind, _include=include, _count="10")))
    alone = bundle(fhir.get(path(kind, _count="10")))
    assert names(of_mode(told, "match")) == names(of_mode(alone, "match"))
    assert told["total"] == alone["total"]
    along = names(of_mode(told, "include"))
    assert len(set(along)) == len(along)
    references = json.dumps(of_mode(told, "match"))
    assert all(f'"{name}/{number}"' in references for name, number in along)
    own = TABLE[kind].includes if include.endswith("*") else [include.rpartition(":")[2]]
    assert bool(along) is any(not TABLE[kind].parameters[each].nobody_refers for each in own)


@pytest.mark.parametrize(
    ("kind", "include"), [(kind, each) for kind, told in TABLE.items() for each in told.revincludes]
)
def test_what_refers_to_a_resource_comes_along(fhir: FlaskClient, kind: str, include: str) -> None:
    told = bundle(fhir.get(path(kind, _revinclude=include, _count="10")))
    along = of_mode(told, "include")
    source, _, parameter = include.partition(":")
    if source not in TABLE or TABLE[source].parameters[parameter].nobody_refers:
        assert along == []
        return
    assert {each["resourceType"] for each in along} == {source}
    own = {f"{kind}/{each['id']}" for each in of_mode(told, "match")}
    for each in along:
        assert any(f'"{name}"' in json.dumps(each) for name in own)


def test_what_comes_along_may_bring_more(fhir: FlaskClient) -> None:
    asked = [("_revinclude", "PractitionerRole:practitioner"), ("_include:iterate", "PractitionerRole:location")]
    told = bundle(fhir.get(path("Practitioner", *asked, _id="1")))
    assert names(of_mode(told, "include")) == [("PractitionerRole", "1"), ("Location", "1")]
    everything = [("_include", "*"), ("_revinclude", "*"), ("_include:iterate", "*"), ("_revinclude:iterate", "*")]
    whole = bundle(fhir.get(path("Location", *everything, _id="1")))
    assert {kind for kind, _ in names(of_mode(whole, "include"))} == TABLE.keys() - {"Location"}


def test_a_hidden_home_comes_along_without_its_street(fhir: FlaskClient) -> None:
    told = fhir.get(path("PractitionerRole", ("practitioner.name", "Hidden Home"), _include="*"))
    assert bundle(told)["total"] == 1
    assert "Secret" not in told.text
    assert bundle(fhir.get(path("Location", address="77 Secret")))["total"] == 0
    assert bundle(fhir.get(path("Location", ("address:contains", "secret lane"))))["total"] == 0


# --- how much -----------------------------------------------------------------------------------------------------


def test_elements_and_summaries_leave_out_and_say_so(fhir: FlaskClient) -> None:
    for shaping in ({"_elements": "name,telecom"}, {"_summary": "true"}, {"_summary": "text"}, {"_summary": "data"}):
        told = bundle(fhir.get(path("Practitioner", _count="3", **shaping)))
        for each in of_mode(told, "match"):
            assert "SUBSETTED" in {tag["code"] for tag in each["meta"]["tag"]}
            assert each["active"] is True
            assert ("name" in each) is (shaping != {"_summary": "text"})
    whole = bundle(fhir.get(path("Practitioner", _count="1", _summary="false")))
    assert "SUBSETTED" not in json.dumps(whole)


def test_xml_says_the_same_as_json(fhir: FlaskClient) -> None:
    asked = path("Location", near=f"{LATITUDE}|{LONGITUDE}|2|km", _include="*")
    told = bundle(fhir.get(asked))
    answer = fhir.get(asked, headers={"Accept": "application/fhir+xml"})
    assert answer.content_type == "application/fhir+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    space = {"f": "http://hl7.org/fhir"}
    assert root.tag == "{http://hl7.org/fhir}Bundle"
    assert root.find("f:total", space).attrib["value"] == str(told["total"])  # type: ignore[union-attr]
    ids = [each.attrib["value"] for each in root.findall("f:entry/f:resource/*/f:id", space)]
    assert ids == [each["resource"]["id"] for each in told["entry"]]
    distances = root.findall("f:entry/f:search/f:extension/f:valueDistance/f:value", space)
    assert len(distances) == told["total"]


def test_what_only_asks_for_the_head_gets_it(fhir: FlaskClient) -> None:
    whole, head = fhir.get(path("Location")), fhir.head(path("Location"))
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_scripts_of_every_site_may_read_and_nobody_is_remembered(fhir: FlaskClient) -> None:
    for asked in (path("Location"), "/fhir/metadata", path("Location", near="x"), "/fhir/Patient/1"):
        answer = fhir.get(asked, headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers


def test_a_browser_that_asks_beforehand_is_told_that_scripts_may_read(fhir: FlaskClient) -> None:
    answer = fhir.options("/fhir/Location", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    sent = fhir.post("/fhir/Location/_search", data={"name": "b"}, headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in sent.headers


# --- by form ------------------------------------------------------------------------------------------------------


def test_a_form_asks_the_same_as_an_address(fhir: FlaskClient) -> None:
    near = f"{LATITUDE}|{LONGITUDE}|5|km"
    by_address = bundle(fhir.get(path("Location", near=near, _count="3")))
    for response in (
        fhir.post("/fhir/Location/_search", data={"near": near, "_count": "3"}),
        fhir.post("/fhir/Location/_search?_count=3", data={"near": near}),
        fhir.post(f"/fhir/Location/_search?{urlencode({'near': near, '_count': '3'})}", data={}, content_type=FORM),
    ):
        told = bundle(response)
        assert told["total"] == by_address["total"]
        assert told["entry"] == by_address["entry"]
        assert bundle(fhir.get(local(link(told, "next") or "")))["total"] == told["total"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"name": "a"}', "application/json"),
        ("<Parameters xmlns='http://hl7.org/fhir'/>", "application/fhir+xml"),
        ("<!DOCTYPE x [<!ENTITY a 'a'><!ENTITY b '&a;&a;'>]><x>&b;</x>", "application/xml"),
        ("name=a", "text/plain"),
        ("", ""),
    ],
)
def test_what_is_no_form_is_refused(fhir: FlaskClient, content: str, kind: str) -> None:
    (issue,) = refusal(fhir.post("/fhir/Location/_search", data=content, content_type=kind), 415)
    assert issue["code"] == "not-supported"


# --- refusals -----------------------------------------------------------------------------------------------------

REFUSED = [
    ("Location", "near", "1"),
    ("Location", "near", "x|y|z"),
    ("Location", "near", "91|0|1|km"),
    ("Location", "near", "1|1|1|furlong"),
    ("Location", "near", "1|1|1|km,2|2|-1|km"),
    ("Location", "_count", "-1"),
    ("Location", "_count", "many"),
    ("Location", "_count", "٣"),
    ("Location", "_page", "x"),
    ("Location", "_page", "é"),
    ("Location", "_sort", "near"),
    ("Location", "_sort", "-near"),
    ("Location", "_sort", "_id,_lastUpdated"),
    ("Location", "_summary", "everything"),
    ("Location", "_elements", "no such element"),
    ("Location", "_total", "roughly"),
    ("Location", "_pretty", "perhaps"),
    ("Location", "_lastUpdated", "yesterday"),
    ("Location", "_lastUpdated", "xx2026"),
    ("Location", "name:missing", "perhaps"),
    ("Location", "name:sounds", "a"),
    ("Location", "name:", "a"),
    ("Location", "status:exact", "active"),
    ("Location", "near:exact", "1|1"),
    ("Location", "name", "a\x00b"),
    ("Location", "name", "a\nb"),
    ("Location", "name", ","),
    ("Location", "name", "a,,b"),
    ("Location", "name", "a" * 5000),
    ("Location", "type", "a|b|c"),
    ("Location", "organization", "Practitioner/1"),
    ("Location", "organization:Practitioner", "1"),
    ("Location", "organization.partof.name", "a"),
    ("Location", "organization.nonsense", "a"),
    ("Location", "name.name", "a"),
    ("PractitionerRole", "location.organization.name", "a"),
    ("PractitionerRole", "location.near", "1|1|1|[mi]"),
    ("PractitionerRole", "practitioner:Location.name", "a"),
    ("PractitionerRole", "practitioner.qualification-code.x", "a"),
    ("PractitionerRole", "endpoint.nonsense", "a"),
    ("Practitioner", "_has:", "a"),
    ("Practitioner", "_has:PractitionerRole", "a"),
    ("Practitioner", "_has:PractitionerRole:practitioner", "a"),
    ("Practitioner", "_has:PractitionerRole:practitioner:", "a"),
    ("Practitioner", "_has:PractitionerRole:practitioner:nonsense", "a"),
    ("Practitioner", "_has:PractitionerRole:practitioner:location.near", "1"),
    ("Practitioner", "_has:PractitionerRole:practitioner:_has:Location:organization:name", "a"),
    ("Practitioner", "_has:PractitionerRole:location:name", "a"),
    ("Practitioner", "_has:Patient:general-practitioner:name", "a"),
    ("VerificationResult", "_has:Practitioner:endpoint:name", "a"),
    ("Location", "_contained", "true"),
    ("Location", "_containedType", "container"),
    ("Location", "_filter", "name eq a"),
    ("Location", "_text", "a"),
    ("Location", "_content:contains", "a"),
    ("Location", "_query", "a"),
    ("Location", "_list", "1"),
    ("Location", "_type", "Location"),
    ("Location", "_profile:below", "http://hl7.org/fhir/StructureDefinition/Location"),
    ("Location", "type:text", "office"),
    ("Location", "type:in", "http://example.org/ValueSet/1"),
    ("Location", "organization:identifier", "a|b"),
    ("Location", "partof:below", "Location/1"),
    ("Practitioner", "active,name", "a"),
]


@pytest.mark.parametrize(("kind", "name", "value"), REFUSED)
def test_what_cannot_be_understood_is_refused_by_its_name(fhir: FlaskClient, kind: str, name: str, value: str) -> None:
    strict = {"Prefer": "handling=strict"}
    issues = refusal(fhir.get(path(kind, (name, value)), headers=strict if name == "active,name" else {}))
    assert any(name in issue["diagnostics"] or "expression" not in issue for issue in issues)
    assert refusal(fhir.post(f"/fhir/{kind}/_search", data={name: value}, headers=strict))


def test_every_fault_is_told_at_once(fhir: FlaskClient) -> None:
    issues = refusal(fhir.get(path("Location", near="x", _count="-1", type="a|b|c")))
    assert {issue["expression"][0] for issue in issues} == {"http.near", "http._count", "http.type"}


def test_too_much_is_refused(fhir: FlaskClient) -> None:
    many = [("name", str(number)) for number in range(100)]
    assert refusal(fhir.get(path("Location", *many)))[0]["code"] == "too-costly"
    back = [("_has:PractitionerRole:practitioner:active", "true")]
    assert bundle(fhir.get(path("Practitioner", *back * 8)))["total"] == bundle(fhir.get(path("Practitioner")))["total"]
    assert refusal(fhir.get(path("Practitioner", *back * 9)))[0]["code"] == "too-costly"
    assert refusal(fhir.get(path("Location", _id=",".join("1" for _ in range(500)))))[0]["code"] == "too-costly"
    assert refusal(fhir.post("/fhir/Location/_search", data={"name": "a" * 100_000}), 413)


def test_what_nobody_knows_is_left_out_and_told_or_refused(fhir: FlaskClient) -> None:
    asked = path(
        "Location", ("nonsense", "1"), ("x:y:z", "1"), ("name", ""), _include="Location:nonsense", _sort="size"
    )
    everybody = bundle(fhir.get(path("Location")))["total"]
    told = bundle(fhir.get(asked))
    assert told["total"] == everybody
    (outcome,) = of_mode(told, "outcome")
    assert {issue["severity"] for issue in outcome["issue"]} == {"warning"}
    named = {issue["expression"][0] for issue in outcome["issue"]}
    assert named == {"http.nonsense", "http.x:y:z", "http.name", "http._include", "http._sort"}
    issues = refusal(fhir.get(asked, headers={"Prefer": "handling=strict"}))
    assert {issue["expression"][0] for issue in issues} == named
    lenient = fhir.get(asked, headers={"Prefer": "handling=lenient"})
    assert bundle(lenient) == told


def test_nobody_is_never_said_in_silence(fhir: FlaskClient) -> None:
    for asked in (
        path("Practitioner", active="false"),
        path("Practitioner", gender="male", family="nobody bears this"),
        path("Location", ("address-city", "Portland"), ("address-city", "Seattle")),
        path("PractitionerRole", network="Organization/1"),
        path("PractitionerRole", ("network.name", "any")),
        path("Location", near="0|0|1|km"),
        path("Location", _id="999999"),
    ):
        told = bundle(fhir.get(asked))
        assert told["total"] == 0
        assert of_mode(told, "match") == []
        (outcome,) = of_mode(told, "outcome")
        assert outcome["issue"][0]["severity"] == "information"


def test_a_page_link_that_was_altered_or_moved_is_refused(fhir: FlaskClient) -> None:
    first = bundle(fhir.get(path("Location", _count="5")))
    following = local(link(first, "next") or "")
    token = dict(parse_qsl(urlsplit(following).query))["_page"]
    swapped = "A" if token[5] != "A" else "B"
    for asked in (
        path("Location", _count="5", _page=token[:5] + swapped + token[6:]),
        path("Location", _count="5", _page=token[:-4]),
        path("Practitioner", _count="5", _page=token),
        path("Location", _count="5", name="b", _page=token),
    ):
        assert refusal(fhir.get(asked))[0]["expression"] == ["http._page"]
    larger = bundle(fhir.get(path("Location", _count="30", _page=token)))
    assert len(of_mode(larger, "match")) == 30


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/fhir", 404),
        ("GET", "/fhir/", 404),
        ("GET", "/fhir/Patient", 404),
        ("GET", "/fhir/practitioner", 404),
        ("POST", "/fhir/Practitioner", 405),
        ("PUT", "/fhir/Practitioner/1", 405),
        ("DELETE", "/fhir/Practitioner/1", 405),
        ("PATCH", "/fhir/Practitioner/1", 405),
        ("GET", "/fhir/metadata?_format=turtle", 406),
    ],
)
def test_what_is_not_here_is_refused_in_fhir(fhir: FlaskClient, method: str, address: str, status: int) -> None:
    answer = fhir.open(address, method=method)
    (issue,) = refusal(answer, status)
    assert issue["code"] == "not-supported"
    if status == 404:
        assert all(kind in issue["diagnostics"] for kind in [*TABLE, "/fhir/metadata"])
    if status == 405:
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_refusal_comes_in_the_form_that_was_asked_for(fhir: FlaskClient) -> None:
    answer = fhir.get(path("Location", near="x", _format="xml"))
    assert answer.status_code == 400
    assert ElementTree.fromstring(answer.data).tag == "{http://hl7.org/fhir}OperationOutcome"


# --- near ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"),
    [("Location", "near"), ("PractitionerRole", "location.near"), ("HealthcareService", "location.near")],
)
def test_the_nearest_come_first_with_how_far_they_are(fhir: FlaskClient, kind: str, name: str) -> None:
    asked = path(kind, (name, f"{LATITUDE}|{LONGITUDE}|6|km"), _sort="near", _count="8")
    entries_of = [each for told in pages(fhir, asked) for each in told["entry"]]
    km = [each["search"]["extension"][0]["valueDistance"]["value"] for each in entries_of]
    assert len(entries_of) == bundle(fhir.get(asked))["total"] > 8
    assert km == sorted(km)
    assert km[0] > 0
    assert km[-1] <= 6
    assert {each["search"]["extension"][0]["url"] for each in entries_of} == {DISTANCE}
    unsorted = path(kind, (name, f"{LATITUDE}|{LONGITUDE}|6|km"), _count="8")
    assert [each["fullUrl"] for told in pages(fhir, unsorted) for each in told["entry"]] == [
        each["fullUrl"] for each in entries_of
    ]


def test_miles_and_kilometres_agree(fhir: FlaskClient) -> None:
    def total(distance: str) -> int:
        found: int = bundle(fhir.get(path("Location", near=f"{LATITUDE}|{LONGITUDE}|{distance}")))["total"]
        return found

    assert total("10|km") == total("10000|m") == total("6.2137119|[mi_i]") == total("10")
    assert total("1|km") < total("10|km") < total("500|km") == bundle(fhir.get(path("Location")))["total"]


def test_whoever_takes_no_patients_is_near_all_the_same(fhir: FlaskClient) -> None:
    told = bundle(fhir.get(path("PractitionerRole", ("location.near", f"{LATITUDE}|{LONGITUDE}|1|km"), _include="*")))
    people = {each["name"][0]["text"] for each in of_mode(told, "include") if each["resourceType"] == "Practitioner"}
    assert {"Closed List", "Nobody Knows", "Just Arrived"} <= people
    assert not people & {"Under A Ban", "Not Published", "Lapsed Yesterday"}


# --- time ---------------------------------------------------------------------------------------------------------


def test_whoever_lapses_is_gone_from_every_search(fhir: FlaskClient, shared_clock: Clock) -> None:
    shared_clock.now = population.NOW + timedelta(days=150)
    for kind in TABLE:
        told = bundle(fhir.get(path(kind)))
        assert told["total"] == 0
        assert "entry" not in told


def test_what_changed_lately_is_asked_by_the_last_change(fhir: FlaskClient) -> None:
    everybody = bundle(fhir.get(path("Practitioner")))
    newest = max(each["meta"]["lastUpdated"] for each in of_mode(everybody, "match"))
    assert bundle(fhir.get(path("Practitioner", _lastUpdated=f"ge{newest}")))["total"] > 0
    assert bundle(fhir.get(path("Practitioner", _lastUpdated="gt2999")))["total"] == 0
    both = path("Practitioner", ("_lastUpdated", "ge1970"), ("_lastUpdated", "lt2999"))
    assert bundle(fhir.get(both))["total"] == everybody["total"]
    zoned = population.NOW.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    assert fhir.get(f"/fhir/Practitioner?_lastUpdated=lt{zoned}").status_code == 200


# --- cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        path("Practitioner"),
        path("Practitioner", name="practitioner", _revinclude="*"),
        path("PractitionerRole", ("location.near", f"{LATITUDE}|{LONGITUDE}|50|km"), _include="*"),
        path("Location", ("address-city", "Portland"), _sort="-_lastUpdated"),
        path("VerificationResult", _include="*"),
    ],
)
def test_a_page_costs_as_many_statements_for_one_as_for_fifty(
    site: DirectoryApp, fhir: FlaskClient, asked: str
) -> None:
    def statements(count: int) -> int:
        sent: list[str] = []
        engine = site.database.engine

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            bundle(fhir.get(f"{asked}&_count={count}"))
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len([each for each in sent if not each.startswith("BEGIN")])

    statements(1)
    few, many = statements(1), statements(PAGE_SIZE)
    # Three say what changed since, for the tag, for who is shown and for the strings that are held.
    assert few == many <= 5 + entries.STATEMENTS


# --- what the server says of itself -------------------------------------------------------------------------------


def test_the_statement_of_what_it_can_is_valid_and_names_what_it_follows(fhir: FlaskClient) -> None:
    answer = fhir.get("/fhir/metadata")
    told = json.loads(answer.data)
    CapabilityStatement.model_validate(told)
    assert told["fhirVersion"] == "4.0.1"
    assert told["kind"] == "instance"
    assert told["implementation"]["url"] == "http://localhost/fhir"
    assert {each["type"] for each in told["rest"][0]["resource"]} == TABLE.keys()
    assert any("plan-net" in each for each in told["instantiates"])
    assert any("mCSD" in each for each in told["instantiates"])
    xml = fhir.get("/fhir/metadata", headers={"Accept": "application/fhir+xml"})
    assert ElementTree.fromstring(xml.data).tag == "{http://hl7.org/fhir}CapabilityStatement"


ANY_TEXT = st.text(max_size=20)


@given(
    kind=st.sampled_from(sorted(TABLE)),
    data=st.data(),
)
def test_no_question_breaks_the_server(site: DirectoryApp, kind: str, data: st.DataObject) -> None:
    known = [*TABLE[kind].parameters, "_count", "_sort", "_include", "_revinclude", "_page", "_elements", "_summary"]
    chained = [f"{each.name}.{chain}" for each in TABLE[kind].parameters.values() for chain in each.chains]
    name = st.one_of(st.sampled_from([*known, *chained]), ANY_TEXT)
    modifier = st.sampled_from(["", "", ":exact", ":contains", ":missing", ":not", ":Location", ":"])
    value = st.one_of(
        ANY_TEXT,
        st.sampled_from(
            ["true", "Location/1", "45.5|-122.6|1e3|km", "ge2026-02", "http://nucc.org/provider-taxonomy|", "*"]
        ),
        st.from_regex(r"-?[0-9]{1,20}(\|-?[0-9]{1,20}){0,3}", fullmatch=True),
    )
    pairs = data.draw(
        st.lists(st.tuples(st.builds(str.__add__, name, modifier), value), max_size=4).filter(
            lambda each: all(not any("\ud800" <= sign <= "\udfff" for sign in "".join(pair)) for pair in each)
        )
    )
    answer = site.test_client(use_cookies=False).get(f"/fhir/{kind}?{urlencode(pairs)}")
    assert answer.status_code in (200, 400, 406), answer.text
    told = json.loads(answer.data) if answer.content_type.startswith("application/fhir+json") else None
    assert told is None or told["resourceType"] == ("Bundle" if answer.status_code == 200 else "OperationOutcome")
