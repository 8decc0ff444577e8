"""Dates as FHIR R4 searches them: a prefix, and a date that may be less exact than the instant it is compared with.

A date stands for all instants it can mean (https://hl7.org/fhir/R4/search.html#date): ``2026-11`` is the whole month.
Without a time zone it is read in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from directory.search.index import Bools, Floats

PREFIXES: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")

_DATE = re.compile(
    r"(?P<prefix>[a-z]{2})?(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:T(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d{1,9})?)?"
    r"(?P<zone>Z|[+ -]\d{2}:\d{2})?)?)?)?",
    re.ASCII,
)
_NEARLY: Final = 0.1
"""The share of the time between now and a date by which ``ap`` widens it, as the standard recommends."""


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(microseconds=1)


class NotADate(ValueError):
    """The text is no date as FHIR writes them; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``first`` on and before ``end``, with the way in which an instant is compared with it."""

    prefix: str
    first: datetime
    end: datetime

    def clause(self, column: Any, *, now: datetime) -> Any:
        """The comparison of a column of instants, or of one instant, with these instants."""
        return _COMPARED[self.prefix](column, *self._ends(now))

    def holds(self, microseconds: Floats, *, now: datetime) -> Bools:
        """The same of instants in microseconds since 1970."""
        first, end = (microseconds_of(each) for each in self._ends(now))
        found: Bools = _COMPARED[self.prefix](microseconds, first, end)
        return found

    def _ends(self, now: datetime) -> tuple[datetime, datetime]:
        if self.prefix != "ap":
            return self.first, self.end
        slack = abs(now - self.first) * _NEARLY
        try:
            return self.first - slack, self.end + slack
        except OverflowError:
            return self.first, self.end


def microseconds_of(instant: datetime) -> float:
    """Since 1970; a number of this kind holds them to the last one."""
    return (instant - _EPOCH) / _STEP


def read(text: str) -> Span:
    """The prefix and the date; ``NotADate`` when it is neither a year, a month, a day nor an instant."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise NotADate(
            "a date looks like 2026, 2026-11, 2026-11-23 or 2026-11-23T20:00:00Z, with a prefix such as ge before it"
        )
    prefix = found["prefix"] or "eq"
    if prefix not in PREFIXES:
        raise NotADate(f"{prefix} is not a prefix; there are {', '.join(PREFIXES)}")
    try:
        first = datetime(
            int(found["year"]),
            int(found["month"] or 1),
            int(found["day"] or 1),
            int(found["hour"] or 0),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            round(float(found["part"] or 0) * 1_000_000) % 1_000_000,
            tzinfo=_zone(found["zone"]),
        ).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotADate("there is no such day or time") from error
    try:
        return Span(prefix, first, _end(first, found))
    except (ValueError, OverflowError):
        return Span(prefix, first, datetime.max.replace(tzinfo=UTC))


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise NotADate("there is no such time zone")
    # In an address a plus sign that was not written as %2B arrives as a blank.
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _end(first: datetime, found: re.Match[str]) -> datetime:
    if found["month"] is None:
        return first.replace(year=first.year + 1)
    if found["day"] is None:
        return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    if found["hour"] is None:
        return first + timedelta(days=1)
    if found["second"] is None:
        return first + timedelta(minutes=1)
    if found["part"] is None:
        return first + timedelta(seconds=1)
    digits = min(len(found["part"]) - 1, 6)
    return first + timedelta(microseconds=10 ** (6 - digits))


_COMPARED: Final[dict[str, Callable[[Any, Any, Any], Any]]] = {
    "eq": lambda column, first, end: (column >= first) & (column < end),
    "ne": lambda column, first, end: (column < first) | (column >= end),
    "gt": lambda column, _first, end: column >= end,
    "lt": lambda column, first, _end: column < first,
    "ge": lambda column, first, _end: column >= first,
    "le": lambda column, _first, end: column < end,
    "sa": lambda column, _first, end: column >= end,
    "eb": lambda column, first, _end: column < first,
    "ap": lambda column, first, end: (column >= first) & (column < end),
}
