"""A warning sign stops the list, says whom to call, is kept nowhere, and two buttons lead back."""

from __future__ import annotations

import pytest
from flask import Flask

from directory.guide import emergency
from directory.screening.terms import RedFlag
from directory.web import facts
from directory.web.facts import Facts
from tests.web.client import Client, Page
from tests.web.test_about_you import HERE, PATHS, QUERY, send, told


def ticked(client: Client, *signs: str, query: str = QUERY) -> Page:
    """The page to which these signs lead."""
    return client.follow(send(client, "signs", {"signs": list(signs)}, query=query))


@pytest.mark.parametrize("sign", sorted(RedFlag))
def test_any_sign_stops_the_list_at_once(client: Client, site: Flask, sign: str) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    page = ticked(client, sign)
    assert "911" in page.words()
    assert client.get(HERE).slugs() == []
    assert client.get(f"/search/map{QUERY}").slugs() == []
    assert told(client, site).stopped


def test_which_sign_it_was_is_kept_nowhere(client: Client, site: Flask) -> None:
    texts = set()
    for sign in ("fever", "chest_pain"):
        page = ticked(client, sign)
        texts.add(page.text.split("<main")[1].split('name="csrf_token"')[0])
        assert told(client, site) == Facts(stopped=True)
        assert sign not in page.response.request.full_path
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("97214", "911"),
        ("Sydney, New South Wales", "000"),
        ("Dublin, Ireland", "112"),
        ("Paris, France", "112"),
        ("", "112"),
    ],
)
def test_the_number_is_that_of_the_place(client: Client, place: str, number: str) -> None:
    page = ticked(client, "chest_pain", query=f"?place={place}" if place else "")
    links = [href for href in page.links() if href.startswith("tel:")]
    assert links[0] == f"tel:{number}"
    if not place:
        assert "Your local emergency number" in page.words()
    for country in emergency.COUNTRIES:
        assert f"tel:{emergency.help_in(country).emergency.number}" in links


@pytest.mark.parametrize("sign", ["chest_pain", "thoughts_of_self_harm"])
def test_no_log_says_that_somebody_came_to_such_a_page(
    client: Client, caplog: pytest.LogCaptureFixture, sign: str
) -> None:
    with caplog.at_level("INFO", logger="stillpoint.web"):
        page = ticked(client, sign)
        client.post(f"/urgent/back{QUERY}", 303, data=page.fields(page.form("/urgent/back")) | {"why": "seen"})
        client.get("/about")
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "/about" in said
    assert "urgent" not in said
    assert sign not in said


def test_thoughts_of_self_harm_have_a_page_with_people_to_talk_to(client: Client) -> None:
    page = ticked(client, "thoughts_of_self_harm")
    assert page.words(next(page.all("h1"))) == "Please talk to somebody now"
    assert "tel:988" in page.links()
    assert "harm" not in page.response.request.full_path
    both = ticked(client, "thoughts_of_self_harm", "chest_pain")
    assert both.words(next(both.all("h1"))) == "Please get help now"
    assert "/urgent/talk?place=97214" in both.links()
    assert "tel:988" in both.links()


@pytest.mark.parametrize("page", ["/urgent", "/urgent/talk"])
def test_the_pages_are_there_for_everybody_and_offer_no_way_back_from_nothing(client: Client, page: str) -> None:
    shown = client.get(page)
    assert "by mistake" not in shown.words()
    assert client.get(f"{page}?place=nowhere at all").status == 200


@pytest.mark.parametrize("start", [f"/urgent{QUERY}", f"/urgent/talk{QUERY}", HERE])
def test_a_mistake_leads_back_to_the_signs_and_a_clinician_to_the_list(client: Client, site: Flask, start: str) -> None:
    send(client, "pregnancy", {"pregnancy": ["no"]})
    for why, address in (("mistake", f"{PATHS['signs']}{QUERY}"), ("seen", HERE)):
        ticked(client, "chest_pain")
        page = client.get(start)
        data = page.fields(page.form("/urgent/back")) | {"why": why}
        back = client.post(f"/urgent/back{QUERY}", 303, data=data)
        assert back.response.headers["Location"] == address
        assert not told(client, site).stopped
    assert len(client.get(HERE).slugs()) == 20


def test_a_browser_that_keeps_no_cookie_is_shown_whom_to_call(client: Client) -> None:
    sent = send(client, "signs", {"signs": ["chest_pain"]})
    client.inner.delete_cookie(facts.COOKIE)
    assert "911" in client.follow(sent).words()


def test_the_signs_asked_about_are_those_that_concern_somebody(client: Client) -> None:
    assert "Your baby moving less" not in client.get(PATHS["signs"]).words()
    send(client, "pregnancy", {"pregnancy": ["maybe"]})
    assert "Your baby moving less" in client.get(PATHS["signs"]).words()
    send(client, "pregnancy", {"pregnancy": ["postpartum"]})
    words = client.get(PATHS["signs"]).words()
    assert "Your baby moving less" not in words
    assert "A severe headache" in words
