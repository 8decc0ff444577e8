"""Reading JSON that somebody else wrote: every value is asked for with its type, and a wrong one named by its path."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from directory.geo.timezones import is_zone

MISSING: Any = object()
_YEARS = range(1900, 3000)
_LONGEST_QUOTE = 80


class Malformed(Exception):
    """The file cannot be understood; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file with the path that leads to it."""

    value: Any
    path: str

    def wrong(self, why: str) -> Malformed:
        """The error for this very value."""
        return Malformed(f"{self.path}: {why}")

    def __contains__(self, key: str) -> bool:
        return key in self.members()

    def members(self) -> dict[str, Any]:
        """This value as an object."""
        if not isinstance(self.value, dict):
            raise self.wrong("is not an object")
        return self.value

    def items(self) -> Iterator[tuple[str, Node]]:
        """The keys of an object with what they hold."""
        for key, value in self.members().items():
            yield key, Node(value, f"{self.path}.{key}")

    def get(self, key: str, default: Any = MISSING) -> Node:
        """What stands under a key; without a default it must be there."""
        members = self.members()
        if key not in members and default is MISSING:
            raise self.wrong(f"has no “{key}”")
        return Node(members.get(key, default), f"{self.path}.{key}")

    def each(self) -> Iterator[Node]:
        """The elements of a list; null is an empty one."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            raise self.wrong("is not a list")
        for number, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{number}]")

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("is not a text")
        if any("\ud800" <= sign <= "\udfff" for sign in self.value):
            raise self.wrong("holds half of a character")
        return self.value

    def text_or_none(self) -> str | None:
        """A text; null and the empty text are none."""
        if self.value is None or self.value == "":
            return None
        return self.text()

    def texts(self) -> tuple[str, ...]:
        """A list of texts; null is an empty one."""
        return tuple(each.text() for each in self.each())

    def yes(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("is neither true nor false")
        return self.value

    def yes_or_none(self) -> bool | None:
        """True, false or null."""
        return None if self.value is None else self.yes()

    def number(self, *, least: float = -math.inf, most: float = math.inf) -> float:
        """A finite number between two bounds."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(_as_float(value)):
            raise self.wrong("is not a number")
        if not math.isfinite(_as_float(value)) or not least <= value <= most:
            raise self.wrong(f"lies outside {least:g} to {most:g}")
        return float(value)

    def number_or(self, default: float, *, least: float = 0.0, most: float = 1e9) -> float:
        """A number, or the default for null."""
        return default if self.value is None else self.number(least=least, most=most)

    def whole_or_none(self, *, most: int) -> int | None:
        """A whole number from 0 on, or null; a fraction is cut off, as completed weeks and years are counted."""
        return None if self.value is None else int(self.number(least=0, most=most))

    def day_or_none(self) -> date | None:
        """A date as ``YYYY-MM-DD``, or null; of an instant its day."""
        if self.value is None:
            return None
        try:
            return date.fromisoformat(self.text()[:10])
        except ValueError:
            raise self.wrong(f"“{self._quoted()}” is not a date") from None

    def instant(self) -> datetime:
        """An instant, in UTC where it names no zone; what follows a space behind a "Z" is for people."""
        try:
            found = datetime.fromisoformat(self.text().split("Z")[0].strip())
        except ValueError:
            raise self.wrong(f"“{self._quoted()}” is not a time") from None
        if found.year not in _YEARS:
            raise self.wrong(f"lies outside the years {_YEARS.start} to {_YEARS.stop - 1}")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

    def zone(self) -> str:
        """The name of a time zone."""
        name = self.text()
        if not is_zone(name):
            raise self.wrong(f"“{self._quoted()}” is not a time zone")
        return name

    def _quoted(self) -> str:
        text = str(self.value)
        return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _as_float(value: float) -> float:
    """The number; infinity for a whole number beyond every float."""
    try:
        return float(value)
    except OverflowError:
        return math.inf
