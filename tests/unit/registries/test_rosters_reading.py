"""Each board's layout with its quirks, and what is refused with the line that is at fault."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.terms import CredentialStatus as Status
from directory.downloads import BrokenFile
from directory.registries.rosters import layouts, numbers, reading, statuses
from directory.registries.rosters.layouts import BY_JURISDICTION, LAYOUTS
from directory.registries.rosters.terms import Flaw
from tests import rosters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from directory.registries.rosters.matching import Entry

FILES = {
    "US-CA": "ca_dca_synthetic.csv",
    "US-CO": "co_dora_7s5z-vewr_synthetic.csv",
    "US-CT": "ct_elicense_ngch-56tr_synthetic.csv",
    "US-DE": "de_dpr_pjnv-eaih_synthetic.csv",
    "US-FL": "fl_mqa_synthetic.txt",
    "US-IL": "il_idfpr_pzzh-kp68_synthetic.csv",
    "US-MD": "md_allied_synthetic.csv",
    "US-WA": "wa_doh_qxh8-f4bd_synthetic.csv",
}


def one(data: str | bytes, folder: Path) -> Entry:
    (entry,) = rosters.read(data, folder).entries
    return entry


# --- eight layouts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("jurisdiction", "name"), FILES.items())
def test_every_board_is_known_by_its_header_and_read_whole(jurisdiction: str, name: str) -> None:
    roster = rosters.of(rosters.FOLDER / name)
    assert roster.layout.jurisdiction == jurisdiction
    assert roster.rows == len(roster.entries) > 0
    assert not roster.rejected
    assert not roster.passed_over
    for entry in roster.entries:
        assert entry.number_key
        assert entry.expires
        assert entry.issued
        assert all(name.family and name.given for name in entry.names)
        assert entry.status is not Status.UNKNOWN


def table(name: str) -> list[list[str]]:
    text = (rosters.FOLDER / name).read_text()
    if name.startswith("fl"):
        return [line.split("|") for line in text.splitlines()]
    return list(csv.reader(text.splitlines()[2:] if name.startswith("md") else text.splitlines()))


@pytest.mark.parametrize(("jurisdiction", "name"), FILES.items())
@given(data=st.data())
def test_order_headings_and_encoding_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, jurisdiction: str, name: str, data: st.DataObject
) -> None:
    header, *rows = table(name)[:12]
    order = data.draw(st.permutations(range(len(header))))
    style = data.draw(st.sampled_from((str.upper, str.title, lambda text: text.replace("_", " ").replace("-", "_"))))
    shuffled = [[style(header[index]) for index in order], *([row[index] for index in order] for row in rows)]
    separator = data.draw(st.sampled_from(";|\t"))
    text = "\r\n".join(separator.join(row) for row in shuffled) + "\r\n"
    encoding = data.draw(st.sampled_from(("utf-8-sig", "cp1252")))
    folder = tmp_path_factory.mktemp("roster")
    (folder / "x.dat.gz").write_bytes(gzip.compress(text.encode(encoding)))
    roster = rosters.of(folder / "x.dat.gz")
    assert roster.layout.jurisdiction == jurisdiction
    separated = rosters.of(rosters.FOLDER / name).entries
    assert {*map(_plainly, roster.entries)} <= {*map(_plainly, separated)}


def _plainly(entry: Entry) -> Entry:
    # Two columns about one thing may stand in either order.
    return replace(entry, raw_status="", discipline="", licence_type="")


def test_california_writes_numbers_without_letters_and_a_row_for_each_address(tmp_path: Path) -> None:
    row = "Acupuncture Board,Acupuncturist,1087,WILLIAMS,JUDITH,{},CA,02/02/2026,{}"
    entry = one(
        rosters.lines(rosters.CALIFORNIA, [row.format("ELK GROVE", "Current"), row.format("FRESNO", "Current")]),
        tmp_path,
    )
    assert (entry.number_key, entry.rows, entry.city) == ("1087", 2, "ELK GROVE; FRESNO")
    assert BY_JURISDICTION["US-CA"].number_key("AC1087") == entry.number_key


def test_colorado_counts_numbers_by_licence_type_and_disciplined_people_in_several_rows(tmp_path: Path) -> None:
    row = "Nichols,Adam,,Denver,CO,{},46,2027-07-15T00:00:00.000,{},{},{}"
    roster = rosters.read(
        rosters.lines(
            rosters.COLORADO,
            [
                row.format("ACU", "Active", "Stipulation", "2024-39"),
                row.format("RN", "Revoked", "", ""),
                row.format("ACU", "Active - With Conditions", "Letter of Admonition", "2025-1"),
            ],
        ),
        tmp_path,
    )
    (entry,) = roster.entries
    assert (roster.passed_over, entry.rows, entry.status) == (1, 2, Status.ACTIVE_WITH_CONDITIONS)
    assert sorted(entry.discipline.split("; ")) == ["2024-39", "2025-1", "Letter of Admonition", "Stipulation"]


@pytest.mark.parametrize(
    ("status", "reason", "means"),
    [
        ("ACTIVE", "CURRENT", Status.ACTIVE),
        ("INACTIVE", "LAPSED DUE TO NON-RENEWAL", Status.EXPIRED),
        ("INACTIVE", "CURRENT", Status.INACTIVE),
        ("INACTIVE", "VOLUNTARY SURRENDER", Status.SURRENDERED),
        ("ACTIVE", "what nobody ever heard of", Status.ACTIVE),
        ("REVOKED", "", Status.REVOKED),
    ],
)
def test_connecticut_says_why_somebody_is_inactive(tmp_path: Path, status: str, reason: str, means: Status) -> None:
    row = f"1,RACHEL D WATSON,INDIVIDUAL,000904,Acupuncturist,{status},{reason},2023-11-09,2025-07-21,CANTON,CT"
    entry = one(rosters.lines(rosters.CONNECTICUT, [row]), tmp_path)
    assert entry.status is means
    assert entry.raw_status.startswith(status)
    assert ("watson", "rachel", "d") in {(name.family, name.given, name.middle) for name in entry.names}


def test_maryland_opens_with_a_title_and_is_not_utf8(tmp_path: Path) -> None:
    rows = rosters.maryland("U00717,NÚÑEZ,ZOË,R,04/17/2027,Y")
    entry = one(b'"Acupuncturists,,,,,,,,\n\n' + rows.encode("cp1252"), tmp_path)
    assert (entry.written_name, entry.status, entry.discipline) == ("ZOË NÚÑEZ", Status.REVOKED, "Y")


def test_florida_has_marks_that_close_nothing_and_a_cell_too_many(tmp_path: Path) -> None:
    header, first, second, *_ = table(FILES["US-FL"])
    at = header.index("Business-Name")
    first[at] = 'THE 6" NEEDLE'
    second[at : at + 1] = ["NEEDLES", "PINS"]
    roster = rosters.read("\n".join("|".join(row) for row in (header, first, second)) + "\n", tmp_path)
    assert [entry.region for entry in roster.entries] == ["FL", "FL"]
    assert not roster.rejected


@pytest.mark.parametrize(
    "written",
    ["04/17/2027", "4/17/2027", "2027-04-17", "2027-04-17T00:00:00.000", "17-APR-2027", "April 17, 2027", "20270417"],
)
def test_days_are_written_in_many_ways(tmp_path: Path, written: str) -> None:
    row = f'Acupuncturist,U00717,SHI,CHAO,A,"{written}",01/20/2009,N'
    assert one(rosters.lines(rosters.MARYLAND, [row]), tmp_path).expires == date(2027, 4, 17)


def test_organisations_and_other_licences_are_passed_over(tmp_path: Path) -> None:
    rows = [
        "1,NEEDLES LLC,BUSINESS,000904,Acupuncturist,ACTIVE,,2023-11-09,2027-07-21,CANTON,CT",
        "1,ANA LOPEZ,INDIVIDUAL,000905,Registered Nurse,ACTIVE,,2023-11-09,2027-07-21,CANTON,CT",
        "1,ANA LOPEZ,INDIVIDUAL,000906,Acupuncture Detoxification Specialist,ACTIVE,,2023-11-09,2027-07-21,CANTON,CT",
    ]
    roster = rosters.read(rosters.lines(rosters.CONNECTICUT, rows), tmp_path)
    assert (roster.rows, roster.passed_over, roster.entries) == (3, 3, [])


# --- what is refused -------------------------------------------------------------------------------------------------

ROW = "U00717,SHI,CHAO,A,04/17/2027,N"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (rosters.maryland(ROW).encode("utf-16"), "line 1"),
        (rosters.maryland(ROW).encode() + b"\x00\x01\x02\n", "line 3"),
        (b"first,second,third\n1,2,3\n", "line 1"),
        (rosters.lines(rosters.MARYLAND.replace("Status", "Mood"), []), "no column for the status"),
        (rosters.lines(rosters.MARYLAND.replace("License #", "Mood"), []), "no column for the licence number"),
        (rosters.lines(rosters.MARYLAND + ",Status", []), "names a column twice"),
        (rosters.lines(rosters.MARYLAND, []), "header and nothing else"),
        (rosters.maryland(ROW) + "Acupuncturist,U00718,SH", "cut off in line 3"),
        (rosters.maryland(ROW) + 'Acupuncturist,"U00718', "cut off in line 3"),
        (rosters.maryland(ROW) + "x" * 70_000 + "\n", "Line 3"),
        (rosters.maryland(*[ROW] * 60) + "a,b\n" * 60, "the first in line 62"),
    ],
)
def test_a_broken_file_says_where_it_broke(tmp_path: Path, data: str | bytes, said: str) -> None:
    with pytest.raises(BrokenFile, match=said):
        rosters.read(data, tmp_path)


def test_single_rows_that_cannot_be_used_are_counted_and_named(tmp_path: Path) -> None:
    data = rosters.maryland(ROW, ",LI,AN,A,04/17/2027,N", "U2,,AN,A,04/17/2027,N", "U3,LI,AN,A,soon,N")
    data += ",".join("x" * 40) + "\n" + rosters.maryland("U00719,LI,AN,A,04/17/2027,N").partition("\n")[2]
    roster = rosters.read(data, tmp_path)
    assert [entry.number_key for entry in roster.entries] == ["717", "719"]
    assert [(each.line, each.flaw) for each in roster.rejects] == [
        (3, Flaw.NUMBER),
        (4, Flaw.NAME),
        (5, Flaw.DATE),
        (6, Flaw.COLUMNS),
    ]


def test_there_is_an_end_to_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 20)
    with pytest.raises(BrokenFile, match="more than 20 rows: line 22"):
        rosters.read(rosters.maryland(*[ROW] * 30), tmp_path)
    monkeypatch.setattr(reading, "MOST_ENTRIES", 10)
    with pytest.raises(BrokenFile, match="line 12"):
        rosters.read(rosters.maryland(*[ROW.replace("717", str(number)) for number in range(100, 115)]), tmp_path)


def test_a_stray_mark_costs_its_own_row_at_most(tmp_path: Path) -> None:
    data = rosters.maryland(ROW, 'U00718,O"NEIL,AN,A,04/17/2027,N', "U00719,LI,AN,A,04/17/2027,N")
    assert [entry.number_key for entry in rosters.read(data, tmp_path).entries] == ["717", "718", "719"]


# --- numbers and words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jurisdiction", "written"),
    [
        ("US-CA", ("1087", "AC1087", "ac 01087", "L.Ac. 1087", "CA AC1087", "1087.0", "AC-1087")),
        ("US-CO", ("46", "ACU.0000046", "ACU-46", "0046")),
        ("US-CT", ("330", "000330", "36.000330", "36000330")),
        ("US-DE", ("CT-0000166", "CT166", "0000166")),
        ("US-FL", ("AP243", "243", "AP 0243")),
        ("US-IL", ("198000318", "198.000318", "198-000318", "318")),
        ("US-MD", ("U00717", "u717", "00717")),
        ("US-WA", ("AC.AC.60000629", "AC60000629", "60000629")),
    ],
)
def test_a_number_is_one_however_it_is_written(jurisdiction: str, written: Sequence[str]) -> None:
    assert len({BY_JURISDICTION[jurisdiction].number_key(each) for each in written}) == 1


@given(number=st.text(alphabet="AC0123456789.-UTLX ", max_size=14), which=st.sampled_from(LAYOUTS))
def test_a_number_brought_into_form_stays_as_it_is(number: str, which: layouts.Layout) -> None:
    once = which.number_key(number)
    assert which.number_key(once) == once
    assert which.number_key(f"  {number.lower()} ") == once


@given(one=st.integers(1, 10**8), other=st.integers(1, 10**8))
def test_other_figures_are_another_number(one: int, other: int) -> None:
    assert (numbers.key(f"AC{one}") == numbers.key(f"{other:09}")) == (one == other)


@pytest.mark.parametrize(
    ("raw", "means"),
    [
        ("Current", Status.ACTIVE),
        ("Current Inactive", Status.INACTIVE),
        ("Delinquent", Status.DELINQUENT),
        ("Delinquent/Active", Status.DELINQUENT),
        ("Clear/Active", Status.ACTIVE),
        ("Clear/Inactive", Status.INACTIVE),
        ("Probation/Active", Status.PROBATION),
        ("Active - With Conditions", Status.ACTIVE_WITH_CONDITIONS),
        ("NOT RENEWED", Status.EXPIRED),
        ("Not active", Status.INACTIVE),
        ("Revocation stayed", Status.PROBATION),
        ("Emergency Suspension", Status.INTERIM_SUSPENDED),
        ("Voluntarily Surrendered", Status.SURRENDERED),
        ("", Status.UNKNOWN),
        ("Wobbly", Status.UNKNOWN),
        ("Active/Wobbly", Status.UNKNOWN),
    ],
)
def test_words_of_boards_in_ours(raw: str, means: Status) -> None:
    assert statuses.canonical(raw, own={}) is means


def test_every_status_has_its_place_among_the_worse_and_better() -> None:
    assert sorted(statuses.WORST_LAST) == sorted(Status)
    assert not any(map(statuses.is_said, ("", "N", "No", "none", "0", "False")))
    assert all(map(statuses.is_said, ("Y", "Yes", "1", "Stipulation", "2024-3")))
