"""The JSON interface: it says what the pages say, refuses what they refuse, and tells nothing else."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, delete, event, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.http import http_date
from werkzeug.test import TestResponse

from config import Config
from directory import changes
from directory.api.problems import GONE, HEALTH_IN_ADDRESS, KINDS
from directory.app import DirectoryApp, create_app
from directory.credentials.models import Credential, Indemnity
from directory.crypto import keyring
from directory.entries import service as entries
from directory.jurisdictions import service as jurisdictions
from directory.practitioners import queries as people
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.publication import service as publication
from directory.screening.terms import RedFlag
from tests.web import population, ready
from tests.web.client import Client
from tests.web.conftest import Clock

API = "/api/v1"
HERE = f"{API}/search?place=97214"


def get(client: Client, path: str, status: int = 200, **headers: str) -> TestResponse:
    """The answer to a GET, of this status."""
    answer = client.inner.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def send(client: Client, body: Any, status: int = 200, **options: Any) -> TestResponse:
    """The answer to a search by POST, of this status."""
    sent = {"json": body} if not isinstance(body, (str, bytes)) else {"data": body, "content_type": "application/json"}
    answer = client.inner.post(f"{API}/search", **sent | options)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def faults(answer: TestResponse) -> dict[str, str]:
    """What is wrong, by parameter or pointer."""
    assert answer.mimetype == "application/problem+json"
    told = json.loads(answer.get_data())
    assert told["status"] == answer.status_code
    assert told["type"] == "about:blank" or told["type"].rpartition("#refused-")[2] in KINDS
    assert told["request_id"] == answer.headers["X-Request-ID"]
    return {each.get("parameter") or each["pointer"]: each["detail"] for each in told["errors"]}


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def own(config: Config, tmp_path: Path) -> Iterator[tuple[DirectoryApp, Clock]]:
    """A site of one's own, with everybody in the ledger."""
    keyring.install(config.encryption_keys)
    engine = ready.with_population(f"sqlite:///{tmp_path / 'site.db'}")
    with Session(engine) as session:
        entries.catch_up(session, now=population.NOW)
        session.commit()
    clock = Clock()
    yield create_app(replace(config, var_dir=tmp_path), engine=engine, clock=clock), clock
    engine.dispose()


# --- searching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more", ["", "&preset=nearest", "&leaning=90", "&radius=5", "&language=es", "&max_price=80", "&accepting=yes"]
)
def test_a_search_lists_whom_the_page_lists_in_its_order(client: Client, more: str) -> None:
    page = client.get(f"/search?place=97214{more}")
    told = get(client, f"{HERE}{more}").json
    assert [each["slug"] for each in told["matches"]] == page.slugs()
    assert urlsplit(told["links"]["page"]).path == "/search"


def test_the_points_of_every_result_add_up_and_are_those_of_the_page(client: Client) -> None:
    told = get(client, f"{HERE}&limit=50").json
    assert math.isclose(math.fsum(each["weight"] for each in told["weights"]), 1.0, abs_tol=1e-5)
    for match in told["matches"]:
        reason = match["explanation"]
        assert round(sum(part["points"] for part in reason["parts"]), 3) == reason["points"]
        for part in reason["parts"]:
            assert part["points"] == pytest.approx(part["value"] * part["weight"], abs=0.00051)
            assert part["part"]["said"]
        assert "not a rating" in reason["heading"]
    shown = client.get("/search?place=97214").words()
    for part in told["matches"][0]["explanation"]["parts"]:
        assert part["why"] in shown


def test_what_was_checked_and_what_is_their_own_word_stand_apart(client: Client) -> None:
    told = get(client, f"{HERE}&limit=50").json
    for match in [*told["matches"], *told["newcomers"]]:
        assert match["fictional"] is True
        assert {each["mark"] for each in match["known"]["checked"]} <= {"checked", "shown"}
        assert {each["mark"] for each in match["known"]["stated"]} <= {"stated", "missing", "ask"}
        assert (
            "Oregon acupuncture license active" in [each["said"] for each in match["known"]["checked"]]
            or match["notes"]
        )
    assert "We check papers, not skill or results." in told["limits"]
    assert told["made_for"] == "Pregnant: not answered yet"


