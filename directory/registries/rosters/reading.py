"""From a roster as it lies on the disk to what it says of each licensee.

The file is read line by line and once. What is no text, is cut off, is no board's roster or lacks a column is refused
with the line (``BrokenFile``); a row that cannot be used is counted and named, and too many of them refuse the file.
Rows of other professions and of organisations are passed over.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from directory.credentials.terms import CredentialStatus
from directory.downloads import BrokenFile, Download
from directory.registries.naming import Name, of_parts, plain
from directory.registries.rosters import layouts, statuses
from directory.registries.rosters.layouts import Columns, Layout
from directory.registries.rosters.matching import Entry, governing, read_name
from directory.registries.rosters.terms import Flaw

VERSION: Final = 1
LONGEST_LINE: Final = 64 * 1024
MOST_ROWS: Final = 5_000_000
"""The largest state publishes two million licences of all professions in one file."""
MOST_ENTRIES: Final = 100_000
"""Three times as many acupuncturists as the whole country has."""
MOST_REJECTS: Final = 10_000
FEW_REJECTS: Final = 50
MOST_REJECTED: Final = 0.05
_HEADER_WITHIN: Final = 25
"""A title or two may stand before the header."""
_LINES_OF_ONE_RECORD: Final = 8
_LONGEST: Final = 150
_DELIMITERS: Final = (",", "|", "\t", ";")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_REJECTS_KEPT: Final = 50
_MOST_STRAY: Final = 3
_MOST_KEPT: Final = 5_000
_ROWS_BETWEEN_WORDS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken: where it begins, and why."""

    line: int
    flaw: Flaw


@dataclass(slots=True)
class Roster:
    """Everything a file says. ``entries`` has one for each licence and name, however many rows it had."""

    layout: Layout
    entries: list[Entry] = field(default_factory=list)
    rows: int = 0
    passed_over: int = 0
    """Rows of other professions and of organisations."""
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    """The first of those that were not taken."""


def data_file(names: Sequence[str]) -> str:
    """Which member of a ZIP is the roster: the only file in it."""
    files = [each for each in names if not each.rpartition("/")[2].startswith(".") and "__MACOSX" not in each]
    if len(files) != 1:
        raise BrokenFile(f"The ZIP file holds {len(files) or 'no'} files; exactly one is needed.")
    return files[0]


def read(download: Download, *, empty: bool = False, progress: Callable[[int], None] = lambda _: None) -> Roster:
    """The whole file. ``empty``: whether a header without a row below it will do; ``progress`` hears of rows read."""
    lines = _lines(download)
    found, delimiter = _header(lines, download.name)
    roster = Roster(layout=found.layout)
    reader = _Reader(found, strays=delimiter == "|")
    together: dict[tuple[str, str, str], Entry] = {}
    for line, cells, whole in _rows(lines, found, delimiter):
        taken = Flaw.UNREADABLE if cells is None else reader.take(cells)
        if not whole and taken is not None and not isinstance(taken, Entry):
            raise BrokenFile(f"{download.name} is cut off in line {line:,}.")
        roster.rows += 1
        if roster.rows % _ROWS_BETWEEN_WORDS == 0:
            progress(roster.rows)
        if roster.rows > MOST_ROWS:
            raise BrokenFile(f"{download.name} has more than {MOST_ROWS:,} rows: line {line:,} is one too many.")
        if taken is None:
            roster.passed_over += 1
        elif isinstance(taken, Flaw):
            _reject(roster, line, taken, download.name)
        else:
            key = (taken.licence_type, taken.number_key, taken.name_key)
            before = together.get(key)
            together[key] = taken if before is None else _together(before, taken)
            if len(together) > MOST_ENTRIES:
                raise BrokenFile(
                    f"{download.name} names more than {MOST_ENTRIES:,} acupuncturists, as found in line {line:,}:"
                    " no board has so many."
                )
    if not roster.rows and not empty:
        raise BrokenFile(f"{download.name} holds a header and nothing else.")
    if roster.rejected > FEW_REJECTS and roster.rejected > roster.rows * MOST_REJECTED:
        raise BrokenFile(
            f"{roster.rejected:,} of the {roster.rows:,} rows of {download.name} cannot be used, the first in line"
            f" {roster.rejects[0].line:,}: {roster.rejects[0].flaw.words}."
        )
    roster.entries = list(together.values())
    return roster


