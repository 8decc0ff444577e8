"""From a file to batches: packed or plain, from the beginning or from a checkpoint, and broken in every way."""

from __future__ import annotations

import gzip
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest

from directory.downloads import BrokenFile, fingerprint, opened
from directory.registries import reading
from directory.registries.nppes import Told
from directory.registries.reading import Batch, Checkpoint
from tests import nppes

TODAY = date(2026, 1, 20)
PEOPLE = [nppes.person(number) for number in range(1, 13)]


def batches(file: Path, begin: Checkpoint | None = None, seen: set[str] | None = None) -> list[Batch]:
    with opened(file, choose=reading.data_file) as download:
        return list(reading.read(download, known=set(), seen=seen or set(), today=TODAY, begin=begin))


def people(found: list[Batch]) -> list[Told]:
    return [each for batch in found for each in batch.told]


@pytest.mark.parametrize("name", [nppes.MONTH, f"{nppes.MONTH}.gz", "NPPES_Data_Dissemination_January_2026.zip"])
def test_a_file_is_read_plain_and_packed(tmp_path: Path, name: str) -> None:
    file = nppes.write(tmp_path / name, PEOPLE)
    with opened(file, choose=reading.data_file) as download:
        assert download.name == nppes.MONTH
        assert download.size == file.stat().st_size
        found = list(reading.read(download, known=set(), seen=set(), today=TODAY))
        assert download.position == download.size or name.endswith(".zip")
    assert [each.npi for each in people(found)] == [row["NPI"] for row in PEOPLE]


def test_the_sample_is_read_as_its_makers_counted_it() -> None:
    counts = batches(nppes.SAMPLE)[-1].at.counts
    assert (counts.rows, counts.people, counts.acupuncturists) == (60, 53, 50)
    assert (counts.organisations, counts.deactivated, counts.rejected) == (5, 2, 0)


def test_a_mark_at_the_beginning_and_line_ends_of_windows_are_no_part_of_the_data(tmp_path: Path) -> None:
    file = tmp_path / nppes.WEEK
    file.write_bytes(b"\xef\xbb\xbf" + nppes.text(PEOPLE, line_end="\r\n").encode())
    assert len(people(batches(file))) == len(PEOPLE)


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".zip"])
def test_reading_goes_on_from_any_checkpoint_as_if_it_had_never_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(reading, "_BATCH_ROWS", 1)
    rows = [*PEOPLE, nppes.person(3), nppes.organisation(50), nppes.deactivated(51)]
    random.Random(5).shuffle(rows)
    file = nppes.write(tmp_path / f"npidata_pfile_20260105-20260111{ending}", rows)
    whole = batches(file)
    assert len(whole) > len(PEOPLE)
    for index, stopped in enumerate(whole):
        seen = {each.npi for each in people(whole[: index + 1])}
        rest = batches(file, stopped.at, seen)
        assert people(rest) == people(whole[index + 1 :])
        assert [each for batch in rest for each in batch.rejects] == [
            each for batch in whole[index + 1 :] for each in batch.rejects
        ]
        assert rest[-1].at == whole[-1].at


def test_a_large_file_gives_batches_also_where_nobody_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.downloads.BLOCK_BYTES", 1 << 14)
    monkeypatch.setattr(reading, "_BATCH_BYTES", 20_000)
    file = nppes.write(tmp_path / nppes.WEEK, [nppes.organisation(number) for number in range(80)])
    found = batches(file)
    assert len(found) > 2
    assert people(found) == []
    assert [each.at.counts.rows for each in found] == sorted(each.at.counts.rows for each in found)


# --- broken ----------------------------------------------------------------------------------------------------------


def refused(file: Path) -> str:
    with pytest.raises(BrokenFile) as caught:
        batches(file)
    return str(caught.value)


def test_a_plain_file_cut_anywhere_but_at_the_end_of_a_line_is_refused(tmp_path: Path) -> None:
    whole = nppes.text(PEOPLE[:2]).encode()
    file = tmp_path / nppes.WEEK
    ends = {index for index, sign in enumerate(whole) if sign == ord("\n")}
    lines = {end + 1 for end in ends} | ends
    for length in random.Random(1).sample(sorted(set(range(len(whole) - 1)) - lines), 120):
        file.write_bytes(whole[:length])
        assert refused(file)