def test_what_else_may_be_asked_is_said_in_words_and_counted(client: Client) -> None:
    told = {each["parameter"]: each["counts"] for each in get(client, HERE).get_json()["facets"]}
    assert {"language", "technique", "step_free", "accepting"} <= told.keys()
    words = client.get("/search?place=97214").words()
    for parameter, counts in told.items():
        for each in counts:
            assert each["said"] in words, f"{parameter}: {each['said']}"
            answer = get(client, f"{HERE}&{parameter}={each['value']}").get_json()
            assert answer["total"] == each["count"]


def test_every_page_of_a_list_follows_from_the_one_before(client: Client) -> None:
    address, found = f"{HERE}&limit=9", []
    while address:
        told = get(client, address).json
        assert told["total"] == 55
        assert (told["newcomers"] == []) is bool(found) or not found
        found += [each["slug"] for each in told["matches"]]
        address = (told["links"]["next"] or "").removeprefix("http://127.0.0.1")
    assert len(found) == len(set(found)) == 55


def test_a_whole_number_is_whole_however_it_is_written(client: Client) -> None:
    told = [send(client, f'{{"place": "97214", "limit": {limit}, "radius": {radius}}}').get_json()
            for limit, radius in (("3", "20"), ("3.0", "20.0"), ("30e-1", "2e1"))]  # fmt: skip
    assert len(told[0]["matches"]) == 3
    assert told[0] == told[1] == told[2]


def test_a_body_asks_the_same_and_its_pages_follow_too(client: Client) -> None:
    body: dict[str, Any] = {"place": "97214", "limit": 20, "about": {"pregnancy": "yes", "weeks": 20}}
    found, pages = [], 0
    while pages < 10:
        told = send(client, body).json
        pages += 1
        found += [each["slug"] for each in told["matches"]]
        if told["next_page"] is None:
            break
        body["page"] = told["next_page"]
    assert len(found) == len(set(found)) == told["total"] == 12
    plain = send(client, {"place": "97214", "language": ["es"], "max_price": 80, "step_free": False}).json
    by_get = get(client, f"{HERE}&language=es&max_price=80").json
    assert [each["slug"] for each in plain["matches"]] == [each["slug"] for each in by_get["matches"]]


def test_pregnancy_is_a_gate_and_every_answer_says_for_whom_it_was_made(client: Client) -> None:
    def told(**about: Any) -> Any:
        return send(client, {"place": "97214", "about": about}).json

    assert told(pregnancy="yes", weeks=20)["made_for"] == "Pregnant: yes, 20 weeks today"
    assert told(pregnancy="no")["made_for"] == "Pregnant: no"
    assert told(pregnancy="maybe")["total"] < told(pregnancy="no")["total"]
    unknown = told(pregnancy="yes")
    assert [each["slug"] for each in unknown["matches"]] == ["whole-pregnancy"]
    assert unknown["without_pregnancy"] > 0
    assert "pregnancy" in [each["part"]["code"] for each in unknown["weights"]]


@pytest.mark.parametrize("sign", list(RedFlag))
def test_a_sign_that_cannot_wait_gives_numbers_and_nobody_else(client: Client, sign: str) -> None:
    told = send(client, {"place": "97214", "about": {"pregnancy": "yes", "signs": [sign]}}).json
    assert (told["matches"], told["newcomers"], told["relaxations"], told["total"]) == ([], [], [], 0)
    assert told["stop"]["code"] == ("talk" if sign == "thoughts_of_self_harm" else "help")
    assert told["stop"]["call"][0]["number"] == "911"


