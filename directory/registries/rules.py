"""What follows from what a register says: which file it was, what a row changes, and how a name is shown. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from directory.registries.terms import Reach, Standing

WEEKLY_DAYS = 62
"""A file that spans more days than this is the full one; the weekly ones span seven."""

LEAST_OF_BEFORE = 0.99
"""The full file keeps deactivated numbers, so it never shrinks. One with fewer rows than this share was cut off."""

MOST_ABSENT = 0.05
FEW = 20
"""Of so few people any share may be absent."""

MOST_REJECTED = 0.02
FEW_REJECTED = 100

_FILE_NAME = re.compile(r"npidata_pfile_([0-9]{8})-([0-9]{8})", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_ROMAN = frozenset({"II", "III", "IV", "VI", "VII", "VIII"})
_SHORTEST_AFTER_MC = 3


@dataclass(frozen=True, slots=True)
class FileName:
    """The days a data file spans, as its name says: ``npidata_pfile_20050523-20260111.csv``."""

    first: date
    last: date

    @property
    def reach(self) -> Reach:
        """Whether it is the full file or one of a week."""
        return Reach.FULL if self.last - self.first > timedelta(days=WEEKLY_DAYS) else Reach.PARTIAL


def named(name: str) -> FileName | None:
    """The days in a file's name; ``None`` where there are none, or none that make sense."""
    found = _FILE_NAME.search(name)
    if found is None:
        return None
    try:
        first, last = (date(int(day[:4]), int(day[4:6]), int(day[6:])) for day in found.groups())
    except ValueError:
        return None
    return FileName(first, last) if first <= last else None


def is_older(as_of: date, last_taken: date | None) -> bool:
    """Whether a file is older than the newest one taken; two of one day are not."""
    return last_taken is not None and as_of < last_taken


def looks_cut(rows: int, before: int | None) -> bool:
    """Whether a full file holds so much less than the full file before that something of it must be missing."""
    return before is not None and rows < before * LEAST_OF_BEFORE


def lacks_too_many(absent: int, shown: int) -> bool:
    """Whether a full file names so few of the people shown that it is no full file, or not of this register."""
    return absent > FEW and absent > shown * MOST_ABSENT


def rejects_too_many(rejected: int, rows: int) -> bool:
    """Whether so many rows cannot be used that something is wrong with the file, not with them."""
    return rejected > FEW_REJECTED and rejected > rows * MOST_REJECTED


class Change(StrEnum):
    """What taking a row does to what we hold."""

    NEW = "new"
    CHANGED = "changed"
    TAKEN_DOWN = "taken_down"
    BACK = "back"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold of somebody, as far as it decides."""

    standing: Standing
    updated_on: date | None
    digest: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a row says, as far as it decides."""

    standing: Standing
    updated_on: date | None
    since: date | None
    digest: str


def change(held: Held | None, heard: Heard, *, older: bool) -> Change:
    """What a row changes. A row of an older file never replaces what a newer one said: it only adds who is missing."""
    if held is None:
        return Change.NEW if heard.standing is Standing.SHOWN else Change.UNCHANGED
    if held.digest == heard.digest or (older and _is_behind(held, heard)):
        return Change.UNCHANGED
    if heard.standing is Standing.SHOWN:
        return Change.CHANGED if held.standing is Standing.SHOWN else Change.BACK
    return Change.TAKEN_DOWN if held.standing is Standing.SHOWN else Change.CHANGED


def _is_behind(held: Held, heard: Heard) -> bool:
    if held.standing is not Standing.SHOWN:
        return True
    told_on = heard.updated_on or heard.since
    return told_on is None or held.updated_on is None or told_on <= held.updated_on


def readable(name: str) -> str:
    """A name or town as people write it, from the capitals of a register: "MARY-ANN O'BRIEN" is Mary-Ann O'Brien.

    What is not written in capitals alone is somebody's own way of writing it and stays.
    """
    if name != name.upper():
        return name
    return _WORD.sub(lambda word: _capitalised(word[0]), name)


def _capitalised(word: str) -> str:
    if word in _ROMAN:
        return word
    if word.startswith("MC") and len(word) >= 2 + _SHORTEST_AFTER_MC:
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def full_name(first: str, middle: str, last: str, suffix: str) -> str:
    """The whole name for a page, as people write it."""
    return " ".join(readable(part) for part in (first, middle, last, suffix) if part)
