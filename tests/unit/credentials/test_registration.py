"""What is missing of a registration, and where its steps lead."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.registration import rules
from directory.credentials.registration.rules import Facts
from directory.credentials.registration.terms import Missing, Progress, StepKey

COMPLETE = Facts(
    name="Juniper Underhill",
    saved=frozenset(StepKey),
    education=True,
    licences=True,
    indemnity=True,
    places=True,
    treats_in_pregnancy=True,
    declaration_signed=True,
    languages=True,
    claims=False,
)
WITHOUT = {
    Missing.NAME: {"name": ""},
    Missing.EDUCATION: {"education": False},
    Missing.LICENCE: {"licences": False},
    Missing.INDEMNITY: {"indemnity": False},
    Missing.PLACE: {"places": False},
    Missing.RLS: {"saved": frozenset(StepKey) - {StepKey.RLS}},
    Missing.PREGNANCY: {"saved": frozenset(StepKey) - {StepKey.PREGNANCY}},
    Missing.PREGNANCY_SIGNATURE: {"declaration_signed": False},
    Missing.LANGUAGE: {"languages": False},
    Missing.CLAIMS: {"claims": True},
}

some_facts = st.builds(
    Facts,
    **{each.name: st.booleans() for each in fields(Facts) if each.name not in ("name", "saved")},
    name=st.sampled_from(["", "Ann"]),
    saved=st.frozensets(st.sampled_from(StepKey)),
)


def test_nothing_is_missing_of_a_complete_one() -> None:
    assert rules.missing(COMPLETE) == ()
    assert set(rules.progress(COMPLETE).values()) == {Progress.DONE}


@pytest.mark.parametrize(("what", "change"), WITHOUT.items())
def test_each_thing_alone_keeps_it_from_being_handed_in(what: Missing, change: dict[str, object]) -> None:
    facts = replace(COMPLETE, **change)
    assert rules.missing(facts) == (what,)
    stands = rules.progress(facts)
    assert stands[rules.STEP_OF[what]] is not Progress.DONE
    assert stands[StepKey.REVIEW] is Progress.INCOMPLETE


def test_every_thing_has_a_case_here_and_a_step_where_it_is_mended() -> None:
    assert WITHOUT.keys() == rules.STEP_OF.keys() == set(Missing)


def test_who_does_not_see_pregnant_people_signs_nothing() -> None:
    assert rules.missing(replace(COMPLETE, treats_in_pregnancy=False, declaration_signed=False)) == ()


@given(some_facts)
def test_the_review_is_done_exactly_when_nothing_is_missing(facts: Facts) -> None:
    assert (rules.progress(facts)[StepKey.REVIEW] is Progress.DONE) == (not rules.missing(facts))


@given(some_facts)
def test_a_step_in_which_something_is_missing_is_never_done(facts: Facts) -> None:
    stands = rules.progress(facts)
    assert all(stands[rules.STEP_OF[each]] is not Progress.DONE for each in rules.missing(facts))


def test_the_steps_are_one_path_there_and_back() -> None:
    steps = list(StepKey)
    assert [rules.following(each) for each in steps] == [*steps[1:], steps[-1]]
    assert [rules.preceding(each) for each in steps] == [None, *steps[:-1]]
