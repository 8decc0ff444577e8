"""One page of the guide: what its file says, and that file read.

A file is front matter (YAML between two lines of ``---``) and CommonMark with tables. ``[^id]`` cites the source with
that id; a box ``::: pregnant`` or ``::: not-pregnant`` is shown to those readers alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import yaml

from directory.errors import InvalidInput
from directory.paths import SEEDS

FOLDER: Final = SEEDS / "guide"


class Section(StrEnum):
    """The parts of the guide, in the order in which they are shown."""

    UNDERSTAND = "understand"
    CHOOSE = "choose"
    VISITS = "visits"
    LIFE = "life"


@dataclass(frozen=True, slots=True)
class Cited:
    """A source that a page rests on."""

    id: str
    name: str
    url: str
    reread: bool
    """Whether the source itself was open on the day the page's sources were checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, as its file says it."""

    slug: str
    title: str
    summary: str
    section: Section
    order: int
    search: bool
    """Whether the page offers the way into the search."""
    reviewed_on: date | None
    reviewed_by_role: str | None
    """Who read it, by profession; ``None`` until a clinician has."""
    sources_checked_on: date
    next_check: date
    sources: tuple[Cited, ...]
    body: str
    """Markdown."""
    first_line: int
    """The line of the file in which the body begins."""


class InvalidPage(InvalidInput):
    """A file that is no page; the sentence names the file and what is wrong with it."""


_KEYS: Final = frozenset(
    {
        "title",
        "summary",
        "section",
        "order",
        "search",
        "reviewed_on",
        "reviewed_by_role",
        "sources_checked_on",
        "next_check",
        "sources",
    }
)
_MARK: Final = "---"


def read_all(folder: Path = FOLDER) -> tuple[Page, ...]:
    """Every page of a folder, in reading order; ``InvalidPage`` at the first file that is none."""
    pages = [read(path) for path in sorted(folder.glob("*.md"))]
    if not pages:
        raise InvalidPage(f"{folder} holds no page (*.md).")
    return tuple(sorted(pages, key=lambda page: (list(Section).index(page.section), page.order, page.slug)))


@cache
def shipped() -> tuple[Page, ...]:
    """The pages that came with the product, read once."""
    return read_all()


def read(path: Path) -> Page:
    """The page in a file; ``InvalidPage`` when its front matter is missing, unreadable or incomplete."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidPage(f"{path.name} cannot be read as UTF-8 text.") from error
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _MARK or _MARK not in [line.rstrip() for line in lines[1:]]:
        raise InvalidPage(f"{path.name} does not begin with front matter between two lines of {_MARK}.")
    end = [line.rstrip() for line in lines].index(_MARK, 1)
    try:
        values = yaml.safe_load("\n".join(lines[1:end]))
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidPage(f"{path.name}: the front matter is not YAML: {str(error).splitlines()[0]}.") from error
    if not isinstance(values, dict):
        raise InvalidPage(f"{path.name}: the front matter is empty.")
    return _Reader(path, values).page("\n".join(lines[end + 1 :]), first_line=end + 2)


class _Reader:
    """Takes the values of one front matter, each with a sentence about it when it is wrong."""

    def __init__(self, path: Path, values: dict[Any, Any]) -> None:
        self._path = path
        self._values = values

    def page(self, body: str, *, first_line: int) -> Page:
        unknown = sorted(str(key) for key in self._values.keys() - _KEYS)
        if unknown:
            raise self._wrong(f"nobody reads {', '.join(unknown)}")
        section = self._text("section")
        if section not in list(Section):
            raise self._wrong(f"section is one of {', '.join(Section)}")
        order = self._values.get("order")
        if not isinstance(order, int) or isinstance(order, bool):
            raise self._wrong("order is a whole number")
        role = self._values.get("reviewed_by_role")
        reviewed = self._day("reviewed_on") if self._values.get("reviewed_on") is not None else None
        if (reviewed is None) != (not role):
            raise self._wrong("reviewed_on and reviewed_by_role stand together or not at all")
        return Page(
            slug=self._path.stem,
            title=self._text("title"),
            summary=self._text("summary"),
            section=Section(section),
            order=order,
            search=self._values.get("search") is not None,
            reviewed_on=reviewed,
            reviewed_by_role=str(role) if role else None,
            sources_checked_on=self._day("sources_checked_on"),
            next_check=self._day("next_check"),
            sources=self._sources(),
            body=body,
            first_line=first_line,
        )

    def _text(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(f"{key} is missing")
        return value.strip()

    def _day(self, key: str) -> date:
        value = self._values.get(key)
        if type(value) is not date:
            raise self._wrong(f"{key} is a day such as 2026-11-23")
        return value

    def _sources(self) -> tuple[Cited, ...]:
        given = self._values.get("sources") or []
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise self._wrong("sources is a list of id, name and url")
        return tuple(self._source(each) for each in given)

    def _source(self, given: dict[Any, Any]) -> Cited:
        texts = {key: str(given.get(key) or "").strip() for key in ("id", "name", "url")}
        if not all(texts.values()):
            raise self._wrong("each source has an id, a name and a url")
        address = urlsplit(texts["url"])
        if address.scheme != "https" or not address.hostname:
            raise self._wrong(f"the url of {texts['id']} is not an https address")
        return Cited(**texts, reread=given.get("reread", True) is not False)

    def _wrong(self, what: str) -> InvalidPage:
        return InvalidPage(f"{self._path.name}: {what}.")


Reader = Literal["pregnant", "not-pregnant"]
"""For whom a box of a page is written."""
