"""What search engines are told: which pages there are, which they leave alone, and where each page lives."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from PIL import Image
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from directory.entries import service as ledger
from directory.search import shown
from directory.web import crawlers
from tests.web import population, ready
from tests.web.client import Client
from tests.web.conftest import Clock

HERE = "http://localhost"
PROTOCOL = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: Client, path: str) -> list[str]:
    answer = client.inner.get(path, base_url=HERE)
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    root = ElementTree.fromstring(answer.get_data())
    return [each.text or "" for each in root.iter(f"{PROTOCOL}loc")]


def paths(client: Client, path: str, config: Config) -> list[str]:
    return [each.removeprefix(config.site_url) for each in addresses(client, path)]


def test_the_index_names_pages_that_are_there_and_they_name_whoever_is_shown(client: Client, config: Config) -> None:
    listed = [each for path in paths(client, "/sitemap.xml", config) for each in paths(client, path, config)]
    assert len(set(listed)) == len(listed)
    people = {each.rpartition("/")[2] for each in listed if each.startswith("/practitioners/")}
    assert {"whole-pregnancy", "hidden-home", "under-order", "closed-list", "from-afar"} <= people
    assert not {"lapsed-yesterday", "under-a-ban", "not-published"} & people
    assert {"/guide/preparing", "/about/ranking", "/data", "/embed", "/api", "/"} <= set(listed)
    for path in listed:
        page = client.get(path)
        assert f'<link rel="canonical" href="{config.site_url}{path}">' in page.text, path
        assert "noindex" not in page.text, path


def test_the_day_of_a_place_ends_an_address(client: Client, shared_clock: Clock, config: Config) -> None:
    before = paths(client, "/sitemap-people-1.xml", config)
    shared_clock.now = population.NOW.replace(year=population.NOW.year + 1)
    after = paths(client, "/sitemap.xml", config)
    assert before
    assert "/sitemap-people-1.xml" not in after, "nobody has said for a year that all is true"
    assert client.get("/sitemap-people-1.xml", 404)


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x"])
def test_there_is_no_page_beyond_the_last(client: Client, number: str) -> None:
    client.get(f"/sitemap-people-{number}.xml", 404)


def test_who_has_the_sitemap_need_not_read_it_again(client: Client) -> None:
    first = client.inner.get("/sitemap-people-1.xml")
    again = client.inner.get("/sitemap-people-1.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.get_data() == b""


def test_a_long_list_is_cut_into_pages(client: Client, monkeypatch: pytest.MonkeyPatch, config: Config) -> None:
    whole = paths(client, "/sitemap-people-1.xml", config)
    monkeypatch.setattr(crawlers, "MOST_ADDRESSES", 10)
    monkeypatch.setattr(shown, "BATCH", 3)
    pages = [each for each in paths(client, "/sitemap.xml", config) if "people" in each]
    parts = [paths(client, each, config) for each in pages]
    assert len(pages) > 3
    assert all(len(part) <= 10 for part in parts)
    assert [each for part in parts for each in part] == whole


def test_statements_do_not_grow_with_the_people_of_a_batch(site: DirectoryApp, client: Client) -> None:
    client.inner.get("/sitemap.xml")
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0].upper() in ("SELECT", "WITH"):
            statements.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", note)
    try:
        client.inner.get("/sitemap-people-1.xml").get_data()
    finally:
        event.remove(site.database.engine, "before_cursor_execute", note)
    assert len(statements) <= 5, "three for what changed, two for a batch"


def robots(client: Client) -> RobotFileParser:
    answer = client.inner.get("/robots.txt", base_url=HERE)
    assert answer.mimetype == "text/plain"
    parser = RobotFileParser()
    parser.parse(answer.get_data(as_text=True).splitlines())
    return parser


def test_robots_read_what_is_for_everybody_and_nothing_that_is_somebodys(client: Client) -> None:
    told = robots(client)
    for path in (
        "/",
        "/practitioners/whole-pregnancy",
        "/search?place=97214",
        "/guide/preparing",
        "/data",
        "/data/practitioners.csv",
        "/api",
        "/accuracy",
    ):
        assert told.can_fetch("anybody", path), path
    for path in (
        "/desk/queue",
        "/account/sign-in",
        "/about-you/1",
        "/visits/a-secret",
        "/outcome/a-secret",
        "/saved/a-secret",
        "/practice",
        "/registration",
        "/evidence/file/x",
        "/match",
        "/search/map?place=97214",
        "/fhir/Practitioner",
        "/fhir/$export",
        "/api/v1/jurisdictions",
    ):
        assert not told.can_fetch("anybody", path), path


def test_a_demonstration_asks_not_to_be_kept(client: Client) -> None:
    for path in ("/", "/practitioners/whole-pregnancy", "/sitemap.xml", "/data/practitioners.csv", "/nothing"):
        assert "noindex" in client.inner.get(path).headers["X-Robots-Tag"], path
    assert "Sitemap:" not in client.inner.get("/robots.txt").get_data(as_text=True)


@pytest.fixture
def production(config: Config, tmp_path: Path) -> Iterator[Client]:
    keyring.install(config.encryption_keys)
    engine: Engine = ready.with_population(f"sqlite:///{tmp_path / 'site.db'}")
    live = replace(config, environment="production", var_dir=tmp_path, site_url="https://directory.example.org")
    yield Client(create_app(live, engine=engine, clock=Clock()), base="https://localhost")
    engine.dispose()


def test_the_real_site_may_be_found_and_lists_nobody_made_up(production: Client) -> None:
    said = production.inner.get("/robots.txt", base_url=production.base).get_data(as_text=True)
    assert "Sitemap: https://directory.example.org/sitemap.xml" in said
    assert "X-Robots-Tag" not in production.inner.get("/", base_url=production.base).headers
    people = production.inner.get("/sitemap-people-1.xml", base_url=production.base).get_data(as_text=True)
    assert "<url>" not in people


def test_the_picture_of_the_site_is_one(client: Client, config: Config) -> None:
    page = client.get("/about")
    address = next(each.get("content", "") for each in page.all("meta") if each.get("property") == "og:image")
    answer = client.inner.get(address.removeprefix(config.site_url))
    assert Image.open(io.BytesIO(answer.get_data())).size == (1200, 630)
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert client.inner.get("/picture-0123456789abcdef.png").headers["Cache-Control"] == "no-cache"


def stamps(client: Client, path: str) -> dict[str, str]:
    """When each address was last changed, of those of which it is told."""
    root = ElementTree.fromstring(client.inner.get(path, base_url=client.base).get_data())
    told = {each.findtext(f"{PROTOCOL}loc") or "": each.findtext(f"{PROTOCOL}lastmod") for each in root}
    return {address: changed for address, changed in told.items() if changed is not None}


def test_the_index_says_when_the_people_of_a_page_last_changed_and_nothing_of_whom_nothing_is_noted(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.install(config.encryption_keys)
    engine = ready.with_population(f"sqlite:///{tmp_path / 'site.db'}")
    client = Client(create_app(replace(config, var_dir=tmp_path), engine=engine, clock=Clock()))
    assert stamps(client, "/sitemap.xml") == stamps(client, "/sitemap-people-1.xml") == {}
    with Session(engine) as session:
        ledger.catch_up(session, now=population.NOW)
        session.commit()
    monkeypatch.setattr(crawlers, "MOST_ADDRESSES", 20)
    told = stamps(client, "/sitemap.xml")
    assert len(told) > 2
    assert f"{config.site_url}/sitemap-pages.xml" not in told, "of pages nobody knows"
    for address, changed in told.items():
        people = stamps(client, address.removeprefix(config.site_url))
        assert datetime.fromisoformat(changed) == max(map(datetime.fromisoformat, people.values()))
    engine.dispose()
