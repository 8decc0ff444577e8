"""The guide's pages as readers get them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient

from config import Config
from directory.app import DirectoryApp, create_app
from directory.guide.library.pages import shipped

SLUGS = [page.slug for page in shipped()]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> DirectoryApp:
    """An application whose database nobody made: none of these pages may need it."""
    folder: Path = tmp_path_factory.mktemp("guide")
    return create_app(Config.from_environment({}, cwd=folder))


@pytest.fixture
def client(app: DirectoryApp) -> FlaskClient:
    return app.test_client()


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en-GB"})
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    return text


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_says_who_read_it_and_when_its_sources_were_checked(client: FlaskClient, slug: str) -> None:
    text = page(client, f"/guide/{slug}")
    assert "No clinician has read this page yet." in text
    assert "23 November 2026" in text
    assert '<h2 id="sources">' in text
    assert len(re.findall(r"<h1", text)) == 1


def test_every_page_is_reached_from_the_first_one(client: FlaskClient) -> None:
    text = page(client, "/guide")
    assert {slug for slug in SLUGS if f'href="/guide/{slug}"' in text} == set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, app: DirectoryApp, slug: str) -> None:
    text = page(client, f"/guide/{slug}")
    article = re.search(r"<article.*?</article>", text, re.S)
    assert article is not None
    adapter = app.url_map.bind("localhost")
    for address in re.findall(r'href="(/[^"#?]*)', article[0]):
        adapter.match(address, method="GET")
    for anchor in re.findall(r'href="#([^"]+)', text):
        assert f'id="{anchor}"' in text, anchor


def test_reading_mode_leaves_the_text(client: FlaskClient) -> None:
    text = page(client, "/guide/tonight?reading=1")
    assert '<body class="reading">' in text
    assert "Leave reading mode" in text


def test_words_are_found_and_marked(client: FlaskClient) -> None:
    text = page(client, "/guide/find?q=ferritin")
    assert 'href="/guide/iron-first' in text
    assert "<mark>ferritin</mark>" in text
    assert "noindex" in text


def test_words_that_nobody_wrote_and_words_without_end(client: FlaskClient) -> None:
    assert "does not say anything about this" in page(client, "/guide/find?q=xyzzyx")
    assert "&lt;b&gt;" in page(client, "/guide/find?q=%3Cb%3E")
    answer = client.get("/guide/find", query_string={"q": "word " * 100})
    assert answer.status_code == 422


def test_a_page_that_is_not_there_answers_404(client: FlaskClient) -> None:
    assert client.get("/guide/nowhere").status_code == 404


def test_points_for_somebody_pregnant_are_theirs_alone(client: FlaskClient) -> None:
    shown = client.get("/guide/points")
    assert "Sanyinjiao" in shown.get_data(as_text=True)
    assert "no-store" in shown.headers["Cache-Control"]
    assert "no-store" not in client.get("/guide/tonight").headers.get("Cache-Control", "")


def test_a_page_whose_check_is_overdue_says_so(tmp_path: Path) -> None:
    late = create_app(Config.from_environment({}, cwd=tmp_path), clock=lambda: datetime(2031, 1, 1, tzinfo=UTC))
    assert "They were to be checked again by now." in page(late.test_client(), "/guide/tonight")
