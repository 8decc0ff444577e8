"""What follows from what practitioners say about their week, their word and their list."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from directory.practitioners.rules import (
    Absence,
    Interval,
    accepting_confirmed,
    accepting_now,
    availability,
    takes_nobody,
    unconfirmed_days,
)
from directory.practitioners.terms import Accepting, Availability, Technique

DAY, EVENING, WEEKEND = Availability.WEEKDAY_DAY, Availability.EVENING, Availability.WEEKEND
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("hours", "parts"),
    [
        ([], set()),
        ([(0, 9, 17)], {DAY}),
        ([(0, 9, 18)], {DAY}),
        ([(4, 9, 19)], {DAY, EVENING}),
        ([(2, 16, 19)], {DAY, EVENING}),
        ([(2, 17, 18)], set()),
        ([(2, 17, 20)], {EVENING}),
        ([(5, 10, 13)], {WEEKEND}),
        ([(6, 18, 21)], {WEEKEND}),
        ([(0, 8, 12), (3, 18, 21), (6, 9, 10)], {DAY, EVENING, WEEKEND}),
    ],
)
def test_parts_of_the_week(hours: list[tuple[int, int, int]], parts: set[Availability]) -> None:
    assert availability(Interval(on, time(opens), time(closes)) for on, opens, closes in hours) == parts


def test_a_minute_past_six_is_evening() -> None:
    assert EVENING in availability([Interval(1, time(17), time(18, 1))])


@pytest.mark.parametrize(
    ("accepting", "age", "confirmed"),
    [
        (Accepting.YES, 0, True),
        (Accepting.YES, 30, True),
        (Accepting.YES, 31, False),
        (Accepting.YES, -1, True),
        (Accepting.YES, -2, False),
        (Accepting.YES, None, False),
        (Accepting.CLOSED, 0, False),
        (Accepting.UNKNOWN, None, False),
    ],
)
def test_taking_patients_is_confirmed_for_thirty_days(accepting: Accepting, age: int | None, confirmed: bool) -> None:
    on = None if age is None else TODAY - timedelta(days=age)
    assert accepting_confirmed(accepting, on, today=TODAY) is confirmed


def test_which_methods_break_the_skin() -> None:
    inserting = {each for each in Technique if each.inserts_needles}
    assert inserting == {Technique.MANUAL, Technique.ELECTRO, Technique.AURICULAR}


@pytest.mark.parametrize(
    ("accepting", "age", "known"),
    [
        (Accepting.YES, 0, Accepting.YES),
        (Accepting.YES, 90, Accepting.YES),
        (Accepting.YES, 91, Accepting.UNKNOWN),
        (Accepting.YES, None, Accepting.UNKNOWN),
        (Accepting.CLOSED, 400, Accepting.CLOSED),
        (Accepting.CLOSED, None, Accepting.CLOSED),
        (Accepting.UNKNOWN, None, Accepting.UNKNOWN),
    ],
)
def test_a_yes_fades_and_a_no_stands(accepting: Accepting, age: int | None, known: Accepting) -> None:
    on = None if age is None else TODAY - timedelta(days=age)
    assert accepting_now(accepting, on, today=TODAY) is known


@pytest.mark.parametrize(("age", "warned"), [(0, None), (89, None), (90, 90), (120, 120)])
def test_searchers_are_told_from_the_ninetieth_day_on(age: int, warned: int | None) -> None:
    assert unconfirmed_days(TODAY - timedelta(days=age), today=TODAY) == warned
    assert unconfirmed_days(None, today=TODAY) is None


def test_nobody_is_taken_where_the_list_is_closed_or_somebody_is_away() -> None:
    away = Absence(TODAY, TODAY + timedelta(days=2))
    assert takes_nobody(Accepting.CLOSED, None, today=TODAY)
    assert takes_nobody(Accepting.YES, away, today=TODAY)
    assert takes_nobody(Accepting.YES, away, today=away.last)
    assert not takes_nobody(Accepting.YES, away, today=away.last + timedelta(days=1))
    assert not takes_nobody(Accepting.UNKNOWN, None, today=TODAY)
