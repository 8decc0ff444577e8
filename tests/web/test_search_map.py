"""The map of a list: the same people in the same order, in words as well, behind the same gates, and asking nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from config import Config
from directory.app import create_app
from directory.practitioners.rules import area_point
from directory.screening.terms import PregnancyStatus
from directory.web.facts import Facts, keep
from tests.web import population
from tests.web.client import Client, Page

HERE = "/search?place=97214"
MAP = "/search/map?place=97214"
PERSON = re.compile(r"practitioner-\d+")
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def ids(page: Page) -> list[str]:
    """The ids of the people, of the list or of the map's words, in order."""
    return [each.get("id", "") for each in page.all("li", "article") if PERSON.fullmatch(each.get("id", ""))]


def signs(page: Page, attribute: str) -> list[Element]:
    """The links of the drawing that carry this attribute; inside SVG their names are of another namespace."""
    return [each for each in page.root.iter() if str(each.tag).endswith("}a") and each.get(attribute)]


def moves(page: Page) -> dict[str, Element]:
    """The buttons around the drawing."""
    return {each.get("data-move", ""): each for each in page.all("a", "span") if each.get("data-move")}


def pins(page: Page) -> dict[str, str]:
    """Where each pin leads, by its number."""
    return {each.get("data-number", ""): each.get("href", "") for each in signs(page, "data-number")}


def figure(page: Page) -> dict[str, str]:
    """What the figure tells the script."""
    return {str(name): value for name, value in page.by_id("map").attrib.items()}


# --- in step with the list -------------------------------------------------------------------------------------------


def test_the_map_shows_the_people_of_its_page_of_the_list_in_their_order(client: Client) -> None:
    listed = client.get(HERE)
    for _ in range(3):
        link = next(each for each in listed.links() if each.startswith("/search/map"))
        mapped = client.get(link)
        assert ids(mapped) == ids(listed)
        assert [f"#{id_}" for id_ in ids(mapped)] == [
            pins(mapped)[str(number)] for number in range(1, len(pins(mapped)) + 1)
        ]
        onward = listed.next_page()
        back = next(each for each in mapped.links() if each.startswith("/search?"))
        assert ids(client.get(back)) == ids(mapped)
        if onward is None:
            break
        listed = client.get(onward)


def test_the_map_keeps_what_was_asked(client: Client) -> None:
    listed = client.get(f"{HERE}&language=es&radius=50")
    mapped = client.get(next(each for each in listed.links() if each.startswith("/search/map")))
    assert ids(mapped) == ids(listed)
    assert "Within 50 miles." in mapped.words()


def test_a_person_is_told_in_words_with_distance_and_direction(client: Client) -> None:
    page = client.get(f"{MAP}&preset=nearest")
    said = [page.words(each) for each in page.all("li") if each.get("id", "").startswith("practitioner-")]
    assert len(said) == 20
    # The place is the middle of a postcode, so that every distance from it is "about".
    far = re.compile(r"about [\d.]+ miles? (north|south)?-?(east|west)?|less than|where you asked")
    assert all(far.search(each) for each in said), said
    labels = [each.get("aria-label", "") for each in signs(page, "data-number")]
    assert all(re.match(r"\d+: .+, ", label) for label in labels)


def test_everybody_with_a_place_stands_in_one_sign(client: Client) -> None:
    page = client.get(MAP)
    clustered = [number for each in signs(page, "data-numbers") for number in (each.get("data-numbers") or "").split()]
    alone = [
        each.get("data-number")
        for each in signs(page, "data-number")
        if "map__pin--within" not in (each.get("class") or "")
    ]
    assert sorted(map(int, [*clustered, *filter(None, alone)])) == list(range(1, 21))
    assert clustered, "in a town this small some stand close together"


def test_a_cluster_is_a_link_that_takes_its_people_apart(client: Client) -> None:
    page = client.get(MAP)
    for cluster in signs(page, "data-numbers"):
        href = cluster.get("href", "")
        if href.startswith("#"):
            continue
        closer = client.get(href)
        members = set((cluster.get("data-numbers") or "").split())
        together = [set((each.get("data-numbers") or "").split()) for each in signs(closer, "data-numbers")]
        assert not any(members <= sign for sign in together)
        assert ids(closer) == ids(page)


