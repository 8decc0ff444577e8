"""What holds for every answer: headers, cookies, tokens, transactions, logs and error pages."""

from __future__ import annotations

import dataclasses
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.exceptions import TooManyRequests

from config import Config
from directory import errors
from directory.app import DirectoryApp, create_app
from directory.http import access, headers
from directory.http.access import Access, UnlistedRoute
from directory.http.headers import ALWAYS, OF_DOCUMENTS
from directory.http.site import session as own_session
from directory.practitioners.models import Language
from tests.web import ready, routes, templates
from tests.web.client import Client

PAGES = [
    "/",
    "/search?place=97214",
    "/search?place=",
    "/practitioners/whole-pregnancy",
    "/about",
    "/nowhere",
    "/healthz",
]


@pytest.fixture
def production(config: Config, town: Engine) -> Client:
    """The same site with production's rules for cookies and headers."""
    settings = dataclasses.replace(
        config, environment="production", site_url="https://directory.example", trusted_hosts=("directory.example",)
    )
    return Client(create_app(settings, engine=town), base="https://directory.example")


# --- headers and cookies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/static/site.css"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    with client.inner.get(path) as answer:
        pass
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value
    for name, value in OF_DOCUMENTS.items():
        assert answer.headers.get(name) == (value if answer.mimetype == "text/html" else None)
    assert len(answer.headers["X-Request-ID"]) == 16
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Server" not in answer.headers


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in headers.CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in headers.CONTENT_SECURITY_POLICY
    assert "http" not in headers.CONTENT_SECURITY_POLICY


def test_in_production_cookies_are_bound_to_the_host_and_to_tls(production: Client) -> None:
    first = production.get("/")
    assert first.response.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    sent = production.submit(first, "/", {"place": "97214", "pregnancy": "maybe"})
    cookies = first.response.headers.getlist("Set-Cookie") + sent.response.headers.getlist("Set-Cookie")
    assert {each.partition("=")[0] for each in cookies} == {"__Host-session", "__Host-about_you"}
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
        assert not any(part.startswith("domain") for part in parts)
    assert "first three months" in production.follow(sent).words()


