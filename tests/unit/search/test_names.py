"""Names as people type them: without titles, with mistakes, in other orders and other alphabets."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from directory.search.name_table import COMPARED, Entry, NameTable
from directory.search.names import (
    LETTERS,
    MOST_PARTS,
    PERHAPS_LETTERS,
    TITLES,
    Nearness,
    alike,
    fit,
    fold,
    held_name,
    held_towns,
    typed_name,
)
from tests.examples import examples

ALPHABETS = "abcdehilmnorstu' -.éøßłñç李王小明陈سلمىخالدكهןבראЮлия김민수たな"
anything = st.text(max_size=60)
name_like = st.text(alphabet=ALPHABETS, min_size=1, max_size=40)
plain_words = st.text(alphabet="abcdehilmnorstuyz", min_size=2, max_size=9).filter(
    lambda word: word not in TITLES | LETTERS | PERHAPS_LETTERS
)


def plain(text: str, *, held: bool = False) -> list[str]:
    return [word.text for word in (held_name if held else typed_name)(text)]


def nearness(typed: str, held: str) -> Nearness | None:
    found = fit(typed_name(typed), held_name(held))
    return None if found is None else found.nearness


@given(anything)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once.isascii()
    assert once == once.lower()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Siobhán O’Brien", "siobhan obrien"),
        ("NGUYỄN Thị Đỗ", "nguyen thi do"),
        ("Łukasz Groß-Ødegård", "lukasz gross odegard"),
        ("İpek", "ipek"),
        ("王小明", "wang xiao ming"),
        ("たなか", "tanaka"),
        ("김민수", "gim min su"),
        ("Юлия", "yuliya"),
        ("سلمى المنصوري", "slma al mnswry"),
        ("אברהם", "avrhm"),
        ("Ann\u00admarie\u200b", "annmarie"),
        ("🦵 -- ''", ""),
    ],
)
def test_any_script_becomes_plain_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "text",
    [
        "Li",
        "Dr Li LAc",
        "dr. li, l.ac.",
        "Dr. Li L. Ac.",
        "LI, Dipl.Ac. (NCCAOM)",
        "Prof Li MBAcC",
        "Ms Li Dipl. O.M.",
        "Li DACM",
        "Li, DAOM, PhD, MSTOM",
        "Li Lic.Ac.",
        "李医生",
        "李",
        "Prof. Dr. med. Li",
    ],
)
def test_titles_and_letters_are_left_aside(text: str) -> None:
    assert plain(text)[0] == "li"
    assert nearness(text, "Wei Li, L.Ac., Dipl. O.M.") is Nearness.PARTS
    assert nearness("Li", text) in (Nearness.WHOLE, Nearness.PARTS)


@pytest.mark.parametrize("name", ["An", "Do", "Ma", "Om", "Lac", "Mac", "Dom", "Ba", "Md"])
@pytest.mark.parametrize("written", ["{}", "Thi {}", "{} Thi", "Dr {}", "Thi {}, L.Ac.", "{}, Thi"])
def test_people_of_such_names_are_found_under_them(name: str, written: str) -> None:
    held = written.format(name)
    for typed in (name, name.lower(), f"Dr {name}", held, f"{name} LAc"):
        found = nearness(typed, held)
        assert found is not None, (typed, held)
        # After a comma alone they could be letters, and then whoever bears them as a name comes first.
        assert found <= Nearness.PARTS or "," in held, (typed, held)


def test_how_it_is_written_tells_a_name_from_letters() -> None:
    assert nearness("Do", "Thi Do") is Nearness.PARTS
    assert nearness("Do", "THI DO") is Nearness.PARTS
    assert nearness("Do", "Jane Roe DO") is Nearness.CLOSE
    assert nearness("Ma", "Jane Roe, MA") is Nearness.CLOSE
    assert nearness("Lac", "Jane Roe, L.Ac.") is None


def test_letters_that_may_be_a_name_need_not_be_there_and_count_when_they_are() -> None:
    with_it = fit(typed_name("Mai Do"), held_name("Mai Do"))
    without = fit(typed_name("Mai Do"), held_name("Mai Roe"))
    assert with_it is not None
    assert without is not None
    assert (with_it.lacking, without.lacking) == (0, 1)
    assert with_it < without


@pytest.mark.parametrize(
    ("typed", "held", "expected"),
    [
        ("Smith John", "John Smith", Nearness.WHOLE),
        ("Smith, John", "John Smith", Nearness.WHOLE),
        ("Obrien", "Siobhan O'Brien", Nearness.PARTS),
        ("O’Brien", "Siobhan O'Brien", Nearness.PARTS),
        ("O Brien", "Siobhan O'Brien", Nearness.PARTS),
        ("Smith Jones", "Ada Smith-Jones", Nearness.PARTS),
        ("Jones", "Ada Smith-Jones", Nearness.PARTS),
        ("Smithjones", "Ada Smith-Jones", Nearness.PARTS),
        ("Vanderberg", "Ida van der Berg", Nearness.PARTS),
        ("Xiaoming Wang", "王小明", Nearness.WHOLE),
        ("Wang Xiao-Ming", "王小明", Nearness.WHOLE),
        ("王小明", "Xiaoming Wang", Nearness.WHOLE),
        ("Mc Donald", "Flora McDonald", Nearness.PARTS),
        ("Rose Mary", "Rosemary Clark", Nearness.PARTS),
        ("J Smith", "John Smith", Nearness.BEGINNINGS),
        ("J. R. Smith", "John Robert Smith", Nearness.BEGINNINGS),
        ("Chris", "Christopher Lee", Nearness.BEGINNINGS),
        ("John Smith", "J. Smith", Nearness.CLOSE),
        ("Jon Smyth", "John Smith", Nearness.CLOSE),
        ("Gonsalez", "Maria González", Nearness.CLOSE),
        ("Cristop", "Christopher Lee", Nearness.CLOSE),
        ("Mueller", "Jürgen Müller", Nearness.CLOSE),
        ("Lee", "Wei Li", Nearness.CLOSE),
        ("Kim", "김민수", Nearness.CLOSE),
        ("Salma Al-Mansouri", "د. سلمى المنصوري", Nearness.CLOSE),
        ("almansouri", "سلمى المنصوري", Nearness.CLOSE),
        ("سلمى", "Salma Mansouri", Nearness.CLOSE),
        ("Mohamed", "محمد خالد", Nearness.CLOSE),
        ("Ali", "علي حسن", Nearness.CLOSE),
        ("Cohen", "אברהם כהן", Nearness.CLOSE),
        ("Maria Teresa Gonzalez", "Maria Gonzalez", Nearness.CLOSE),
        ("Amelia Johnson", "Amelia J. Bayview", None),
        ("Alexandre", "Harleen A. Camp", None),
        ("Li", "Wei Chen", None),
        ("Ann Ann", "Ann Smith", None),
        ("Wei Li", "Wei Wang", None),
    ],
)
def test_how_near_a_name_comes(typed: str, held: str, expected: Nearness | None) -> None:
    assert nearness(typed, held) is expected
    table = NameTable([Entry(1, held, 1), Entry(2, "Quentin Zbykov", 1)])
    found = table.search(typed_name(typed), least_attested=0)
    assert [(each.practitioner_id, each.fit.nearness) for each in found] == (
        [(1, expected)] if expected is not None else []
    )


@given(name_like)
def test_any_name_fits_itself_entirely(name: str) -> None:
    held = held_name(name)
    assume(held)
    assert fit(typed_name(name), held) == (Nearness.WHOLE, 0, 0, 0)


@given(
    st.lists(
        st.sampled_from(
            ["Dr", "Li", "J.", "R.", "O'Brien", "Smith-Jones", "Ma", "LAc", "Ac", "Dipl", "Om", "PhD", "Ann", "D'"]
        ),
        max_size=5,
    )
)
def test_plain_names_are_read_like_all_others(parts: list[str]) -> None:
    # What only steers how others are set sends a name the long way round and is no part of it.
    name = " ".join(parts)
    assert held_name(name) == held_name(name + "\u200b")
    assert typed_name(name) == typed_name(name + "\u200b")


@given(st.lists(plain_words, min_size=1, max_size=MOST_PARTS), st.randoms(use_true_random=False))
def test_the_order_of_the_words_does_not_matter(words: list[str], chance: random.Random) -> None:
    turned = chance.sample(words, len(words))
    assert nearness(" ".join(turned), " ".join(words)) is Nearness.WHOLE


@given(st.text(alphabet="abcdehilmnorstuyz", min_size=4, max_size=12), st.integers(0, 30), st.sampled_from("xkqv"))
def test_one_wrong_letter_is_forgiven(word: str, at: int, wrong: str) -> None:
    at %= len(word)
    for slip in (word[:at] + wrong + word[at + 1 :], word[:at] + wrong + word[at:]):
        assert alike(slip, word) > 0


@given(plain_words, plain_words)
def test_likeness_lies_between_nothing_and_the_same(one: str, other: str) -> None:
    assert 0.0 <= alike(one, other) <= 1.0
    assert (alike(one, other) == 1.0) == (one == other)


def test_a_word_of_sixty_and_a_name_of_two_hundred_letters_are_names_like_others() -> None:
    long = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft"
    assert nearness(long, f"Hubert {long}") is Nearness.PARTS
    assert nearness(long[:-1] + "x", f"Hubert {long}") is Nearness.CLOSE
    whole = ("Abcdefghi " * 20).strip()
    assert nearness(whole, whole) is Nearness.WHOLE


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Li Portland", Nearness.PARTS),
        ("wei li portland", Nearness.WHOLE),
        ("Li Portl", Nearness.BEGINNINGS),
        ("Li New York", Nearness.PARTS),
        ("Li in Portland", Nearness.CLOSE),
        ("Portland", None),
        ("Li Salem", None),
        ("Li Portlend", None),
    ],
)
def test_the_town_helps_to_tell_people_of_one_name_apart(typed: str, expected: Nearness | None) -> None:
    found = fit(typed_name(typed), (*held_name("Wei Li"), *held_towns(["Portland", "New York"])))
    assert (None if found is None else found.nearness) is expected
    table = NameTable([Entry(1, "Wei Li", 1, ("Portland", "New York"))])
    assert [each.fit.nearness for each in table.search(typed_name(typed), least_attested=0)] == (
        [] if expected is None else [expected]
    )


# --- the table finds what comparing everybody finds -------------------------------------------------------------------

people = st.lists(name_like | st.lists(plain_words, min_size=1, max_size=4).map(" ".join), max_size=25)
towns = st.lists(st.sampled_from(["Salem", "New York", "Li", "Montréal", "Saint Anne"]), max_size=2).map(tuple)
kin = st.sampled_from(
    [
        *("li", "lee", "kim", "김", "gim", "王小明", "xiao", "ming", "xiaoming", "wang", "wong"),
        *("سلمى", "salma", "slm", "المنصوري", "mansouri", "almansouri", "محمد", "mohammed", "כהן", "cohen"),
        *("j", "jo", "john", "jon", "jones", "smith", "smyth", "smithjones", "christopher", "cristop", "christo"),
        *("van", "der", "berg", "vanderberg", "o", "brien", "obrien", "do", "ma", "lac", "salem", "new", "york", "sal"),
    ]
)
"""Words that are one another's misspellings, parts, readings in another alphabet, initials, or towns."""
kinsfolk = st.lists(kin, min_size=1, max_size=4).map(" ".join)