@pytest.mark.parametrize("ending", [".csv.gz", ".zip"])
def test_an_archive_cut_anywhere_is_refused(tmp_path: Path, ending: str) -> None:
    file = nppes.write(tmp_path / f"npidata_pfile_20260105-20260111{ending}", PEOPLE)
    whole = file.read_bytes()
    for length in (0, 1, 3, 10, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert refused(file)


@pytest.mark.parametrize("ending", [".csv.gz", ".zip"])
def test_an_archive_with_a_changed_byte_is_refused(tmp_path: Path, ending: str) -> None:
    file = nppes.write(tmp_path / f"npidata_pfile_20260105-20260111{ending}", PEOPLE)
    whole = file.read_bytes()
    where = whole.index(nppes.MONTH.encode()) + 400 if ending == ".zip" else len(whole) // 2
    file.write_bytes(whole[:where] + bytes([whole[where] ^ 0xFF]) + whole[where + 1 :])
    assert refused(file)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_is_refused_at_the_header(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / nppes.WEEK
    file.write_bytes(nppes.text(PEOPLE).encode(encoding))
    assert "header" in refused(file)


def test_latin_1_is_refused_wherever_it_shows(tmp_path: Path) -> None:
    rows = [*PEOPLE, nppes.organisation(90) | {"Provider Organization Name (Legal Business Name)": "CAFÉ"}]
    file = tmp_path / nppes.WEEK
    file.write_bytes(nppes.text(rows).encode("latin-1"))
    assert "not a text in UTF-8" in refused(file)
    file.write_bytes(nppes.text(rows).encode())
    assert len(people(batches(file))) == len(PEOPLE)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "header lacks"),
        (b"NPI,Endpoint Type\n1,2\n", "header lacks"),
        (nppes.text([]).encode(), "a header and nothing else"),
        (b"%PDF-1.7 \x00\x01\x02", "header"),
        (b"\x80\x81\x82\n", "header cannot be read"),
    ],
)
def test_what_is_no_data_file_is_refused_in_a_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    file = tmp_path / nppes.WEEK
    file.write_bytes(data)
    assert says in refused(file)


def test_too_many_rows_that_cannot_be_used_stop_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_REJECTS", 5)
    file = nppes.write(tmp_path / nppes.WEEK, [nppes.person(number, last="") for number in range(10)])
    assert "More than 5 rows" in refused(file)


# --- which member ----------------------------------------------------------------------------------------------------


def test_the_people_are_picked_among_what_lies_beside_them() -> None:
    names = [
        "endpoint_pfile_20050523-20260111.csv",
        "endpoint_pfile_20050523-20260111_fileheader.csv",
        "npidata_pfile_20050523-20260111_FileHeader.csv",
        "NPPES/npidata_pfile_20050523-20260111.csv",
        "othername_pfile_20050523-20260111.csv",
        "pl_pfile_20050523-20260111.csv",
        "NPPES_Data_Dissemination_Readme_v.2.pdf",
    ]
    assert reading.data_file(names) == "NPPES/npidata_pfile_20050523-20260111.csv"
    assert reading.data_file(["export.csv", "readme.txt"]) == "export.csv"


@pytest.mark.parametrize(
    "names", [[], ["a.txt"], ["a.csv", "b.csv"], ["npidata_pfile_1.csv", "sub/npidata_pfile_2.csv"]]
)
def test_no_or_several_data_files_are_refused(names: list[str]) -> None:
    with pytest.raises(BrokenFile, match="exactly one"):
        reading.data_file(names)


def test_a_locked_archive_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "locked.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(nppes.WEEK, nppes.text(PEOPLE))
    data = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    file.write_bytes(data)
    assert "password" in refused(file)


def test_an_archive_packed_as_windows_does_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "large.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(nppes.WEEK, nppes.text(PEOPLE))
    data = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + at] = 9  # Deflate64
    file.write_bytes(data)
    assert "Unpack it first" in refused(file)


def test_a_fingerprint_is_that_of_the_bytes_on_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(b"x" * 3_000_000, mtime=0))
    read: list[int] = []
    first = fingerprint(file, progress=read.append)
    assert read[-1] == file.stat().st_size
    file.write_bytes(file.read_bytes() + b"x")
    assert fingerprint(file) != first