def test_each_button_is_a_link_to_another_look_at_the_same_people(client: Client) -> None:
    page = client.get(MAP)
    hrefs = {name: link.get("href") for name, link in moves(page).items()}
    assert set(hrefs) == {"closer", "further", "north", "south", "west", "east", "everybody", "whole"}
    before = figure(page)
    for name, href in hrefs.items():
        assert href is not None, name
        after = client.get(href)
        assert ids(after) == ids(page)
        now = figure(after)
        if name == "closer":
            assert int(now["data-zoom"]) == 2 * int(before["data-zoom"])
        if name == "whole":
            assert now["data-zoom"] == "1"
        if name == "north":
            assert float(now["data-latitude"]) > float(before["data-latitude"])
    further = moves(client.get(hrefs["whole"] or ""))["further"]
    assert further.get("href") is None
    assert further.get("aria-disabled") == "true"


def test_one_may_search_around_what_one_looks_at(client: Client) -> None:
    page = client.get(f"{MAP}&radius=50&look=45.6012,-122.5009,4")
    around = next(each for each in page.all("p") if each.get("class") == "map__here")
    here = next(around.iter("a"))
    assert around.get("hidden") is None
    assert parse_qs(urlsplit(here.get("href", "")).query) == {"place": ["45.60, -122.50"], "radius": ["50"]}
    assert client.get(here.get("href", "")).slugs()


# --- gates and what must not be told ---------------------------------------------------------------------------------


def test_a_hidden_home_is_an_area_and_its_true_point_nowhere(client: Client) -> None:
    true = population.PORTLAND[0], population.PORTLAND[1] + 5.0 / 77.9
    area = area_point(*true)
    page = client.get(f"{MAP}&step_free=yes&look={area[0]:.4f},{area[1]:.4f},64")
    pin = signs(page, "data-number")[0]
    assert "map__pin--about" in (pin.get("class") or "")
    x, y = map(float, re.findall(r"-?[\d.]+", pin.get("transform", "")))
    # The middle of the sheet is the area's point, written to four digits.
    assert abs(x) < 3
    assert abs(y) < 3
    sheet = figure(page)
    metres = 1000 * 111.2 / float(sheet["data-per-degree"])
    apart = 1000 * 111.2 * max(abs(true[0] - area[0]), abs(true[1] - area[1]) * 0.7)
    assert apart > 10 * metres, "the test means something only where area and home differ"
    assert "Secret" not in page.text
    assert "About here" in page.words()


def test_who_comes_to_the_home_has_no_pin_and_it_is_said(client: Client) -> None:
    page = client.get(f"{MAP}&home_visit=yes")
    assert len(ids(page)) == 1
    assert pins(page) == {}
    assert "Nobody on this page of the list has a place on a map" in page.words()


def test_from_a_distance_there_is_no_map_and_the_people_are_told(client: Client) -> None:
    page = client.get(f"{MAP}&mode=remote")
    assert len(ids(page)) == 1
    assert "Nobody on this page of the list has a place on a map" in page.words()


def test_the_state_the_list_was_made_for_stands_above_the_map(client: Client) -> None:
    page = client.get(MAP)
    assert "Pregnant: not answered yet." in page.words()
    assert "One question first" in page.words()
    listed = client.follow(client.submit(page, "/search/about-you", {"pregnancy": "yes", "weeks": "20"}))
    mapped = client.get(MAP)
    assert "Pregnant: yes, 20 weeks today." in mapped.words()
    assert ids(mapped) == ids(listed)
    assert "One question first" not in mapped.words()


def test_a_red_flag_shows_help_and_no_map(client: Client, site: Flask) -> None:
    told = Facts(pregnancy=PregnancyStatus.YES, stopped=True)
    with site.test_request_context():
        response = site.make_response("")
        keep(response, told)
    name, _, value = response.headers["Set-Cookie"].partition(";")[0].partition("=")
    client.inner.set_cookie(name, value)
    page = client.get(MAP)
    assert "Please get help now" in page.words()
    assert pins(page) == {}
    assert not [each for each in page.links() if each.startswith("/search/map")]


def test_nobody_to_show_leads_to_what_the_list_offers(client: Client) -> None:
    page = client.get("/search/map?place=Adak, Alaska")
    assert ids(page) == []
    assert "See what the list offers instead" in page.words()
    assert not [each for each in client.get("/search?place=Adak, Alaska").links() if each.startswith("/search/map")]


