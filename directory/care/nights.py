"""What somebody hands over of their diary for one page on paper: numbers of two spans of four weeks. Nothing is kept.

The diary itself lives on its owner's device. This is what the device adds up, sent when its owner asks for a PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from directory.errors import InvalidInput

DAYS: Final = 28
STRONGEST: Final = 10
MOST_MINUTES: Final = 720


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some numbers, and the range in which half of them lie."""

    nights: int
    middle: float
    low: float
    high: float

    @property
    def in_whole(self) -> Spread:
        """The same in whole numbers, as people say minutes."""
        return Spread(self.nights, *(float(round(each)) for each in (self.middle, self.low, self.high)))


@dataclass(frozen=True, slots=True)
class Span:
    """Four weeks."""

    first: date
    last: date
    nights: int
    """Of which there are notes."""
    intensity: Spread | None
    """0 to 10."""
    awake: Spread | None
    """Minutes."""
    restless: int
    medicine: int
    iron: int
    treatments: int
    """Nights on which each was noted."""


@dataclass(frozen=True, slots=True)
class Night:
    """One night of the newer span; ``None`` where nothing was noted."""

    day: date
    intensity: int | None
    awake: int | None
    treatment: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The newer span, the one before it, and the nights of the newer one."""

    recent: Span
    earlier: Span
    nights: tuple[Night, ...]


def summary(given: object) -> Summary:
    """What was sent, or ``InvalidInput``: every number within its bounds, every day where it belongs."""
    values = _mapping(given)
    recent, earlier = _span(values.get("recent")), _span(values.get("earlier"))
    listed = values.get("days")
    if not isinstance(listed, list) or len(listed) != DAYS:
        raise _wrong()
    nights = tuple(_night(each) for each in listed)
    if [night.day for night in nights] != [recent.first + timedelta(days=number) for number in range(DAYS)]:
        raise _wrong()
    if earlier.last + timedelta(days=1) != recent.first:
        raise _wrong()
    return Summary(recent, earlier, nights)


def _span(given: object) -> Span:
    values = _mapping(given)
    first, last = _day(values.get("from")), _day(values.get("to"))
    if (last - first).days != DAYS - 1:
        raise _wrong()
    nights = _whole(values.get("nights"), DAYS)
    return Span(
        first,
        last,
        nights,
        _spread(values.get("intensity"), STRONGEST),
        _spread(values.get("awake"), MOST_MINUTES),
        *(_whole(values.get(name), nights) for name in ("restless", "medicine", "iron", "treatments")),
    )


def _spread(given: object, most: int) -> Spread | None:
    if given is None:
        return None
    values = _mapping(given)
    low, middle, high = (_number(values.get(name), most) for name in ("low", "middle", "high"))
    if not low <= middle <= high:
        raise _wrong()
    return Spread(_whole(values.get("nights"), DAYS), middle, low, high)


def _night(given: object) -> Night:
    values = _mapping(given)
    strong, awake = values.get("intensity"), values.get("awake")
    return Night(
        _day(values.get("date")),
        None if strong is None else _whole(strong, STRONGEST),
        None if awake is None else _whole(awake, MOST_MINUTES),
        values.get("treatment") is True,
    )


def _mapping(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _wrong()
    return given


def _whole(given: object, most: int) -> int:
    if type(given) is not int or not 0 <= given <= most:
        raise _wrong()
    return given


def _number(given: object, most: int) -> float:
    if type(given) not in (int, float) or not 0 <= float(given) <= most:  # type: ignore[arg-type]
        raise _wrong()
    return float(given)  # type: ignore[arg-type]


def _day(given: object) -> date:
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError as error:
        raise _wrong() from error


def _wrong() -> InvalidInput:
    return InvalidInput("This is not a summary of a diary.", code="not_a_summary")