def joined(one: Roster, other: Roster) -> Roster:
    """Two files of one board, or two halves of one, as if they were one file."""
    together = {(each.licence_type, each.number_key, each.name_key): each for each in one.entries}
    for entry in other.entries:
        key = (entry.licence_type, entry.number_key, entry.name_key)
        together[key] = _together(together[key], entry) if key in together else entry
    return Roster(
        layout=one.layout,
        entries=list(together.values()),
        rows=one.rows + other.rows,
        passed_over=one.passed_over + other.passed_over,
        rejected=one.rejected + other.rejected,
        rejects=[*one.rejects, *other.rejects][:_REJECTS_KEPT],
    )


def _reject(roster: Roster, line: int, flaw: Flaw, name: str) -> None:
    roster.rejected += 1
    if len(roster.rejects) < _REJECTS_KEPT:
        roster.rejects.append(Reject(line, flaw))
    if roster.rejected > MOST_REJECTS:
        raise BrokenFile(
            f"More than {MOST_REJECTS:,} rows of {name} cannot be used; line {line:,} is the last one looked at:"
            f" {flaw.words}."
        )


def _together(one: Entry, other: Entry) -> Entry:
    """Two rows of one licence as one: what is worst about it, and every town."""
    first = governing((one, other))
    discipline = dict.fromkeys(each for entry in (one, other) for each in entry.discipline.split("; ") if each)
    cities = dict.fromkeys(each for entry in (one, other) for each in entry.city.split("; ") if each)
    return replace(
        first,
        discipline="; ".join(discipline)[:300],
        city="; ".join(cities)[:300],
        region=one.region or other.region,
        issued=one.issued or other.issued,
        rows=one.rows + other.rows,
    )


# --- lines and cells -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str | None
    """``None`` where it cannot be read."""
    whole: bool
    """Whether a line break stood behind it."""


def _lines(download: Download) -> Iterator[_Line]:
    number, tail = 0, b""
    for block in download.blocks():
        if number == 0 and not tail:
            _must_be_text(block, download.name)
            if b"\n" not in block and b"\r" in block:
                # Written on a very old Macintosh, or by what wants to be one.
                yield from _old_lines(download, block)
                return
            tail, first = b"", block.removeprefix(b"\xef\xbb\xbf")
        else:
            first = block
        pieces = (tail + first).split(b"\n")
        tail = pieces.pop()
        for piece in pieces:
            number += 1
            yield _line(number, piece, download.name, whole=True)
        if len(tail) > LONGEST_LINE:
            raise _too_long(download.name, number + 1)
    if tail:
        yield _line(number + 1, tail, download.name, whole=False)
    elif number == 0:
        raise BrokenFile(f"{download.name} is empty.")


def _old_lines(download: Download, first: bytes) -> Iterator[_Line]:
    data = b"".join(chain((first.removeprefix(b"\xef\xbb\xbf"),), download.blocks()))
    pieces = data.split(b"\r")
    tail = pieces.pop()
    for number, piece in enumerate(pieces, start=1):
        yield _line(number, piece, download.name, whole=True)
    if tail:
        yield _line(len(pieces) + 1, tail, download.name, whole=False)


def _must_be_text(block: bytes, name: str) -> None:
    if block.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in block[:4096]:
        line = block[: block.find(b"\x00") + 1].count(b"\n") + 1
        raise BrokenFile(
            f"{name} is not a text in UTF-8 or Windows-1252, as found in line {line:,}: it is UTF-16 or no text at all."
            " Save it as UTF-8."
        )


def _line(number: int, data: bytes, name: str, *, whole: bool) -> _Line:
    if len(data) > LONGEST_LINE:
        raise _too_long(name, number)
    if _NOT_TEXT.search(data):
        raise BrokenFile(f"{name} is not a text, as found in line {number:,}.")
    data = data.removesuffix(b"\r")
    try:
        return _Line(number, data.decode(), whole)
    except UnicodeDecodeError:
        try:
            return _Line(number, data.decode("cp1252"), whole)
        except UnicodeDecodeError:
            return _Line(number, None, whole)


def _too_long(name: str, line: int) -> BrokenFile:
    return BrokenFile(f"Line {line:,} of {name} is longer than {LONGEST_LINE:,} bytes: this is no roster.")


