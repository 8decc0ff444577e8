"""Cutting a stream of CSV bytes into records, fast enough for ten gigabytes.

A line break inside quotation marks belongs to its field. Marks inside a field are doubled (RFC 4180), so a record is
whole exactly when its marks are even in number, which can be counted without looking at the commas.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from directory.downloads import BrokenFile

LONGEST_RECORD = 256 * 1024
"""Bytes; a record of 330 full columns has about a tenth of that. What is longer is a mark that was never closed."""


class Record(NamedTuple):
    """The bytes of one record without its line end, where it begins, and how many quotation marks it holds."""

    line: int
    quotes: int
    data: bytes


class Records:
    """Cuts blocks into records; between two records ``line`` and ``offset`` say where the next one begins."""

    def __init__(self, *, line: int = 1, offset: int = 0) -> None:
        self.line = line
        self.offset = offset
        self._tail = b""
        self._open: list[bytes] = []
        self._quotes = 0
        self._length = 0

    def cut(self, block: bytes) -> Iterator[Record]:
        """The records that end in this block."""
        lines = (self._tail + block).split(b"\n")
        self._tail = lines.pop()
        for line in lines:
            quotes = line.count(b'"')
            if self._open or quotes & 1:
                self._join(line, quotes)
                if not self._quotes & 1:
                    yield self._close()
                continue
            number = self.line
            self.line += 1
            self.offset += len(line) + 1
            yield Record(number, quotes, line.removesuffix(b"\r"))
        if len(self._tail) > LONGEST_RECORD:
            self._refuse()

    def rest(self) -> Record | None:
        """What stands behind the last line break, if anything. ``BrokenFile`` when it ends inside a field."""
        if self._tail:
            self._join(self._tail, self._tail.count(b'"'))
            self._tail = b""
            self._length -= 1
        if not self._open:
            return None
        if self._quotes & 1:
            self._refuse()
        return self._close()

    def _join(self, line: bytes, quotes: int) -> None:
        self._open.append(line)
        self._quotes += quotes
        self._length += len(line) + 1
        if self._length > LONGEST_RECORD:
            self._refuse()

    def _close(self) -> Record:
        found = Record(self.line, self._quotes, b"\n".join(self._open).removesuffix(b"\r"))
        self.line += len(self._open)
        self.offset += self._length
        self._open, self._quotes, self._length = [], 0, 0
        return found

    def _refuse(self) -> None:
        raise BrokenFile(
            f"The file is damaged or cut off: a quotation mark in the record of line {self.line:,} is never closed."
        )
