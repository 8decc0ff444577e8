"""What a jurisdiction is said to ask for is what opens it."""

from __future__ import annotations

from itertools import product

import pytest

from directory.credentials.rules import Paper, permits
from directory.credentials.stating.requirements import (
    ACCREDITORS,
    NATIONAL_BODIES,
    Asked,
    Choice,
    Way,
    accreditors,
    asked_in,
    choice,
    choice_of,
)
from directory.credentials.terms import CredentialKind, Refusal
from directory.errors import NotFound
from directory.jurisdictions.numbers import EXAMPLES
from directory.practitioners.terms import Profession
from tests.unit.credentials.people import RULES, TODAY, paper, person

OPEN = [code for code, rule in RULES.items() if rule.open]


def _held(choices: tuple[Choice, ...], place_id: int = 1) -> tuple[Paper, ...]:
    return tuple(
        paper(
            each.kind,
            jurisdiction=each.jurisdiction,
            body=each.body or "A provincial association",
            title=each.title,
            place_id=place_id if each.per_place else None,
        )
        for each in choices
    )


def _combinations(way: Way) -> list[tuple[Choice, ...]]:
    return [(*way.choices, one) for one in way.one_of] if way.one_of else [way.choices]


@pytest.mark.parametrize("code", OPEN)
@pytest.mark.parametrize("profession", [Profession.ACUPUNCTURIST, Profession.PHYSICIAN])
def test_every_way_named_opens_a_listing_once_its_papers_are_checked(code: str, profession: Profession) -> None:
    asked = asked_in(RULES[code], profession)
    assert asked.ways
    for way in asked.ways:
        for choices in _combinations(way):
            who = person(*_held((*choices, *asked.local)), profession=profession)
            assert permits(who, RULES[code], place_id=1, today=TODAY).refusals == ()


@pytest.mark.parametrize("code", OPEN)
def test_no_way_asks_for_more_than_it_takes(code: str) -> None:
    rule = RULES[code]
    for way in asked_in(rule, Profession.PHYSICIAN).ways:
        for choices, missing in product(_combinations(way), way.choices):
            left = tuple(each for each in choices if each != missing)
            who = person(*_held((*left, *asked_in(rule, Profession.PHYSICIAN).local)), profession=Profession.PHYSICIAN)
            others = person(paper(jurisdiction="XX")) if not left else who
            assert not permits(others, rule, place_id=1, today=TODAY).allowed


@pytest.mark.parametrize("code", OPEN)
def test_local_papers_are_called_required_where_the_gate_asks_for_them(code: str) -> None:
    rule = RULES[code]
    asked = asked_in(rule, Profession.ACUPUNCTURIST)
    refused = [
        Refusal.NO_LOCAL_PAPERS
        in permits(person(*_held(_combinations(way)[0])), rule, place_id=1, today=TODAY).refusals
        for way in asked.ways
    ]
    assert any(refused) == (asked.local_required and not set(_exempt_everybody(asked)))


def _exempt_everybody(asked: Asked) -> list[str]:
    """Where every way leads through an exempt body or a statutory register, nobody is asked."""
    members = {way.choices[0].body for way in asked.ways if not way.one_of}
    statutory = any(each.startswith("statutory") for each in asked.exempt)
    return list(asked.exempt) if statutory and members <= set(asked.exempt) else []


def test_each_paper_has_one_name_in_an_address() -> None:
    for rule in RULES.values():
        asked = list(asked_in(rule, Profession.PHYSICIAN))
        assert len({each.code for each in asked}) == len(asked)
        for each in asked:
            assert choice(rule, each.code, Profession.PHYSICIAN) == each
            assert choice_of(each.kind, each.body, rule, Profession.PHYSICIAN) == each


def test_a_physicians_way_is_nobody_elses() -> None:
    with pytest.raises(NotFound):
        choice(RULES["US-OR"], "physician", Profession.ACUPUNCTURIST)
    with pytest.raises(NotFound):
        choice(None, "licence", Profession.ACUPUNCTURIST)
    assert choice(None, "ncbahm", Profession.ACUPUNCTURIST).kind is CredentialKind.NATIONAL_CERTIFICATION


def test_wisconsin_certifies_and_wales_approves_premises() -> None:
    assert choice(RULES["US-WI"], "licence", Profession.ACUPUNCTURIST).kind is CredentialKind.CERTIFICATION_STATE
    assert choice(RULES["GB-WLS"], "premises", Profession.ACUPUNCTURIST).per_place


def test_every_number_pattern_has_an_example_that_fits_it() -> None:
    patterned = {code for code, rule in RULES.items() if rule.number_pattern}
    assert patterned == EXAMPLES.keys()
    assert [code for code in sorted(patterned) if not RULES[code].number_looks_usual(EXAMPLES[code])] == []


def test_accreditors_of_the_countries_at_hand_come_first() -> None:
    everybody = {name for names in ACCREDITORS.values() for name in names}
    assert accreditors(("GB", "GB"))[0].startswith("BAAB")
    assert set(accreditors(("XX",))) == set(accreditors(("US", "GB"))) == everybody
    assert len(NATIONAL_BODIES) == 2
