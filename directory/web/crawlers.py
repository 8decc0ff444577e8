"""What search engines and programs that show links ask for: what they may read, every address there is, and the picture
of the site (https://www.rfc-editor.org/rfc/rfc9309, https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue

from directory.entries import queries as entries
from directory.errors import NotFound
from directory.guide.library.pages import shipped
from directory.http import conditional
from directory.http.access import INVENTORY, Who
from directory.http.site import session, site
from directory.http.unit_of_work import UnitOfWork
from directory.search import shown
from directory.search.index import Ints
from directory.search.shown import Shown
from directory.web.presenters import pictures, sharing

pages = Blueprint("crawlers", __name__)

MOST_ADDRESSES: Final = 50_000
"""In one page of a sitemap, as the protocol has it."""
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"

PRIVATE: Final = (
    "/about-you",
    "/account",
    "/compare",
    "/control",
    "/evidence",
    "/feedback",
    "/mailbox",
    "/match",
    "/outcome",
    "/practice",
    "/registration",
    "/registry",
    "/report",
    "/saved",
    "/search/map",
    "/shortlist",
    "/urgent",
    "/visits",
)
"""What is one visitor's own, or one practitioner's, though some of it is open to all. Where everything belongs to
whoever signed in, the access inventory says so."""
OF_PROGRAMS: Final = ("/api/v1/", "/fhir/")
"""What programs read. It says the same again, some of it costs a lot, and it has an end only for whoever reads it as it
says of itself; the pages that explain it may be read."""
LISTED: Final = (
    "home.ask",
    "practitioners.find",
    "guide.index",
    "about.index",
    "about.ranking",
    "about.privacy",
    "about.terms",
    "about.accessibility",
    "accuracy.index",
    "care.index",
    "care.prepare",
    "care.after",
    "care.review",
    "diary.index",
    "embed.index",
    "data.index",
    "api.index",
)


@pages.get("/robots.txt")
def robots() -> Response:
    """What may be read. A demonstration may be read too, but its every answer asks not to be kept, and it names no list
    of addresses."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _forbidden())]
    if site().config.production:
        lines += ["", f"Sitemap: {sharing.full(url_for('crawlers.sitemap'))}"]
    response = Response("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@pages.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """The index of the pages of the sitemap."""
    etag = conditional.of_shown()
    if conditional.is_known(etag):
        return conditional.same(etag)
    people = _shown().people
    listed = [_line(sharing.full(url_for("crawlers.sitemap_of_pages")), None, "sitemap")]
    for number in range(1, math.ceil(len(people) / MOST_ADDRESSES) + 1):
        ids = _of_page(people, number)
        changed = entries.newest_change(session(), int(ids[0]), int(ids[-1]))
        path = url_for("crawlers.sitemap_of_people", number=number)
        listed.append(_line(sharing.full(path), changed, "sitemap"))
    return _xml("sitemapindex", listed, etag)


@pages.get("/sitemap-pages.xml")
def sitemap_of_pages() -> Response:
    """Every page that is nobody's in particular."""
    lines = [_line(sharing.full(url_for(endpoint)), None) for endpoint in LISTED]
    guide = ((url_for("guide.page", slug=each.slug), each.sources_checked_on) for each in shipped())
    lines += [_line(sharing.full(path), changed) for path, changed in guide]
    return _xml("urlset", lines, None)


@pages.get("/sitemap-people-<int:number>.xml")
def sitemap_of_people(number: int) -> ResponseReturnValue:
    """Some of those who are shown now, as the index knows them; 404 beyond the last page."""
    etag = conditional.of_shown()
    if conditional.is_known(etag):
        return conditional.same(etag)
    found = _shown()
    if not 1 <= number <= math.ceil(len(found.people) / MOST_ADDRESSES):
        raise NotFound("There is no such page of the sitemap.")
    return _xml("urlset", _people(found, number), etag)


def _people(found: Shown, number: int) -> Iterator[str]:
    """The lines of one page, for when the request has ended."""
    ids = _of_page(found.people, number)
    return _read(site().database, found, ids, sharing.full_profile(), production=site().config.production)


def _of_page(people: Ints, number: int) -> Ints:
    return people[(number - 1) * MOST_ADDRESSES : number * MOST_ADDRESSES]


def _read(
    database: UnitOfWork, found: Shown, ids: Ints, address: Callable[[str], str], *, production: bool
) -> Iterator[str]:
    with database.apart() as session:
        for batch in shown.addresses(session, found, ids):
            real = [each for each in batch if not (production and each.fictional)]
            changed = entries.changes_of(session, [each.practitioner_id for each in real])
            for each in real:
                yield _line(address(each.slug), changed.get(each.practitioner_id))


@pages.get("/picture-<mark>.png")
def picture(mark: str) -> Response:
    """What stands beside a link to a page that is nobody's in particular."""
    words = sharing.of_the_site(site().config.site_name, demo=not site().config.production)
    return pictures.answer(words, right=mark == words.mark)


def _shown() -> Shown:
    return site().shown.current(session(), site().index, now=site().clock())


def _line(address: str, changed: date | datetime | None, kind: str = "url") -> str:
    at = f"<lastmod>{changed.isoformat(timespec='seconds') if isinstance(changed, datetime) else changed}</lastmod>"
    return f"<{kind}><loc>{escape(address)}</loc>{at if changed is not None else ''}</{kind}>\n"


def _xml(root: str, lines: Iterable[str], etag: str | None) -> Response:
    def parts() -> Iterator[str]:
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
        yield from lines
        yield f"</{root}>\n"

    response = Response(parts(), content_type="application/xml; charset=utf-8")
    if etag is not None:
        conditional.marked(response, etag)
    # The list itself is nothing that anybody looks for.
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _forbidden() -> list[str]:
    """Where nothing is for a stranger or a search engine to read, in the order of the alphabet."""
    segments: dict[str, set[bool]] = {}
    for rule in current_app.url_map.iter_rules():
        segment = f"/{rule.rule.strip('/').partition('/')[0]}"
        if "GET" in (rule.methods or ()) and "<" not in segment:
            segments.setdefault(segment, set()).add(INVENTORY[rule.endpoint].who is Who.ANYBODY)
    own = {segment for segment, open_to_all in segments.items() if open_to_all == {False}}
    return sorted(own | {*PRIVATE, *OF_PROGRAMS})
