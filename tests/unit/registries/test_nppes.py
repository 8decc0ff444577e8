"""What a row of the register says, whatever order, dress and slot it comes in."""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.downloads import BrokenFile
from directory.practitioners.rules import npi_is_valid
from directory.registries.nppes import Counts, Layout, Reader, Reject, Told, zip_code
from directory.registries.records import Record, Records
from directory.registries.terms import Flaw, Standing
from tests import nppes
from tests.examples import examples

TODAY = date(2026, 1, 20)


def reader(columns: tuple[str, ...] | list[str] | None = None, **options: Any) -> Reader:
    standard: dict[str, Any] = {
        "known": set(),
        "seen": set(),
        "counts": Counts(),
        "newest": None,
        "today": TODAY,
        "dated": True,
    }
    return Reader(Layout(columns or nppes.header()), **standard | options)


def records(rows: list[dict[str, str]], **how: Any) -> list[Record]:
    cutter = Records()
    _, *found = cutter.cut(nppes.text(rows, **how).encode())
    return found


def told(row: dict[str, str], **options: Any) -> Told | Reject | None:
    (record,) = records([row])
    return reader(**options).take(record)


def flaw(row: dict[str, str], **options: Any) -> Flaw:
    found = told(row, **options)
    assert isinstance(found, Reject), found
    return found.flaw


# --- the header ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, 1])
def test_both_headers_of_the_register_are_read(version: int) -> None:
    columns = nppes.header(version)
    assert len(columns) == Layout(columns).width == 330
    (record,) = records([nppes.person()], columns=columns)
    found = reader(columns).take(record)
    assert isinstance(found, Told)
    assert (found.last_name, found.city) == ("UNDERHILL", "PORTLAND")


def test_names_of_columns_are_compared_without_signs_and_case() -> None:
    columns = [name.lower().replace(" ", "_") for name in nppes.header()]
    assert Layout(columns).plain["npi"] == 0


@pytest.mark.parametrize("missing", ["NPI", "Healthcare Provider Taxonomy Code_15", "Last Update Date"])
def test_a_header_that_lacks_a_column_is_another_file(missing: str) -> None:
    with pytest.raises(BrokenFile, match="its header lacks"):
        Layout([name for name in nppes.header() if name != missing])


def test_the_headers_of_the_files_beside_it_are_other_files() -> None:
    for header in (["NPI", "Endpoint Type"], ["NPI", "Provider Other Organization Name"], [], ["PK\x03\x04"]):
        with pytest.raises(BrokenFile, match=r"not an NPPES data file .* and \d+ more"):
            Layout(header)


def test_a_header_that_names_a_column_twice_is_refused() -> None:
    with pytest.raises(BrokenFile, match="twice: npi"):
        Layout([*nppes.header(), "NPI"])


# --- order and dress -------------------------------------------------------------------------------------------------


@settings(max_examples=examples(25))
@given(st.randoms(use_true_random=False), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.integers(1, 15))
def test_the_order_of_columns_and_the_slot_of_a_code_mean_nothing(
    order: random.Random, quoting: int, number: int
) -> None:
    columns = list(nppes.header())
    order.shuffle(columns)
    row = nppes.person() | nppes.slot(1, "", "", "", "") | nppes.slot(number, licence="AC1", state="WA", primary="Y")
    (record,) = records([row], columns=columns, quoting=quoting)
    found = reader(columns).take(record)
    assert isinstance(found, Told)
    assert [(each.slot, each.state, each.number, each.primary) for each in found.leads] == [(number, "WA", "AC1", True)]
    usual = told(row)
    assert isinstance(usual, Told)
    assert found == usual
    assert found.digest == usual.digest


