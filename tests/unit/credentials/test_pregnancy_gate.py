"""The pregnancy gate, item by item, and what registers' words on conditions mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from directory.credentials.rules import (
    Person,
    admits_pregnancy,
    conditions_on,
    declaration_current,
    declaration_ends,
    training_checked,
)
from directory.credentials.terms import ConditionCode, PointPolicy, Refusal, Verification
from directory.credentials.wording import codes_in
from directory.screening.rules import Weeks
from tests.unit.credentials.people import (
    RULES,
    TODAY,
    certificate,
    cover,
    day,
    declaration,
    membership,
    paper,
    person,
    with_declaration,
)

C = ConditionCode
WEEKS = Weeks(12, 13)
NO_PREGNANCY = frozenset({C.EXCLUDES_PREGNANCY})


def refusals(who: Person, weeks: Weeks = WEEKS, code: str = "US-OR") -> tuple[Refusal, ...]:
    return admits_pregnancy(who, RULES[code], weeks=weeks, today=TODAY)


def test_a_full_declaration_passes() -> None:
    assert refusals(person()) == ()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"treats": False}, Refusal.PREGNANCY_NOT_TREATED),
        ({"min_week": None}, Refusal.WEEK_OUTSIDE_WINDOW),
        ({"max_week": None}, Refusal.WEEK_OUTSIDE_WINDOW),
        ({"min_week": 13}, Refusal.WEEK_OUTSIDE_WINDOW),
        ({"max_week": 12}, Refusal.WEEK_OUTSIDE_WINDOW),
        ({"signed_on": None}, Refusal.DECLARATION_NOT_CURRENT),
        ({"signed_on": day(-366)}, Refusal.DECLARATION_NOT_CURRENT),
        ({"signed_on": day(2)}, Refusal.DECLARATION_NOT_CURRENT),
        ({"truth_declared": False}, Refusal.DECLARATION_NOT_CURRENT),
        ({"training_hours": 11.9}, Refusal.TRAINING_NOT_CHECKED),
        ({"training_verification": Verification.SELF_ATTESTED}, Refusal.TRAINING_NOT_CHECKED),
        ({"training_verification": Verification.NONE}, Refusal.TRAINING_NOT_CHECKED),
        ({"point_policy": PointPolicy.NONE}, Refusal.NO_POINT_POLICY),
        ({"written_consent": False}, Refusal.NO_WRITTEN_CONSENT),
        ({"emergency_policy": False}, Refusal.NO_EMERGENCY_POLICY),
    ],
)
def test_each_item_alone_closes_the_gate(change: dict[str, object], refusal: Refusal) -> None:
    assert refusals(with_declaration(**change)) == (refusal,)


@pytest.mark.parametrize(
    "change",
    [
        {"signed_on": day(-365)},
        {"min_week": 12, "max_week": 13},
        {"training_verification": Verification.INDEPENDENTLY_CONFIRMED},
        {"point_policy": PointPolicy.RISK_BENEFIT_CONSENT},
    ],
)
def test_what_is_just_enough(change: dict[str, object]) -> None:
    assert refusals(with_declaration(**change)) == ()


def test_nobody_without_a_declaration() -> None:
    assert refusals(person(declaration=None)) == (Refusal.PREGNANCY_NOT_TREATED,)


@pytest.mark.parametrize(
    "covers",
    [
        (),
        (cover(covers_pregnancy=False),),
        (cover(expires=day(-1)),),
        (cover(verified_on=None),),
        (cover(expires=day(-1)), cover(covers_pregnancy=False)),
    ],
)
def test_insurance_must_name_pregnancy_and_run(covers: tuple[object, ...]) -> None:
    assert refusals(person(covers=covers)) == (Refusal.NO_PREGNANCY_COVER,)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (person(paper(codes=NO_PREGNANCY)), "US-OR"),
        (person(membership("BAcC", "GB-SCT", codes=NO_PREGNANCY)), "GB-ENG"),
        (person(certificate(codes=NO_PREGNANCY)), "US-OK"),
        (person(paper(), certificate(codes=NO_PREGNANCY)), "US-OR"),
    ],
)
def test_a_condition_against_pregnancy_closes_the_gate(who: Person, code: str) -> None:
    assert refusals(who, code=code) == (Refusal.CONDITION_EXCLUDES_PREGNANCY,)


def test_a_condition_of_another_state_or_of_a_replaced_paper_says_nothing_here() -> None:
    assert refusals(person(paper(), paper(jurisdiction="US-WA", codes=NO_PREGNANCY))) == ()
    assert refusals(person(paper(), paper(superseded=True, codes=NO_PREGNANCY))) == ()
    assert conditions_on(person(paper(codes=NO_PREGNANCY)), RULES["US-OR"]) == NO_PREGNANCY


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        (date(2025, 11, 23), date(2026, 11, 23)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2023, 3, 1), date(2024, 3, 1)),
    ],
)
def test_a_declaration_counts_until_its_anniversary(signed: date, last: date) -> None:
    assert declaration_ends(signed) == last
    signed_then = declaration(signed_on=signed)
    assert declaration_current(signed_then, today=last)
    assert not declaration_current(signed_then, today=last + timedelta(days=1))


def test_training_needs_hours_and_somebody_who_looked() -> None:
    assert training_checked(declaration())
    assert not training_checked(replace(declaration(), training_hours=0))


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Must not treat pregnant patients", {C.EXCLUDES_PREGNANCY}),
        ("must not treat patients who are pregnant", {C.EXCLUDES_PREGNANCY}),
        ("Must not treat patients during pregnancy", {C.EXCLUDES_PREGNANCY}),
        ("Not to treat women in the antenatal period", {C.EXCLUDES_PREGNANCY}),
        ("No obstetric acupuncture", {C.EXCLUDES_PREGNANCY}),
        ("Not to treat expectant mothers", {C.EXCLUDES_PREGNANCY}),
        ("No treatment of gravid women", {C.EXCLUDES_PREGNANCY}),
        ("May not treat minors", {C.EXCLUDES_MINORS}),
        ("Must not treat patients under 18", {C.EXCLUDES_MINORS}),
        ("No patients under the age of eighteen", {C.EXCLUDES_MINORS}),
        ("Must not practise acupuncture on children", {C.EXCLUDES_MINORS}),
        ("Must not treat children or pregnant women", {C.EXCLUDES_MINORS, C.EXCLUDES_PREGNANCY}),
        ("May practise only under supervision", {C.SUPERVISED_ONLY}),
        ("Supervised practice only", {C.SUPERVISED_ONLY}),
        ("Must not practise except under supervision", {C.SUPERVISED_ONLY}),
        ("May not practise electro-acupuncture", {C.NO_ELECTRO}),
        ("Electroacupuncture is prohibited", {C.NO_ELECTRO}),
        ("Electro-acupuncture not permitted", {C.NO_ELECTRO}),
        ("No electrical stimulation", {C.NO_ELECTRO}),
        ("May practise without electro-acupuncture", {C.NO_ELECTRO}),
        ("Shall not practice acupuncture", {C.FORBIDS_PRACTICE}),
        ("Must not practise", {C.FORBIDS_PRACTICE}),
        ("Must not\n  practise", {C.FORBIDS_PRACTICE}),
        ("Must not treat patients", {C.FORBIDS_PRACTICE}),
        ("May not see any patients until further order", {C.FORBIDS_PRACTICE}),
        ("Must not perform acupuncture", {C.FORBIDS_PRACTICE}),
        ("Shall not engage in the practice of acupuncture", {C.FORBIDS_PRACTICE}),
        ("Is not permitted to practise", {C.FORBIDS_PRACTICE}),
        ("Prohibited from practising", {C.FORBIDS_PRACTICE}),
        ("Must cease practising forthwith", {C.FORBIDS_PRACTICE}),
        ("Has agreed to cease practice", {C.FORBIDS_PRACTICE}),
        ("No practice", {C.FORBIDS_PRACTICE}),
        ("Licence suspended", {C.FORBIDS_PRACTICE}),
        ("Must not practise without a chaperone", {C.OTHER}),
        ("No practice restrictions", {C.OTHER}),
        ("Practise only at the Fremont Street clinic", {C.OTHER}),
        ("Must complete 20 hours of training in record-keeping", {C.OTHER}),
        ("", set()),
        ("  \n", set()),
        (None, set()),
    ],
)
def test_what_registers_say(words: str | None, codes: set[ConditionCode]) -> None:
    assert codes_in(words) == codes