def _header(lines: Iterator[_Line], name: str) -> tuple[Columns, str]:
    first: _Line | None = None
    for line in islice(lines, _HEADER_WITHIN):
        if line.text is None:
            continue
        first = first or (line if line.text.strip() else None)
        for delimiter in _DELIMITERS:
            if delimiter not in line.text:
                continue
            cells = _cells(line.text, delimiter)
            layout = None if cells is None else layouts.recognised(cells)
            if cells is not None and layout is not None:
                return layouts.columns(layout, cells, line=line.number), delimiter
    shown = "" if first is None or first.text is None else f", which begins {first.text.strip()[:60]!r}"
    number = 1 if first is None else first.number
    raise BrokenFile(f"{name} is no roster of a board that is known here: line {number:,}{shown}, is nobody's header.")


def _rows(lines: Iterator[_Line], found: Columns, delimiter: str) -> Iterator[tuple[int, Sequence[str] | None, bool]]:
    """The cells of every row that is not empty, with its first line and whether it ends in a line break."""
    ahead: list[_Line] = []
    while (line := ahead.pop(0) if ahead else next(lines, None)) is not None:
        if line.text is None:
            yield line.number, None, line.whole
            continue
        if not line.text.strip(f' \t"{delimiter}'):
            continue
        text, last = line.text, line
        if delimiter != "|" and text.count('"') & 1:
            text, last = _closed(line, lines, ahead)
        yield line.number, _cells(text, delimiter, width=found.width), last.whole


def _closed(line: _Line, lines: Iterator[_Line], ahead: list[_Line]) -> tuple[str, _Line]:
    """The record that begins here with the lines that belong to it; the line alone where its mark is a stray one."""
    text = line.text or ""
    for count in range(_LINES_OF_ONE_RECORD):
        if len(ahead) <= count:
            following = next(lines, None)
            if following is None:
                break
            ahead.append(following)
        text += "\n" + (ahead[count].text or "")
        if not text.count('"') & 1:
            last = ahead[count]
            del ahead[: count + 1]
            return text, last
    return line.text or "", line


def _cells(text: str, delimiter: str, *, width: int = 0) -> Sequence[str] | None:
    """The cells of a record, ``width`` of them if that can be; ``None`` where its quotation marks make no sense."""
    if delimiter == "|":
        # Its quotation marks belong to what somebody typed, except where every cell has a pair of its own.
        return [each[1:-1] if len(each) > 1 and each[0] == each[-1] == '"' else each for each in text.split("|")]
    try:
        strict = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        strict = None
    if strict is not None and (not width or _trimmed(strict, width) is not None):
        return strict
    loose = [each.strip().strip('"') for each in text.split(delimiter)]
    return loose if not width or _trimmed(loose, width) is not None else strict


def _trimmed(cells: Sequence[str], width: int) -> Sequence[str] | None:
    """A row as wide as the header: empty cells behind it do not count."""
    cut = list(cells)
    while len(cut) > width and not cut[-1].strip():
        cut.pop()
    return cut if len(cut) == width else None


# --- what a row says -------------------------------------------------------------------------------------------------


