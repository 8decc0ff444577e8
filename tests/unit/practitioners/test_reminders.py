"""Every occasion is written about at most once, in order, and each on its day where somebody looks every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.practitioners.reminders import (
    ENDING_STEPS,
    PATIENCE_DAYS,
    PROFILE_STEPS,
    Occasion,
    due,
    profile_is_off,
)

ANCHOR = date(2026, 8, 1)


def ran_on(days: list[int], steps: tuple[int, ...]) -> list[tuple[int, Occasion]]:
    """What was written, and on which day counted from the anchor, when somebody looked on these days."""
    noted: set[str] = set()
    written = []
    for day in days:
        found = due("profile", ANCHOR, steps, today=ANCHOR + timedelta(days=day), noted=noted)
        assert not {each.key for each in found.overtaken} & noted
        noted |= {each.key for each in found.overtaken}
        if found.write is not None:
            assert found.write.key not in noted
            noted.add(found.write.key)
            written.append((day, found.write))
    return written


def test_the_steps_are_those_that_were_promised() -> None:
    assert PROFILE_STEPS == (75, 80, 85, 91, 104, 110, 118, 121)
    assert ENDING_STEPS == (-60, -30, -7, 0)


@pytest.mark.parametrize("steps", [PROFILE_STEPS, ENDING_STEPS])
def test_looking_every_day_writes_each_on_its_day(steps: tuple[int, ...]) -> None:
    written = ran_on(list(range(-100, 200)), steps)
    assert [(day, each.step) for day, each in written] == [(step, step) for step in steps]


@pytest.mark.parametrize("steps", [PROFILE_STEPS, ENDING_STEPS])
@given(days=st.lists(st.integers(-90, 200), max_size=60).map(sorted))
def test_whatever_days_somebody_looked_nothing_is_written_twice_and_all_in_order(
    steps: tuple[int, ...], days: list[int]
) -> None:
    written = ran_on(days, steps)
    told = [each.step for _, each in written]
    assert told == sorted(set(told))
    for day, each in written:
        newest = max(step for step in steps if step <= day)
        assert each.step == newest
        assert day - each.step <= PATIENCE_DAYS


@pytest.mark.parametrize("steps", [PROFILE_STEPS, ENDING_STEPS])
@given(days=st.sets(st.integers(-90, 200), max_size=60))
def test_a_step_on_whose_day_somebody_looked_is_never_left_out(steps: tuple[int, ...], days: set[int]) -> None:
    told = {each.step for _, each in ran_on(sorted(days), steps)}
    assert {step for step in steps if step in days} <= told


def test_who_was_away_for_days_gets_the_newest_and_not_five_at_once() -> None:
    found = due("profile", ANCHOR, PROFILE_STEPS, today=ANCHOR + timedelta(days=111), noted=set())
    assert found.write is not None
    assert found.write.step == 110
    assert [each.step for each in found.overtaken] == [75, 80, 85, 91, 104]


def test_what_lies_back_too_far_is_noted_and_not_written_about() -> None:
    found = due("credential:1", ANCHOR, ENDING_STEPS, today=ANCHOR + timedelta(days=PATIENCE_DAYS + 1), noted=set())
    assert found.write is None
    assert len(found.overtaken) == len(ENDING_STEPS)


def test_a_new_word_begins_a_new_count() -> None:
    first, second = Occasion("profile", ANCHOR, 75), Occasion("profile", ANCHOR + timedelta(days=80), 75)
    assert first.key != second.key
    assert first.day == date(2026, 10, 15)


def test_only_the_last_step_says_that_a_place_has_gone() -> None:
    assert [step for step in PROFILE_STEPS if profile_is_off(Occasion("profile", ANCHOR, step))] == [121]
