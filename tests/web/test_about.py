"""The pages that say who runs this and by which rules, and the page of every refusal."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import render_template
from flask.testing import FlaskClient

from config import Config
from directory.app import DirectoryApp, create_app
from directory.credentials.rules import LEAST_MATERNITY_HOURS
from directory.credentials.terms import Refusal
from directory.http import errors
from directory.jurisdictions.rules import read
from directory.jurisdictions.service import SOURCE
from directory.search import ranking
from directory.web import about

PAGES = ("/about", "/about/ranking", "/about/privacy", "/about/terms", "/about/accessibility")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> DirectoryApp:
    """An application whose database nobody made: none of these pages may need it."""
    folder: Path = tmp_path_factory.mktemp("about")
    return create_app(Config.from_environment({"OPERATOR_NAME": "Quiet Nights Trust"}, cwd=folder))


@pytest.fixture
def client(app: DirectoryApp) -> FlaskClient:
    return app.test_client()


def _page(client: FlaskClient, address: str, language: str = "en-GB") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _tree(page: str) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", "".join(_tree(page).itertext()))


@pytest.mark.parametrize("address", PAGES)
def test_page_is_sound(client: FlaskClient, address: str) -> None:
    tree = _tree(_page(client, address))
    headings = tree.findall(".//h1")
    assert len(headings) == 1
    assert "".join(headings[0].itertext()) in (tree.findtext(".//title") or "")
    ids = Counter(each.get("id") for each in tree.iter() if each.get("id"))
    assert not [name for name, times in ids.items() if times > 1]
    for each in tree.iter():
        assert each.get("style") is None
        assert each.tag != "style"
        assert each.tag != "script" or each.get("src", "").startswith("/")
        named = (each.get("aria-labelledby") or "").split() + (each.get("aria-describedby") or "").split()
        assert set(named) <= ids.keys()
    for link in tree.findall(".//link"):
        assert link.get("rel") == "canonical" or link.get("href", "").startswith("/")
    levels = [
        int(each.tag[1]) for each in tree.iter() if isinstance(each.tag, str) and re.fullmatch(r"h[1-6]", each.tag)
    ]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_all_of_them_and_credits_the_places(client: FlaskClient, address: str) -> None:
    tree = _tree(_page(client, address))
    links = {link.get("href") for link in tree.findall(".//footer//a")}
    assert set(PAGES) <= links
    assert "https://www.geonames.org/" in links


def test_about_names_the_operator_from_the_settings(client: FlaskClient) -> None:
    page = _text(_page(client, "/about"))
    assert "Quiet Nights Trust" in page
    assert "We check papers, not skill or results." in page


def test_about_lists_every_jurisdiction(client: FlaskClient) -> None:
    tree = _tree(_page(client, "/about"))
    rows = {"".join(row[0].itertext()): "".join(row[2].itertext()).strip() for row in tree.findall(".//tbody/tr")}
    assert len(rows) == len(read(SOURCE))
    assert rows["Alabama"] == "No"
    assert rows["Oregon"] == "Yes"


def test_ranking_prints_every_weight_in_use(client: FlaskClient) -> None:
    tree = _tree(_page(client, "/about/ranking"))
    tables = tree.findall(".//table")
    for table, weights in zip(tables, (ranking.WEIGHTS, ranking.WEIGHTS_PREGNANT), strict=False):
        printed = [[float(cell.text or "") for cell in row.findall("td")] for row in table.findall("tbody/tr")]
        assert printed == [list(row.values()) for row in weights.values()]
        assert all(sum(row) == pytest.approx(1) for row in printed)


@pytest.mark.parametrize(
    "constant",
    [
        ranking.PATIENTS_CAP,
        ranking.YEARS_CAP,
        ranking.TRAINING_CAP_HOURS,
        ranking.TRAINING_HALF_LIFE_MONTHS,
        ranking.PUBLICATIONS_CAP,
        ranking.SELF_ATTESTED_CAP,
        ranking.FRESH_MONTHS,
        ranking.STALE_MONTHS,
        ranking.MATERNITY_CAP_HOURS,
        ranking.MATERNITY_PATIENTS_CAP,
        ranking.DISTANCE_SCALE,
        ranking.FIT_START,
        ranking.TRUST_START,
        ranking.TRUST_CERTIFIED,
        -ranking.TRUST_PROBATION,
        -ranking.TRUST_DISCIPLINE,
        ranking.BAND,
        LEAST_MATERNITY_HOURS,
        *ranking.RLS_SHARES.values(),
        *ranking.PREGNANCY_SHARES.values(),
        *ranking.OUTCOME_VALUES.values(),
        *ranking.VERIFICATION_VALUES.values(),
    ],
)
def test_ranking_prints_every_number_of_the_formulas(client: FlaskClient, constant: float) -> None:
    numbers = {float(each) for each in re.findall(r"\d+(?:\.\d+)?", _text(_page(client, "/about/ranking")))}
    assert float(constant) in numbers


def test_ranking_names_every_gate() -> None:
    assert about.LISTING_GATES.keys() | about.PREGNANCY_GATES.keys() == set(Refusal)


def test_the_example_adds_up(client: FlaskClient) -> None:
    tables = [
        table for table in _tree(_page(client, "/about/ranking")).findall(".//table") if table.find("tfoot") is not None
    ]
    assert len(tables) == 2
    for table in tables:
        points = [float((row[-1].text or "").strip("= ")) for row in table.findall("tbody/tr")]
        assert sum(points) == pytest.approx(float(table.findtext("tfoot/tr/td") or ""), abs=0.002)


def test_privacy_says_who_else_is_asked_about_places(tmp_path: Path) -> None:
    settings = {"GEOCODER": "photon", "GEOCODER_DOMAIN": "photon.example.org"}
    asking = create_app(Config.from_environment(settings, cwd=tmp_path)).test_client()
    assert "photon.example.org" in _page(asking, "/about/privacy")


def test_privacy_says_who_draws_streets_where_an_operator_has_named_somebody(tmp_path: Path) -> None:
    settings = {"MAP_TILE_URL": "https://tiles.example.org/{z}/{x}/{y}.png", "MAP_TILE_CREDIT": "Example tiles"}
    drawing = create_app(Config.from_environment(settings, cwd=tmp_path)).test_client()
    told = _page(drawing, "/about/privacy")
    assert "your browser asks tiles.example.org" in told
    assert "no map, font or script from anybody else" not in told


def test_privacy_promises_that_nobody_else_is_asked(client: FlaskClient) -> None:
    assert "Nobody else learns what you typed." in _page(client, "/about/privacy")


def test_americans_read_american(client: FlaskClient) -> None:
    assert "No license exists" in _page(client, "/about", "en-US")
    assert "No licence exists" in _page(client, "/about", "en-GB")


@pytest.mark.parametrize("status", sorted(errors.SENTENCES))
def test_every_refusal_has_a_kind_page(app: DirectoryApp, status: int) -> None:
    with app.test_request_context("/"):
        page = render_template(
            "errors/error.html", status=status, sentence=errors.SENTENCES[status], request_id="0123456789abcdef"
        )
    tree = _tree(page)
    assert len(tree.findall(".//h1")) == 1
    assert tree.find(".//main//a[@href='/']") is not None
    assert ("0123456789abcdef" in page) == (status >= 500)


def test_a_missing_page_leads_on(client: FlaskClient) -> None:
    answer = client.get("/about/nobody")
    assert answer.status_code == 404
    assert "There is no such page" in answer.get_data(as_text=True)