class _Reader:
    """Reads the cells of one file's rows."""

    def __init__(self, columns: Columns, *, strays: bool) -> None:
        self._columns = columns
        self._strays = strays
        self._layout = columns.layout
        self._types: dict[tuple[str, ...], bool] = {}
        self._statuses: dict[tuple[str, ...], CredentialStatus] = {}

    def take(self, cells: Sequence[str]) -> Entry | Flaw | None:
        """What a row says of an acupuncturist, why it cannot be used, or nothing of interest."""
        row = self._fitting(cells)
        if row is None:
            return Flaw.COLUMNS
        columns, layout = self._columns, self._layout
        types = tuple(row[index] for index in columns.types)
        if not self._is_acupuncture(types):
            return None
        if columns.business is not None and row[columns.business].strip().lower() in layout.business[1]:
            return None
        if any(len(row[index]) > _LONGEST for index in columns.at.values()):
            return Flaw.LONG
        number = self._text(row, "number")
        key = layout.number_key(number)
        if not key:
            return Flaw.NUMBER
        named = self._named(row)
        if named is None:
            return Flaw.NAME
        expires, issued = _day(self._text(row, "expires")), _day(self._text(row, "issued"))
        if expires is _UNREADABLE or issued is _UNREADABLE:
            return Flaw.DATE
        raw = self._text(row, "status")
        reasons = [row[index].strip() for index in columns.reasons]
        status = self._status(raw, *reasons)
        said = [row[index].strip() for index in columns.discipline if statuses.is_said(row[index])]
        return Entry(
            jurisdiction=layout.jurisdiction,
            licence_type=plain(" ".join(dict.fromkeys(types)))[:120],
            number=number,
            number_key=key,
            written_name=named[0],
            names=named[1],
            suffix=named[2],
            city=self._text(row, "city"),
            region=self._text(row, "region"),
            status=status,
            raw_status=" / ".join(dict.fromkeys(each for each in (raw, *reasons) if each))[:200],
            issued=issued,
            expires=expires,
            discipline="; ".join(dict.fromkeys(said))[:300],
        )

    def _is_acupuncture(self, types: tuple[str, ...]) -> bool:
        known = self._types.get(types)
        if known is None:
            known = self._layout.is_acupuncture(types)
            if len(self._types) < _MOST_KEPT:
                self._types[types] = known
        return known

    def _status(self, *said: str) -> CredentialStatus:
        known = self._statuses.get(said)
        if known is None:
            known = statuses.canonical(said[0], said[1:], own=self._layout.words)
            if len(self._statuses) < _MOST_KEPT:
                self._statuses[said] = known
        return known

    def _fitting(self, cells: Sequence[str]) -> Sequence[str] | None:
        """The row, as wide as the header.

        A stray ``|`` in what somebody typed makes a cell too many: two neighbours are put together again where that
        brings days, status and state to where they belong.
        """
        width = self._columns.width
        cut = _trimmed(cells, width)
        if cut is not None or not self._strays or not width < len(cells) <= width + _MOST_STRAY:
            return cut
        many = len(cells) - width + 1
        for start in range(width - 1, -1, -1):
            joined = [*cells[:start], " ".join(cells[start : start + many]), *cells[start + many :]]
            if self._makes_sense(joined):
                return joined
        return None

    def _makes_sense(self, row: Sequence[str]) -> bool:
        days = (_day(self._text(row, name)) for name in ("expires", "issued"))
        region = self._text(row, "region")
        known = statuses.canonical(self._text(row, "status"), own=self._layout.words) is not CredentialStatus.UNKNOWN
        return known and all(day is not _UNREADABLE for day in days) and (not region or len(region) == 2)

    def _text(self, row: Sequence[str], name: str) -> str:
        index = self._columns.at.get(name)
        return "" if index is None else " ".join(row[index].split())

    def _named(self, row: Sequence[str]) -> tuple[str, tuple[Name, ...], str] | None:
        """The name as written, how it may be read, and the generation behind it."""
        family, given = self._text(row, "family"), self._text(row, "given")
        middle, suffix = self._text(row, "middle"), self._text(row, "suffix")
        whole = self._text(row, "name")
        if family:
            written = " ".join(each for each in (given, middle, family, suffix) if each)
            name = of_parts(family, given, middle)
            return (written, (name,), suffix) if name.family else None
        names = read_name(whole)
        return (whole, names, suffix) if names else None


_UNREADABLE: Final = date.min
_MONTHS: Final = {
    name: number for number, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), start=1)
}
_ISO = re.compile(r"([0-9]{4})[-/]?([0-9]{1,2})[-/]?([0-9]{1,2})(?:[T ].*)?")
_US = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?:[T ].*)?")
_NAMED = re.compile(r"(?:([0-9]{1,2})[ -])?([A-Za-z]{3})[a-z]*\.?[ -](?:([0-9]{1,2}),? )?([0-9]{4})")
_NO_DAY: Final = frozenset({"", "null", "none", "n/a", "na", "-", "00/00/0000", "0000-00-00", "0", "00000000"})


@lru_cache(maxsize=50_000)
def _day(text: str) -> date | None:
    """A day as boards write it: 04/17/2027, 2027-04-17, 2027-04-17T00:00:00.000, 17-Apr-2027, April 17, 2027."""
    if text.lower() in _NO_DAY:
        return None
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _US.fullmatch(text):
            year = int(found[3])
            return date(year if year > 99 else year + (2000 if year < 70 else 1900), int(found[1]), int(found[2]))
        if (found := _NAMED.fullmatch(text)) and (found[1] or found[3]):
            return date(int(found[4]), _MONTHS[found[2].lower()], int(found[1] or found[3]))
    except (ValueError, KeyError):
        return _UNREADABLE
    return _UNREADABLE
