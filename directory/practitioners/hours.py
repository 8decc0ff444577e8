"""Opening hours of a day as people type them, "9–12:30, 14–18" or "9am to 5pm", read and written. Pure.

Nothing is guessed: "9-5" has no meaning, because closing time lies before opening time, and is asked back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import Final

from directory.errors import InvalidInput

Span = tuple[time, time]
"""From opening to closing."""

LONGEST_TEXT: Final = 120
MOST_SPANS: Final = 6
DAY_ENDS: Final = time(23, 59)
"""What midnight at the end of a day is kept as."""

_CLOSED = frozenset({"", "-", "closed", "none", "off", "no"})
_NOON, _MIDNIGHT = "noon", "midnight"
_BETWEEN_SPANS = re.compile(r"[,;&+/\n]|\band\b")
_TIME = rf"(?:{_NOON}|{_MIDNIGHT}|\d{{1,2}}(?:\s*[:.h]\s*\d{{2}}|h)?|\d{{3,4}})\s*(?:[ap]\.?\s*m\b\.?|[ap]\b)?"
_SPAN = re.compile(rf"(?:from\s+)?({_TIME})\s*(?:-|\bto\b|\buntil\b|\btill?\b)\s*({_TIME})")
_CLOCK = re.compile(
    r"(?:(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2})|h)?|(?P<run>\d{3,4}))\s*(?:(?P<half>[ap])\.?\s*(?:m\.?)?)?"
)


def read(text: str) -> tuple[Span, ...]:
    """The spans of one day in their order; none for an empty text or "closed". ``InvalidInput`` says what is odd."""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput("That is too long for the hours of one day.", field="hours", code="hours_too_long")
    plain = _plain(text)
    if plain in _CLOSED:
        return ()
    spans = sorted(_span(part.strip()) for part in _BETWEEN_SPANS.split(plain) if part.strip())
    if not spans:
        raise _unreadable()
    if len(spans) > MOST_SPANS:
        raise InvalidInput("That is too many opening times for one day.", field="hours", code="hours_too_many")
    for (_, closes), (opens, _) in pairwise(spans):
        if opens < closes:
            raise InvalidInput("Two opening times overlap.", field="hours", code="hours_overlap")
    return tuple(spans)


def written(spans: Iterable[Span], *, halves: bool = False) -> str:
    """The spans as ``read`` understands them; with ``halves`` by a clock of twice twelve hours, "9am–12:30pm"."""
    said = _said_in_halves if halves else _said
    return ", ".join(f"{said(opens)}–{said(closes)}" for opens, closes in spans)


def _said(at: time) -> str:
    return f"{at:%H:%M}"


def _said_in_halves(at: time) -> str:
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def _plain(text: str) -> str:
    """Lower case with the digits, dashes and spaces of a plain keyboard, whatever was typed."""
    signs = []
    for sign in unicodedata.normalize("NFKC", text).casefold():
        category = unicodedata.category(sign)
        if category == "Nd":
            signs.append(str(unicodedata.decimal(sign)))
        elif category == "Pd" or sign == "\N{MINUS SIGN}":
            signs.append("-")
        elif category != "Cf":
            signs.append(sign)
    return " ".join("".join(signs).split())


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise _unreadable()
    opens_half, closes_half = _half(match[1]), _half(match[2])
    closes = _clock(match[2], closes_half)
    opens = _clock(match[1], opens_half)
    if opens_half is None and closes_half is not None and _hour_of_half(opens):
        # "1-5pm" begins after noon, "9-5pm" before it.
        later = _clock(match[1], closes_half)
        opens = later if later < closes else _clock(match[1], "a")
    if closes == time(0):
        closes = DAY_ENDS
    if opens >= closes:
        raise InvalidInput(
            "Closing time lies after opening time. Write 17:00 or 5pm.", field="hours", code="hours_backwards"
        )
    return opens, closes


def _half(text: str) -> str | None:
    match = _CLOCK.fullmatch(text.strip())
    return match["half"] if match else None


def _hour_of_half(at: time) -> bool:
    return 1 <= at.hour <= 12


def _clock(text: str, half: str | None) -> time:
    word = text.strip()
    if word.startswith(_NOON):
        return time(12)
    if word.startswith(_MIDNIGHT):
        return time(0)
    match = _CLOCK.fullmatch(word)
    if match is None:
        raise _unreadable()
    run = match["run"]
    hour, minute = (int(run[:-2]), int(run[-2:])) if run else (int(match["hour"]), int(match["minute"] or 0))
    if half is not None:
        if not 1 <= hour <= 12:
            raise _unreadable()
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour, minute) == (24, 0):
        hour = 0
    if hour > 23 or minute > 59:
        raise _unreadable()
    return time(hour, minute)


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "Write hours such as 9:00–12:30, 14:00–18:00, or leave the day empty.",
        field="hours",
        code="hours_unreadable",
    )
