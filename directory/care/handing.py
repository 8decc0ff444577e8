"""What somebody hands over of their own: nights of their diary, medicines, questions with answers, words. Pure.

It is put together on their device, item by item, and comes here as JSON when they have seen all of it and said so. Only
what is named here is taken; anything else is refused as a whole, so that nothing is kept that nobody saw.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles
from typing import Any, Final, TypeVar

from directory.care.nights import MOST_MINUTES, STRONGEST, Spread
from directory.errors import InvalidInput
from directory.guide.words import N_

VERSION: Final = 1
LONGEST: Final = 40_000
"""Characters of the JSON."""
MOST_DAYS: Final = 92
MOST_ITEMS: Final = 40
"""Medicines, and questions."""
SHORT: Final = 200
LONG: Final = 1_000
WORDS: Final = 2_000
_One = TypeVar("_One")
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs that nobody typed to be read: controls, and those that turn the order of letters round."""


@dataclass(frozen=True, slots=True)
class Night:
    """One night with a note; ``None`` for what was not noted. Its words stay on the device."""

    day: date
    intensity: int | None
    """0 to 10."""
    awake: int | None
    """Minutes."""
    medicine: bool
    iron: bool
    treatment: bool


@dataclass(frozen=True, slots=True)
class Period:
    """Nights from one day to another."""

    first: date
    last: date
    nights: tuple[Night, ...]

    @property
    def intensity(self) -> Spread | None:
        """The middle, and where half of the nights lie."""
        return _spread(night.intensity for night in self.nights)

    @property
    def awake(self) -> Spread | None:
        """The same of the minutes awake."""
        return _spread(night.awake for night in self.nights)

    def count(self, name: str) -> int:
        """On how many nights ``medicine``, ``iron`` or ``treatment`` was ticked."""
        return sum(getattr(night, name) for night in self.nights)


@dataclass(frozen=True, slots=True)
class Medicine:
    """One line of a list."""

    name: str
    dose: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, and what was noted about it, perhaps nothing yet."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A whole summary; what was not ticked is ``None`` or empty."""

    period: Period | None
    medicines: tuple[Medicine, ...]
    answers: tuple[Answer, ...]
    words: str


def read(text: str) -> Handed:
    """The summary in this text, or ``InvalidInput``: every part within its bounds, and none that is not known."""
    if not text:
        raise InvalidInput(N_("Look at what would be handed over first."), field="content")
    if len(text) > LONGEST:
        raise InvalidInput(N_("This is too long to hand over."), field="content")
    try:
        given = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _wrong() from error
    values = _exactly(given, {"version", "diary", "medicines", "answers", "words"})
    if type(values["version"]) is not int or values["version"] != VERSION:
        raise _wrong()
    handed = Handed(
        None if values["diary"] is None else _period(values["diary"]),
        tuple(_list(values["medicines"], _medicine)),
        tuple(_list(values["answers"], _answer)),
        _words(values["words"], WORDS),
    )
    if handed.period is None and not (handed.medicines or handed.answers or handed.words):
        raise InvalidInput(N_("Tick at least one thing to hand over."), field="content")
    return handed


def write(handed: Handed) -> str:
    """The text that ``read`` makes the same summary of: what is kept."""
    period = handed.period
    return json.dumps(
        {
            "version": VERSION,
            "diary": period
            and {
                "from": period.first.isoformat(),
                "to": period.last.isoformat(),
                "nights": [
                    {
                        "date": night.day.isoformat(),
                        "intensity": night.intensity,
                        "awake": night.awake,
                        "medicine": night.medicine,
                        "iron": night.iron,
                        "treatment": night.treatment,
                    }
                    for night in period.nights
                ],
            },
            "medicines": [{"name": each.name, "dose": each.dose, "reason": each.reason} for each in handed.medicines],
            "answers": [{"question": each.question, "answer": each.answer} for each in handed.answers],
            "words": handed.words,
        },
        ensure_ascii=False,
    )


def _period(given: object) -> Period:
    values = _exactly(given, {"from", "to", "nights"})
    first, last = _day(values["from"]), _day(values["to"])
    listed = values["nights"]
    if not isinstance(listed, list) or not 0 <= (last - first).days < MOST_DAYS or len(listed) > MOST_DAYS:
        raise _wrong()
    nights = tuple(_night(each) for each in listed)
    days = [night.day for night in nights]
    if not days or days != sorted(set(days)) or days[0] < first or days[-1] > last:
        raise _wrong()
    return Period(first, last, nights)


def _night(given: object) -> Night:
    values = _exactly(given, {"date", "intensity", "awake", "medicine", "iron", "treatment"})
    ticked = [values[name] for name in ("medicine", "iron", "treatment")]
    if not all(isinstance(each, bool) for each in ticked):
        raise _wrong()
    return Night(
        _day(values["date"]), _whole(values["intensity"], STRONGEST), _whole(values["awake"], MOST_MINUTES), *ticked
    )


def _medicine(given: object) -> Medicine:
    values = _exactly(given, {"name", "dose", "reason"})
    name, dose, reason = (_words(values[name], SHORT) for name in ("name", "dose", "reason"))
    if not name:
        raise _wrong()
    return Medicine(name, dose, reason)


def _answer(given: object) -> Answer:
    values = _exactly(given, {"question", "answer"})
    question = _words(values["question"], LONG)
    if not question:
        raise _wrong()
    return Answer(question, _words(values["answer"], LONG))


def _list(given: object, each: Callable[[object], _One]) -> list[_One]:
    if not isinstance(given, list) or len(given) > MOST_ITEMS:
        raise _wrong()
    return [each(one) for one in given]


def _exactly(given: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(given, dict) or given.keys() != names:
        raise _wrong()
    return given


def _whole(given: object, most: int) -> int | None:
    if given is None:
        return None
    if type(given) is not int or not 0 <= given <= most:
        raise _wrong()
    return given


def _words(given: object, longest: int) -> str:
    if not isinstance(given, str) or len(given) > longest or _UNSEEN.search(given):
        raise _wrong()
    return given.strip()


def _day(given: object) -> date:
    try:
        day = date.fromisoformat(given if isinstance(given, str) and len(given) == len("2026-01-01") else "")
    except ValueError as error:
        raise _wrong() from error
    if not date(1900, 1, 1) <= day <= date(2100, 1, 1):
        raise _wrong()
    return day


def _spread(values: Iterable[int | None]) -> Spread | None:
    known = sorted(each for each in values if each is not None)
    if not known:
        return None
    if len(known) == 1:
        return Spread(1, *[float(known[0])] * 3)
    low, _, high = quantiles(known, n=4, method="inclusive")
    return Spread(len(known), float(median(known)), low, high)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _wrong() -> InvalidInput:
    return InvalidInput(
        N_("This could not be read as a summary. Open the page again and make it anew."),
        field="content",
        code="not_a_summary",
    )
