"""Names as registers and people write them: what is one name, and what is another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.registries.naming import (
    Likeness,
    Name,
    families,
    first_names,
    given_calls,
    given_keys,
    givens,
    middles,
    of_parts,
    of_text,
    plain,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jessica E. Davis, L.Ac., Dipl. O.M.", Name("davis", "jessica", "e")),
        ("DAVIS, JESSICA E", Name("davis", "jessica", "e")),
        ("Dr. Bob O’Brien", Name("obrien", "bob")),
        ("Thi Do", Name("do", "thi")),
        ("Smith Jr., John", Name("smith", "john")),
        ("María de la Cruz LAc", Name("de la cruz", "maria")),
        ("Zoë Smith-Jones", Name("smith jones", "zoe")),
    ],
)
def test_a_name_in_one_line_is_read_as_its_bearer_would(written: str, name: Name) -> None:
    assert name in of_text(written)


@pytest.mark.parametrize("nothing", ["", "Madonna", "  ,  ", "L.Ac."])
def test_what_is_no_whole_name_is_read_as_none(nothing: str) -> None:
    assert of_text(nothing) == ()


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("O'BRIEN", "OBRIEN", Likeness.SAME),
        ("MC DONALD", "McDonald", Likeness.SAME),
        ("de la Cruz", "DELACRUZ", Likeness.SAME),
        ("Smith-Jones", "SMITH JONES", Likeness.SAME),
        ("Smith-Jones", "JONES", Likeness.VARIANT),
        ("Müller", "MULLER", Likeness.SAME),
        ("HARRIS", "HARRISON", Likeness.OTHER),
        ("THOMSON", "THOMPSON", Likeness.OTHER),
        ("de la Cruz", "de la Rosa", Likeness.OTHER),
    ],
)
def test_family_names(one: str, other: str, likeness: Likeness) -> None:
    here, there = of_parts(one, "Ann").family, of_parts(other, "Ann").family
    assert families(here, there) is likeness
    assert families(there, here) is likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("robert", "bob", Likeness.VARIANT),
        ("phillip", "philip", Likeness.VARIANT),
        ("j", "jessica", Likeness.INITIAL),
        ("megan", "morgan", Likeness.OTHER),
        ("jessica", "jennifer", Likeness.OTHER),
        ("", "jessica", Likeness.UNKNOWN),
    ],
)
def test_first_names(one: str, other: str, likeness: Likeness) -> None:
    assert givens(one, other) is likeness
    assert givens(other, one) is likeness


def test_a_first_name_of_two_words_is_the_same_written_as_one() -> None:
    assert first_names(of_parts("Lee", "Mary Ann"), of_parts("Lee", "Maryann")) is Likeness.SAME


def test_middle_names_contradict_only_where_both_are_given() -> None:
    assert middles(of_parts("Lee", "Ann", "Rose"), of_parts("Lee", "Ann", "R")) is Likeness.INITIAL
    assert middles(of_parts("Lee", "Ann", "Rose"), of_parts("Lee", "Ann")) is Likeness.UNKNOWN
    assert middles(of_parts("Lee", "Ann", "Rose"), of_parts("Lee", "Ann", "Marie")) is Likeness.OTHER


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read_without_complaint_and_is_like_itself(family: str, first: str) -> None:
    name = of_parts(family, first)
    of_text(f"{first} {family}")
    if name.family:
        assert families(name.family, name.family) is Likeness.SAME
    assert plain(plain(family)) == plain(family)


_FIRST = st.sampled_from(["Mary Ann", "Maryann", "Mary", "Bob", "Robert", "R", "M", "Rob", "Jessica", "J", "Jess", ""])
_MIDDLE = st.sampled_from(["", "Ann", "A", "Rose"])


@given(_FIRST, _MIDDLE, _FIRST, _MIDDLE)
def test_whatever_is_like_a_first_name_is_found_under_it(one: str, middle: str, other: str, second: str) -> None:
    here, there = of_parts("Lee", one, middle), of_parts("Lee", other, second)
    alike = first_names(here, there) in (Likeness.SAME, Likeness.VARIANT, Likeness.INITIAL)
    assert not alike or given_keys(here) & given_calls(there)
