"""Weeks of pregnancy, as obstetrics counts them, and what a patient's answers mean for the gates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.screening.rules import (
    LAST_WEEK,
    Patient,
    Weeks,
    birth_may_be_past,
    completed_weeks,
    due_from_weeks,
    last_day_of,
    matching_stops,
    plan_goes_beyond,
    stop_for,
    trimester,
    weeks_until_visit,
)
from directory.screening.terms import Condition, PregnancyStatus, RedFlag, Stop

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days_to_due", "weeks"),
    [(280, 0), (274, 0), (273, 1), (182, 14), (183, 13), (84, 28), (85, 27), (21, 37), (7, 39), (0, 40), (-7, 41)],
)
def test_weeks_are_counted_back_from_the_due_date(days_to_due: int, weeks: int) -> None:
    assert completed_weeks(TODAY + timedelta(days=days_to_due), on=TODAY) == weeks


def test_before_the_pregnancy_the_count_is_negative() -> None:
    assert completed_weeks(TODAY + timedelta(days=281), on=TODAY) == -1


@given(weeks=st.integers(0, 42), today=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_a_due_date_worked_out_from_weeks_gives_the_weeks_back(weeks: int, today: date) -> None:
    due = due_from_weeks(weeks, today=today)
    assert completed_weeks(due, on=today) == weeks
    assert completed_weeks(due, on=today + timedelta(days=6)) == weeks
    assert completed_weeks(due, on=today + timedelta(days=7)) == weeks + 1


@pytest.mark.parametrize(("week", "number"), [(-1, 1), (0, 1), (13, 1), (14, 2), (27, 2), (28, 3), (37, 3), (43, 3)])
def test_trimesters(week: int, number: int) -> None:
    assert trimester(week) == number


@pytest.mark.parametrize(("weeks", "expected"), [(0, Weeks(0, 1)), (13, Weeks(13, 14)), (35, Weeks(35, 36))])
def test_a_visit_within_a_week_may_fall_into_the_next(weeks: int, expected: Weeks) -> None:
    assert weeks_until_visit(due_from_weeks(weeks, today=TODAY), today=TODAY) == expected


@pytest.mark.parametrize(
    ("patient", "gestation"),
    [
        (Patient(), None),
        (Patient(pregnancy=PregnancyStatus.NO), None),
        (Patient(pregnancy=PregnancyStatus.NO, weeks=Weeks(3, 4)), None),
        (Patient(pregnancy=PregnancyStatus.POSTPARTUM), None),
        (Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(20, 21)), Weeks(20, 21)),
        (Patient(pregnancy=PregnancyStatus.YES), Weeks(0, 40)),
        (Patient(pregnancy=PregnancyStatus.MAYBE), Weeks(0, 13)),
        (Patient(pregnancy=PregnancyStatus.MAYBE, weeks=Weeks(30, 31)), Weeks(0, 13)),
    ],
)
def test_for_which_weeks_the_gate_is_judged(patient: Patient, gestation: Weeks | None) -> None:
    assert patient.gestation == gestation
    declined = {Condition.PREGNANCY} if gestation else set()
    assert patient.declined_as == declined


def test_conditions_and_pregnancy_may_both_be_declined() -> None:
    patient = Patient(pregnancy=PregnancyStatus.MAYBE, conditions=frozenset({Condition.EPILEPSY}))
    assert patient.declined_as == {Condition.EPILEPSY, Condition.PREGNANCY}


def test_every_red_flag_stops_matching_also_one_we_do_not_know() -> None:
    assert not matching_stops(frozenset())
    for flag in [*RedFlag, "a sign of tomorrow"]:
        assert matching_stops({flag})


@given(flags=st.sets(st.sampled_from(RedFlag)))
def test_a_sign_of_the_body_comes_before_people_to_talk_to(flags: set[RedFlag]) -> None:
    stop = stop_for(flags)
    assert (stop is None) is (not flags)
    assert (stop is Stop.TALK) is (flags == {RedFlag.SELF_HARM_THOUGHTS})


@given(week=st.integers(0, 43), due=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_the_last_day_of_a_week_is_the_last_on_which_it_is_counted(week: int, due: date) -> None:
    last = last_day_of(week, due=due)
    assert completed_weeks(due, on=last) == week
    assert completed_weeks(due, on=last + timedelta(days=1)) == week + 1


@given(week=st.integers(0, 42), last=st.integers(0, 43))
def test_a_plan_goes_beyond_what_somebody_takes_on_or_does_not(week: int, last: int) -> None:
    if last >= LAST_WEEK:
        assert not plan_goes_beyond(week, last_week=last)
    if plan_goes_beyond(week, last_week=last):
        assert plan_goes_beyond(min(42, week + 1), last_week=last)
        assert last < week + 10
    assert plan_goes_beyond(30, last_week=37)
    assert not plan_goes_beyond(12, last_week=37)


def test_the_due_date_itself_is_not_past() -> None:
    assert not birth_may_be_past(TODAY, today=TODAY)
    assert birth_may_be_past(TODAY - timedelta(days=1), today=TODAY)
