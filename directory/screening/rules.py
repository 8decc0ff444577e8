"""Weeks of pregnancy, and when matching stops.

Gestation is counted as obstetrics counts it, from the last period: 40 weeks end on the due date, the first trimester
is weeks 0-13, the second 14-27, the third from 28. The service never clears anybody for treatment.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from directory.screening.terms import Condition, PregnancyStatus, RedFlag, Stop

TERM_DAYS = 280
LONGEST_WEEK = 43
FIRST_TRIMESTER = range(14)
SECOND_TRIMESTER = range(14, 28)

DAYS_TO_A_VISIT = 7
"""A list is made for a visit within a week, so a practitioner must take on every week in between."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """The completed weeks of pregnancy, first to last, for which a practitioner must be suited."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What somebody told us about themselves. Nothing here identifies anybody."""

    pregnancy: PregnancyStatus = PregnancyStatus.NOT_ANSWERED
    weeks: Weeks | None = None
    """Known weeks when pregnant; ``None`` when the week is not known."""
    age: int | None = None
    conditions: frozenset[Condition] = frozenset()
    red_flags: frozenset[str] = frozenset()
    """Any member, known to us or not, stops matching."""

    @property
    def gestation(self) -> Weeks | None:
        """The weeks the pregnancy gate is judged for, or ``None`` when it does not apply.

        "Maybe" is the whole first trimester; pregnant without a known week is the whole pregnancy.
        """
        if self.pregnancy is PregnancyStatus.MAYBE:
            return Weeks(FIRST_TRIMESTER.start, FIRST_TRIMESTER.stop - 1)
        if self.pregnancy is PregnancyStatus.YES:
            return self.weeks or Weeks(0, TERM_DAYS // 7)
        return None

    @property
    def declined_as(self) -> frozenset[Condition]:
        """The conditions under which a practitioner may decline this patient."""
        return self.conditions | {Condition.PREGNANCY} if self.gestation else self.conditions


def completed_weeks(due: date, *, on: date) -> int:
    """Completed weeks of pregnancy on a day, from the due date; negative before the pregnancy began."""
    return (TERM_DAYS - (due - on).days) // 7


def due_from_weeks(weeks: int, *, today: date) -> date:
    """The due date of somebody who has completed this many weeks today."""
    return today + timedelta(days=TERM_DAYS - 7 * weeks)


def weeks_until_visit(due: date, *, today: date) -> Weeks:
    """The weeks from today to a visit within a week."""
    return Weeks(
        max(0, completed_weeks(due, on=today)), completed_weeks(due, on=today + timedelta(days=DAYS_TO_A_VISIT))
    )


def trimester(week: int) -> int:
    """1, 2 or 3."""
    if week < FIRST_TRIMESTER.stop:
        return 1
    return 2 if week in SECOND_TRIMESTER else 3


def birth_may_be_past(due: date, *, today: date) -> bool:
    """Whether the due date has passed, so that nobody knows without asking whether the baby is born."""
    return due < today


LAST_WEEK = 42
"""The last week that anybody is asked about; a pregnancy is ended before it is over."""

PLAN_WEEKS = 10
"""Six to ten visits are a usual plan; at about one a week they last this long."""


def plan_goes_beyond(week: int, *, last_week: int) -> bool:
    """Whether a usual plan begun in this week of pregnancy goes on after the last week somebody takes on.

    Whoever takes on week 42 sees the whole of a pregnancy.
    """
    return last_week < min(week + PLAN_WEEKS, LAST_WEEK)


def last_day_of(week: int, *, due: date) -> date:
    """The last day on which this many weeks are completed, and not one more."""
    return due - timedelta(days=TERM_DAYS - 7 * week - 6)


def stop_for(red_flags: Collection[str]) -> Stop | None:
    """What is shown instead of a list. A sign of the body comes before people to talk to, whose numbers stand there as
    well; ``None`` where there is no sign at all."""
    if not red_flags:
        return None
    return Stop.TALK if set(red_flags) == {RedFlag.SELF_HARM_THOUGHTS} else Stop.HELP


def matching_stops(red_flags: Collection[str]) -> bool:
    """Whether there must be no list at all."""
    return bool(red_flags)
