"""The exclusion list: how its file is read, and of whom its entries may speak."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.downloads import BrokenFile
from directory.registries.exclusions import reading, rules
from directory.registries.exclusions.rules import Entry, List, Match, Person
from directory.registries.exclusions.terms import By, Freshness, Reason, Standing
from directory.registries.naming import of_parts, of_text
from tests.exclusions import ANOTHER, HEADER, NPI, written

TODAY = date(2026, 1, 15)


def entry(**changes: str) -> Entry:
    (found,) = reading.read_text(written(changes), name="list.csv").entries
    return found


def person(name: str = "Astrid Lindquist", **facts: object) -> Person:
    known = {"key": 7, "names": of_text(name), "places": frozenset({("OR", "Salem")})}
    return Person(**known | facts)  # type: ignore[arg-type]


def match(whom: Person, what: Entry, *, today: date = TODAY) -> Match | None:
    found = List([what]).matches([whom], today=today)
    assert len(found) <= 1
    return found[0] if found else None


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_row_is_read_with_its_blanks_and_zeros_as_nothing() -> None:
    found = entry()
    assert (found.npi, found.middle_name, found.reinstated_on, found.waived_on) == ("", "", None, None)
    assert (found.born, found.excluded_on) == (date(1961, 2, 3), date(2020, 2, 20))


def test_columns_may_stand_in_any_order_between_others_and_under_another_spelling() -> None:
    shuffled = ["Extra", *reversed(HEADER)]
    text = written({"NPI": NPI}, header=shuffled).replace("LASTNAME", "Last Name")
    assert reading.read_text(text, name="x").entries == (entry(NPI=NPI),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_usual_encoding_is_read(encoding: str) -> None:
    data = written({"LASTNAME": "MUÑOZ"}).encode(encoding)
    (found,) = reading.read_text(reading.decoded(data, "x"), name="x").entries
    assert found.last_name == "MUÑOZ"


def test_the_same_row_twice_is_one_entry_and_an_odd_number_is_none() -> None:
    contents = reading.read_text(written({}, {}, {"NPI": "1234567890"}), name="x")
    assert (contents.rows, contents.twice, contents.odd_numbers) == (3, 2, 1)
    assert [each.npi for each in contents.entries] == [""]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "empty"),
        (written(), "nothing else"),
        (written({}).replace("EXCLDATE", "WHEN"), "line 1, lacks EXCLDATE"),
        (written({}).replace('"UPIN"', '"NPI"'), "line 1, names the column NPI twice"),
        (written({}, {"EXCLDATE": "20201301"}), "EXCLDATE in line 3"),
        (written({}, {"REINDATE": "soon"}), "REINDATE in line 3"),
        (written({}, {"LASTNAME": "", "BUSNAME": " "}), "line 3 names neither"),
        (written({}) + '"MORE","COLUMNS"\r\n', "line 3 has 2 columns"),
        (written({}) + ",".join(['"x"'] * 40), "line 3 has 40 columns"),
        (written({})[:-8], "line 2"),
        (written({"CITY": "X" * 300}), "CITY in line 2"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_the_place(text: str, where: str) -> None:
    with pytest.raises(BrokenFile, match=where):
        reading.read_text(text, name="list.csv")


def test_bytes_that_are_no_text_are_refused_with_the_line() -> None:
    for data in (b"LASTNAME\n\x00\x00", b"LASTNAME\n\x81\x8d"):
        with pytest.raises(BrokenFile, match="line 2"):
            reading.decoded(data, "list.csv")


def test_a_changed_entry_has_another_key_and_the_same_one_has_not() -> None:
    assert entry().key == entry(MIDNAME="", CITY="SALEM ").key
    assert len({entry().key, entry(NPI=NPI).key, entry(REINDATE="20250101").key, entry(CITY="EUGENE").key}) == 4


def test_the_day_in_a_files_name() -> None:
    assert reading.day_in_name("leie_20260110.csv") == reading.day_in_name("2026-01-10.csv") == date(2026, 1, 10)
    assert reading.day_in_name("UPDATED.csv") is None
    assert reading.day_in_name("20261399.csv") is None


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_a_number_in_common_is_a_hit_under_any_name() -> None:
    found = match(person("Karin Berg", npi=NPI), entry(NPI=NPI))
    assert found is not None
    assert (found.by, found.is_asked) == (By.NUMBER, True)
    assert Reason.OTHER_NAME in found.reasons


def test_an_entry_with_another_number_is_never_about_them() -> None:
    assert match(person(npi=ANOTHER), entry(NPI=NPI)) is None


def test_without_a_number_of_their_own_the_name_is_asked_about() -> None:
    found = match(person(), entry(NPI=NPI))
    assert found is not None
    assert found.by is By.NAME


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("Astrid Lindquist", {}),
        ("Astrid Lindquist", {"STATE": "GU"}),
        ("Astrid Lindquist", {"STATE": "GU", "CITY": "HAGATNA", "SPECIALTY": "NURSE"}),
        ("Astrid M. Lindquist", {"MIDNAME": "MARIE", "STATE": "ME"}),
        ("Astrid M. Lindquist", {"MIDNAME": "R"}),
        ("Robert O'Brien, L.Ac.", {"LASTNAME": "O BRIEN", "FIRSTNAME": "BOB"}),
        ("Astrid Lindquist-Moe", {"LASTNAME": "LINDQUIST"}),
        ("Åstrid Líndquist", {}),
    ],
)
def test_a_name_in_common_is_a_question(name: str, changes: dict[str, str]) -> None:
    found = match(person(name), entry(**changes))
    assert found is not None
    assert (found.by, found.is_asked) == (By.NAME, True)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("Astrid Lindqvist", {}),
        ("Astrid Lind", {}),
        ("Ingrid Lindquist", {}),
        ("Astra Lindquist", {}),
        ("Astrid M. Lindquist", {"MIDNAME": "R", "STATE": "GU"}),
        ("Bob Lindquist", {"FIRSTNAME": "ROBERT", "STATE": "GU", "CITY": "X", "SPECIALTY": "NURSE"}),
        ("A. Lindquist", {"STATE": "GU"}),
        ("Astrid Lindquist", {"LASTNAME": "", "FIRSTNAME": "", "BUSNAME": "ASTRID LINDQUIST ACUPUNCTURE INC"}),
    ],
)
def test_a_near_miss_is_nothing(name: str, changes: dict[str, str]) -> None:
    assert match(person(name), entry(**changes)) is None


def test_state_city_and_middle_name_weigh_as_they_should() -> None:
    def points(name: str = "Astrid M. Lindquist", **changes: str) -> int:
        found = match(person(name), entry(**changes))
        return 0 if found is None else found.points

    assert points(MIDNAME="M") > points() > points(CITY="EUGENE") > points(CITY="EUGENE", STATE="GU")
    assert points() > points(MIDNAME="R")


def test_a_birthday_decides_where_both_are_known() -> None:
    assert match(person(born=date(1961, 2, 3)), entry()) is not None
    assert match(person(born=date(1971, 2, 3)), entry()) is None


def test_of_two_of_one_name_only_the_one_it_fits_is_asked_about() -> None:
    near, far = person(key=1), person(key=2, places=frozenset({("TX", "Austin")}))
    asked = {each.person for each in List([entry()]).matches([near, far], today=TODAY) if each.is_asked}
    assert asked == {1}
    alone = List([entry()]).matches([far], today=TODAY)
    assert [each.is_asked for each in alone] == [True]


# --- reinstated, waived, too old -------------------------------------------------------------------------------------


def test_a_reinstatement_counts_from_its_day_on() -> None:
    reinstated, whom = entry(NPI=NPI, REINDATE="20260115"), person(npi=NPI)
    before, after = (match(whom, reinstated, today=day) for day in (date(2026, 1, 14), TODAY))
    assert before is not None
    assert after is not None
    assert (before.is_asked, after.is_asked, after.standing) == (True, False, Standing.REINSTATED)


def test_a_waiver_counts_only_for_whoever_works_nowhere_else() -> None:
    waived = entry(NPI=NPI, WAIVERDATE="20210101", WVRSTATE="OR")
    here = match(person(npi=NPI), waived)
    there = match(person(npi=NPI, places=frozenset({("OR", "Salem"), ("WA", "Vancouver")})), waived)
    nowhere = match(person(npi=NPI, places=frozenset()), waived)
    assert here is not None
    assert here.standing is Standing.WAIVED
    assert [each is not None and each.is_asked for each in (here, there, nowhere)] == [False, True, True]


def test_a_list_that_is_missing_or_too_old_is_not_checked() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert rules.freshness(None, now=now) is Freshness.NEVER
    assert rules.freshness(now.date() - timedelta(days=45), now=now) is Freshness.CHECKED
    assert rules.freshness(now.date() - timedelta(days=46), now=now) is Freshness.STALE


# --- whatever it says ------------------------------------------------------------------------------------------------

_LETTERS = st.text(alphabet=st.characters(categories=["L", "P", "Zs"]), max_size=12)


@given(_LETTERS, _LETTERS, _LETTERS, st.permutations(range(3)))
def test_order_never_decides_and_nobody_is_asked_about_without_both_names(
    last: str, first: str, middle: str, order: list[int]
) -> None:
    whom = [person(key=number, names=(of_parts(last, first, middle),)) for number in range(3)]
    what = replace(entry(), last_name="LINDQUIST", first_name="ASTRID")
    found = List([what]).matches(whom, today=TODAY)
    again = List([what]).matches([whom[number] for number in order], today=TODAY)
    assert sorted(each.person for each in found) == sorted(each.person for each in again)
    for each in found:
        assert {Reason.FAMILY_NAME, Reason.FAMILY_NAME_PART} & set(each.reasons)
        assert {Reason.FIRST_NAME, Reason.FIRST_NAME_VARIANT, Reason.FIRST_NAME_INITIAL} & set(each.reasons)
