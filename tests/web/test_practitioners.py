"""The public profile: what was checked and what is only said, and when there is none."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.web import population
from tests.web.client import Client
from tests.web.conftest import Clock


def test_each_check_says_what_with_whom_when_and_until_when(client: Client) -> None:
    words = client.get("/practitioners/whole-pregnancy").words()
    assert "Oregon acupuncture license Active, checked with Oregon Medical Board on November 3, 2026, valid to" in words
    assert "Oregon College of Oriental Medicine: acupuncture education Their own statement, not checked by us" in words
    assert "Insurance document of Example Mutual seen on November 8, 2026" in words
    assert "Next: its renewal, due by September 19, 2027." in words
    assert "Signed as true on October 24, 2026. Counts until October 24, 2027." in words
    assert "The practitioner said on November 13, 2026 that this profile is true" in words


def marks(client: Client, slug: str) -> dict[str, str]:
    """The mark of each check on a profile, by what is claimed."""
    page = client.get(f"/practitioners/{slug}")
    rows = [each for each in page.all("div") if (each.get("class") or "").startswith("check ")]
    return {page.words(next(each.iter("dt"))): each.get("class", "").rpartition("--")[2] for each in rows}


def test_a_document_we_were_shown_has_another_mark_than_what_the_register_said(client: Client) -> None:
    found = marks(client, "whole-pregnancy")
    assert found["Oregon acupuncture license"] == "checked"
    assert found["Indemnity insurance"] == "shown"
    assert found["Maternity acupuncture training"] == "shown"
    assert found["Declaration"] == "stated"
    assert marks(client, "practitioner-02")["People with RLS seen"] == "checked"


def test_days_of_the_same_hours_are_told_together(client: Client) -> None:
    words = client.get("/practitioners/practitioner-03", headers={"Accept-Language": "en-GB"}).words()
    assert "Tuesday to Wednesday09:00 – 20:00" in words
    assert "Friday09:00 – 20:00" in words


def test_the_profile_leads_to_the_telephone_the_map_and_the_website(client: Client) -> None:
    page = client.get("/practitioners/whole-pregnancy")
    assert "tel:+15035550142" in page.links()
    assert [each for each in page.links() if urlsplit(each).scheme == "geo"] == ["geo:45.51450,-122.61733"]
    website = next(each for each in page.all("a") if each.get("href") == "https://example.org/practice")
    assert set(website.get("rel", "").split()) == {"noopener", "noreferrer", "external", "nofollow", "ugc"}


def test_honest_words_help_and_the_fictional_label_stand_on_every_profile(client: Client) -> None:
    page = client.get("/practitioners/practitioner-04")
    for words in ("we cannot say whether it works for you", "ferritin", "Do not stop or start a medicine", "911"):
        assert words in page.words()
    assert "Fictional person" in page.words()


def test_point_names_are_not_listed(client: Client) -> None:
    page = client.get("/practitioners/whole-pregnancy")
    assert "SP6" not in page.words().split("Some points often used")[0]
    assert "Avoids the traditional list of points before 37 weeks" in page.words()


def test_a_hidden_home_shows_an_area_and_no_street(client: Client) -> None:
    page = client.get("/practitioners/hidden-home")
    assert "Secret" not in page.text
    assert "97215" not in page.words()
    assert "About Portland" in page.words()


def test_whoever_was_shown_once_and_is_not_now_is_gone(client: Client) -> None:
    page = client.get("/practitioners/lapsed-yesterday", 410)
    assert "is not at the moment" in page.words()
    assert "Lapsed" not in page.words()


@pytest.mark.parametrize("slug", ["not-published", "nobody-of-this-name", "%00", "x" * 3000, "..%2f..", "'--", "🦵"])
def test_a_draft_and_nobody_look_the_same(client: Client, slug: str) -> None:
    page = client.get(f"/practitioners/{slug}", 404)
    assert "There is no such page" in page.words()


def test_a_profile_ends_with_the_licence_by_the_clock_of_the_place(client: Client, shared_clock: Clock) -> None:
    last_day = population.TODAY + timedelta(days=300)
    midnight_in_oregon = population.NOW.replace(
        year=last_day.year, month=last_day.month, day=last_day.day, hour=7
    ) + timedelta(days=1)
    assert midnight_in_oregon.date() > last_day
    shared_clock.now = midnight_in_oregon
    client.get("/practitioners/practitioner-01", 410)


def test_a_pregnant_visitor_is_warned_on_the_profile_of_somebody_not_in_their_list(client: Client) -> None:
    client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes", "weeks": "12"})
    assert "You told us that you are or may be pregnant" in client.get("/practitioners/practitioner-01").words()
    assert "You told us that you are" not in client.get("/practitioners/whole-pregnancy").words()


def test_an_order_and_conditions_are_shown(client: Client) -> None:
    assert "public order (probation)" in client.get("/practitioners/under-order").words()
    assert "Order of 2025" in client.get("/practitioners/under-order").words()
    assert "May not use electro-acupuncture" in client.get("/practitioners/with-conditions").words()


def test_everybody_listed_has_a_page(client: Client) -> None:
    for slug in client.get("/search?place=97214").slugs():
        client.get(f"/practitioners/{slug}")


def test_british_visitors_read_british_words(client: Client) -> None:
    page = client.get("/practitioners/whole-pregnancy", headers={"Accept-Language": "en-GB"})
    assert "Oregon acupuncture licence" in page.words()
    assert "3 November 2026" in page.words()
    assert 'lang="en-GB"' in page.text
