"""What the guide says about emergencies and evidence."""

from __future__ import annotations

import re
from datetime import date

import pytest

from directory.credentials.rules import LEAST_MATERNITY_HOURS
from directory.guide import cautions, emergency, evidence, unsafe
from directory.guide.emergency import WarningSigns
from directory.guide.numbers import NAMES, Need, numbers
from directory.guide.words import READ_ON, Source, Statement
from directory.screening.cautions import KINDS, Answer
from directory.screening.terms import RedFlag

EVERYWHERE = (*emergency.COUNTRIES, None)


def test_every_sign_the_screening_knows_has_plain_words() -> None:
    assert set(emergency.SIGNS) == {str(flag) for flag in RedFlag}


def test_everything_a_patient_may_tick_has_its_words() -> None:
    assert set(cautions.CAUTIONS) == {str(each) for each in KINDS}
    assert set(cautions.ANSWERS) == {str(answer) for answer in Answer}


def test_questions_are_questions_and_advice_is_not() -> None:
    for words in cautions.CAUTIONS.values():
        assert words.ask.endswith("?")
        assert words.advice.text.endswith(".")


def test_nobody_is_told_to_change_a_dose() -> None:
    assert "Tell whoever manages your anticoagulant, and do not change the dose yourself." in (
        cautions.CAUTIONS["anticoagulant"].advice.text
    )


def test_signs_are_split_so_that_none_is_lost() -> None:
    assert {*emergency.EVERYONE_SIGNS, *emergency.PREGNANCY_SIGNS} == set(emergency.SIGNS)


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("US", "911"),
        ("GB", "999"),
        ("IE", "112"),
        ("CA", "911"),
        ("AU", "000"),
        ("NZ", "111"),
        ("FR", "112"),
        (None, "112"),
    ],
)
def test_the_emergency_number_of_the_country_comes_first(country: str | None, number: str) -> None:
    assert emergency.help_in(country).emergency.number == number


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("US", {"911", "988", "+18338526262"}),
        ("GB", {"999", "111", "116123"}),
        ("IE", {"112", "116123"}),
        ("CA", {"911", "811", "988"}),
        ("AU", {"000", "1800022222", "1800882436", "131114"}),
        ("NZ", {"111", "0800611116", "0800933922", "1737"}),
    ],
)
def test_services_of_a_country(country: str, numbers: set[str]) -> None:
    assert {service.number for service in emergency.help_in(country).services} == numbers


def test_a_country_may_be_written_small() -> None:
    assert emergency.help_in("us") == emergency.help_in("US")


@pytest.mark.parametrize("country", EVERYWHERE)
def test_services_can_be_dialled_and_name_their_source(country: str | None) -> None:
    help_now = emergency.help_in(country)
    assert help_now.emergency.need is Need.EMERGENCY
    assert help_now.maternity.endswith("at any hour.")
    for service in help_now.services:
        assert re.fullmatch(r"\+?\d+", service.number)
        assert service.source.url.startswith("https://")


@pytest.mark.parametrize("of", ["now", "harm"])
def test_every_number_names_where_and_when_it_was_read(of: str) -> None:
    assert numbers(of)
    for services in numbers(of).values():
        for service in services:
            assert service.source.name
            assert service.source.url.startswith("https://")
            assert service.source.read_on <= READ_ON


def test_names_that_are_words_are_those_of_the_file() -> None:
    written = {service.name for of in ("now", "harm") for services in numbers(of).values() for service in services}
    assert set(NAMES) <= written


def test_lines_for_pregnancy_are_shown_to_pregnant_people_alone() -> None:
    help_now = emergency.help_in("US")
    assert Need.PREGNANCY in {service.need for service in help_now.shown(pregnant=True)}
    assert Need.PREGNANCY not in {service.need for service in help_now.shown(pregnant=False)}


@pytest.mark.parametrize(
    "words",
    [
        "bleeding",
        "37 weeks",
        "moves less",
        "headache",
        "sight",
        "swelling",
        "calf",
        "chest pain",
        "fever",
        "itching",
        "harming",
    ],
)
def test_the_line_for_pregnancy_names_the_signs(words: str) -> None:
    assert words in " ".join(emergency.PREGNANCY.signs)


def test_the_honest_sentence_stands_as_agreed() -> None:
    assert evidence.HONEST.text == (
        "Some small studies report fewer restless-legs symptoms with acupuncture. They are few and of low quality, so "
        "we cannot say whether it works for you. Current medical guidelines do not list it as a standard treatment. "
        "Ask your doctor about iron tests first."
    )
    assert len(evidence.HONEST.sources) >= 3


def test_the_published_hours_are_those_of_the_gate() -> None:
    assert f"{LEAST_MATERNITY_HOURS} hours" in evidence.PREGNANCY_GATE.text


def test_every_source_is_dated_and_has_an_address() -> None:
    every = [*vars(evidence).values(), *vars(emergency).values(), *vars(cautions).values()]
    every += [words.advice for words in cautions.CAUTIONS.values()]
    sources = {source for each in every if isinstance(each, (Statement, WarningSigns)) for source in each.sources}
    sources |= {each for each in every if isinstance(each, Source)}
    assert sources
    assert all(
        source.url.startswith("https://") and READ_ON <= source.read_on <= date(2026, 12, 31) for source in sources
    )


OWN = (
    evidence.PREGNANCY_GATE,
    evidence.MAYBE_PREGNANT,
    evidence.PAPERS_NOT_SKILL,
    evidence.NOT_LISTED,
    evidence.NOT_CLEARANCE,
    evidence.NOT_A_RATING,
    evidence.REMOTE,
    evidence.USUAL_PLAN,
    evidence.STRAIGHT_LINE,
    evidence.AREA,
    evidence.NO_LICENCE,
    evidence.CLOSED,
    evidence.UNKNOWN_PLACE,
    evidence.PROBATION,
    evidence.UNDER_18,
    emergency.STOPPED,
    cautions.NEVER_CLEARS,
)
"""What this service says of itself and of the rules of a place, whose sources stand in their own table."""


def test_whatever_is_said_about_health_names_a_source_and_a_day() -> None:
    for module in (evidence, emergency, cautions, unsafe):
        said = {name: each for name, each in vars(module).items() if isinstance(each, (Statement, WarningSigns))}
        assert not [name for name, each in said.items() if not each.sources and each not in OWN], module.__name__


def test_every_caution_names_a_source_and_a_day() -> None:
    bare = {code for code, words in cautions.CAUTIONS.items() if not words.advice.sources}
    assert bare == cautions.OWN_RULES


def test_every_red_flag_stands_on_a_list_with_sources() -> None:
    assert emergency.EVERYONE.sources
    assert emergency.PREGNANCY.sources
    assert {*emergency.EVERYONE_SIGNS, *emergency.PREGNANCY_SIGNS} == {str(flag) for flag in RedFlag}
