"""The table itself, written while it is read, and its description."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from directory.entries import queries as entries
from directory.http import conditional
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.http.unit_of_work import UnitOfWork
from directory.search import listings
from directory.search.shown import BATCH, Shown
from directory.search.visible import open_places
from directory.web.data import described as description
from directory.web.data import writing
from directory.web.data.blueprint import pages
from directory.web.data.columns import Row
from directory.web.presenters import sharing, since


@pages.get("/practitioners.csv")
def practitioners() -> ResponseReturnValue:
    """One line for each place at which somebody is shown now, in the order of the people's numbers.

    Only a tag says that a copy still holds: somebody may have gone a moment ago, of which the instant of a copy tells
    nothing before that is noted.
    """
    etag = conditional.of_shown(site().config.site_url)
    changed = _last_change()
    if conditional.is_known(etag):
        return conditional.same(etag, changed)
    shown = site().shown.current(session(), site().index, now=site().clock())
    lines = _lines(site().database, shown, sharing.full_profile(), site().clock)
    response = Response(lines, content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="practitioners.csv"'
    for endpoint, media_type in (
        ("described", "application/csvm+json"),
        ("packaged", "application/vnd.datapackage+json"),
    ):
        response.headers.add("Link", f'<{url_for(f"data.{endpoint}")}>; rel="describedby"; type="{media_type}"')
    response.headers["X-Robots-Tag"] = "noindex"
    return conditional.marked(response, etag, changed)


@pages.get("/practitioners.csv-metadata.json")
def described() -> ResponseReturnValue:
    """What the columns are, for machines that know CSV on the Web."""
    return _description(description.metadata, "application/csvm+json")


@pages.get("/datapackage.json")
def packaged() -> ResponseReturnValue:
    """The same for those that know Data Packages."""
    return _description(description.package, "application/vnd.datapackage+json")


def _description(made: Callable[..., Mapping[str, object]], media_type: str) -> ResponseReturnValue:
    config = site().config
    said = made(
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
    etag = conditional.of_content(text.encode())
    if conditional.is_known(etag):
        return conditional.same(etag)
    return conditional.marked(Response(text, content_type=f"{media_type}; charset=utf-8"), etag)


def _lines(
    database: UnitOfWork, shown: Shown, address: Callable[[str], str], clock: Callable[[], datetime]
) -> Iterator[str]:
    """The file in pieces, in the words of the source, whoever asks. Whoever stands in it was read and judged a moment
    before, a few hundred at a time, and no transaction lasts longer than that; where the database goes away, the answer
    breaks off and does not end."""
    yield writing.header()
    people = shown.people
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH].tolist()
        with database.apart() as session:
            found = open_places(listings.read(session, practitioner_ids=batch), shown.rules, now=clock())
            stamps = since.of(session, (each.listing.practitioner for each in found))
        found.sort(key=lambda each: (each.listing.practitioner.id, each.listing.place.id))
        yield writing.lines(
            Row(each, shown.rules, address(person.slug), stamps[person.id].listed)
            for each in found
            for person in (each.listing.practitioner,)
        )


def _last_change() -> datetime:
    """When anything was last noted as different; what is told by days changes with each."""
    day = site().clock().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(day, entries.ledger(session()).looked_at.replace(microsecond=0))
