"""The feed of newly listed people: valid Atom, only of whoever is shown, and no recommendation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from config import Config
from directory.app import create_app
from directory.crypto import keyring
from directory.entries import service as entries
from directory.practitioners import queries as people
from tests.web import population, ready
from tests.web.client import Client
from tests.web.conftest import Clock

ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(client: Client, where: str = "") -> Element:
    """The feed, which must be as RFC 4287, 4.1 wants it."""
    answer = client.inner.get(f"/feeds/newly-checked{where}.atom", base_url="http://localhost")
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.get_data())
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    for each in (feed, *feed.iter(f"{ATOM}entry")):
        for required in ("id", "title", "updated"):
            assert len(each.findall(ATOM + required)) == 1
        assert INSTANT.fullmatch(each.findtext(f"{ATOM}updated") or "")
        assert [link for link in each.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    ids = [each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    assert max(each.text or "" for each in feed.iter(f"{ATOM}updated")) == feed.findtext(f"{ATOM}updated")
    return feed


def slugs(feed: Element) -> list[str]:
    return [(each.findtext(f"{ATOM}id") or "").rpartition("/")[2] for each in feed.iter(f"{ATOM}entry")]


def entry(feed: Element, slug: str) -> Element:
    return next(each for each in feed.iter(f"{ATOM}entry") if (each.findtext(f"{ATOM}id") or "").endswith(f"/{slug}"))


def test_who_is_shown_stands_in_it_with_what_was_checked(client: Client) -> None:
    feed = read(client)
    assert not {"lapsed-yesterday", "under-a-ban", "not-published"} & set(slugs(feed))
    assert len(slugs(feed)) == 50
    said = entry(feed, "whole-pregnancy").findtext(f"{ATOM}summary") or ""
    assert said.startswith("Licensed Acupuncturist, Portland, Oregon. Listed since November 14, 2026.")
    assert "Oregon acupuncture license active, checked with Oregon Medical Board on November 3, 2026." in said
    assert "We check papers, not skill or results." in said
    assert "Fictional person" in said
    assert "no recommendation" in (feed.findtext(f"{ATOM}subtitle") or "")
    assert not re.search(r"restless|\brls\b|pregnan(?!cy$)|verified", said.casefold())


def test_it_says_whose_it_is_and_what_may_be_done_with_it(client: Client, config: Config) -> None:
    feed = read(client)
    assert feed.findtext(f"{ATOM}author/{ATOM}uri") == config.site_url
    assert "CC BY 4.0" in (feed.findtext(f"{ATOM}rights") or "")
    links = {each.get("rel"): each.get("href") or "" for each in feed.findall(f"{ATOM}link")}
    assert links["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert links["self"] == f"{config.site_url}/feeds/newly-checked.atom"


def test_programs_of_any_site_read_it_and_learn_when_it_changed(client: Client) -> None:
    client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes"})
    answer = client.inner.get("/feeds/newly-checked.atom")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    updated = ElementTree.fromstring(answer.get_data()).findtext(f"{ATOM}updated") or ""
    assert answer.last_modified == datetime.fromisoformat(updated)


def test_names_of_any_kind_are_text(client: Client) -> None:
    titles = {each.findtext(f"{ATOM}title") for each in read(client).iter(f"{ATOM}entry")}
    assert {population.HTML_NAME, population.RTL_NAME, population.LONG_NAME.strip()} <= titles


def test_a_jurisdiction_has_a_feed_of_its_own(client: Client) -> None:
    assert "whole-pregnancy" in slugs(read(client, "/US-OR"))
    assert slugs(read(client, "/GB-SCT")) == []
    for unknown in ("XX", "us-or", "US-OR%00", "..%2f"):
        client.get(f"/feeds/newly-checked/{unknown}.atom", 404)


def test_every_page_names_the_feed(client: Client) -> None:
    links = [each for each in client.get("/about").all("link") if each.get("type") == "application/atom+xml"]
    assert [each.get("href") for each in links] == ["/feeds/newly-checked.atom"]


def test_who_has_it_need_not_read_it_again(client: Client, shared_clock: Clock) -> None:
    tag = client.inner.get("/feeds/newly-checked.atom").headers["ETag"]
    again = {"If-None-Match": tag}
    assert client.inner.get("/feeds/newly-checked.atom", headers=again).status_code == 304
    assert client.inner.get("/feeds/newly-checked/US-OR.atom", headers=again).status_code == 200
    shared_clock.now = population.NOW + timedelta(days=1)
    assert client.inner.get("/feeds/newly-checked.atom", headers=again).status_code == 200


@pytest.fixture
def engine(config: Config, tmp_path: Path) -> Iterator[Engine]:
    keyring.install(config.encryption_keys)
    engine = ready.with_population(f"sqlite:///{tmp_path / 'site.db'}")
    yield engine
    engine.dispose()


def test_whoever_the_ledger_saw_last_comes_first(config: Config, engine: Engine, tmp_path: Path) -> None:
    clock = Clock()
    with Session(engine) as session:
        entries.catch_up(session, now=population.NOW)
        session.commit()
    clock.now = population.NOW + timedelta(hours=5)
    with Session(engine) as session:
        newcomer = population.Someone(name="Newest Of All")
        population._settle(session, newcomer)
        session.commit()
        entries.catch_up(session, now=clock.now)
        session.commit()
        assert people.by_slug(session, "newest-of-all").published_at != clock.now
    client = Client(create_app(replace(config, var_dir=tmp_path), engine=engine, clock=clock))
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0].upper() in ("SELECT", "WITH"):
            statements.append(statement)

    client.get("/search?place=97214")
    event.listen(engine, "before_cursor_execute", note)
    feed = read(client)
    event.remove(engine, "before_cursor_execute", note)
    assert len(statements) <= 7, statements
    assert slugs(feed)[0] == "newest-of-all"
    assert entry(feed, "newest-of-all").findtext(f"{ATOM}published") == f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"
