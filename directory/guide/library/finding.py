"""Full-text search over the guide: SQLite's FTS5 in memory, whatever database the product runs on.

The pages are few and come with the product, so the index is made once in each process. Words are folded (accents,
case) and stemmed (Porter), and what somebody types is taken as words, never as the engine's own syntax.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Final

from directory.guide.library import rendering
from directory.guide.library.pages import Page, shipped

MOST_WORDS: Final = 12
MOST_FOUND: Final = 12
_OPEN, _CLOSE = "\x02", "\x03"
_SYNONYMS: Final = {
    "kd3": ("ki3",),
    "kid3": ("ki3",),
    "lv3": ("lr3",),
    "du4": ("gv4",),
    "ferritin": ("iron",),
    "pregnant": ("pregnancy",),
    "medication": ("medicines",),
    "drugs": ("medicines",),
    "augmentation": ("medicines", "augmentation"),
    "cost": ("price", "money"),
    "price": ("cost", "money"),
    "pay": ("money", "pays"),
    "hurt": ("pain",),
    "doctor": ("clinician",),
    "insomnia": ("sleep",),
    "sleep": ("night",),
}
"""What people type and the pages say otherwise."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt, with whether it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a page that answers."""

    slug: str
    title: str
    heading: str | None
    anchor: str | None
    excerpt: tuple[Piece, ...]


def find(words: str) -> list[Found]:
    """The parts of the guide that hold these words, the one that fits most first, each page at most twice."""
    typed = re.findall(r"[^\W_]+", words.lower())[:MOST_WORDS]
    if not typed:
        return []
    for joined in (" AND ", " OR "):
        rows = _index().ask(joined.join(_any_of(word) for word in typed))
        if rows:
            return rows
    return []


def _any_of(word: str) -> str:
    """One typed word in the engine's language: the word, what begins like it, or what means the same."""
    forms = [f'"{word}"*' if len(word) > 2 else f'"{word}"', *(f'"{other}"' for other in _SYNONYMS.get(word, ()))]
    return f"({' OR '.join(forms)})"


class _Index:
    """The parts of all pages, each with the heading above it."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._lock = Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(
            "CREATE VIRTUAL TABLE part USING fts5(slug UNINDEXED, anchor UNINDEXED, title, heading, text,"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        for page in pages:
            self._database.executemany("INSERT INTO part VALUES (?, ?, ?, ?, ?)", _parts(page))

    def ask(self, question: str) -> list[Found]:
        with self._lock:
            rows = self._database.execute(
                "SELECT slug, title, heading, anchor, snippet(part, 4, ?, ?, '…', 28) FROM part WHERE part MATCH ?"
                " ORDER BY bm25(part, 0, 0, 6.0, 4.0, 1.0), rowid LIMIT 60",
                (_OPEN, _CLOSE, question),
            ).fetchall()
        found: list[Found] = []
        for slug, title, heading, anchor, excerpt in rows:
            if sum(each.slug == slug for each in found) < 2 and len(found) < MOST_FOUND:
                found.append(Found(slug, title, heading or None, anchor or None, _pieces(excerpt)))
        return found


def _parts(page: Page) -> list[tuple[str, str, str, str, str]]:
    parts: list[tuple[str, str, str, list[str]]] = [("", "", page.summary, [page.summary])]
    for block in rendering.blocks(page):
        if block.is_heading:
            parts.append((block.anchor or "", block.text, block.text, []))
        else:
            parts[-1][3].append(block.text)
    return [(page.slug, anchor, page.title, heading, " ".join(texts)) for anchor, heading, _, texts in parts if texts]


def _pieces(excerpt: str) -> tuple[Piece, ...]:
    parts = re.split(rf"({_OPEN}.*?{_CLOSE})", excerpt, flags=re.S)
    return tuple(Piece(part.strip(_OPEN + _CLOSE), part.startswith(_OPEN)) for part in parts if part)


@cache
def _index() -> _Index:
    return _Index(shipped())
