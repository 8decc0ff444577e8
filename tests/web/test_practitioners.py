"""The public profile: what was checked and what is only said, and when there is none."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import event

from directory.app import DirectoryApp
from tests.web import population
from tests.web.client import Client, Page
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
    assert "is not listed at the moment" in page.words()
    assert "That says nothing about the person or their work" in page.words()
    assert "Lapsed" not in page.words()
    assert "lapsed" not in page.text.replace("/practitioners/lapsed-yesterday", ""), (
        "but for the address that was asked for"
    )
    assert '<meta name="robots" content="noindex">' in page.text


@pytest.mark.parametrize(("slug", "days"), [("lapsed-yesterday", 0), ("under-a-ban", 0), ("whole-pregnancy", 111)])
def test_a_date_a_suspension_and_an_old_confirmation_look_the_same(
    client: Client, shared_clock: Clock, slug: str, days: int
) -> None:
    expected = client.get("/practitioners/lapsed-yesterday", 410).words()
    shared_clock.now = population.NOW + timedelta(days=days)
    assert client.get(f"/practitioners/{slug}", 410).words() == expected


def test_the_page_of_somebody_gone_leads_to_the_register_and_to_others_nearby(client: Client) -> None:
    page = client.get("/practitioners/lapsed-yesterday", 410)
    assert "Oregon Who keeps itOregon Medical Board Look it up underOMB Licensee Search" in page.words()
    near = next(each for each in page.all("a") if "near Portland" in page.words(each))
    assert client.get(near.get("href", "")).slugs()


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


# --- by name ----------------------------------------------------------------------------------------------------------


def found(page: Page, heading: str = "list") -> list[str]:
    """The addresses under the heading of people of the name, or of those close to it."""
    lists = [each for each in page.all("ol") if each.get("aria-labelledby") == heading]
    return [link.get("href", "").rpartition("/")[2] for each in lists for link in each.iter("a")]


def by_name(client: Client, name: str, status: int = 200) -> Page:
    return client.get("/practitioners?" + urlencode({"name": name}), status)


def test_somebody_is_found_by_name_with_town_and_the_line_of_what_was_checked(client: Client) -> None:
    page = by_name(client, "whole pregnancy")
    assert found(page) == ["whole-pregnancy"]
    assert "1 person of this name" in page.words()
    assert "Licensed Acupuncturist · Portland, Oregon" in page.words()
    assert "Oregon acupuncture license active Checked with Oregon Medical Board on November 3, 2026" in page.words()
    assert '<meta name="robots" content="noindex">' in page.text
    client.get("/practitioners/" + found(page)[0])


@pytest.mark.parametrize("typed", ["Pregnancy, Whole", "Dr Whole Pregnancy LAc", "WHOLE PREG", "w. pregnancy"])
def test_order_titles_letters_and_beginnings_do_not_matter(client: Client, typed: str) -> None:
    assert found(by_name(client, typed)) == ["whole-pregnancy"]


def test_a_misspelled_name_is_close(client: Client) -> None:
    page = by_name(client, "Hole Pregnency")
    assert found(page) == []
    assert found(page, "close") == ["whole-pregnancy"]
    assert "Close to what you typed" in page.words()
    assert "We list nobody of exactly this name." in page.words()


def test_a_name_in_another_alphabet_is_found_from_either_side(client: Client) -> None:
    assert found(by_name(client, "Salma Al-Mansouri"), "close") == found(by_name(client, "سلمى"))
    assert len(found(by_name(client, "سلمى المنصوري"))) == 1


def test_the_long_and_the_odd_name_are_found_and_shown_as_they_are(client: Client) -> None:
    assert population.LONG_NAME.strip() in by_name(client, "Wolfeschlegelsteinhausenbergerdorff").words()
    assert "DROP TABLE practitioner;-- <b>Bobby</b>" in by_name(client, population.HTML_NAME).words()


def test_an_order_is_shown_with_the_name(client: Client) -> None:
    words = by_name(client, "Under Order").words()
    assert "Under a public order" in words
    assert "under a public order (probation). Its holder may practice" in words


@pytest.mark.parametrize("name", ["Lapsed Yesterday", "Not Published", "Xanthippe Quux", "李小龍"])
def test_whoever_is_not_shown_is_not_found_and_the_page_says_what_to_do(client: Client, name: str) -> None:
    page = by_name(client, name)
    assert not page.slugs()
    assert "We list nobody of this name" in page.words()
    assert "If somebody is not here, that says nothing about them." in page.words()
    assert {"/about#places", "/"} <= set(page.links())


def test_of_many_the_first_are_shown(client: Client) -> None:
    page = by_name(client, "practitioner")
    assert len(found(page)) == 20
    assert "The first 20 people of this name" in page.words()
    assert "There are more. Type more of the name" in page.words()
    assert found(by_name(client, "practitioner 07")) == ["practitioner-07"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "Please type a name."),
        (" \t ", "Please type a name."),
        ("a", "at least two"),
        (" É ", "at least two"),
        ("س", "at least two"),
        ("🦵", "There are no letters in this."),
        ("--''..", "There are no letters in this."),
        ("x" * 201, "longer than any name we hold"),
        ("x" * 3000, "longer than any name we hold"),
        ("Li\x00", "cannot be read"),
        ("\x1b[31mLi", "cannot be read"),
    ],
)
def test_what_is_no_name_is_asked_again_as_it_was_typed(client: Client, name: str, complaint: str) -> None:
    page = by_name(client, name, 422)
    assert complaint in page.words(page.by_id("name-error"))
    assert page.by_id("name").get("aria-invalid") == "true"
    kept = page.by_id("name").get("value", "")
    assert kept == "".join("\N{REPLACEMENT CHARACTER}" if sign in "\x00\x1b" else sign for sign in name.strip())


@pytest.mark.parametrize(
    "name",
    [
        "李",
        "Nguyễn",
        "x" * 60,
        "x " * 100,
        "x" * 200,
        "'; DROP TABLE practitioner;--",
        "<script>alert(1)</script>",
        "%' OR 1=1",
        "\u202eLi",
        "\ud83e",
        "א" * 200,
        "ﷴ" * 20,
    ],
)
def test_any_name_gets_an_answer(client: Client, name: str) -> None:
    answer = client.inner.get("/practitioners", query_string={"name": name.encode("utf-8", "replace")})
    assert answer.status_code in (200, 422)
    if "\ud83e" not in name:
        by_name(client, name)


def test_the_form_without_a_name_is_a_page_to_find(client: Client) -> None:
    page = client.get("/practitioners")
    assert "noindex" not in page.text
    assert not page.slugs()
    answer = client.submit(page, "/practitioners", {"name": "Hidden Home"}, 200)
    assert found(answer) == ["hidden-home"]
    assert "97215" not in answer.words()


def test_two_names_in_one_address_count_as_the_first(client: Client) -> None:
    assert found(client.get("/practitioners?name=Hidden+Home&name=Whole+Pregnancy")) == ["hidden-home"]


def test_a_name_search_keeps_within_three_statements(site: DirectoryApp, client: Client) -> None:
    by_name(client, "practitioner")
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = site.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        by_name(client, "practitioner")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(sent) <= 3


def test_from_the_ninetieth_day_searchers_are_told_to_ask(client: Client, shared_clock: Clock) -> None:
    """Everybody here said ten days ago that their profile is true."""
    ask = "ask whether it is still right"
    shared_clock.now = population.NOW + timedelta(days=79)
    assert ask not in client.get("/practitioners/practitioner-03").words()
    assert ask not in client.get("/search?place=97214").words()
    shared_clock.now = population.NOW + timedelta(days=85)
    assert f"Last confirmed 95 days ago; {ask}." in client.get("/practitioners/practitioner-03").words()
    assert f"Last confirmed 95 days ago; {ask}." in client.get("/search?place=97214").words()
    shared_clock.now = population.NOW + timedelta(days=111)
    assert client.get("/practitioners/practitioner-03", status=410)


def test_a_profile_keeps_within_seven_statements(site: DirectoryApp, client: Client) -> None:
    client.get("/practitioners/whole-pregnancy")
    engine = site.database.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get("/practitioners/whole-pregnancy")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) <= 7, statements


def test_what_somebody_says_of_themselves_at_length_stands_in_paragraphs(client: Client) -> None:
    page = client.get("/practitioners/whole-pregnancy")
    said = [page.words(each) for each in page.all("p")]
    assert "I trained in Portland." in said
    assert "I answer the telephone myself." in said
