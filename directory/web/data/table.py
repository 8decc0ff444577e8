"""The table itself, written while it is read, and its description."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from flask import Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from directory.entries import queries as entries
from directory.search import listings
from directory.search.shown import BATCH, Shown
from directory.search.visible import Open, open_places
from directory.web import sharing, since, unchanged
from directory.web.data import described as description
from directory.web.data import writing
from directory.web.data.blueprint import pages
from directory.web.data.columns import Row
from directory.web.locale import gettext, lang
from directory.web.site import session, site

_FORMAT: Final = "1"


@pages.get("/practitioners.csv")
def practitioners() -> ResponseReturnValue:
    """One line for each place at which somebody is shown now, in the order of the people's numbers."""
    etag = unchanged.tag("csv", site().config.site_url, lang(), _FORMAT)
    changed = _last_change()
    if _unchanged_since(changed) or unchanged.known(etag) is not None:
        return unchanged.same(etag)
    found = site().shown.current(session(), site().index, now=site().clock())
    response = Response(stream_with_context(_lines(found)), content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="practitioners.csv"'
    response.headers["Link"] = f'<{url_for("data.described")}>; rel="describedby"; type="application/csvm+json"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.last_modified = changed
    response.set_etag(etag)
    return response


@pages.get("/practitioners.csv-metadata.json")
def described() -> Response:
    """What the columns are, for machines."""
    config = site().config
    said = description.metadata(
        address=sharing.full(url_for("data.practitioners")),
        site=config.site_url,
        home=sharing.full(url_for("data.index")),
        operator=config.operator_name,
        title=gettext("Practitioners listed on %(site)s", site=config.site_name),
        said=gettext(
            "One row for each place at which somebody is listed now. Papers were checked, not skill or results; being "
            "listed is no recommendation."
        ),
    )
    text = json.dumps(said, ensure_ascii=False, indent=2)
    return Response(text, content_type="application/csvm+json; charset=utf-8")


def _lines(shown: Shown) -> Iterator[str]:
    """The file in pieces. Whoever stands in it was read and judged a moment before, a few hundred at a time, and no
    transaction lasts longer than that; where the database goes away, the answer breaks off and does not end."""
    yield writing.header()
    people = shown.people
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH].tolist()
        found = open_places(listings.read(session(), practitioner_ids=batch), shown.rules, now=site().clock())
        found.sort(key=lambda each: (each.listing.practitioner.id, each.listing.place.id))
        yield writing.lines(_rows(found, shown))
        session().rollback()


def _rows(found: Sequence[Open], shown: Shown) -> Iterator[Row]:
    stamps = since.of(each.listing.practitioner for each in found)
    for each in found:
        person = each.listing.practitioner
        address = sharing.full(url_for("practitioners.profile", slug=person.slug))
        yield Row(each, shown.rules, address, stamps[person.id].listed)


def _last_change() -> datetime:
    """When anything was last noted as different; what is told by days changes with each."""
    day = site().clock().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(day, entries.ledger(session()).looked_at.replace(microsecond=0))


def _unchanged_since(at: datetime) -> bool:
    """Whether whoever asks for what is newer than a day of theirs, and knows no tag, has it all."""
    asked = request.if_modified_since
    return not request.if_none_match and asked is not None and asked >= at
