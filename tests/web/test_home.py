"""The first page: what may be typed, what is kept, and where it leads."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from tests.web.client import Client
from tests.web.conftest import Clock
from tests.web.population import TODAY


def test_the_first_page_asks_one_place_and_one_question_and_presumes_no_answer(client: Client) -> None:
    page = client.get("/")
    fields = page.fields(page.form("/"))
    assert set(fields) == {"csrf_token", "place", "weeks", "due"}
    answers = [each.get("value") for each in page.all("input") if each.get("type") == "radio"]
    assert answers == ["no", "yes", "maybe", "postpartum"]


def test_an_answer_goes_on_to_the_list_with_the_place_alone_in_the_address(client: Client) -> None:
    sent = client.submit(client.get("/"), "/", {"place": " 97214 ", "pregnancy": "yes", "weeks": "20"})
    assert sent.response.headers["Location"] == "/search?place=97214"
    assert "Pregnant: yes, 20 weeks today." in client.follow(sent).words()


def test_a_due_date_says_the_same_as_weeks(client: Client) -> None:
    due = (TODAY + timedelta(days=140)).isoformat()
    sent = client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes", "due": due})
    assert "Pregnant: yes, 20 weeks today." in client.follow(sent).words()


def test_yes_without_a_week_is_taken_and_said(client: Client) -> None:
    sent = client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes"})
    assert "week not given" in client.follow(sent).words()


def test_no_answer_is_an_answer(client: Client) -> None:
    sent = client.submit(client.get("/"), "/", {"place": "97214"})
    assert "Set-Cookie" not in sent.response.headers or "about_you=;" in sent.response.headers["Set-Cookie"]
    assert "not answered yet" in client.follow(sent).words()


@pytest.mark.parametrize(("hour", "place"), [(3, "97214"), (12, "97214"), (20, "Sydney, New South Wales")])
def test_weeks_are_those_of_the_day_at_the_place_whatever_the_hour(
    client: Client, shared_clock: Clock, hour: int, place: str
) -> None:
    """At three in the morning, UTC, it is still the evening before in Oregon; at eight in the evening, the next day in
    Sydney."""
    shared_clock.now = shared_clock.now.replace(hour=hour)
    sent = client.submit(client.get("/"), "/", {"place": place, "pregnancy": "yes", "weeks": "20"})
    listed = client.follow(sent)
    assert "Pregnant: yes, 20 weeks today." in listed.words()
    again = client.submit(listed, "/search/about-you", {"pregnancy": "yes", "weeks": "12", "due": ""})
    assert "Pregnant: yes, 12 weeks today." in client.follow(again).words()


def test_weeks_without_yes_are_not_kept(client: Client) -> None:
    sent = client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "no", "weeks": "20"})
    assert "Pregnant: no." in client.follow(sent).words()


@pytest.mark.parametrize("place", ["", "zzzzqqqq", "x" * 10_000, "\x00", "<script>alert(1)</script>", "Germany"])
def test_a_place_that_means_nothing_comes_back_as_typed(client: Client, place: str) -> None:
    page = client.submit(client.get("/"), "/", {"place": place, "pregnancy": "maybe"}, status=422)
    assert page.errors_at()["place"]
    assert page.fields(page.form("/"))["pregnancy"] == "maybe"
    assert "Set-Cookie" not in page.response.headers


def test_a_mistyped_place_offers_near_names_that_keep_the_answers(client: Client) -> None:
    page = client.submit(client.get("/"), "/", {"place": "Portlnd, Oregon", "pregnancy": "maybe"}, status=422)
    offers = [each.get("value", "") for each in page.all("button") if each.get("name") == "meant"]
    assert "Portland, Oregon" in offers
    chosen = client.submit(page, "/", {"meant": "Portland, Oregon"})
    assert chosen.response.headers["Location"] == "/search?place=Portland,+Oregon"
    assert "first three months" in client.follow(chosen).words()


def test_a_place_that_may_be_several_is_asked_about_and_is_no_error(client: Client) -> None:
    page = client.submit(client.get("/"), "/", {"place": "Portland"}, status=422)
    assert page.words(next(page.all("h1"))) == "Which Portland?"
    assert "Error" not in page.words()
    assert page.words().count("There is more than one place of that name") == 1
    offers = [page.words(each) for each in page.all("button") if each.get("name") == "meant"]
    assert "Portland, Victoria, Australia" in offers
    region = client.submit(client.get("/"), "/", {"place": "Germany"}, status=422)
    assert region.words(next(region.all("h1"))) == "Which town in Germany?"


def test_a_refused_form_says_so_in_its_title_and_names_the_question(client: Client) -> None:
    fields = {"place": "97214", "pregnancy": "yes", "weeks": "99"}
    page = client.submit(client.get("/"), "/", fields, status=422)
    assert page.words(next(page.all("title"))).startswith("Error: Find")
    summary = next(each for each in page.all("div") if each.get("class") == "error-summary")
    assert summary.get("autofocus") is not None
    assert "Completed weeks of pregnancy: Please give completed weeks" in page.words(summary)


def test_complaints_stand_in_the_order_of_the_page(client: Client) -> None:
    fields = {"place": "", "pregnancy": "yes", "weeks": "99", "due": "soon"}
    page = client.submit(client.get("/"), "/", fields, status=422)
    summary = next(each for each in page.all("div") if each.get("class") == "error-summary")
    assert [each.get("href") for each in summary.iter("a")] == ["#place", "#weeks", "#due"]


def test_the_enter_key_never_chooses_a_suggestion(client: Client) -> None:
    page = client.submit(client.get("/"), "/", {"place": "Portland"}, status=422)
    buttons = list(page.form("/").iter("button"))
    assert buttons[0].get("name") is None
    assert len([each for each in buttons if each.get("name") == "meant"]) > 1


@pytest.mark.parametrize("weeks", ["-1", "43", "99", "12.5", "twelve", "NaN", "1e1", "٢٠", "x" * 10_000, "\x00"])
def test_weeks_that_are_none_are_refused_at_their_field(client: Client, weeks: str) -> None:
    page = client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes", "weeks": weeks}, status=422)
    assert "0 to 42" in page.errors_at()["weeks"]


@pytest.mark.parametrize("weeks", ["0", "42", "07"])
def test_the_first_and_the_last_week_are_weeks(client: Client, weeks: str) -> None:
    client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes", "weeks": weeks})


@pytest.mark.parametrize(
    "due",
    [
        (TODAY - timedelta(days=22)).isoformat(),
        (TODAY + timedelta(days=295)).isoformat(),
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "31.03.2027",
        "soon",
        "x" * 10_000,
    ],
)
def test_a_due_date_that_is_none_is_refused_at_its_field(client: Client, due: str) -> None:
    page = client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes", "due": due}, status=422)
    assert page.errors_at()["due"]


@pytest.mark.parametrize("days", [0, 1, 280])
def test_a_due_date_may_be_today_or_forty_weeks_ahead(client: Client, days: int) -> None:
    due = (TODAY + timedelta(days=days)).isoformat()
    client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes", "due": due})


def test_weeks_and_a_due_date_that_disagree_are_asked_about(client: Client) -> None:
    due = (TODAY + timedelta(days=40)).isoformat()
    fields = {"place": "97214", "pregnancy": "yes", "weeks": "12", "due": due}
    page = client.submit(client.get("/"), "/", fields, status=422)
    assert "do not agree" in page.errors_at()["due"]


@pytest.mark.parametrize("answer", ["perhaps", "not_answered", "<b>", "x" * 10_000, "\x00"])
def test_an_answer_that_was_not_offered_is_refused(client: Client, answer: str) -> None:
    page = client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": answer}, status=422)
    assert page.errors_at()["pregnancy"]


def test_a_file_in_place_of_an_answer_is_no_answer(client: Client) -> None:
    token = client.get("/").fields(client.get("/").form("/"))["csrf_token"]
    for name in ("place", "pregnancy", "weeks", "due"):
        page = client.post("/", 422, data={"csrf_token": token, name: (BytesIO(b"97214"), "place.txt")})
        assert page.errors_at()["place"]


@pytest.mark.parametrize("sent", [{"place": 97214, "weeks": None}, {"place": ["97214"]}, ["place"], 7])
def test_json_is_no_answer(client: Client, sent: object) -> None:
    token = client.get("/").fields(client.get("/").form("/"))["csrf_token"]
    assert client.post("/", 422, json=sent, headers={"X-CSRFToken": token}).errors_at()["place"]


@pytest.mark.parametrize("name", ["place", "meant", "pregnancy", "weeks", "due"])
@pytest.mark.parametrize("typed", ["\x00", "\x01\x1b[31m", "a\x7fb", "\ufffe"])
def test_signs_that_html_cannot_hold_come_back_as_one_that_it_can(client: Client, name: str, typed: str) -> None:
    token = client.get("/").fields(client.get("/").form("/"))["csrf_token"]
    page = client.post("/", 422, data={"place": "97214", "pregnancy": "yes", "csrf_token": token, name: typed})
    assert typed not in page.text
