"""What must hold of every page: its day, its sources and its words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from directory.guide import claims
from directory.guide.library import rendering
from directory.guide.library.pages import Page

EVERYWHERE: Final = ("AU", "GB-ENG", "US-OR")
"""The guide is read everywhere, so every advertising law we know of speaks."""
LONGEST_BETWEEN_DAYS: Final = 366
"""Between the check of the sources and the next one."""


class Subject(StrEnum):
    """What one check looks at."""

    CALENDAR = "calendar"
    SOURCES = "sources"
    CLAIMS = "claims"
    LINKS = "links"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a page."""

    slug: str
    subject: Subject
    what: str
    line: int | None = None
    """Of the file."""


def check(page: Page, subject: Subject, *, as_of: date, slugs: Collection[str]) -> list[Finding]:
    """What is wrong with a page in one respect; empty where nothing is. ``slugs`` are those of all pages."""
    return list(_CHECKS[subject](page, as_of, slugs))


def check_all(pages: Sequence[Page], *, as_of: date) -> Mapping[tuple[str, Subject], list[Finding]]:
    """Every check of every page, in order."""
    slugs = {page.slug for page in pages}
    return {
        (page.slug, subject): check(page, subject, as_of=as_of, slugs=slugs) for page in pages for subject in Subject
    }


def _calendar(page: Page, as_of: date, _slugs: Collection[str]) -> Iterator[Finding]:
    for what, day in (("the sources were checked", page.sources_checked_on), ("a review happened", page.reviewed_on)):
        if day is not None and day > as_of:
            yield Finding(page.slug, Subject.CALENDAR, f"it says that {what} on {day}, which has not come yet")
    if page.next_check < as_of:
        yield Finding(page.slug, Subject.CALENDAR, f"its sources were to be checked again by {page.next_check}")
    if (page.next_check - page.sources_checked_on).days > LONGEST_BETWEEN_DAYS:
        yield Finding(page.slug, Subject.CALENDAR, "its next check is more than a year after the last")
    if page.next_check <= page.sources_checked_on:
        yield Finding(page.slug, Subject.CALENDAR, "its next check is not after the last")


def _sources(page: Page, _as_of: date, _slugs: Collection[str]) -> Iterator[Finding]:
    if not page.sources:
        yield Finding(page.slug, Subject.SOURCES, "it names no source")
    known, cited = [source.id for source in page.sources], rendering.citations(page)
    for twice in sorted(name for name, times in Counter(known).items() if times > 1):
        yield Finding(page.slug, Subject.SOURCES, f"the source {twice} stands there twice")
    for name in sorted(cited - set(known)):
        yield Finding(page.slug, Subject.SOURCES, f"it cites {name}, which is not among its sources")
    for name in sorted(set(known) - cited):
        yield Finding(page.slug, Subject.SOURCES, f"nothing in it cites {name}")


def _claims(page: Page, _as_of: date, _slugs: Collection[str]) -> Iterator[Finding]:
    texts = [(page.title, 1), (page.summary, 1), *((block.text, block.line) for block in rendering.blocks(page))]
    texts += rendering.asides(page)
    for text, line in texts:
        for words, why in claims.strictly(text):
            yield Finding(page.slug, Subject.CLAIMS, f"“{words}”: {why}", line)
        for hit in claims.check(text, EVERYWHERE):
            yield Finding(page.slug, Subject.CLAIMS, f"“{hit.words}”: {hit.reason}", line)


def _links(page: Page, _as_of: date, slugs: Collection[str]) -> Iterator[Finding]:
    for address in rendering.links(page):
        if address.startswith("/guide/") and address.removeprefix("/guide/").partition("#")[0] not in slugs:
            yield Finding(page.slug, Subject.LINKS, f"it leads to {address}, where there is no page")
        elif not address.startswith(("/", "#")):
            yield Finding(page.slug, Subject.LINKS, f"it leads away to {address}; what it rests on belongs in sources")


_CHECKS: Final[Mapping[Subject, Callable[[Page, date, Collection[str]], Iterator[Finding]]]] = {
    Subject.CALENDAR: _calendar,
    Subject.SOURCES: _sources,
    Subject.CLAIMS: _claims,
    Subject.LINKS: _links,
}