def test_nobody_fits_and_what_would_be_is_told(client: Client) -> None:
    told = get(client, f"{HERE}&radius=5&max_price=1").json
    assert (told["total"], told["matches"]) == (0, [])
    assert told["relaxations"][0]["matches"]
    assert {each["wish"] for each in told["relaxations"]} <= {None, "max_price", "all"}
    closed = get(client, f"{API}/search?place=Paris, France").json
    assert closed["stop"]["code"] == "jurisdiction_unknown"
    assert closed["stop"]["said"]


def test_a_hidden_home_is_nowhere_but_in_its_area(client: Client) -> None:
    for address in (f"{HERE}&limit=50", f"{API}/practitioners/hidden-home"):
        answer = get(client, address)
        assert "Secret Lane" not in answer.get_data(as_text=True)
    person = answer.json["practitioner"]
    assert person["places"][0]["point"]["precision"] != "exact"
    match = next(each for each in get(client, f"{HERE}&limit=50").json["matches"] if each["slug"] == "hidden-home")
    assert match["point"] == person["places"][0]["point"]
    assert match["mode"]["code"] == "home_visit" or match["distance"]["about"]


# --- health facts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pregnancy", "weeks", "due", "age", "conditions", "signs", "about", "PREGNANT"])
def test_a_health_fact_in_an_address_is_refused_and_the_way_is_shown(client: Client, name: str) -> None:
    told = faults(get(client, f"{HERE}&{name}=12", 422))
    assert "POST /api/v1/search" in told[name]


def test_what_was_told_stands_in_no_log_no_address_and_no_token(client: Client) -> None:
    about = {"pregnancy": "yes", "due": "2027-04-15", "age": 17, "conditions": ["epilepsy"], "needles": "nervous"}
    with capture_logs() as lines:
        told = send(client, {"place": "97214", "limit": 1, "about": about})
        send(client, {"place": "97214", "about": about | {"due": "2020-01-01"}}, 422)
    logged = json.dumps([{name: line[name] for name in line if name != "ms"} for line in lines], default=str)
    addresses = json.dumps([told.json["links"], told.json["next_page"]])
    for word in ("2027-04-15", "17", "epilepsy", "nervous", "2020-01-01"):
        assert word not in logged.replace(told.headers["X-Request-ID"], "")
        assert word not in addresses or word == "17"
    assert "97214" not in logged
    assert told.headers["Cache-Control"] == "private, no-store"
    other = send(client, {"place": "97214", "limit": 1, "about": {"pregnancy": "no"}}).json
    assert other["links"] == told.json["links"]


# --- one person, one place -------------------------------------------------------------------------------------------


def test_a_practitioner_is_told_as_the_profile_tells_them(client: Client) -> None:
    told = get(client, f"{API}/practitioners/whole-pregnancy").json
    person, shown = told["practitioner"], client.get("/practitioners/whole-pregnancy").words()
    assert (person["name"], person["fictional"]) == ("Whole Pregnancy", True)
    for claim in [*person["papers"]["checked"], *person["rls"]["checked"], *person["pregnancy"]["stated"]]:
        assert claim["said"] in shown
    assert {each["mark"] for each in person["papers"]["checked"]} <= {"checked", "shown"}
    assert {each["mark"] for each in person["papers"]["stated"]} <= {"stated", "missing", "ask"}
    assert told["limits"] == "We check papers, not skill or results."
    (place,) = person["places"]
    assert get(client, f"{API}/practice-places/{place['id']}").json["place"] == place
    assert "@" not in json.dumps(told)


def test_orders_are_told_before_anything_else(client: Client) -> None:
    person = get(client, f"{API}/practitioners/under-order").json["practitioner"]
    assert any("probation" in note for note in person["notes"])
    assert any("probation" in note for note in person["places"][0]["notes"])


