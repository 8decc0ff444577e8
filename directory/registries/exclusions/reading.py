"""From the file of the exclusion list to its entries.

Columns are found by their names, in any order, with others between them. All of the file is read before anything is
believed: a row with more or fewer columns than the header, a date that is none, signs that are no text or a row that
names nobody make it a ``BrokenFile`` that says where.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final

from directory.downloads import BrokenFile, Download
from directory.practitioners.rules import npi_is_valid
from directory.registries.exclusions.rules import Entry

VERSION: Final = 1
"""Raise it when the same bytes would be read otherwise."""

MOST_BYTES: Final = 256 << 20
"""Of the unpacked file; the real one has about 15 MB."""

COLUMNS: Final[Mapping[str, str]] = {
    "last_name": "lastname",
    "first_name": "firstname",
    "middle_name": "midname",
    "business": "busname",
    "general": "general",
    "specialty": "specialty",
    "npi": "npi",
    "born": "dob",
    "address": "address",
    "city": "city",
    "state": "state",
    "postal_code": "zip",
    "basis": "excltype",
    "excluded_on": "excldate",
    "reinstated_on": "reindate",
    "waived_on": "waiverdate",
    "waived_in": "wvrstate",
}
_DATES: Final = frozenset({"born", "excluded_on", "reinstated_on", "waived_on"})
_LONGEST: Final = 200
_SEPARATORS: Final = ",;\t|"
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
_DAY = re.compile(r"[0-9]{8}")
_DAY_IN_A_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])(?![0-9])")
_FEW_NAMES = 3


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole file: its entries, each once, and what was seen."""

    entries: Sequence[Entry]
    rows: int
    twice: int
    """Rows that say what another one said already."""
    odd_numbers: int
    """Rows with an NPI whose check digit is off or that has not ten digits; they count as rows without one."""
    newest: date | None
    """The newest day of an exclusion."""


def is_header(names: Sequence[str]) -> bool:
    """Whether these are the columns of an exclusion list, whatever its file is called."""
    held = {normalised(each) for each in names}
    return held >= {"lastname", "busname", "npi", "excltype", "excldate", "reindate"}


def normalised(name: str) -> str:
    """The name of a column in lower case without spaces and signs."""
    return _NOT_IN_A_NAME.sub("", name.lower())


def data_file(names: Sequence[str]) -> str:
    """Which member of a ZIP is the list: the only table in it."""
    tables = [each for each in names if each.lower().endswith((".csv", ".txt"))]
    if len(tables) != 1:
        raise BrokenFile(f"The ZIP file holds {len(tables) or 'no'} tables; exactly one is needed.")
    return tables[0]


def day_in_name(name: str) -> date | None:
    """The day in a file's name, such as ``leie_2026-01-10.csv``; ``None`` where there is none."""
    found = _DAY_IN_A_NAME.search(PurePosixPath(name).name)
    try:
        return None if found is None else date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def read(download: Download) -> Contents:
    """Everything the file says. ``BrokenFile`` where anything in it is not as it should be."""
    return read_text(_text(download), name=download.name)


def _text(download: Download) -> str:
    data = bytearray()
    for block in download.blocks():
        data += block
        if len(data) > MOST_BYTES:
            raise BrokenFile(f"{download.name} is larger than {MOST_BYTES >> 20} MB: this is not the exclusion list.")
    return decoded(bytes(data), download.name)


def decoded(data: bytes, name: str) -> str:
    """The text of a file in UTF-8 or UTF-16 with a mark, or else in the code page of Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    where = 0
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            where = error.start
            continue
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise BrokenFile(f"{name} is no text: line {line:,} holds a zero byte.")
        return text
    line = data.count(b"\n", 0, where) + 1
    raise BrokenFile(f"{name} is no text in any known encoding, as found in line {line:,}.")


def read_text(text: str, *, name: str) -> Contents:
    """Everything a text says; see ``read``."""
    if not text.strip():
        raise BrokenFile(f"{name} is empty.")
    rows = _rows(text, name)
    header = next(rows)[1]
    at = _layout(header, name)
    entries: dict[str, Entry] = {}
    seen = odd = 0
    newest: date | None = None
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise BrokenFile(f"{name}: line {line:,} has {len(row)} columns and the header has {len(header)}.")
        seen += 1
        entry, is_odd = _entry({key: " ".join(row[index].split()) for key, index in at.items()}, name, line)
        odd += is_odd
        entries.setdefault(entry.key, entry)
        if entry.excluded_on is not None and (newest is None or entry.excluded_on > newest):
            newest = entry.excluded_on
    if not entries:
        raise BrokenFile(f"{name} holds a header and nothing else.")
    return Contents(tuple(entries.values()), rows=seen, twice=seen - len(entries), odd_numbers=odd, newest=newest)


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line in which it begins."""
    first = text.lstrip().splitlines()[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BrokenFile(
            f"{name} is damaged or cut off at line {begins:,}: its quotation marks do not pair."
        ) from error


def _layout(header: Sequence[str], name: str) -> dict[str, int]:
    names = [normalised(each) for each in header]
    missing = [each for each in COLUMNS.values() if each not in names]
    if missing:
        more = f" and {len(missing) - _FEW_NAMES} more" if len(missing) > _FEW_NAMES else ""
        raise BrokenFile(
            f"{name} is not the exclusion list (LEIE): its header, in line 1, lacks"
            f" {', '.join(each.upper() for each in missing[:_FEW_NAMES])}{more}."
        )
    twice = next((each for each in COLUMNS.values() if names.count(each) > 1), None)
    if twice is not None:
        raise BrokenFile(f"{name}: the header, in line 1, names the column {twice.upper()} twice.")
    return {key: names.index(each) for key, each in COLUMNS.items()}


def _entry(cells: Mapping[str, str], name: str, line: int) -> tuple[Entry, bool]:
    """What a row says, and whether its NPI is none."""
    long = next((key for key, cell in cells.items() if len(cell) > _LONGEST), None)
    if long is not None:
        raise BrokenFile(f"{name}: {COLUMNS[long].upper()} in line {line:,} is longer than {_LONGEST} signs.")
    if not cells["last_name"] and not cells["business"]:
        raise BrokenFile(f"{name}: line {line:,} names neither a person nor a business.")
    days = {key: _day(cells[key], name, line, COLUMNS[key]) for key in _DATES}
    npi, is_odd = _npi(cells["npi"])
    words: dict[str, Any] = {key: cell for key, cell in cells.items() if key not in _DATES and key != "npi"}
    words |= {"state": cells["state"].upper(), "waived_in": cells["waived_in"].upper()}
    told = [npi, *(words[key] for key in sorted(words)), *(str(days[key] or "") for key in sorted(days))]
    key = hashlib.sha256("\x1f".join(told).encode()).hexdigest()
    return Entry(key=key, npi=npi, **words | days), is_odd


def _npi(cell: str) -> tuple[str, bool]:
    digits = cell.removesuffix(".0")
    if not digits.strip("0"):
        return "", False
    return (digits, False) if npi_is_valid(digits) else ("", True)


def _day(cell: str, name: str, line: int, column: str) -> date | None:
    text = cell.removesuffix(".0").replace("-", "")
    if not text.strip("0"):
        return None
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    raise BrokenFile(f"{name}: {column.upper()} in line {line:,} is not a day written YYYYMMDD: “{cell[:20]}”.")
