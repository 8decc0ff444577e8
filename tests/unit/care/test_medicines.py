"""The questions that medicines raise: complete, in order, and never an advice."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.care.medicines import FOR_EVERYBODY, QUESTIONS, WITHOUT_IRON, Group, recognised, to_ask

GROUPS = st.frozensets(st.sampled_from(Group))
NAMES = st.lists(st.sampled_from(["Warfarin", "IRON", "sertraline", "promethazine", "paracetamol", "vitamin D", ""]))


def test_every_group_raises_something_and_says_where_it_was_read() -> None:
    assert list(QUESTIONS) == list(Group)
    for each in QUESTIONS.values():
        assert each.prescriber
        assert each.why.sources


def test_what_is_raised_is_a_question_and_no_advice() -> None:
    asked = [question for each in QUESTIONS.values() for question in (*each.prescriber, *each.practitioner)]
    for question in (*asked, FOR_EVERYBODY, WITHOUT_IRON):
        assert question.endswith("?")
    said = " ".join([*asked, *(each.why.text for each in QUESTIONS.values())])
    assert not re.search(r"\b(stop|quit|skip|reduce|halve|instead|should)\b", said)


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("Warfarin 3 mg", {Group.BLOOD_THINNER}),
        ("low-dose ASPIRIN", {Group.BLOOD_THINNER}),
        ("Promethazine", {Group.DROWSY_ANTIHISTAMINE, Group.DOPAMINE_BLOCKER}),
        ("carbidopa/levodopa", {Group.DOPAMINE}),
        ("ferrous sulphate", {Group.IRON}),
        ("Sertralíne", {Group.ANTIDEPRESSANT}),
        ("ＷＡＲＦＡＲＩＮ", {Group.BLOOD_THINNER}),
        ("environment", set()),
        ("paracetamol", set()),
        ("½²\x00<b>", set()),
    ],
)
def test_generic_names_are_recognised_as_whole_words(typed: str, groups: set[Group]) -> None:
    assert recognised([typed]) == groups


@pytest.mark.parametrize("group", Group)
def test_the_examples_of_a_group_are_of_that_group(group: Group) -> None:
    each = QUESTIONS[group]
    assert group in recognised([each.name, each.examples])
    for example in each.examples.split(", ") if group is not Group.IRON else ():
        assert group in recognised([example])


@given(GROUPS)
def test_each_group_is_asked_about_once_and_in_the_same_order(groups: frozenset[Group]) -> None:
    shown = [group for group, _ in to_ask(groups)]
    assert set(shown) == groups
    assert shown == sorted(shown, key=list(Group).index)


@given(NAMES, NAMES)
def test_another_line_never_takes_a_question_away(some: list[str], more: list[str]) -> None:
    assert recognised(some) <= recognised([*some, *more])
    assert recognised([*some, *more]) == recognised([*more, *some])