@pytest.mark.parametrize(
    ("slug", "status"),
    [
        ("not-published", 404),
        ("under-a-ban", 410),
        ("lapsed-yesterday", 410),
        ("nobody-at-all", 404),
        ("%00", 404),
        ("x" * 300, 404),
    ],
)
def test_who_may_not_be_shown_is_not(client: Client, slug: str, status: int) -> None:
    answer = get(client, f"{API}/practitioners/{slug}", status)
    assert faults(answer) == {}
    assert "Lapsed" not in answer.get_data(as_text=True)


def test_who_was_hidden_since_is_gone_and_so_is_their_place(own: tuple[DirectoryApp, Clock]) -> None:
    app, _ = own
    visitor = Client(app)
    place = get(visitor, f"{API}/practitioners/whole-pregnancy").json["practitioner"]["places"][0]["id"]
    with Session(app.database.engine) as session:
        someone = people.by_slug(session, "whole-pregnancy").id
        publication.hold(session, someone, now=population.NOW)
        session.commit()
    get(visitor, f"{API}/practitioners/whole-pregnancy", 410)
    get(visitor, f"{API}/practice-places/{place}", 410)
    with Session(app.database.engine) as session:
        session.execute(delete(PracticePlace).where(PracticePlace.id == place))
        changes.record(session, someone)
        session.commit()
    get(visitor, f"{API}/practice-places/{place}", 410)
    for unknown in ("999999", "99999999999999999999999"):
        get(visitor, f"{API}/practice-places/{unknown}", 404)


# --- the rest --------------------------------------------------------------------------------------------------------


def test_a_text_is_a_place_or_several_or_none(client: Client) -> None:
    found = get(client, f"{API}/places?text=97214").json
    assert found["found"]["jurisdiction"] == "US-OR"
    several = get(client, f"{API}/places?text=Portland").json
    assert several["found"] is None
    choice = several["suggestions"][0]["query"]
    assert get(client, f"{API}/places", 422).status_code == 422
    assert client.inner.get(f"{API}/places", query_string={"text": choice}).json["found"] is not None
    assert get(client, f"{API}/places?text=Qwxzvtown").json["found"] is None


def test_jurisdictions_are_told_with_their_registers(client: Client) -> None:
    every = get(client, f"{API}/jurisdictions").json["jurisdictions"]
    oregon = next(each for each in every if each["code"] == "US-OR")
    assert oregon["kept_by"] == "Oregon Medical Board"
    assert get(client, f"{API}/jurisdictions/US-OR").json["jurisdiction"] == oregon
    assert faults(get(client, f"{API}/jurisdictions/US-XX", 404)) == {}


def test_accuracy_is_what_its_own_page_says(client: Client) -> None:
    told, same = get(client, f"{API}/accuracy").json, client.inner.get("/accuracy/figures.json").json
    assert told["measured_on"] == same["measured_on"]
    assert told["patients"] == same["patients"]
    assert {each["name"]: each["said"] for each in told["definitions"]} == same["definitions"]


# --- what cannot be used ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", "place"),
        ("place=97214&nonsense=1", "nonsense"),
        ("place=97214&place=10001", "place"),
        ("place=97214&radius=-1", "radius"),
        ("place=97214&radius=1e9", "radius"),
        ("place=97214&radius=" + "9" * 400, "radius"),
        ("place=97214&radius=NaN", "radius"),
        ("place=97214&limit=0", "limit"),
        ("place=97214&limit=51", "limit"),
        ("place=97214&limit=99999999999999999999", "limit"),
        ("place=97214&mode=teleport", "mode"),
        ("place=97214&preset=own", "preset"),
        ("place=97214&preset=nearest&leaning=3", "leaning"),
        ("place=97214&weights=rls:0", "weights"),
        ("place=97214&technique=surgery", "technique"),
        ("place=97214&language=tlh", "language"),
        ("place=97214&payer=%00", "payer"),
        ("place=97214&accepting=maybe", "accepting"),
        ("place=Portland", "place"),
        ("place=" + "x" * 500, "place"),
        ("place=91,181", "place"),
        ("place=%ff%fe", "place"),
        ("place=97214&page=altered", "page"),
        ("place=97214&page=20261123.AAAA.BBBB", "page"),
    ],
)
def test_whatever_cannot_be_used_is_named(client: Client, query: str, named: str) -> None:
    assert named in faults(get(client, f"{API}/search?{query}", 422))


