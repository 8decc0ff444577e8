"""The shortlist and what it shows side by side: from the buttons of a list and a profile to a sheet to print."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from directory.paths import STATIC
from directory.search.chosen import MOST
from directory.web import compare
from tests.web import population
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.test_search import HERE, told

SIDE_BY_SIDE = "/compare?place=97214"


def pick(client: Client, *slugs: str, page: Page | None = None) -> Page:
    """Press "Add to shortlist" at these people, in the list."""
    for slug in slugs:
        listed = page or client.get(HERE)
        answer = client.submit(listed, "/shortlist/add", {"who": slug})
        assert answer.response.headers["Location"].endswith(f"#pick-{slug}")
    return client.get(SIDE_BY_SIDE)


def names(page: Page) -> list[str]:
    """Who stands side by side."""
    return [page.words(each) for each in page.all("h2") if (each.get("id") or "").startswith("one-")]


def rows(page: Page) -> list[list[str]]:
    """The headings of each column's rows."""
    return [[page.words(each) for each in one.iter("h3")] for one in page.all("article")]


def test_an_empty_shortlist_says_how_to_fill_it(client: Client) -> None:
    assert "Nobody is on your shortlist yet" in client.get("/compare").words()
    assert "Nobody is on your shortlist yet" in client.get(SIDE_BY_SIDE).words()


def test_people_picked_in_the_list_stand_side_by_side_with_the_same_rows(client: Client) -> None:
    page = pick(client, "under-order", "whole-pregnancy")
    assert names(page) == ["Under Order", "Whole Pregnancy"]
    first, second = rows(page)
    assert first == second
    assert first[: compare.ROWS] == first[:-1]
    words = page.words()
    assert "Checked with Oregon Medical Board on November 3, 2026" in words
    assert "Has seen 20 people with restless legs syndrome (RLS) in the last 24 months" in words
    assert re.search(r"about [\d.]+ miles in a straight line", words)
    assert "Order of 2025" in words


def test_the_stylesheet_lays_out_as_many_rows_as_there_are() -> None:
    """The head, the rows, what must be read with them, and the buttons."""
    style = (STATIC / "compare.css").read_text(encoding="utf-8")
    assert set(re.findall(r"grid-row: span (\d+); grid-template-rows", style)) == {str(compare.ROWS + 3)}


def test_the_button_says_that_somebody_is_on_it_and_takes_them_off_again(client: Client) -> None:
    pick(client, "under-order", "whole-pregnancy")
    listed = client.get(HERE)
    assert "2 people are on your shortlist." in listed.words()
    button = listed.by_id("pick-under-order")
    assert "take off" in listed.words(button)
    token = listed.fields(listed.form("/shortlist/add"))["csrf_token"]
    gone = client.post(button.get("formaction", ""), 303, data={"csrf_token": token, "who": "under-order"})
    assert gone.response.headers["Location"].endswith("#pick-under-order")
    assert names(client.get(SIDE_BY_SIDE)) == ["Whole Pregnancy"]


def test_the_button_leads_back_to_the_page_of_the_list_on_which_it_was(client: Client) -> None:
    second = client.get(client.get(HERE).next_page() or "")
    slug = second.slugs()[0]
    answer = client.submit(second, "/shortlist/add", {"who": slug})
    assert slug in client.get(answer.response.headers["Location"]).slugs()


def test_somebody_is_picked_on_their_own_page_and_a_place_can_be_given_later(client: Client) -> None:
    profile = client.get("/practitioners/whole-pregnancy")
    answer = client.submit(profile, "/shortlist/add", {"who": "whole-pregnancy"})
    assert answer.response.headers["Location"] == "/practitioners/whole-pregnancy#pick"
    page = client.get("/compare")
    assert names(page) == ["Whole Pregnancy"]
    assert "straight line" not in page.words(next(page.all("article")))
    placed = client.submit(page, "/compare", {"place": "97214"}, status=200)
    assert "in a straight line" in placed.words(next(placed.all("article")))


def test_no_more_than_four_are_picked_and_nothing_is_lost(client: Client) -> None:
    slugs = client.get(HERE).slugs()[: MOST + 1]
    pick(client, *slugs[:MOST])
    full = client.submit(client.get(HERE), "/shortlist/add", {"who": slugs[MOST]}, status=422)
    assert "Take somebody off before you add another" in full.words()
    assert len(names(client.get(SIDE_BY_SIDE))) == MOST
    again = client.submit(client.get(HERE), "/shortlist/add", {"who": slugs[0]})
    assert again.status == 303


def test_the_shortlist_is_emptied_at_once(client: Client) -> None:
    pick(client, "under-order", "whole-pregnancy")
    page = client.get(HERE)
    token = page.fields(page.form("/shortlist/add"))["csrf_token"]
    client.post("/shortlist/empty?place=97214", 303, data={"csrf_token": token})
    assert names(client.get(SIDE_BY_SIDE)) == []


