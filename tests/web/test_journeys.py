"""A long way: what it adds up to, and what is offered beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from config import Config
from directory.app import create_app
from directory.crypto import keyring
from directory.practitioners.terms import Accepting
from tests.web import population, ready
from tests.web.client import Client, Page
from tests.web.population import Someone

BEND = "/search?place=Bend, Oregon"
"""About 120 miles from Portland."""


def has_box(page: Page) -> bool:
    return any(each.get("id") == "journey" for each in page.root.iter())


def box(page: Page) -> str:
    return page.words(page.by_id("journey"))


def offer(page: Page, words: str) -> str:
    return next(each.get("href", "") for each in page.by_id("journey").iter("a") if words in page.words(each))


def numbers(words: str) -> list[int]:
    return [int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", words)]


def heading_total(page: Page) -> int:
    return numbers(page.words(page.by_id("list")))[0]


def test_a_list_widened_beyond_fifty_miles_says_what_the_visits_add_up_to(client: Client) -> None:
    page = client.get(BEND)
    said = re.search(
        r"is about (\d+) miles each way in a straight line; "
        r"six to ten visits are ([\d,]+) to ([\d,]+) miles on the road or more\.",
        box(page),
    )
    assert said is not None
    one_way, fewest, most = numbers(" ".join(said.groups()))
    assert (fewest, most) == (12 * one_way, 20 * one_way)
    assert "Everybody shown here is more than 50 miles away." in box(page)
    assert "Six to ten visits are a usual plan" in box(page)


def test_each_far_person_has_their_own_sum(client: Client) -> None:
    for page in (client.get(BEND), client.get(f"{BEND}&radius=200")):
        cards = [page.words(each) for each in page.all("article")]
        assert cards
        for words in cards:
            way = re.search(r"about (\d+) miles straight line", words)
            assert way is not None
            said = re.search(r"Six to ten visits: ([\d,]+) to ([\d,]+) miles there and back, straight line", words)
            assert said is not None
            assert numbers(" ".join(said.groups())) == [12 * int(way[1]), 20 * int(way[1])]


def test_a_chosen_radius_that_leads_so_far_says_it_too_and_a_near_list_does_not(client: Client) -> None:
    assert has_box(client.get(f"{BEND}&radius=200"))
    near = client.get("/search?place=97214&radius=200")
    assert not has_box(near)
    assert "Six to ten visits" not in near.words()


def test_the_box_stands_on_the_first_page_alone(client: Client) -> None:
    following = client.get(f"{BEND}&radius=200").next_page()
    assert following is not None
    assert not has_box(client.get(following))


def test_a_first_talk_is_counted_by_the_list_it_leads_to_and_changes_nothing_else(client: Client) -> None:
    page = client.get(f"{BEND}&radius=10&preset=nearest")
    href = offer(page, "first talk")
    assert parse_qs(urlsplit(href).query) == {
        "place": ["Bend, Oregon"],
        "radius": ["10"],
        "preset": ["nearest"],
        "mode": ["remote"],
    }
    led_to = client.get(href)
    assert f"{heading_total(led_to)} person who fits what you asked offers one to people in Oregon" in box(page)
    assert led_to.slugs() == ["from-afar"]
    assert "Needling cannot be done remotely" in box(page)
    assert not has_box(led_to)


def test_where_nobody_offers_it_the_page_says_so_and_leads_nowhere(client: Client) -> None:
    page = client.get("/search?place=Spokane, Washington")
    assert "Nobody we list who fits what you asked offers one to people in Washington." in box(page)
    assert "Nobody we list who fits what you asked comes as far as your place." in box(page)
    inside = [each.get("href", "") for each in page.by_id("journey").iter("a")]
    assert all(urlsplit(href).netloc for href in inside), "only the sources of the iron test"


def test_the_iron_test_is_offered_with_its_source_and_day(client: Client) -> None:
    words = box(client.get(BEND))
    assert "ferritin and transferrin saturation" in words
    assert "American Academy of Sleep Medicine guideline 2025" in words
    assert "As of November 23, 2026" in words


def test_no_offer_gets_round_the_pregnancy_gate(client: Client) -> None:
    client.submit(client.get("/"), "/", {"place": "Bend, Oregon", "pregnancy": "yes", "weeks": "12"})
    page = client.get(BEND)
    assert "Nobody we list who fits what you asked offers one to people in Oregon." in box(page)


def test_where_roads_are_measured_in_kilometres_so_is_the_sum(client: Client) -> None:
    page = client.get("/search?place=Vancouver, BC", headers={"Accept-Language": "en-GB"})
    assert "Everybody shown here is more than 80 km away." in box(page)
    assert re.search(r"six to ten visits are [\d,]+ to [\d,]+ km on the road or more", box(page))


def test_a_far_list_asks_the_database_at_most_three_times_for_each_of_its_two_searches(
    client: Client, town: Engine
) -> None:
    client.get(BEND)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(town, "before_cursor_execute", note)
    try:
        client.get(BEND)
    finally:
        event.remove(town, "before_cursor_execute", note)
    assert len(sent) <= 6


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[Client]:
    """A visitor of a site on which two people practise far from Bend; one comes that far."""
    (tmp_path / "var").mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        accepting = {"accepting": Accepting.YES, "accepting_confirmed_on": population.TODAY}
        comes = Someone(name="Comes Far", place={"home_visit_radius_km": 300.0, "in_person": False, **accepting})
        population.settle(session, [Someone(name="Stays There"), comes])
        session.commit()
    yield Client(create_app(config, engine=engine, clock=lambda: population.NOW))
    engine.dispose()


def test_whoever_comes_to_homes_there_is_offered(lonely: Client) -> None:
    page = lonely.get(f"{BEND}&radius=200")
    assert "1 person who fits what you asked comes to homes where you are." in box(page)
    href = offer(page, "comes to your home")
    assert parse_qs(urlsplit(href).query) == {"place": ["Bend, Oregon"], "radius": ["200"], "home_visit": ["yes"]}
    led_to = lonely.get(href)
    assert led_to.slugs() == ["comes-far"]
    assert heading_total(led_to) == 1
    assert not has_box(led_to)
    assert "there and back" not in led_to.words()