def test_a_page_token_is_good_for_its_own_search_only_and_for_a_while(own: tuple[DirectoryApp, Clock]) -> None:
    app, clock = own
    visitor = Client(app)
    token = get(visitor, f"{HERE}&limit=5").json["next_page"]
    assert get(visitor, f"{HERE}&limit=5&page={token}").json["matches"]
    for altered in (token[:-1] + ("a" if token[-1] != "a" else "b"), "9" + token[1:], token + "a", token[:-1]):
        assert "page" in faults(get(visitor, f"{HERE}&page={altered}", 422))
    assert "page" in faults(get(visitor, f"{HERE}&language=es&page={token}", 422))
    assert "#/page" in faults(send(visitor, {"place": "10001", "page": token}, 422))
    clock.now += timedelta(days=20)
    assert "page" in faults(get(visitor, f"{HERE}&page={token}", 422))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/place"),
        ({"place": 97214}, "#/place"),
        ({"place": ""}, "#/place"),
        ({"place": "Portland"}, "#/place"),
        ({"place": "97214", "radius": "5"}, "#/radius"),
        ({"place": "97214", "radius": 1e300}, "#/radius"),
        ({"place": "97214", "radius": 0.00001}, "#/radius"),
        ({"place": "97214", "limit": True}, "#/limit"),
        ({"place": "97214", "a/b~c": 1}, "#/a~1b~0c"),
        ({"place": "97214", "technique": ["surgery"]}, "#/technique"),
        ({"place": "97214", "about": {"pregnancy": "perhaps"}}, "#/about/pregnancy"),
        ({"place": "97214", "about": {"pregnancy": "maybe", "weeks": 12}}, "#/about/pregnancy"),
        ({"place": "97214", "about": {"pregnancy": "yes", "weeks": 99}}, "#/about/weeks"),
        ({"place": "97214", "about": {"pregnancy": "yes", "due": "soon"}}, "#/about/due"),
        ({"place": "97214", "about": {"pregnancy": "yes", "due": "2019-01-01"}}, "#/about/due"),
        ({"place": "97214", "about": {"pregnancy": "yes", "due": "2027-02-31"}}, "#/about/due"),
        ({"place": "97214", "about": {"due": ""}}, "#/about/due"),
        ({"place": "97214", "about": {"weeks": 12}}, "#/about/pregnancy"),
        ({"place": "97214", "about": {"due": "2027-04-15"}}, "#/about/pregnancy"),
        ({"place": "97214", "about": {"pregnancy": "no", "weeks": 12}}, "#/about/pregnancy"),
        ({"place": "97214", "about": {"conditions": ["unknown"]}}, "#/about/conditions"),
        ({"place": "97214", "about": {"signs": ["unknown"]}}, "#/about/signs"),
        ({"place": "97214", "about": {"age": -1}}, "#/about/age"),
        ([], "#"),
        (None, "#"),
    ],
)
def test_a_value_of_a_body_that_cannot_be_used_is_pointed_at(client: Client, body: Any, pointer: str) -> None:
    assert pointer in faults(send(client, json.dumps(body), 422))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "\ufeff{}",
        '{"place": NaN}',
        '{"place": "97214", "radius": 1e999}',
        '{"place": "97214", "place": "10001"}',
        '{"place": "\\ud800"}',
        '{"place": "97214", "limit": ' + "9" * 5000 + "}",
        "[" * 5000 + "]" * 5000,
        '{"a":' * 30 + "1" + "}" * 30,
        b'{"place": "\xff"}',
    ],
    ids=range(11),
)
def test_a_body_that_is_no_json_is_refused_before_anything_is_made_of_it(client: Client, body: str | bytes) -> None:
    answer = send(client, body, 400)
    assert faults(answer) == {}


