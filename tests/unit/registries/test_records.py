"""Cutting bytes into CSV records agrees with the csv module wherever the blocks end."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.downloads import BrokenFile
from directory.registries import records
from directory.registries.records import Records

cells = st.text(st.sampled_from('ab",\n\r é李'), max_size=6).map(lambda cell: cell.replace("\r", ""))
tables = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=8)


def cut(data: bytes, size: int) -> tuple[Records, list[records.Record]]:
    """Every record of the data, given in blocks of this size."""
    cutter = Records()
    found = [each for at in range(0, len(data), size) for each in cutter.cut(data[at : at + size])]
    last = cutter.rest()
    return cutter, found if last is None else [*found, last]


@given(tables, st.integers(1, 40), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from(["\n", "\r\n"]))
def test_records_are_those_of_the_csv_module(table: list[list[str]], size: int, quoting: int, end: str) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end).writerows(table)  # type: ignore[arg-type]
    data = out.getvalue().encode()
    cutter, found = cut(data, size)
    assert [next(csv.reader([each.data.decode()])) for each in found] == table
    assert all(each.quotes == each.data.count(b'"') for each in found)
    assert cutter.offset == len(data)
    starts = [each.line for each in found]
    assert starts[0] == 1
    assert cutter.line == data.count(b"\n") + 1
    for each in found:
        assert data.split(b"\n")[each.line - 1].removesuffix(b"\r") == each.data.split(b"\n")[0]


def test_a_last_line_without_its_end_is_a_record() -> None:
    cutter, found = cut(b'"a","b"\n"c","d"', 3)
    assert [each.data for each in found] == [b'"a","b"', b'"c","d"']
    assert cutter.offset == 15


@pytest.mark.parametrize("data", [b'"a","b"\n"c","d', b'"a\n', b'"'])
def test_a_mark_that_is_never_closed_is_the_end_of_a_cut_file(data: bytes) -> None:
    with pytest.raises(BrokenFile, match="never closed"):
        cut(data, 4)


def test_a_mark_that_is_never_closed_does_not_swallow_the_memory() -> None:
    cutter = Records()
    line = b"x" * 1000 + b"\n"
    assert list(cutter.cut(b'"' + line * 200)) == []
    with pytest.raises(BrokenFile, match="line 1 is never closed"):
        list(cutter.cut(line * 100))


def test_a_file_without_lines_does_not_swallow_the_memory() -> None:
    cutter = Records()
    assert list(cutter.cut(b"x" * 200_000)) == []
    with pytest.raises(BrokenFile):
        list(cutter.cut(b"x" * 100_000))