@given(
    st.lists(st.tuples(name_like | kinsfolk, towns), min_size=5, max_size=40),
    st.lists(kin, min_size=1, max_size=3).flatmap(lambda words: st.sampled_from([" ".join(words), "".join(words)])),
)
@settings(max_examples=examples(150))
def test_the_table_finds_what_comparing_with_everybody_finds(
    held: list[tuple[str, tuple[str, ...]]], typed: str
) -> None:
    expected = []
    for number, (name, where) in enumerate(held):
        words = held_name(name)
        how = fit(typed_name(typed), (*words, *held_towns(where))) if words else None
        if how is not None:
            expected.append((how, " ".join(word.text for word in words), number))
    table = NameTable(Entry(number, name, 1, where) for number, (name, where) in enumerate(held))
    assert table.search(typed_name(typed), least_attested=0) == sorted(expected)


@given(people.filter(bool), st.data())
def test_whoever_is_typed_as_they_are_held_is_found_before_everybody_else(held: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(held) - 1))
    assume(held_name(held[number]))
    table = NameTable(Entry(at, name, 1) for at, name in enumerate(held))
    found = table.search(typed_name(held[number]), least_attested=0)
    assert number in [each.practitioner_id for each in found if each.fit == found[0].fit]


def test_of_a_common_name_the_likeliest_are_compared() -> None:
    crowd = [Entry(number, f"Li {chr(97 + number % 26)}bc{number}", 1) for number in range(3 * COMPARED)]
    table = NameTable([*crowd, Entry(9999, "Li", 1), Entry(9998, "Lindsay Roe", 1)])
    found = table.search(typed_name("Li"), least_attested=0)
    assert len(found) == COMPARED
    assert found[0].practitioner_id == 9999
    assert 9998 not in [each.practitioner_id for each in found]


def test_whoever_is_told_of_elsewhere_is_left_out() -> None:
    table = NameTable([Entry(1, "Wei Li", 1), Entry(2, "Wei Li", 1)])
    assert [each.practitioner_id for each in table.search(typed_name("li"), least_attested=0, without={1})] == [2]


def test_nobody_who_has_not_confirmed_for_long_is_found() -> None:
    table = NameTable([Entry(1, "Wei Li", 100), Entry(2, "Wei Li", 99)])
    assert [each.practitioner_id for each in table.search(typed_name("li"), least_attested=100)] == [1]
    assert table.search((), least_attested=0) == []
    assert NameTable([]).search(typed_name("li"), least_attested=0) == []
    assert len(NameTable([Entry(1, "🦵", 1)])) == 0
