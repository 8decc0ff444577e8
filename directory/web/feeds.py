"""Who was listed lately, for programs that look from time to time: Atom (https://www.rfc-editor.org/rfc/rfc4287)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from directory.entries import queries as entries
from directory.errors import NotFound
from directory.http import conditional, headers
from directory.http.locale import day, gettext, lang
from directory.http.site import session, site
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.search import listings
from directory.search.listings import Listing
from directory.search.visible import Open, open_places
from directory.web.data.described import LICENCE
from directory.web.presenters import papers, sharing, since, structured
from directory.web.presenters.since import Since

pages = Blueprint("feeds", __name__, url_prefix="/feeds")

MEDIA_TYPE: Final = "application/atom+xml"
ENTRIES: Final = 50
_LOOKED_AT: Final = 120
"""So many are read for a feed, in case papers have lapsed for some."""
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold, https://www.w3.org/TR/xml/#charsets."""


@pages.get("/newly-checked.atom")
@pages.get("/newly-checked/<jurisdiction>.atom")
def newly_checked(jurisdiction: str | None = None) -> ResponseReturnValue:
    """The people listed last, of those who may be shown today; 404 for a jurisdiction we know nothing of."""
    rules = site().index.current(session(), now=site().clock()).rules
    if jurisdiction is not None and jurisdiction not in rules:
        raise NotFound(gettext("There is no such feed."))
    etag = conditional.of_shown()
    if conditional.is_known(etag):
        return conditional.same(etag)
    newest = _newest(jurisdiction, rules)
    changed = _changed(newest)
    response = Response(_feed(newest, jurisdiction, rules, changed), mimetype=MEDIA_TYPE)
    response.headers["X-Robots-Tag"] = "noindex"
    return headers.open_to_scripts(conditional.marked(response, etag, changed))


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody at the places that are shown."""

    shown: Sequence[Open]
    since: Since

    @property
    def person(self) -> Practitioner:
        """Who it is."""
        return self.shown[0].listing.practitioner


def _newest(jurisdiction: str | None, rules: Mapping[str, Jurisdiction]) -> list[Listed]:
    ids = {*people.newest(session(), limit=_LOOKED_AT, jurisdiction=jurisdiction)}
    ids.update(each for each, _ in entries.newest_shown(session(), limit=_LOOKED_AT))
    places: dict[int, list[Listing]] = {each: [] for each in ids}
    for listing in listings.read(session(), practitioner_ids=ids):
        places[listing.practitioner.id].append(listing)
    now = site().clock()
    found = (open_places(places[each], rules, now=now) for each in ids)
    here = (
        [each for each in shown if jurisdiction is None or each.listing.place.jurisdiction == jurisdiction]
        for shown in found
    )
    allowed = [shown for shown in here if shown]
    stamps = since.of(session(), (shown[0].listing.practitioner for shown in allowed))
    listed = [Listed(shown, stamps[shown[0].listing.practitioner.id]) for shown in allowed]
    return sorted(listed, key=lambda each: (each.since.listed, each.person.id), reverse=True)[:ENTRIES]


def _feed(
    newest: Sequence[Listed], jurisdiction: str | None, rules: Mapping[str, Jurisdiction], changed: datetime
) -> bytes:
    name = site().config.site_name
    here = sharing.full(url_for("feeds.newly_checked", jurisdiction=jurisdiction))
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": lang()})
    title = gettext("Newly listed on %(site)s", site=name)
    if jurisdiction is not None:
        title = gettext("Newly listed on %(site)s: %(place)s", site=name, place=name_of(jurisdiction))
    _text(feed, "id", here)
    _text(feed, "title", title)
    _text(
        feed,
        "subtitle",
        gettext(
            "People whose papers were checked and who were listed lately. We check papers, not skill or results; "
            "being listed is no recommendation."
        ),
    )
    SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": here})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": sharing.full(url_for("home.ask"))})
    SubElement(feed, "link", {"rel": "license", "type": "text/html", "href": LICENCE})
    _text(feed, "updated", _instant(changed))
    author = SubElement(feed, "author")
    _text(author, "name", site().config.operator_name)
    _text(author, "uri", site().config.site_url)
    _text(
        feed,
        "rights",
        gettext("CC BY 4.0: name %(site)s as the source, and say on which day you read it.", site=name),
    )
    for each in newest:
        _entry(feed, each, rules)
    indent(feed)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: Element, listed: Listed, rules: Mapping[str, Jurisdiction]) -> None:
    person = listed.person
    address = sharing.full(url_for("practitioners.profile", slug=person.slug))
    entry = SubElement(feed, "entry")
    _text(entry, "id", address)
    _text(entry, "title", person.display_name)
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    _text(entry, "published", _instant(listed.since.listed))
    _text(entry, "updated", _instant(listed.since.changed))
    if person.fictional:
        SubElement(entry, "category", {"term": "fictional", "label": str(gettext(structured.FICTIONAL))})
    _text(entry, "summary", " ".join(_said(listed, rules)))


def _said(listed: Listed, rules: Mapping[str, Jurisdiction]) -> list[str]:
    first = listed.shown[0]
    where = ", ".join(
        part for part in (first.listing.place.locality, name_of(first.listing.place.jurisdiction)) if part
    )
    said = [
        gettext(
            "%(title)s, %(where)s. Listed since %(day)s.",
            title=structured.job_title(first, rules),
            where=where,
            day=day(listed.since.listed.date()),
        )
    ]
    for paper in first.permit.basis:
        status = papers.status(paper, late=first.permit.late_period(paper))
        words = f"{papers.what(paper)} {status}".strip()
        said.append(f"{words[:1].upper()}{words[1:]}, {papers.checked(paper)}.")
    said.append(gettext("We check papers, not skill or results."))
    if first.listing.practitioner.fictional:
        said.append(f"{gettext(structured.FICTIONAL)}.")
    return [str(each) for each in said]


def _changed(newest: Sequence[Listed]) -> datetime:
    """When the newest change in it was noted; of a feed that holds nobody, the day it is today."""
    if newest:
        return max(each.since.changed for each in newest)
    return site().clock().replace(hour=0, minute=0, second=0, microsecond=0)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _text(parent: Element, name: str, text: object) -> None:
    SubElement(parent, name).text = _NOT_XML.sub("", str(text))