@pytest.mark.parametrize("host", ["evil.example", "directory.example.evil.example", "localhost", ""])
def test_another_host_name_is_refused(production: Client, host: str) -> None:
    answer = production.inner.get("/", base_url="https://directory.example", headers={"Host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.data


def test_forwarded_headers_of_strangers_change_nothing(client: Client) -> None:
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Request-ID": "mine"}
    page = client.get("/", headers=lies)
    assert "evil.example" not in page.text
    assert page.response.headers["X-Request-ID"] != "mine"


def test_static_files_are_kept_for_a_year_under_their_fingerprint(client: Client) -> None:
    page = client.get("/")
    sheet = next(each.get("href", "") for each in page.all("link") if each.get("rel") == "stylesheet")
    assert "?v=" in sheet
    with client.inner.get(sheet) as kept:
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in kept.headers
    with client.inner.get("/static/site.css") as plain:
        assert plain.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/search?place=97214", "/search", "/practitioners/whole-pregnancy", "/nowhere"])
def test_pages_with_a_token_a_fact_or_an_error_are_kept_by_nobody(client: Client, path: str) -> None:
    assert client.inner.get(path).headers["Cache-Control"] == "private, no-store"


# --- tokens and sizes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/search/about-you?place=97214", "/search/forget?place=97214"])
def test_a_form_without_its_token_is_refused_kindly(client: Client, path: str) -> None:
    for data in ({"place": "97214"}, {"place": "97214", "csrf_token": "made-up"}):
        answer = client.inner.post(path, data=data)
        assert answer.status_code == 400
        assert "Nothing was changed" in answer.text
        assert "about_you" not in answer.headers.get("Set-Cookie", "")


def test_too_large_and_too_many_are_refused(client: Client) -> None:
    token = client.get("/").fields(client.get("/").form("/"))["csrf_token"]
    large = client.inner.post("/", data={"place": "x" * 70_000, "csrf_token": token})
    many = client.inner.post(
        "/",
        data={"csrf_token": token} | {f"f{number}": "x" for number in range(500)},
        content_type="multipart/form-data",
    )
    assert (large.status_code, many.status_code) == (413, 413)


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/"), ("DELETE", "/search"), ("GET", "/search/forget"), ("PATCH", "/about")]
)
def test_an_address_used_in_another_way_is_refused(client: Client, method: str, path: str) -> None:
    answer = client.inner.open(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"]


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(config: Config, tmp_path: Path) -> Iterator[DirectoryApp]:
    """An application over a database of its own, to which a test may add addresses."""
    engine = ready.with_tables(f"sqlite:///{tmp_path / 'small.db'}")
    app = create_app(config, engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    engine.dispose()


def add(app: Flask, monkeypatch: pytest.MonkeyPatch, view: object, *, writes: bool = False) -> str:
    """Give the application one more address, entered in the inventory."""
    monkeypatch.setattr(access, "INVENTORY", dict(access.INVENTORY) | {"extra": Access(writes=writes)})
    app.add_url_rule("/extra", "extra", view, methods=["GET", "POST"])  # type: ignore[arg-type]
    return "/extra"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound("No such thing."), 404),
        (errors.Gone("It is gone."), 410),
        (errors.InvalidInput("That cannot be.", field="place"), 422),
        (errors.Conflict("Somebody was first."), 409),
        (errors.Unavailable("Away for now."), 503),
        (TooManyRequests(), 429),
        (RuntimeError("secret"), 500),
        (KeyError("secret"), 500),
    ],
)
def test_each_refusal_has_its_status_and_its_page(
    small: DirectoryApp, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def view() -> str:
        raise error

    address = add(small, monkeypatch, view)
    page = Client(small).get(address, status)
    assert "secret" not in page.text
    assert (page.response.headers.get("Retry-After") is not None) == (status == 503)
    if status >= 500:
        assert page.response.headers["X-Request-ID"] in page.words()
    machine = small.test_client().get(address, headers={"Accept": "application/json"})
    assert machine.status_code == status
    assert machine.json is not None
    assert machine.json["status"] == status


# --- transactions ----------------------------------------------------------------------------------------------------


def languages(app: DirectoryApp) -> set[str]:
    with Session(app.database.engine) as session:
        return set(session.scalars(select(Language.code)))


def writer(status: int, *, fail: bool = False) -> object:
    def view() -> tuple[str, int]:
        own_session().add(Language(code="xx", name="Example", autonym="Example"))
        own_session().flush()
        if fail:
            raise errors.Conflict("Somebody was first.")
        return "done", status

    return view


@pytest.mark.parametrize("status", [200, 201, 303])
def test_a_request_that_succeeds_commits_once(
    small: DirectoryApp, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    address = add(small, monkeypatch, writer(status), writes=True)
    assert small.test_client().post(address).status_code == status
    assert "xx" in languages(small)


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_a_request_that_fails_leaves_nothing(small: DirectoryApp, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    address = add(small, monkeypatch, writer(status), writes=True)
    assert small.test_client().post(address).status_code == status
    assert "xx" not in languages(small)


def test_a_refusal_of_the_domain_leaves_nothing(small: DirectoryApp, monkeypatch: pytest.MonkeyPatch) -> None:
    address = add(small, monkeypatch, writer(200, fail=True), writes=True)
    assert small.test_client().post(address).status_code == 409
    assert "xx" not in languages(small)


@pytest.mark.parametrize(("method", "writes"), [("GET", True), ("POST", False)])
def test_what_is_not_said_to_write_never_commits(
    small: DirectoryApp, monkeypatch: pytest.MonkeyPatch, method: str, writes: bool
) -> None:
    address = add(small, monkeypatch, writer(200), writes=writes)
    assert small.test_client().open(address, method=method).status_code == 200
    assert "xx" not in languages(small)


def test_a_commit_that_fails_is_an_error_page(small: DirectoryApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def view() -> str:
        own_session().add(Language(code="en", name="English", autonym="English"))
        own_session().add(Language(code="en", name="English", autonym="English"))
        return "done"

    address = add(small, monkeypatch, view, writes=True)
    Client(small).inner.post(address)
    assert small.test_client().post(address).status_code == 500
    assert "en" not in languages(small)


def test_a_locked_database_answers_503_and_heals(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ready.with_tables(f"sqlite:///{tmp_path / 'locked.db'}", timeout_seconds=1)
    app = create_app(config, engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False
    address = add(app, monkeypatch, writer(200), writes=True)
    with engine.connect() as other:
        other.connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
        assert app.test_client().post(address).status_code == 503
        other.connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]
    assert app.test_client().post(address).status_code == 200
    engine.dispose()


def test_what_is_appended_afterwards_has_a_transaction_of_its_own(
    small: DirectoryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> str:
        def append(own: Session) -> None:
            own.add(Language(code="yy", name="Example", autonym="Example"))

        def fail(own: Session) -> None:
            own.add(Language(code="yy", name="Again", autonym="Again"))

        small.database.afterwards(append)
        small.database.afterwards(fail)
        return "read"

    address = add(small, monkeypatch, view)
    assert small.test_client().get(address).status_code == 200
    assert "yy" in languages(small)


# --- access and logs -------------------------------------------------------------------------------------------------


def test_the_site_does_not_start_with_a_route_nobody_entered(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = dict(access.INVENTORY)
    monkeypatch.setattr(access, "INVENTORY", {name: listed[name] for name in listed if name != "home.ask"})
    with pytest.raises(UnlistedRoute, match=r"not in the access inventory: \['home.ask'\]"):
        create_app(config)
    monkeypatch.setattr(access, "INVENTORY", {**listed, "nowhere": Access()})
    with pytest.raises(UnlistedRoute, match=r"without a route: \['nowhere'\]"):
        create_app(config)


def test_a_route_added_later_without_an_entry_is_not_there(small: DirectoryApp) -> None:
    small.add_url_rule("/later", "later", lambda: "here")
    Client(small).get("/later", 404)


def test_the_log_names_the_route_and_nothing_that_was_asked_or_told(client: Client) -> None:
    with capture_logs() as lines:
        page = client.get("/search?place=97214&radius=13")
        client.submit(page, "/search/about-you", {"pregnancy": "yes", "weeks": "12"})
        client.get("/practitioners/whole-pregnancy?x=secret")
        client.get("/no/such/secret", 404)
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in requests] == [
        ("GET", "/search", 200),
        ("POST", "/search/about-you", 303),
        ("GET", "/practitioners/<slug>", 200),
        ("GET", "(no such page)", 404),
    ]
    assert all(isinstance(line["ms"], float) for line in requests)
    for word in ("97214", "13", "secret", "pregnan", "weeks", "yes"):
        assert word not in " ".join(str(line) for line in lines if line["event"] != "request")
        assert not any(word in str(value) for line in requests for key, value in line.items() if key != "ms")


def test_every_request_has_an_id_of_its_own(client: Client) -> None:
    ids = {client.inner.get("/healthz").headers["X-Request-ID"] for _ in range(20)}
    assert len(ids) == 20
    structlog.contextvars.clear_contextvars()


def test_compiled_templates_are_kept_for_the_next_process_and_only_for_this_user(
    config: Config, town: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates.compile_as_shipped(monkeypatch)
    kept = replace(config, var_dir=tmp_path / "var")
    for _ in range(2):
        answer = create_app(kept, engine=town).test_client().get("/about/ranking")
        assert answer.status_code == 200
    folder = kept.var_dir / "templates"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list(folder.iterdir())) > 2


def test_templates_that_cannot_be_kept_are_shown_all_the_same(
    config: Config, town: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates.compile_as_shipped(monkeypatch)
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "open" / "templates").mkdir(parents=True)
    (tmp_path / "open" / "templates").chmod(0o777)
    for folder in ("file", "open"):
        site = create_app(replace(config, var_dir=tmp_path / folder), engine=town)
        assert site.test_client().get("/about/ranking").status_code == 200
    assert not list((tmp_path / "open" / "templates").iterdir()), "others could put there what we would run"


def test_addresses_compiled_once_are_what_werkzeug_compiles(site: DirectoryApp) -> None:
    for rule in site.url_map.iter_rules():
        for unknown, kept in ((False, rule._build), (True, rule._build_unknown)):
            assert kept.__func__.__code__ == routes._compile(rule, unknown).__code__, rule.rule
