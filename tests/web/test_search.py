"""The list: what it shows, what it refuses, and how its pages fit together."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.web import population
from tests.web.client import Client, Page
from tests.web.conftest import Clock

HERE = "/search?place=97214"


def told(client: Client, pregnancy: str, weeks: str = "") -> Page:
    """Answer the question above the list and come back to it."""
    page = client.get(HERE)
    answered = client.submit(page, "/search/about-you", {"pregnancy": pregnancy, "weeks": weeks})
    return client.follow(answered)


def all_pages(client: Client, address: str) -> list[Page]:
    """Every page of a list, by following its links."""
    pages = [client.get(address)]
    while (onward := pages[-1].next_page()) is not None:
        pages.append(client.get(onward))
        assert len(pages) < 20
    return pages


def walked(client: Client, address: str) -> list[list[str]]:
    """The slugs of every page of a list."""
    return [page.slugs() for page in all_pages(client, address)]


# --- the list --------------------------------------------------------------------------------------------------------


def test_a_place_in_the_address_lists_people_as_links_to_their_profiles(client: Client) -> None:
    page = client.get(HERE)
    assert len(page.slugs()) == 20
    assert f"/practitioners/{page.slugs()[0]}" in page.links()


def test_every_card_says_what_was_checked_and_why_it_stands_there(client: Client) -> None:
    page = client.get(HERE)
    for card in page.all("article"):
        words = page.words(card)
        assert "Checked with Oregon Medical Board on November 3, 2026, valid to" in words
        assert "restless legs syndrome (RLS)" in words
        assert "Fictional person" in words
    assert "Why they are here in the list" in page.words()
    assert "How this fits what you asked, not a rating" in page.words()


def test_the_points_shown_add_up_to_the_sum_shown(client: Client) -> None:
    page = client.get(HERE)
    tables = [each for each in page.all("table") if "not a rating" in page.words(each)]
    assert len(tables) == 20
    for table in tables:
        rows = [row for row in table.iter("tr") if row.find("td") is not None]
        points = [float(page.words(list(row)[-1]).removeprefix("= ")) for row in rows]
        assert sum(points[:-1]) == pytest.approx(points[-1], abs=1e-9)


def test_distances_are_straight_lines_in_the_unit_of_the_country(client: Client) -> None:
    page = client.get(HERE)
    assert re.search(r"about [\d.]+ miles straight line", page.words())
    assert " km" not in page.words().split("What this list is")[0]
    abroad = client.get("/search?place=Sydney, New South Wales")
    assert " km" in abroad.words()
    assert " miles" not in abroad.words()


def test_the_first_line_says_for_whom_the_list_was_made(client: Client) -> None:
    line = client.get(HERE).by_id("made-for")
    words = " ".join("".join(line.itertext()).split())
    assert words.startswith("Made for: about 97214 (Portland, Oregon). Within 25 miles. Pregnant: not answered yet.")


def test_help_and_honest_words_stand_on_every_list(client: Client) -> None:
    for page in (client.get(HERE), told(client, "yes", "20")):
        words = page.words()
        assert words.index("Get help now if") < words.index("Why they are here in the list")
        assert "911" in words
        assert "we cannot say whether it works for you" in words
        assert "Do not stop or start a medicine" in words
        assert "ferritin" in words
        assert "We check papers, not skill or results" in words


def test_orders_conditions_and_names_of_any_kind_are_shown_as_they_are(client: Client) -> None:
    pages = all_pages(client, HERE)
    slugs = {slug for page in pages for slug in page.slugs()}
    assert "not-published" not in slugs
    assert "lapsed-yesterday" not in slugs
    assert "closed-list" not in slugs
    assert "from-afar" not in slugs
    text = "".join(page.text for page in pages)
    assert "&lt;b&gt;Bobby&lt;/b&gt;" in text
    assert "<b>Bobby" not in text
    assert population.RTL_NAME in text
    assert "public order (probation)" in text
    assert "May not use electro-acupuncture" in text


def test_newcomers_stand_apart_from_the_order(client: Client) -> None:
    page = client.get(HERE)
    heading = page.by_id("newcomers")
    assert "without evidence about restless legs yet" in page.words(heading)
    assert "Has told us of no experience" in page.words()


# --- pages of a list -------------------------------------------------------------------------------------------------


def test_pages_repeat_nobody_and_leave_nobody_out(client: Client) -> None:
    pages = walked(client, HERE)
    everybody = [slug for page in pages for slug in page]
    shown = client.get(HERE).words(client.get(HERE).by_id("list"))
    assert len(everybody) == len(set(everybody)) == int(shown.split()[0])
    assert [len(page) for page in pages[:-1]] == [20] * (len(pages) - 1)


def test_pages_fit_together_across_midnight(client: Client, shared_clock: Clock) -> None:
    first = client.get(HERE)
    onward = first.next_page()
    assert onward is not None
    rest = [slug for page in walked(client, onward) for slug in page]
    shared_clock.now = population.NOW + timedelta(days=1)
    assert [slug for page in walked(client, onward) for slug in page] == rest
    assert not set(first.slugs()) & set(rest)


def test_the_same_address_on_the_same_day_is_the_same_list(client: Client, site: Flask) -> None:
    assert client.get(HERE).slugs() == Client(site).get(HERE).slugs()


@pytest.mark.parametrize("key", ["!!!", "AAAA", "x" * 5000, "é", "A" * 43 + "\x00", "A" * 43 + "B"])
def test_a_damaged_page_link_is_refused_and_leads_back_to_the_start(client: Client, key: str) -> None:
    page = client.get("/search?" + urlencode({"place": "97214", "after": key}), 422)
    assert "damaged" in page.words()
    assert "/search?place=97214" in page.links()


@pytest.mark.parametrize("key", ["f" * 42 + "8", "gAAAAAAAAACAAAAAAAAAAIAAAAAAAAAAgAAAAAAAAAA", "A" * 43, "-" * 43])
def test_any_well_formed_key_is_only_a_place_in_the_order(client: Client, key: str) -> None:
    client.get("/search?" + urlencode({"place": "97214", "after": key}))


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-20"])
def test_a_page_link_of_these_days_is_good(client: Client, day: str) -> None:
    client.get(f"{HERE}&day={day}")


@pytest.mark.parametrize(
    "day", ["2026-10-01", "2027-01-01", "0001-01-01", "9999-12-31", "yesterday", "2026-02-30", "1e9"]
)
def test_a_page_link_of_another_time_is_refused(client: Client, day: str) -> None:
    page = client.get(f"{HERE}&day={day}", 422)
    assert "/search?place=97214" in page.links()


# --- what the patient tells us ---------------------------------------------------------------------------------------


def test_pregnancy_changes_the_list_for_reasons_the_page_states(client: Client) -> None:
    before = {slug for page in walked(client, HERE) for slug in page}
    page = told(client, "yes", "12")
    after = {slug for each in walked(client, HERE) for slug in each}
    assert after == {"whole-pregnancy"}
    assert after < before
    assert "Pregnant: yes, 12 weeks today." in page.words()
    assert "Only people who take on these weeks of pregnancy" in page.words()
    assert "Takes on weeks 0 to 43 of pregnancy; 24 hours of maternity training" in page.words()
    assert "Practice in pregnancy:" in page.words()


def test_later_weeks_are_other_people(client: Client) -> None:
    told(client, "yes", "20")
    after = {slug for each in walked(client, HERE) for slug in each}
    assert len(after) > 5
    assert "practitioner-01" not in after


def test_maybe_counts_as_the_first_three_months(client: Client) -> None:
    page = told(client, "maybe")
    assert page.slugs() == ["whole-pregnancy"]
    assert "maybe, which counts as the first three months" in page.words()


def test_pregnant_without_a_week_is_every_week(client: Client) -> None:
    page = told(client, "yes")
    assert page.slugs() == ["whole-pregnancy"]
    assert "week not given" in page.words()


def test_no_health_fact_ever_stands_in_an_address(client: Client) -> None:
    page = told(client, "yes", "20")
    for address in [*page.links(), *(form.get("action", "") for form in page.all("form"))]:
        # Whoever is named in an address may be called anything.
        query = re.sub(r"(^|&)who=[a-z0-9-]*", "", urlsplit(address).query)
        assert not re.search(r"pregnan|weeks|due|age=|yes=|maybe", query), address


def test_one_click_forgets(client: Client) -> None:
    page = told(client, "maybe")
    forgotten = client.follow(client.submit(page, "/search/forget"))
    assert "Pregnant: not answered yet." in forgotten.words()
    assert len(forgotten.slugs()) == 20


def test_an_answer_keeps_the_rest_of_the_address(client: Client) -> None:
    page = client.get(f"{HERE}&radius=50&language=es&gender=female")
    answered = client.submit(page, "/search/about-you", {"pregnancy": "no"})
    query = parse_qs(urlsplit(answered.response.headers["Location"]).query)
    assert query == {"place": ["97214"], "radius": ["50"], "language": ["es"], "gender": ["female"]}


def test_a_wrong_answer_comes_back_with_its_complaint_and_the_list(client: Client) -> None:
    page = client.get(HERE)
    again = client.submit(page, "/search/about-you", {"pregnancy": "yes", "weeks": "99"}, status=422)
    assert "from 0 to 42" in again.errors_at()["weeks"]
    assert len(again.slugs()) == 20
    assert again.fields(again.form("/search/about-you"))["weeks"] == "99"


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wish",
    [
        "accepting=yes",
        "language=es",
        "language=es&language=ar",
        "gender=female",
        "availability=evening",
        "availability=weekend&availability=evening",
        "technique=manual",
        "payer=us-aetna",
        "max_price=90",
        "step_free=yes",
        "home_visit=yes",
        "remote=yes",
        "waitlist=yes",
        "preset=nearest",
        "preset=most_experienced",
        "weights=rls:50,distance:25,fit:15,trust:10",
        "preset=own&weight_rls=0&weight_distance=100&weight_fit=0&weight_trust=0",
        "mode=remote",
        "radius=5",
        "radius=0.7",
    ],
)
def test_every_filter_answers_with_a_list(client: Client, wish: str) -> None:
    page = client.get(f"{HERE}&{wish}")
    count = page.words(page.by_id("list")).split()[0]
    assert count == "Nobody" or int(count) >= len(page.slugs()) > 0


def test_the_count_beside_a_filter_is_what_the_filter_leaves(client: Client) -> None:
    page = client.get(HERE)
    label = next(each for each in page.all("label") if each.get("for") == "language-es")
    promised = int(re.findall(r"\((\d+)", page.words(label))[0])
    kept = client.get(f"{HERE}&language=es")
    assert page.words(page.by_id("list")) != kept.words(kept.by_id("list"))
    assert kept.words(kept.by_id("list")).split()[0] == str(promised)


def test_the_filter_form_sends_what_the_address_says(client: Client) -> None:
    page = client.get(f"{HERE}&language=es&accepting=yes&radius=50")
    again = client.submit(page, "/search", status=200)
    assert again.slugs() == page.slugs()


def test_a_wish_can_be_taken_back_by_its_link(client: Client) -> None:
    page = client.get(f"{HERE}&language=es&accepting=yes")
    assert "/search?place=97214&accepting=yes" in page.links()
    assert "/search?place=97214&language=es" in page.links()


def test_own_weights_are_normalised_and_said(client: Client) -> None:
    page = client.get(f"{HERE}&weights=rls:1,distance:1")
    assert "Experience with RLS 50%, Nearness 50%" in page.words()


def weights(page: Page) -> dict[str, int]:
    """The weights that a list says it is made with, in percent."""
    said = re.search(r"What counts: ([^.]+)\.", page.words())
    assert said is not None
    return {name: int(share) for name, share in re.findall(r"([A-Z][^,%]*?) (\d+)%", said[1])}


def test_the_ends_and_the_middle_of_the_slider_are_the_presets(client: Client) -> None:
    for leaning, preset in ((0, "nearest"), (50, "balanced"), (100, "most_experienced")):
        slid, set_ = client.get(f"{HERE}&leaning={leaning}"), client.get(f"{HERE}&preset={preset}")
        assert slid.slugs() == set_.slugs()
        assert weights(slid) == weights(set_)


def test_the_slider_leads_evenly_from_nearness_to_experience(client: Client) -> None:
    shares = [weights(client.get(f"{HERE}&leaning={leaning}")) for leaning in range(0, 101, 10)]
    for before, after in pairwise(shares):
        assert after["Nearness"] < before["Nearness"]
        assert after["Experience with RLS"] > before["Experience with RLS"]
        assert after["Standing"] == before["Standing"]


def test_the_slider_is_a_form_that_keeps_what_else_was_asked(client: Client) -> None:
    page = client.get(f"{HERE}&radius=50&preset=nearest&language=es&language=ar")
    form = page.by_id("slider")
    assert page.by_id("leaning-range").get("value") == "0"
    data = page.fields(form)
    assert data.getlist("language") == ["es", "ar"]
    assert "preset" not in data
    moved = client.get(f"/search?place={data['place']}&radius=50&language=es&language=ar&leaning=80")
    assert moved.by_id("leaning-range").get("value") == "80"
    said = json.loads(moved.by_id("slider").get("data-said") or "")
    assert len(said) == 11
    assert said[8] in moved.words()
    assert moved.by_id("preset-slider").get("checked") is not None
    # The other form keeps the slider's place, and a preset chosen in it takes its stead.
    kept = page.fields(next(each for each in moved.all("form") if each.get("class") == "filters"))
    assert (kept["leaning"], kept["preset"]) == ("80", "slider")
    assert client.get(f"/search?{urlencode(list(kept.items(multi=True)))}").slugs() == moved.slugs()
    assert weights(client.get(f"{HERE}&leaning=80&preset=nearest")) == weights(client.get(f"{HERE}&preset=nearest"))


def test_from_a_distance_there_is_nothing_to_slide(client: Client) -> None:
    assert 'id="slider"' not in client.get(f"{HERE}&mode=remote").text


@pytest.mark.parametrize("leaning", ["-1", "101", "1e1", "50.5", "0000500", "٥٠", "<b>"])
def test_a_place_beside_the_slider_is_refused_where_it_stands(client: Client, leaning: str) -> None:
    page = client.get("/search", 422, query_string={"place": "97214", "leaning": leaning})
    assert "from 0 (nearer) to 100 (more experienced)" in page.errors_at()["leaning"]
    assert page.by_id("leaning").get("value") == leaning


def test_nearest_first_really_is(client: Client) -> None:
    page = client.get(f"{HERE}&weights=distance:100")
    far = [float(each) for each in re.findall(r"about ([\d.]+) miles straight line", page.words())]
    assert far[0] <= 1


def test_remote_consultations_know_no_distance_and_say_what_they_are(client: Client) -> None:
    page = client.get(f"{HERE}&mode=remote")
    assert page.slugs() == ["from-afar"]
    assert "Needling cannot be done remotely" in page.words()
    assert "straight line;" not in page.words()


def test_a_hidden_home_shows_no_street(client: Client) -> None:
    page = client.get(f"{HERE}&home_visit=yes")
    assert page.slugs() == ["hidden-home"]
    assert "Secret" not in page.text
    assert "Comes to your home" in page.words()


# --- empty lists -----------------------------------------------------------------------------------------------------


def test_an_empty_circle_offers_the_nearest_beyond_it(client: Client) -> None:
    page = client.get("/search?place=Bend, Oregon&radius=10")
    assert "Nobody within 10 miles. Within" in page.words()
    assert len(page.slugs()) > 0
    wider = next(link for link in page.links() if "radius=" in link and "mode=" not in link)
    assert client.get(wider).words().find("Nobody fits") == -1


def test_an_empty_wish_names_what_it_costs(client: Client) -> None:
    page = client.get(f"{HERE}&language=es&gender=non_binary&step_free=yes&max_price=1")
    assert "Nobody fits what you asked" in page.words()
    assert "Without any of your filters" in page.words()
    assert "at most $1 a visit" in page.words()


def test_leaving_out_one_wish_is_said_in_its_own_words_with_a_button_that_does_it(client: Client) -> None:
    page = client.get(f"{HERE}&max_price=1")
    assert re.search(r"Whatever the price: \d+ people Show these \d+ people", page.words())
    assert "/search?place=97214" in page.links()


def test_a_list_for_somebody_pregnant_says_how_many_it_left_out_and_offers_no_way_round(client: Client) -> None:
    everybody = int(client.get(HERE).words(client.get(HERE).by_id("list")).split()[0])
    page = told(client, "yes", "12")
    assert f"{everybody - 1} others fit otherwise, but we could not confirm training, cover" in page.words()
    assert "others fit otherwise" not in told(client, "no").words()


def test_where_nobody_may_be_listed_the_page_says_why(client: Client) -> None:
    closed = client.get("/search?place=Birmingham, Alabama")
    assert "no acupuncture licen" in closed.words()
    unknown = client.get("/search?place=Paris, France")
    assert "We do not know the rules" in unknown.words()
    sea = client.get("/search?place=0, -140")
    assert "We do not know the rules" in sea.words()


# --- costs and promises ----------------------------------------------------------------------------------------------


def test_a_list_asks_the_database_at_most_three_times(client: Client, town: Engine) -> None:
    client.get(HERE)
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            statements.append(statement)

    event.listen(town, "before_cursor_execute", note)
    try:
        client.get(f"{HERE}&gender=female")
    finally:
        event.remove(town, "before_cursor_execute", note)
    assert len(statements) <= 3, statements


def test_head_answers_like_get_without_words(client: Client) -> None:
    response = client.inner.head(HERE, base_url=client.base)
    assert response.status_code == 200
    assert response.data == b""


def test_a_list_is_kept_by_nobody(client: Client) -> None:
    headers = client.get(HERE).response.headers
    assert headers["Cache-Control"] == "private, no-store"


def test_a_bare_place_may_be_found_by_search_engines_and_nothing_narrower_may(client: Client) -> None:
    assert "noindex" not in client.get(HERE).text
    for narrower in ("&radius=50", "&leaning=70", "&language=es", "&gender=female"):
        assert '<meta name="robots" content="noindex">' in client.get(f"{HERE}{narrower}").text
    refused = client.get("/search?place=zzzzzz", 422)
    assert '<meta name="robots" content="noindex">' in refused.text


def test_the_list_changes_from_day_to_day_only_among_equals(client: Client, shared_clock: Clock) -> None:
    today = client.get(HERE).slugs()
    shared_clock.now = datetime.fromisoformat("2026-11-25T20:00:00+00:00")
    later = client.get(HERE).slugs()
    assert len(set(today) & set(later)) > 10