def test_a_map_is_kept_by_nobody_and_found_by_no_search_engine(client: Client) -> None:
    page = client.get(MAP)
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in page.text


# --- what cannot be understood ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "place=", "place=nowhere at all", "place=97214&radius=far", "place=97214&after=x"]
)
def test_what_the_list_refuses_the_map_refuses_in_the_same_words(client: Client, query: str) -> None:
    listed, mapped = client.get(f"/search?{query}", 422), client.get(f"/search/map?{query}", 422)
    assert mapped.errors_at() == listed.errors_at()
    assert mapped.words() == listed.words()


@pytest.mark.parametrize(
    "look",
    [
        "x",
        "45",
        "45,-122",
        "45,-122,3",
        "45,-122,128",
        "89.9,0,1",
        "45,181,1",
        "nan,nan,1",
        "1e1,2,4",
        "٤٥,1,1",
        "9" * 5000,
    ],
)
def test_a_damaged_look_is_refused_and_the_whole_map_shown(client: Client, look: str) -> None:
    page = client.get(f"{MAP}&look={look}", 422)
    assert "The link to this part of the map is damaged." in page.words(page.by_id("look-error"))
    assert len(pins(page)) == 20


@pytest.mark.parametrize("look", ["-33.9,151.2,64", "0,180,1", "0,-180,1", "83.9,0,1", "-83.9,12.5,8"])
def test_any_place_on_the_sheet_may_be_looked_at(client: Client, look: str) -> None:
    page = client.get(f"{MAP}&look={look}")
    assert pins(page) == {}
    assert len(ids(page)) == 20


@pytest.mark.parametrize("radius", ["1", "5", "310"])
def test_every_radius_has_its_map(client: Client, radius: str) -> None:
    assert pins(client.get(f"{MAP}&radius={radius}"))


def test_near_a_pole_there_are_words_alone(client: Client) -> None:
    assert client.get("/search/map?place=89.5, 0", 200)


# --- asking nobody ---------------------------------------------------------------------------------------------------


def test_the_map_asks_the_database_no_more_than_the_list(client: Client, town: Engine) -> None:
    client.get(MAP)
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            statements.append(statement)

    event.listen(town, "before_cursor_execute", note)
    try:
        client.get(f"{MAP}&gender=female")
    finally:
        event.remove(town, "before_cursor_execute", note)
    assert len(statements) <= 3, statements


def test_without_streets_no_page_may_ask_another_host_or_speaks_of_it(client: Client) -> None:
    for address in (HERE, MAP):
        page = client.get(address)
        assert "img-src 'self' data:;" in page.response.headers["Content-Security-Policy"]
        assert "Show streets" not in page.words()


@pytest.fixture
def with_streets(config: Config, town: Engine) -> Client:
    """A site whose operator named a tile address."""
    streets = replace(config, map_tile_url=TILES, map_tile_credit="© Example Maps & friends")
    return Client(create_app(streets, engine=town, clock=lambda: population.NOW))


def test_streets_are_offered_by_name_and_only_pages_with_a_map_may_load_them(with_streets: Client) -> None:
    for address in (HERE, MAP):
        policy = with_streets.get(address).response.headers["Content-Security-Policy"]
        assert "img-src 'self' data: https://tiles.example.org;" in policy
        assert "script-src 'self';" in policy
    for address in ("/", "/about/privacy", f"{HERE}&radius=1&max_price=1", "/search?place=nowhere at all"):
        answer = with_streets.inner.get(address, base_url=with_streets.base)
        assert "tiles.example.org" not in answer.headers["Content-Security-Policy"]
    page = with_streets.get(MAP)
    button = next(each for each in page.all("button") if each.get("data-streets") is not None)
    assert page.words(button) == "Show streets (asks tiles.example.org, which then learns which area you look at)"
    assert button.get("hidden") is not None, "it needs the script, which shows it"
    assert "© Example Maps & friends" in page.words()
    # Nothing on the page itself is loaded from there: the address is only told to the script.
    assert page.text.count("tiles.example.org") == 2


def test_the_outlines_are_credited_where_they_are_shown(client: Client) -> None:
    assert "Outlines: Natural Earth and the United States Census Bureau" in client.get(MAP).words()
