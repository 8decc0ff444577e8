"""Sentences for people, written in British English and translated where a page is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

READ_ON: Final = date(2026, 11, 23)
"""The day the facts of this package were last gone through."""


def N_(text: str) -> str:  # noqa: N802 - the name gettext knows a marked text by
    """Mark a sentence for translation and leave it as it is: this package knows no request and no language."""
    return text


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read. Shown beside the fact, with the day."""

    name: str
    url: str
    read_on: date = READ_ON
    reread: bool = True
    """Whether the source itself was open on that day; otherwise the fact is well known and stands to be re-read."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence (a msgid) with what it rests on. An empty tuple is a rule of this service's own."""

    text: str
    sources: tuple[Source, ...] = ()