def test_a_body_of_another_kind_or_too_large_is_refused(client: Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""):
        answer = client.inner.post(f"{API}/search", data=b"place=97214", content_type=kind)
        assert (answer.status_code, answer.mimetype) == (415, "application/problem+json"), kind
    packed = client.inner.post(
        f"{API}/search", data=b"x", content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    assert packed.status_code == 415
    send(client, '{"place": "' + "x" * 70_000 + '"}', 413)


def test_a_kind_of_refusal_leads_to_what_it_means(client: Client) -> None:
    refused = {
        HEALTH_IN_ADDRESS: get(client, f"{HERE}&pregnancy=yes", 422),
        "unusable": get(client, f"{HERE}&radius=far", 422),
        "unreadable": send(client, "{", 400),
        "not-acceptable": get(client, HERE, 406, Accept="application/xml, application/json;q=0"),
        "unknown-key": get(client, HERE, 401, Authorization="Bearer nothing"),
        GONE: get(client, f"{API}/practitioners/lapsed-yesterday", 410),
    }
    page = client.get("/api")
    for kind, answer in refused.items():
        address = urlsplit(json.loads(answer.get_data())["type"])
        assert (address.path, address.fragment) == ("/api", f"refused-{kind}")
        assert any(each.get("id") == address.fragment for each in page.all("dt"))
        assert KINDS[kind] in page.words()
    assert json.loads(get(client, f"{API}/nowhere", 404).get_data())["type"] == "about:blank"


@pytest.mark.parametrize(
    "accepts",
    [
        "*/*",
        "application/*",
        "text/html, application/json;q=0.1",
        "",
        "text/html, */*",
        "application/json; charset=utf-8",
        "Application/JSON;odata=verbose, text/plain",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "application/*;q=0, application/json",
    ],
)
def test_whoever_can_read_json_gets_it(client: Client, accepts: str) -> None:
    assert get(client, f"{API}/jurisdictions", Accept=accepts).mimetype == "application/json"


@pytest.mark.parametrize(
    "accepts", ["text/html", "application/json;q=0.0, */*", "application/json; Q=0", "*/*;q=.0", "application/xml, ,;"]
)
def test_whoever_cannot_is_told_so(client: Client, accepts: str) -> None:
    assert faults(get(client, f"{API}/jurisdictions", 406, Accept=accepts)) == {}


def test_other_addresses_and_ways_are_refused_in_kind(client: Client) -> None:
    for path in (f"{API}/nowhere", "/api/v9/search", f"{API}/"):
        assert faults(get(client, path, 404)) == {}
    answer = client.inner.delete(f"{API}/search?place=97214")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
    assert client.inner.get("/api", headers={"Host": "evil.example"}).status_code == 400
    assert client.inner.get(f"{API}/accuracy", headers={"Host": "evil.example"}).mimetype == "application/problem+json"


# --- recognising answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        HERE,
        f"{API}/practitioners/whole-pregnancy",
        f"{API}/practice-places/1",
        f"{API}/places?text=97214",
        f"{API}/jurisdictions",
        f"{API}/accuracy",
        f"{API}/openapi.json",
    ],
)
def test_who_has_an_answer_already_is_told_so(client: Client, path: str) -> None:
    first = get(client, path)
    again = get(client, path, 304, If_None_Match=f'"other", {first.headers["ETag"]}')
    assert again.get_data() == b""
    assert again.headers["ETag"].removeprefix("W/") == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "public, no-cache"
    packed = get(client, path, Accept_Encoding="gzip")
    get(client, path, 304, If_None_Match=packed.headers["ETag"], Accept_Encoding="gzip")
    get(client, path, 200, If_None_Match='"other"')
    british = get(client, path, Accept_Language="en-GB")
    assert british.headers["ETag"] != first.headers["ETag"] or british.get_data() == first.get_data()
    head = client.inner.head(path)
    assert (head.status_code, head.get_data(), head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def test_an_answer_is_another_one_as_soon_as_somebody_changes(own: tuple[DirectoryApp, Clock]) -> None:
    app, clock = own
    visitor, engine = Client(app), app.database.engine
    mine, others = f"{API}/practitioners/whole-pregnancy", f"{API}/practitioners/practitioner-01"
    tags = {path: get(visitor, path).headers["ETag"] for path in (mine, others, HERE)}
    changed_at = get(visitor, mine).headers["Last-Modified"]
    with Session(engine) as session:
        someone = people.by_slug(session, "whole-pregnancy").id
        session.get_one(Practitioner, someone).words = "Each needle is explained."
        changes.record(session, someone)
        session.commit()
    answer = get(visitor, mine, 200, If_None_Match=tags[mine])
    assert answer.json["practitioner"]["words"] == "Each needle is explained."
    assert "Last-Modified" not in answer.headers, "nobody has noted yet when it changed"
    get(visitor, others, 304, If_None_Match=tags[others])
    get(visitor, HERE, 200, If_None_Match=tags[HERE])
    clock.now += timedelta(minutes=2)
    with Session(engine) as session:
        assert entries.catch_up(session, now=clock.now) == 1
        session.commit()
    noted = get(visitor, mine, 200, If_None_Match=answer.headers["ETag"])
    assert noted.headers["Last-Modified"] > changed_at
    get(visitor, others, 304, If_None_Match=tags[others])


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (Credential.practitioner_id, {"evidence_url": "https://example.org/new"}),
        (Indemnity.practitioner_id, {"insurer": "Another"}),
    ],
)
def test_what_is_told_of_a_paper_or_an_insurance_is_noted_as_a_change(
    own: tuple[DirectoryApp, Clock], where: Any, what: dict[str, str]
) -> None:
    app, clock = own
    visitor = Client(app)
    path = f"{API}/practitioners/whole-pregnancy"
    known = get(visitor, path)
    with Session(app.database.engine) as session:
        someone = people.by_slug(session, "whole-pregnancy").id
        session.execute(update(where.class_).where(where == someone).values(what))
        changes.record(session, someone)
        session.commit()
        clock.now += timedelta(minutes=2)
        assert entries.catch_up(session, now=clock.now) == 1
        session.commit()
    assert get(visitor, path, 200, If_None_Match=known.headers["ETag"]).get_data() != known.get_data()


