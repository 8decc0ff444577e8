"""Two profiles of one person: what says so, what does not, and in which order."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.desk.duplicates.rules import (
    WEIGHTS,
    Profile,
    likeness,
    name_words,
    number_key,
    pairs,
    telephone_key,
    website_key,
)
from directory.desk.duplicates.terms import Sign

ADA: dict[str, Any] = {
    "name": name_words("Ada Byron"),
    "npis": frozenset({"1234567893"}),
    "numbers": frozenset({("US-OR", "statutory_licence:", "AC100")}),
    "towns": frozenset({"US:portland"}),
    "telephones": frozenset({"035550142"}),
    "website": "example.org/ada",
    "email": "ada@example.org",
}


def somebody(number: int = 1, **facts: Any) -> Profile:
    return Profile(id=number, **facts)


@pytest.mark.parametrize(
    ("shared", "asks"),
    [
        (("npis",), True),
        (("numbers",), True),
        (("name", "towns"), True),
        (("name", "telephones"), True),
        (("name", "website"), True),
        (("name",), False),
        (("towns", "telephones", "website", "email"), False),
        ((), False),
    ],
)
def test_a_number_or_a_name_with_something_else_is_worth_a_question(shared: tuple[str, ...], asks: bool) -> None:
    one, other = somebody(1, **ADA), somebody(2, **{name: ADA[name] for name in shared})
    assert likeness(one, other).asks is asks
    assert bool(pairs([one, other])) is asks


def test_another_number_of_the_same_kind_tells_namesakes_apart() -> None:
    one = somebody(1, **ADA)
    namesake = {"name": ADA["name"], "towns": ADA["towns"]}
    elsewhere = somebody(2, **namesake, numbers=frozenset({("US-WA", "statutory_licence:", "AC7")}))
    other = somebody(3, **namesake, numbers=frozenset({("US-OR", "statutory_licence:", "AC7")}))
    assert likeness(one, elsewhere).asks
    assert not likeness(one, other).asks
    assert Sign.OTHER_NUMBER in likeness(one, other).signs


def test_only_a_number_that_two_have_is_urgent() -> None:
    one = somebody(1, **ADA)
    assert likeness(one, somebody(2, npis=ADA["npis"])).urgent
    everything_else = {name: ADA[name] for name in ("name", "towns", "telephones", "website", "email")}
    assert not likeness(one, somebody(2, **everything_else)).urgent


def test_names_and_numbers_are_folded() -> None:
    assert name_words("Dr. Zoë O’Neill, L.Ac.") == name_words("ONEILL Zoe")
    assert number_key("ac-00100") == number_key("AC100")
    assert number_key("AC 100") != number_key("AC1")
    assert telephone_key("+1 (503) 555-0142") == telephone_key("503.555.0142")
    assert telephone_key("12") == ""
    assert website_key("https://www.Example.org/Ada/") == website_key("http://example.org/ada")
    assert website_key("https://facebook.com/") == ""
    assert website_key("http://[broken") == ""


_FEW = st.sampled_from(["a", "b", "c"])
_SETS = st.frozensets(_FEW, max_size=2)
_PROFILES = st.builds(
    Profile,
    id=st.integers(1, 8),
    name=st.frozensets(st.sampled_from(["ada", "byron", "king"]), max_size=3),
    npis=_SETS,
    numbers=st.frozensets(st.tuples(_FEW, _FEW, _FEW), max_size=2),
    towns=_SETS,
    telephones=_SETS,
    website=st.sampled_from(["", "a", "b"]),
    email=st.sampled_from(["", "a", "b"]),
)


@given(_PROFILES, _PROFILES)
def test_it_is_the_same_whichever_stands_first_and_says_why(one: Profile, other: Profile) -> None:
    found = likeness(one, other)
    assert found == likeness(other, one)
    assert 0.0 <= found.score <= 1.0
    said = sum(WEIGHTS[sign] for sign in found.signs)
    assert found.score == 0.0 or found.score == pytest.approx(min(1.0, said))


@given(_PROFILES, _PROFILES)
def test_what_is_shared_besides_never_takes_anything_away(one: Profile, other: Profile) -> None:
    before = likeness(one, other).score
    for name in ("towns", "telephones"):
        more = replace(other, **{name: getattr(other, name) | getattr(one, name)})
        assert likeness(one, more).score >= before
    for name in ("website", "email"):
        assert likeness(one, replace(other, **{name: getattr(one, name)})).score >= before


@given(st.lists(_PROFILES, max_size=6, unique_by=lambda each: each.id), st.randoms())
def test_looking_up_finds_every_pair_worth_a_question_in_any_order(profiles: list[Profile], chance: Any) -> None:
    found = pairs(profiles)
    shuffled = list(profiles)
    chance.shuffle(shuffled)
    assert pairs(shuffled) == found
    by_number = sorted(profiles, key=lambda each: each.id)
    worth = {(one.id, other.id) for one, other in combinations(by_number, 2) if likeness(one, other).asks}
    assert {(pair.first, pair.second) for pair in found} == worth
    assert pairs(profiles, known=worth) == []
