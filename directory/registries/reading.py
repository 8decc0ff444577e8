"""From a file to batches of what it says, each with the place to go on from when the next one does not come.

The whole file is read to its end before anything is believed: an archive whose checksum is off, a line that stops in
the middle, a text in another encoding or a header that is not NPPES' raises ``BrokenFile``.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from directory.downloads import BrokenFile, Download
from directory.registries.nppes import Counts, Layout, Reader, Reject, Told
from directory.registries.records import Record, Records

VERSION: Final = 1
"""Raise it when the same bytes would be read otherwise: what an older version staged is then read anew."""

MOST_REJECTS: Final = 10_000
_BATCH_ROWS: Final = 500
_BATCH_BYTES: Final = 16 << 20
_DATA = re.compile(r"npidata_pfile_.*\.csv", re.IGNORECASE)
_HEADER_ALONE = re.compile(r"fileheader", re.IGNORECASE)
_BOM = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Between two records: how many unpacked bytes lie behind, the number of the next line, and what was seen."""

    read_to: int = 0
    next_line: int = 1
    counts: Counts = field(default_factory=Counts)
    newest: date | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was found since the batch before; ``at`` is where the next one begins."""

    told: Sequence[Told]
    rejects: Sequence[Reject]
    at: Checkpoint


def data_file(names: Sequence[str]) -> str:
    """Which member of the register's ZIP holds the people: beside it lie its header, names, addresses and endpoints."""
    tables = [name for name in names if name.lower().endswith(".csv")]
    data = [
        name
        for name in tables
        if _DATA.fullmatch(PurePosixPath(name).name) and not _HEADER_ALONE.search(PurePosixPath(name).name)
    ]
    found = data or (tables if len(tables) == 1 else [])
    if len(found) != 1:
        raise BrokenFile(
            f"The ZIP file holds {len(found) or 'no'} data files named npidata_pfile_….csv; exactly one is needed."
        )
    return found[0]


def read(
    download: Download,
    *,
    known: Collection[str],
    seen: set[str],
    today: date,
    begin: Checkpoint | None = None,
    dated: bool = False,
) -> Iterator[Batch]:
    """All batches from a checkpoint on, the last one once the end of the file was reached and found whole.

    ``known`` are the numbers we hold, ``seen`` those staged from this file before. Where the name does not date the
    file, its rows do.
    """
    layout, records, blocks = _behind_the_header(download, begin)
    at = begin or Checkpoint()
    reader = Reader(
        layout, known=known, seen=seen, counts=replace(at.counts), newest=at.newest, today=today, dated=dated
    )
    collected = _Collected(reader, records)
    utf8 = codecs.getincrementaldecoder("utf-8")()
    for block in blocks:
        _must_be_text(utf8, block, download.name, records)
        for record in records.cut(block):
            if collected.take(record) is not None and collected.is_enough:
                yield collected.batch()
        if collected.is_far:
            yield collected.batch()
    _must_be_text(utf8, b"", download.name, records)
    last = records.rest()
    if last is not None and isinstance(collected.take(last), Reject):
        raise BrokenFile(f"{download.name} is cut off in line {last.line:,}.")
    if not reader.counts.rows:
        raise BrokenFile(f"{download.name} holds a header and nothing else.")
    yield collected.batch()


class _Collected:
    """What was taken since the last batch."""

    def __init__(self, reader: Reader, records: Records) -> None:
        self._reader = reader
        self._records = records
        self._told: list[Told] = []
        self._rejects: list[Reject] = []
        self._since = records.offset

    def take(self, record: Record) -> Told | Reject | None:
        """Read one record and keep what it gives."""
        taken = self._reader.take(record)
        if isinstance(taken, Told):
            self._told.append(taken)
        elif taken is not None:
            self._rejects.append(taken)
            if self._reader.counts.rejected > MOST_REJECTS:
                raise BrokenFile(f"More than {MOST_REJECTS:,} rows of the file cannot be used.")
        return taken

    @property
    def is_enough(self) -> bool:
        return len(self._told) + len(self._rejects) >= _BATCH_ROWS

    @property
    def is_far(self) -> bool:
        return self._records.offset - self._since >= _BATCH_BYTES

    def batch(self) -> Batch:
        """Everything kept, and where to go on."""
        at = Checkpoint(
            read_to=self._records.offset,
            next_line=self._records.line,
            counts=replace(self._reader.counts),
            newest=self._reader.newest,
        )
        found = Batch(tuple(self._told), tuple(self._rejects), at)
        self._told.clear()
        self._rejects.clear()
        self._since = self._records.offset
        return found


def _behind_the_header(download: Download, begin: Checkpoint | None) -> tuple[Layout, Records, Iterator[bytes]]:
    """The layout, and the blocks behind the header or the checkpoint with what cuts them into records."""
    blocks = download.blocks()
    first = next(blocks, b"")
    if not first:
        raise BrokenFile(f"{download.name} is empty.")
    mark = len(_BOM) if first.startswith(_BOM) else 0
    records = Records(offset=mark)
    header = next(records.cut(first[mark:]), None)
    try:
        names = [] if header is None else next(csv.reader([header.data.decode()], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise BrokenFile(f"{download.name} is not a CSV text in UTF-8: its header cannot be read.") from error
    layout = Layout(names)
    if begin is None:
        records = Records(line=records.line, offset=records.offset)
    else:
        records = Records(line=begin.next_line, offset=begin.read_to)
    if records.offset > len(first):
        download.skip(records.offset - len(first))
    return layout, records, chain((first[records.offset :],), blocks)


def _must_be_text(utf8: codecs.IncrementalDecoder, block: bytes, name: str, records: Records) -> None:
    try:
        utf8.decode(block, final=not block)
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{name} is not a text in UTF-8, as found behind line {records.line:,}.") from error