@pytest.mark.parametrize("path", [f"{API}/practitioners/whole-pregnancy", f"{API}/practice-places/1"])
def test_who_kept_only_the_instant_is_told_when_it_is_the_same(own: tuple[DirectoryApp, Clock], path: str) -> None:
    visitor = Client(own[0])
    changed_at = get(visitor, path).headers["Last-Modified"]
    assert get(visitor, path, 304, If_Modified_Since=changed_at).get_data() == b""
    get(visitor, path, 200, If_Modified_Since=changed_at, If_None_Match='"other"')
    for other in ("Mon, 01 Jan 2001 00:00:00 GMT", "yesterday", ""):
        get(visitor, path, 200, If_Modified_Since=other)


def test_who_may_not_be_shown_any_more_by_another_rule_is_not_told_as_unchanged(
    own: tuple[DirectoryApp, Clock],
) -> None:
    app, clock = own
    visitor = Client(app)
    path = f"{API}/practitioners/whole-pregnancy"
    known = get(visitor, path)
    place = known.json["practitioner"]["places"][0]
    with Session(app.database.engine) as session:
        jurisdictions.hide(session, place["jurisdiction"], reason="A court said so.", by=None, now=clock.now)
        session.commit()
    for each in (path, f"{API}/practice-places/{place['id']}"):
        get(visitor, each, 410, If_Modified_Since=known.headers["Last-Modified"])
        get(visitor, each, 410, If_None_Match=known.headers["ETag"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("practitioners/whole-pregnancy", 200),
        ("practitioners/lapsed-yesterday", 410),
        ("jurisdictions/US-ZZ", 404),
    ],
)
def test_a_star_instead_of_a_tag_hides_nothing(client: Client, path: str, status: int) -> None:
    get(client, f"{API}/{path}", status, If_None_Match="*")


