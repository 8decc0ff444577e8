"""Planning visits: the form, its sums, its calendar file, and what nobody may type into it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import event

from directory.app import DirectoryApp
from tests.web import population
from tests.web.client import Client, Page

FIRST = (population.NOW + timedelta(days=7)).date()
ACTION = "/care/plan"
FIELDS = {"first": FIRST.isoformat(), "at": "16:40", "price_first": "120", "price_later": "87.50", "travel": "10"}


def made(client: Client, fields: dict[str, str] | None = None, status: int = 200) -> Page:
    return client.submit(client.get(ACTION), ACTION, FIELDS | (fields or {}), status=status)


def test_the_sum_stands_before_the_days(client: Client) -> None:
    page = made(client)
    words = page.words()
    # 120 + 7 × 87.50 + 8 × 10
    assert "$812.50" in words
    assert words.index("$812.50") < words.index("The days") < words.index("16:40")
    assert words.count("16:40") == 8
    assert "Look at the notes together" in words


def test_visits_after_the_review_are_shown_to_whoever_asks(client: Client) -> None:
    words = made(client, {"beyond": "2"}).words()
    assert "another $195" in words
    assert words.count("16:40") == 10


def test_without_a_price_nothing_is_added_up(client: Client) -> None:
    assert "we add nothing up" in made(client, {"price_first": "", "price_later": ""}).words()


def test_a_plan_begins_with_what_somebody_states(client: Client) -> None:
    page = client.get("/care/plan/whole-pregnancy")
    assert "Whole Pregnancy" in page.words()
    page = client.submit(
        page, "/care/plan/whole-pregnancy", {"first": FIRST.isoformat(), "price_later": "90"}, status=200
    )
    assert "What it adds up to" in page.words()


@pytest.mark.parametrize("slug", ["nobody-at-all", "lapsed-yesterday", "under-a-ban", "not-published"])
def test_there_is_no_plan_with_somebody_who_may_not_be_shown(client: Client, slug: str) -> None:
    client.get(f"/care/plan/{slug}", status=404)


def test_the_calendar_file_has_every_visit_a_reminder_and_no_word_too_many(client: Client) -> None:
    page = made(client)
    answer = client.submit(page, ACTION, {"as": "calendar"}, status=200).response
    assert answer.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    visits = [each for each in events if each.walk("VALARM")]
    assert len(visits) == 8
    assert len(events) == 9
    assert len({str(each["UID"]) for each in events}) == 9
    for word in (b"RLS", b"restless", b"acupunct", b"pregnan", b"needle"):
        assert word not in answer.data
    again = client.submit(page, ACTION, {"as": "calendar"}, status=200).response
    assert answer.data == again.data


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"first": ""}, "Please give the day of the first visit."),
        ({"first": "2026-02-30"}, "Please give a date"),
        ({"first": "2001-01-01"}, "This day is over."),
        ({"first": "2999-01-01"}, "within a year"),
        ({"at": "25:00"}, "Please give an hour"),
        ({"at": "soon"}, "Please give an hour"),
        ({"minutes": "1"}, "between 15 and 180"),
        ({"beyond": "5000"}, "at most 16"),
        ({"beyond": "-1"}, "whole number"),
        ({"price_later": "1e9"}, "plain number"),
        ({"travel": "<b>"}, "plain number"),
        ({"currency": "XXX"}, "answers offered"),
        ({"review_after": "600"}, "answers offered"),
        ({"a_week": "7"}, "Not a valid choice"),
        ({"away_from": FIRST.isoformat()}, "both days, or neither"),
        ({"away_until": FIRST.isoformat()}, "both days, or neither"),
        ({"away_from": FIRST.isoformat(), "away_until": "2026-01-01"}, "comes after the first"),
        ({"away_from": FIRST.isoformat(), "away_until": "2090-01-01"}, "comes after the first"),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_place_and_kept(
    client: Client, fields: dict[str, str], complaint: str
) -> None:
    page = made(client, fields, status=422)
    assert complaint in page.words()
    kept = {name: page.fields(page.form(ACTION)).get(name) for name in fields}
    assert all(
        kept[name] == value for name, value in fields.items() if name not in ("a_week", "currency", "review_after")
    )


def test_a_plan_reads_little_and_writes_nothing(client: Client, site: DirectoryApp) -> None:
    statements: list[str] = []
    engine = site.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        page = client.get("/care/plan/whole-pregnancy")
        client.submit(page, "/care/plan/whole-pregnancy", {"first": FIRST.isoformat()}, status=200)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum(not statement.startswith("BEGIN") for statement in statements) <= 8
    assert all(statement.lstrip().upper().startswith(("SELECT", "BEGIN")) for statement in statements), statements


def test_the_review_point_offers_four_ways(client: Client) -> None:
    words = client.get("/care/review").words()
    for way in ("See a doctor", "End it", "Change something", "Go on"):
        assert way in words


def test_a_plan_says_which_visits_fall_outside_the_weeks_somebody_takes_on(client: Client) -> None:
    path = "/care/plan/practitioner-04"
    told = client.get("/search?place=97214")
    client.submit(told, "/search/about-you", {"pregnancy": "yes", "weeks": "34", "due": ""})
    page = client.submit(client.get(path), path, {"first": FIRST.isoformat(), "then_every_weeks": "2"}, status=200)
    assert "of these visits fall" not in page.words()
    # They take on weeks 14 to 40; the person is in week 8, so the first visits come before week 14.
    client.submit(client.get("/search?place=97214"), "/search/about-you", {"pregnancy": "yes", "weeks": "8", "due": ""})
    page = client.submit(client.get(path), path, {"first": FIRST.isoformat()}, status=200)
    assert "fall into weeks of your pregnancy in which they do not see you" in page.words()
    assert "no-store" in page.response.headers["Cache-Control"]