@pytest.mark.parametrize("who", ["", "<b>", "a.b", "x" * 200, "Ünder"])
def test_what_is_nobodys_name_is_refused(client: Client, who: str) -> None:
    refused = client.submit(client.get(HERE), "/shortlist/add", {"who": who}, status=422)
    assert "There is no practitioner of that name." in refused.words()


@pytest.mark.parametrize("slug", ["not-published", "under-a-ban", "lapsed-yesterday", "nobody-of-this-name"])
def test_whoever_may_not_be_shown_is_not_listed_any_more_and_nobody_says_why(client: Client, slug: str) -> None:
    page = client.get(HERE)
    client.submit(page, "/shortlist/add", {"who": slug})
    page = client.get(SIDE_BY_SIDE)
    assert names(page) == ["Not listed any more"]
    words = page.words(next(page.all("article")))
    assert "One of the people you picked is not listed any more." in words
    assert not re.search(r"Ban|Lapsed|Published|suspend|licence|expire", words)


def test_somebody_who_lapses_after_being_picked_goes(client: Client, shared_clock: Clock) -> None:
    pick(client, "whole-pregnancy")
    shared_clock.now = population.NOW + timedelta(days=400)
    assert names(client.get(SIDE_BY_SIDE)) == ["Not listed any more"]


def test_the_first_line_names_the_pregnancy_state_it_was_made_for(client: Client) -> None:
    pick(client, "whole-pregnancy", "under-order")
    assert "Pregnant: not answered yet." in client.get(SIDE_BY_SIDE).words()
    told(client, "yes", "20")
    page = client.get(SIDE_BY_SIDE)
    line = page.words(page.by_id("made-for"))
    assert "Pregnant: yes, 20 weeks today." in line
    assert "Change what you told us" in line
    able, unable = (page.words(each) for each in page.all("article"))
    assert "In your list" in able
    assert "Takes on weeks 0 to 43 of pregnancy" in able
    assert "not everything we ask for in pregnancy is in place for these weeks" in unable
    assert "What do you avoid in pregnancy, and whom do you call when something worries you?" in page.words()


def test_who_is_out_of_reach_or_takes_nobody_is_said_to_be(client: Client) -> None:
    client.submit(client.get(HERE), "/shortlist/add", {"who": "from-afar"})
    assert "further away than you asked" in client.get(SIDE_BY_SIDE).words()
    talking = client.get(SIDE_BY_SIDE + "&mode=remote")
    assert "In your list" in talking.words(next(talking.all("article")))
    client.submit(client.get(HERE), "/shortlist/add", {"who": "closed-list"})
    assert "takes nobody new at present, or is away" in client.get(SIDE_BY_SIDE).words()


def test_the_sheet_has_room_for_each_answer_of_each_person(client: Client) -> None:
    page = pick(client, "whole-pregnancy", "under-order")
    table = next(each for each in page.all("table") if each.get("class") == "answers")
    lines = list(table.iter("tr"))[1:]
    assert len(lines) > 10
    for line in lines:
        assert len(list(line.iter("td"))) == 2


def test_a_place_that_means_nothing_is_complained_about_at_its_field(client: Client) -> None:
    pick(client, "whole-pregnancy")
    page = client.get("/compare?place=nowhere at all", status=422)
    assert "place" in page.errors_at()
    assert names(page) == ["Whole Pregnancy"]


def test_neither_cookie_nor_address_holds_a_health_fact(client: Client) -> None:
    told(client, "yes", "20")
    pick(client, "whole-pregnancy")
    cookie = client.inner.get_cookie("shortlist")
    assert cookie is not None
    assert cookie.value == "whole-pregnancy"
    assert cookie.http_only
    page = client.get(SIDE_BY_SIDE)
    assert not [link for link in page.links() if re.search(r"pregnan(t|cy)=|week|due", link)]
    assert page.response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("cookie", ["..", "a" * 3000, "<script>", "whole-pregnancy.whole-pregnancy", "a.b.c.d.e.f.g"])
def test_a_cookie_of_any_kind_is_read_without_harm(client: Client, cookie: str) -> None:
    client.inner.set_cookie("shortlist", cookie)
    page = client.get(SIDE_BY_SIDE)
    assert len(names(page)) <= MOST


def test_side_by_side_asks_the_database_three_things(client: Client, town: Engine) -> None:
    pick(client, *client.get(HERE).slugs()[:MOST])
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(town, "before_cursor_execute", note)
    try:
        client.get(SIDE_BY_SIDE)
    finally:
        event.remove(town, "before_cursor_execute", note)
    assert len([each for each in statements if each.startswith("SELECT")]) <= 3, statements
