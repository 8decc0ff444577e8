"""How urgent a report is, by when it is looked at, and what its reporter hears."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from directory.cases.terms import Kind, Risk
from directory.complaints import rules
from directory.complaints.terms import Field, Result
from directory.credentials.decisions.terms import Outcome
from directory.credentials.terms import Refusal
from directory.desk.listed.rules import Change, Look, changes

FRIDAY = datetime(2026, 11, 27, 18, tzinfo=UTC)


def test_harm_is_looked_at_within_hours_and_anything_else_within_working_days() -> None:
    assert rules.due(Field.HARM, harm_hours=24, now=FRIDAY) == FRIDAY + timedelta(hours=24)
    assert rules.due(Field.HOURS, harm_hours=24, now=FRIDAY) == FRIDAY + timedelta(days=4)
    assert rules.kind_of(Field.HARM) is Kind.HARM
    assert {rules.kind_of(each) for each in Field if each is not Field.HARM} == {Kind.COMPLAINT}


@pytest.mark.parametrize(
    ("field", "risk"), [(Field.HARM, Risk.URGENT), (Field.MEDICINE, Risk.HIGH), (Field.HOURS, Risk.USUAL)]
)
def test_some_reports_are_riskier_than_others(field: Field, risk: Risk) -> None:
    assert rules.risk_of(field) is risk


def test_a_reporter_hears_of_hiding_only_where_somebody_was_hidden() -> None:
    assert rules.result_of(Outcome.HELD, Result.CORRECTED) is Result.HIDDEN
    assert rules.result_of(Outcome.NO_ACTION, Result.HIDDEN) is Result.NOTHING_FOUND
    assert rules.result_of(Outcome.NO_ACTION, None) is Result.NOTHING_FOUND
    assert rules.result_of(Outcome.NO_ACTION, Result.PASSED_ON) is Result.PASSED_ON


def test_a_change_is_what_was_otherwise_at_the_last_look() -> None:
    gone, stays, new = Look(1, 1, "a", Refusal.NO_LICENCE), Look(1, 2, "b", None), Look(1, 3, "c", Refusal.HELD)
    assert changes([gone, stays, new], {1: True, 2: True}) == [Change(gone, stopped=True)]
    assert changes([stays], {2: False}) == [Change(stays, stopped=False)]