@settings(max_examples=examples(25))
@given(
    st.randoms(use_true_random=False),
    st.lists(st.sampled_from(["person", "other", "organisation", "deactivated"]), max_size=12),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.booleans(),
)
def test_every_row_is_counted_once_as_what_it_is(
    order: random.Random, kinds: list[str], quoting: int, floats: bool
) -> None:
    columns = list(nppes.header())
    order.shuffle(columns)
    makers = {
        "person": nppes.person,
        "other": lambda number: nppes.person(number) | nppes.slot(1, nppes.MASSAGE),
        "organisation": nppes.organisation,
        "deactivated": nppes.deactivated,
    }
    rows = [makers[kind](number) for number, kind in enumerate(kinds, start=1)]
    if floats:
        rows = [
            row | {"Entity Type Code": f"{row['Entity Type Code']}.0"} if "Entity Type Code" in row else row
            for row in rows
        ]
    reading = reader(columns)
    found = [reading.take(record) for record in records(rows, columns=columns, quoting=quoting)]
    counts = reading.counts
    assert counts.rows == len(kinds)
    assert counts.people == kinds.count("person") + kinds.count("other")
    assert counts.acupuncturists == kinds.count("person") == sum(isinstance(each, Told) for each in found)
    assert counts.organisations == kinds.count("organisation")
    assert counts.deactivated == kinds.count("deactivated")
    assert counts.rejected == 0


def test_a_field_with_marks_commas_and_line_breaks_is_one_field() -> None:
    row = nppes.person() | {"Provider First Line Business Practice Location Address": '1 "OLD" RD,\nREAR","DOOR'}
    found = told(row)
    assert isinstance(found, Told)
    assert found.practice is not None
    assert found.practice.lines[0] == '1 "OLD" RD, REAR","DOOR'


def test_the_code_in_another_field_makes_nobody_an_acupuncturist() -> None:
    row = nppes.person() | nppes.slot(1, nppes.MASSAGE) | {"Other Provider Identifier_1": nppes.ACUPUNCTURE}
    assert told(row) is None


# --- what is said ----------------------------------------------------------------------------------------------------


def test_each_acupuncture_slot_is_a_lead_with_its_own_licence_and_state() -> None:
    row = nppes.person() | nppes.slot(2, nppes.MASSAGE, "X1", "OR") | nppes.slot(15, licence="25MZ1", state="NJ")
    found = told(row)
    assert isinstance(found, Told)
    assert [(each.slot, each.state, each.number, each.primary) for each in found.leads] == [
        (1, "OR", "AC150001", True),
        (15, "NJ", "25MZ1", False),
    ]


def test_the_practice_and_the_mailing_address_are_told_apart_and_kept_for_the_desk() -> None:
    found = told(nppes.person())
    assert isinstance(found, Told)
    contact = json.loads(found.contact or "")
    assert contact["practice"] == {
        "lines": ["12 FERN WAY", "STE 4"],
        "city": "PORTLAND",
        "region": "OR",
        "postal_code": "97214-1234",
        "country": "US",
        "telephone": "5035550142",
    }
    assert contact["mailing"]["lines"] == ["PO BOX 1200"]
    assert contact["mailing"]["postal_code"] == "97207-0012"


def test_one_address_for_both_is_kept_once() -> None:
    row = nppes.person()
    row |= {name.replace("Practice Location", "Mailing"): value for name, value in row.items() if "Practice" in name}
    found = told(row)
    assert isinstance(found, Told)
    assert found.mailing is None


def test_an_address_abroad_is_left_as_it_is_written() -> None:
    found = told(nppes.person(city="TORONTO", state="Ontario", zip="M5V 2T6", country="CA"))
    assert isinstance(found, Told)
    assert found.practice is not None
    assert (found.region, found.country, found.practice.postal_code) == ("Ontario", "CA", "M5V 2T6")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("97214", "97214"),
        ("972141234", "97214-1234"),
        ("02139", "02139"),
        ("2139.0", "02139"),
        ("21391234.0", "02139-1234"),
        ("972141234.0", "97214-1234"),
        ("97214-1234", "97214-1234"),
        ("", ""),
        ("UNKNOWN", "UNKNOWN"),
    ],
)
def test_zip_codes_come_with_nine_digits_or_five_and_from_spreadsheets(written: str, meant: str) -> None:
    assert zip_code(written) == meant


# --- taken back ------------------------------------------------------------------------------------------------------


def test_a_deactivated_number_concerns_us_only_where_we_know_it() -> None:
    assert told(nppes.deactivated(1)) is None
    found = told(nppes.deactivated(1), known={nppes.npi(1)})
    assert isinstance(found, Told)
    assert (found.standing, found.since) == (Standing.DEACTIVATED, date(2026, 1, 8))
    assert found.contact is None


