"""Papers for visits: what is typed comes back on the page and goes nowhere else, and a mistake is said at its field."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import event

from directory import logs
from directory.app import DirectoryApp
from tests.web import population
from tests.web.client import Client, Page

DAY = (population.NOW + timedelta(days=2)).date()
CANARY = "tarantella"
FILLED = {
    "/care/bring": {"line_1_name": CANARY, "line_1_reason": CANARY, "reactions": CANARY, "whose": CANARY},
    "/care/questions": {"name_1": CANARY, "name_4": CANARY},
    "/care/letter": {
        "to_name": CANARY,
        "medicines": CANARY,
        "practitioner": CANARY,
        "signed": CANARY,
        "born": CANARY,
        "pregnant": "y",
    },
}


def told(client: Client, pregnancy: str, weeks: str = "") -> None:
    page = client.get("/search?place=97214")
    client.submit(page, "/search/about-you", {"pregnancy": pregnancy, "weeks": weeks, "due": ""})


def sent(client: Client, path: str, fields: dict[str, str], status: int = 200) -> Page:
    return client.submit(client.get(path), path, fields, status=status)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log of the product at its most talkative."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.configure("debug")
    yield written
    monkeypatch.undo()
    logs.configure("error")


def test_every_paper_is_reached_from_one_page_and_that_from_the_guide_and_every_footer(client: Client) -> None:
    index = client.get("/care")
    ours = {"bring", "prepare", "questions", "letter", "superbill", "after", "plan", "review", "summary"}
    assert {f"/care/{name}" for name in ours} | {"/diary", "/guide", "/urgent"} <= set(index.links())
    for path in sorted({link for link in index.links() if link.startswith(("/care/", "/diary", "/urgent"))}):
        client.get(path)
    assert "/care" in client.get("/guide").links()
    assert "/care" in client.get("/about").links()


@pytest.mark.parametrize("path", FILLED)
def test_what_is_typed_is_kept_nowhere(
    client: Client, site: DirectoryApp, log: io.StringIO, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        statements.append(f"{statement} {parameters}")

    page = client.get(path)
    event.listen(site.database.engine, "before_cursor_execute", note)
    try:
        answer = client.submit(page, path, FILLED[path], status=200)
    finally:
        event.remove(site.database.engine, "before_cursor_execute", note)
    assert CANARY in answer.words()
    assert "no-store" in answer.response.headers["Cache-Control"]
    elsewhere = " ".join([*statements, log.getvalue(), *answer.response.headers.getlist("Set-Cookie")])
    assert CANARY not in elsewhere
    assert not [each for each in statements if each.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert CANARY not in client.get(path).words()


# --- medicines -------------------------------------------------------------------------------------------------------


def test_a_list_raises_the_questions_of_what_is_on_it(client: Client) -> None:
    words = sent(
        client, "/care/bring", {"line_1_name": "Warfarin", "line_1_dose": "3 mg", "line_3_name": "Iron"}
    ).words()
    assert "3 mg" in words
    assert "how long do you press afterwards?" in words
    assert "What were my ferritin and transferrin saturation, and when?" in words
    assert "Were my ferritin and transferrin saturation tested" not in words
    assert "Do not stop or start a medicine" in words


def test_a_tick_raises_them_too_and_a_name_we_do_not_know_is_not_called_harmless(client: Client) -> None:
    words = sent(client, "/care/bring", {"line_1_name": "Brandname", "groups": "dopamine"}).words()
    assert "augmentation" in words
    assert "We know a name on your list" not in words
    assert "Were my ferritin and transferrin saturation tested" in words
    assert "may still raise one" in words


@pytest.mark.parametrize(
    ("fields", "at", "complaint"),
    [
        ({}, "groups", "at least one line"),
        ({"groups": "everything"}, "groups", "answers offered"),
        ({"line_2_dose": "50 mg"}, "line_2_name", "Please give the name"),
        ({"line_12_reason": "sleep"}, "line_12_name", "Please give the name"),
        ({"line_1_name": "x" * 121}, "line_1_name", "room for 120"),
        ({"line_1_name": "Iron", "reactions": "x" * 1001}, "reactions", "room for 1000"),
    ],
)
def test_a_list_that_cannot_be_made_says_why_at_its_field(
    client: Client, fields: dict[str, str], at: str, complaint: str
) -> None:
    page = sent(client, "/care/bring", fields, status=422)
    assert complaint in page.errors_at()[at]
    assert list(page.errors_at()) == [at]
    assert f"#{at}" in " ".join(page.links())
    assert all(value in page.text for value in fields.values() if value != "everything")
    assert "What to ask about it" not in page.words(next(page.all("h1")))


def test_hostile_lines_are_text_or_nothing(client: Client) -> None:
    hostile = {
        "line_1_name": "<script>alert(1)</script>",
        "line_2_name": "\u202efdp",
        "whose": "\U0001f600",
        "line_²_name": "x",
        f"line_{'9' * 5000}_name": "x",
        "line_1": "x",
    }
    page = client.get("/care/bring")
    token = page.fields(page.form("/care/bring"))["csrf_token"]
    page = client.post("/care/bring", 200, data=hostile | {"csrf_token": token})
    assert "<script>alert" not in page.text
    assert "alert(1)" in page.words()
    unreadable = client.post("/care/bring", 422, data={"line_1_name": "\x00", "csrf_token": token})
    assert "cannot be read" in unreadable.errors_at()["line_1_name"]


# --- before ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "weeks"), [("yes", "34"), ("yes", ""), ("maybe", "")])
def test_the_list_before_a_visit_has_what_belongs_to_a_pregnancy(client: Client, answer: str, weeks: str) -> None:
    told(client, answer, weeks)
    page = client.get("/care/prepare")
    assert "Take your maternity notes" in page.words()
    assert f"Pregnant: {answer}" in page.words()
    assert "no-store" in page.response.headers["Cache-Control"]


def test_without_one_it_has_not_and_unanswered_says_so(client: Client) -> None:
    words = client.get("/care/prepare").words()
    assert "Pregnant: not answered yet" in words
    assert "tell us: then this list has what belongs to it" in words
    told(client, "no")
    words = client.get("/care/prepare").words()
    assert "Pregnant: no" in words
    assert "maternity notes" not in words
    assert "Have a light meal" in words


def test_nothing_that_is_ticked_can_be_sent(client: Client) -> None:
    for path in ("/care/prepare", "/care/superbill", "/care/after"):
        page = client.get(path)
        inside = {id(each) for form in page.all("form") for each in form.iter()}
        boxes = [each for each in page.all("input") if each.get("type") in ("checkbox", "radio")]
        assert boxes
        assert not [each for each in boxes if id(each) in inside or each.get("form")]


# --- questions, letter, superbill ------------------------------------------------------------------------------------


def test_each_name_has_a_column(client: Client) -> None:
    page = sent(client, "/care/questions", {"name_1": "Ann", "name_3": "李明"})
    rows = list(page.by_id("main").iter("tr"))
    assert [page.words(each) for each in rows[0]][1:] == ["Ann", "李明"]
    assert {len(list(row)) for row in rows} == {3}
    assert {len(list(row)) for row in client.get("/care/questions").by_id("main").iter("tr")} == {2}


def test_the_questions_begin_with_what_was_told(client: Client) -> None:
    told(client, "yes", "20")
    page = client.get("/care/questions")
    first = page.words(list(page.by_id("main").iter("tr"))[1])
    assert "pregnancy" in first


@pytest.mark.parametrize(
    ("fields", "at", "complaint"),
    [
        ({}, "name_1", "at least one name"),
        ({"name_2": "x" * 121}, "name_2", "room for 120"),
    ],
)
def test_a_page_of_questions_needs_a_name_that_fits(
    client: Client, fields: dict[str, str], at: str, complaint: str
) -> None:
    page = sent(client, "/care/questions", fields, status=422)
    assert complaint in page.errors_at()[at]


def test_the_letter_asks_about_iron_and_medicines_and_recommends_nothing(client: Client) -> None:
    page = sent(
        client, "/care/letter", {"to": "midwife", "pregnant": "y", "medicines": "Sertraline\nIron", "signed": "Alex"}
    )
    letter = page.words(next(page.all("article")))
    for words in ("Dear midwife,", "ferritin", "without you", "Sertraline", "I am or may be pregnant.", "Alex"):
        assert words in letter
    assert "I am not asking you to recommend acupuncture" in letter
    other = sent(client, "/care/letter", {"to": "gp", "known": "told", "signed": "Alex"})
    letter = other.words(next(other.all("article")))
    assert "I have restless legs syndrome" in letter
    assert "pregnan" not in letter


def test_the_letter_begins_with_what_was_told_only_where_it_was(client: Client) -> None:
    page = client.get("/care/letter")
    assert page.by_id("pregnant").get("checked") is None
    told(client, "maybe")
    page = client.get("/care/letter")
    assert page.by_id("pregnant").get("checked") is not None
    assert page.fields(page.form("/care/letter"))["to"] == "midwife"


@pytest.mark.parametrize(
    ("fields", "at", "complaint"),
    [
        ({}, "signed", "sign with"),
        ({"signed": "Alex", "to": "everybody"}, "to", "Not a valid choice"),
        ({"signed": "Alex", "known": secrets.token_hex(4)}, "known", "Not a valid choice"),
        ({"signed": "Alex", "medicines": "x" * 1001}, "medicines", "room for 1000"),
    ],
)
def test_a_letter_that_cannot_be_made_says_why_at_its_field(
    client: Client, fields: dict[str, str], at: str, complaint: str
) -> None:
    page = sent(client, "/care/letter", {"practitioner": "Mei Chen"} | fields, status=422)
    assert complaint in page.errors_at()[at]
    assert not list(page.all("article"))
    assert page.by_id("practitioner").get("value") == "Mei Chen"


def test_a_superbill_never_comes_with_a_diagnosis(client: Client) -> None:
    words = client.get("/care/superbill").words()
    assert "We never suggest a diagnosis for payment" in words
    for code in ("G25", "O99", "9781", "E61"):
        assert code not in words


# --- after -----------------------------------------------------------------------------------------------------------


def test_urgent_signs_come_first_and_somebody_else_is_one_step_away(client: Client) -> None:
    page = client.get("/care/after")
    words = page.words(page.by_id("main"))
    assert words.index("chest pain") < words.index("After 24 hours") < words.index("After 72 hours")
    assert words.index("After 72 hours") < words.index("Did you feel listened to?")
    assert {"/", "/report/harm", "/urgent"} <= set(page.links())


def test_the_two_prompts_say_nothing_of_anybodys_health(client: Client) -> None:
    answer = sent(client, "/care/after", {"day": DAY.isoformat(), "at": "17:30"}).response
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    starts = [each["DTSTART"].dt for each in events]
    assert [start.date() for start in starts] == [DAY + timedelta(days=1), DAY + timedelta(days=3)]
    assert {(start.hour, start.minute, start.tzinfo) for start in starts} == {(17, 30, None)}
    assert all(each.walk("VALARM") for each in events)
    for word in (b"RLS", b"restless", b"cupunct", b"pregnan", b"eedle", b"treat", b"session"):
        assert word not in answer.data


@pytest.mark.parametrize(
    ("fields", "at", "complaint"),
    [
        ({"day": ""}, "day", "Please give a date"),
        ({"day": "2026-02-30"}, "day", "Please give a date"),
        ({"day": "2001-01-01"}, "day", "over already"),
        ({"day": "9999-12-31"}, "day", "within a year"),
        ({"at": ""}, "at", "Please give an hour"),
        ({"at": "24:00"}, "at", "Please give an hour"),
        ({"at": "1٧:30"}, "at", "Please give an hour"),
    ],
)
def test_prompts_that_cannot_be_made_say_why_at_their_field(
    client: Client, fields: dict[str, str], at: str, complaint: str
) -> None:
    page = sent(client, "/care/after", {"day": DAY.isoformat(), "at": "9:15"} | fields, status=422)
    assert complaint in page.errors_at()[at]
    assert page.by_id(at).get("value", "") == fields[at]


@pytest.mark.parametrize(
    ("address", "languages", "number"),
    [
        ("/care/after", "en-GB,en;q=0.8", "999"),
        ("/care/after", "en-US", "911"),
        ("/care/after", "fr-CA", "911"),
        ("/care/after", "en-AU", "000"),
        ("/care/after?place=97214", "en-GB", "911"),
    ],
)
def test_the_emergency_number_is_that_of_the_place_or_of_the_browser(
    client: Client, address: str, languages: str, number: str
) -> None:
    page = client.get(address, headers={"Accept-Language": languages})
    assert f"tel:{number}" in page.links()
    assert "Elsewhere, call your local emergency number." in page.words()


@pytest.mark.parametrize("languages", ["", "en", "es-419,es;q=0.9", "sw-TZ", "xx-!!", "zh-Hant"])
def test_no_country_is_guessed(client: Client, languages: str) -> None:
    page = client.get("/care/after", headers={"Accept-Language": languages})
    assert not [link for link in page.links() if link.startswith("tel:")]
    assert "Call your local emergency number." in page.words()