def test_who_lapses_while_nobody_looks_is_not_told_as_unchanged(own: tuple[DirectoryApp, Clock]) -> None:
    app, clock = own
    visitor = Client(app)
    paths = (f"{API}/practitioners/whole-pregnancy", f"{API}/practice-places/1", HERE, f"{API}/jurisdictions")
    known = {path: get(visitor, path).headers for path in paths}
    place = get(visitor, paths[0]).json["practitioner"]["places"][0]["id"]
    known[f"{API}/practice-places/{place}"] = get(visitor, f"{API}/practice-places/{place}").headers
    clock.now += timedelta(days=400)
    for noted in (False, True):
        if noted:
            with Session(app.database.engine) as session:
                assert entries.catch_up(session, now=clock.now)
                session.commit()
        for path, headers in known.items():
            status = 410 if path != HERE and "jurisdictions" not in path else 200
            get(visitor, path, status, If_None_Match=headers["ETag"])
            if status == 410:
                get(visitor, path, 410, If_Modified_Since=headers["Last-Modified"])
                get(visitor, path, 410, If_Modified_Since=http_date(clock.now))


def test_reading_is_cheap_and_recognising_cheaper(own: tuple[DirectoryApp, Clock]) -> None:
    app, _ = own
    visitor, engine = Client(app), app.database.engine
    path = f"{API}/practitioners/whole-pregnancy"
    tag = get(visitor, path).headers["ETag"]
    found = get(visitor, HERE).headers["ETag"]
    with statements(engine) as said:
        get(visitor, path, 304, If_None_Match=tag)
    assert len(said) <= 2
    with statements(engine) as said:
        get(visitor, path)
    assert len(said) <= 9
    with statements(engine) as said:
        get(visitor, HERE, 304, If_None_Match=found)
    assert len(said) <= 3
    with statements(engine) as said:
        get(visitor, HERE)
    assert len(said) <= 6


# --- other sites, and cookies ----------------------------------------------------------------------------------------


def test_pages_of_other_sites_may_read_and_nothing_else(client: Client) -> None:
    for path, status in ((HERE, 200), (f"{API}/practitioners/nobody-at-all", 404), (f"{API}/openapi.json", 200)):
        answer = get(client, path, status, Origin="https://charity.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = client.inner.options(
        f"{API}/search", headers={"Origin": "https://charity.example", "Access-Control-Request-Method": "POST"}
    )
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "RateLimit" not in asked.headers, "asking before is not counted"
    sent = send(client, {"place": "97214"}, headers={"Origin": "https://charity.example"})
    assert "Access-Control-Allow-Origin" not in sent.headers
    assert "Access-Control-Allow-Origin" not in client.inner.get("/api").headers


def test_no_cookie_is_read_or_set(client: Client) -> None:
    plain = get(client, HERE)
    client.get("/search?place=97214")
    page = client.get("/search?place=97214")
    client.submit(page, "/search/about-you", {"pregnancy": "yes", "weeks": "12"})
    with_cookies = get(client, HERE)
    assert with_cookies.get_data() == plain.get_data()
    for answer in (plain, with_cookies, get(client, f"{API}/nowhere", 404), send(client, {"place": "97214"})):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in str(answer.headers.getlist("Vary"))