@pytest.mark.parametrize(
    ("deactivated", "reactivated", "standing"),
    [
        ("01/08/2024", "", Standing.DEACTIVATED),
        ("01/08/2024", "02/01/2024", Standing.SHOWN),
        ("01/08/2024", "01/08/2024", Standing.SHOWN),
        ("01/08/2024", "02/01/2023", Standing.DEACTIVATED),
        ("", "02/01/2023", Standing.SHOWN),
    ],
)
def test_the_later_of_deactivation_and_reactivation_counts(
    deactivated: str, reactivated: str, standing: Standing
) -> None:
    found = told(nppes.person(deactivated=deactivated, reactivated=reactivated), known={nppes.npi(1)})
    assert isinstance(found, Told)
    assert found.standing is standing


@pytest.mark.parametrize("row", [nppes.person() | nppes.slot(1, nppes.MASSAGE), nppes.organisation(1)])
def test_whoever_was_an_acupuncturist_is_noticed_when_they_are_not(row: dict[str, str]) -> None:
    assert told(row) is None or row["Entity Type Code"] == "2"
    found = told(row, known={nppes.npi(1)})
    assert isinstance(found, Told)
    assert found.standing is Standing.OTHER_WORK
    assert found.last_name == ""


# --- what cannot be used ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"npi": "2000000011"}, Flaw.NPI),
        ({"npi": "123"}, Flaw.NPI),
        ({"entity": "3"}, Flaw.ENTITY),
        ({"entity": ""}, Flaw.ENTITY),
        ({"last": ""}, Flaw.NAME),
        ({"last": "UNDER\x07HILL"}, Flaw.NAME),
        ({"last": "X" * 151}, Flaw.LONG),
        ({"city": "X" * 121}, Flaw.LONG),
        ({"country": "USA"}, Flaw.LONG),
        ({"updated": "2026-01-06"}, Flaw.DATE),
        ({"updated": "13/06/2025"}, Flaw.DATE),
        ({"updated": "02/30/2025"}, Flaw.DATE),
        ({"updated": "01/22/2026"}, Flaw.DATE),
        ({"deactivated": "soon"}, Flaw.DATE),
    ],
)
def test_a_row_that_cannot_be_used_says_why(columns: dict[str, str], expected: Flaw) -> None:
    assert flaw(nppes.person(**columns)) is expected
    assert expected.reason


def test_a_row_with_another_number_of_columns_is_refused_by_its_line() -> None:
    reading = reader()
    (good,) = records([nppes.person()])
    for data in (good.data + b',"more"', good.data[: good.data.rindex(b",")]):
        found = reading.take(Record(7, data.count(b'"'), data))
        assert found == Reject(7, "", Flaw.COLUMNS)


def test_a_row_whose_marks_do_not_pair_is_refused() -> None:
    found = reader().take(Record(7, 4, b'"171100000X"x","b'))
    assert isinstance(found, Reject)
    assert found.flaw is Flaw.UNREADABLE


def test_a_number_counts_the_first_time_it_stands_in_a_file() -> None:
    reading = reader()
    first, second = records([nppes.person(1, first="ASH"), nppes.person(1, first="BEECH")])
    assert isinstance(reading.take(first), Told)
    assert reading.take(second) == Reject(3, nppes.npi(1), Flaw.TWICE)


def test_blank_lines_are_nothing() -> None:
    reading = reader()
    assert reading.take(Record(2, 0, b"")) is None
    assert reading.counts.rows == 0


def test_rows_that_are_passed_over_date_a_file_whose_name_does_not() -> None:
    rows = [
        nppes.person(number, updated=day) | nppes.slot(1, nppes.MASSAGE)
        for number, day in enumerate(["01/06/2025", "12/31/2025", "02/01/2025", "", "11/11/9999"], start=1)
    ]
    for dated, newest in ((False, date(2025, 12, 31)), (True, None)):
        reading = reader(dated=dated)
        for record in records(rows):
            reading.take(record)
        assert reading.newest == newest


@given(st.integers(0, 99_999_999))
def test_made_up_numbers_have_the_form_of_an_npi(number: int) -> None:
    assert npi_is_valid(nppes.npi(number))
