"""One page of a search: who fits, read and judged again, with what comes along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy.orm import Session

from directory.api.fhir import bundles, entries, formats, including, paging, searching
from directory.api.fhir.formats import Part, Resource
from directory.api.fhir.held import Held
from directory.api.fhir.including import Name
from directory.api.fhir.made import Made
from directory.api.fhir.paging import Bound
from directory.api.fhir.parameters import Search
from directory.api.fhir.searching import Found
from directory.api.fhir.table import TABLE
from directory.search.shown import Shown

log = structlog.get_logger("stillpoint.fhir")

SPARE: Final = 5
"""How many more than a page are read, in case one may not be shown any more."""


def page(
    session: Session, search: Search, shown: Shown, held: Held, *, base: str, secret: str, now: datetime
) -> dict[str, Any]:
    """The Bundle; its statements are as many for one entry as for two hundred."""
    found = searching.find(session, search, shown, held, now=now)
    control = search.control
    if control.only_counts:
        return bundles.searchset([], search, base=base, total=len(found), page="")
    sealed = {"kind": search.kind.name, "secret": secret}
    bound = paging.read(control.page, search.understood, **sealed) if control.page else None
    first, end = found.span(bound, control.count, falling=control.sort.startswith("-"))
    last = min(first + control.count + SPARE, end)
    owners = {int(each) for each in found.owners[first:last]}
    made = Made(entries.read(session, owners, now=now, rules=shown.rules) if owners else {}, base)
    matches: list[tuple[int, Resource]] = []
    position, dropped = first, 0
    while position < last and len(matches) < control.count:
        resource = made.one(int(found.owners[position]), search.kind.name, int(found.ids[position]))
        if resource is None:
            dropped += 1
            log.error("entry_dropped", kind=search.kind.name, id=int(found.ids[position]))
        else:
            matches.append((position, resource))
        position += 1
    onward = back = ""
    if position < len(found):
        onward = paging.written(Bound(found.key(position - 1)), search.understood, **sealed)
    if 0 < first < len(found):
        back = paging.written(Bound(found.key(first), back=True), search.understood, **sealed)
    return bundles.searchset(
        _entries(matches, found, search, made, base),
        search,
        base=base,
        total=len(found) - dropped,
        page=control.page,
        onward=onward,
        back=back,
    )


def _entries(
    matches: list[tuple[int, Resource]], found: Found, search: Search, made: Made, base: str
) -> list[dict[str, Any]]:
    part = search.control.part
    listed = [
        bundles.match(formats.reduced(resource, part), base, None if found.km is None else float(found.km[position]))
        for position, resource in matches
    ]
    includes = search.control.includes
    if not includes:
        return listed
    along: dict[Name, Resource] = {}
    for position, resource in matches:
        pool: Mapping[Name, Resource] = made.all_of(int(found.owners[position]))
        for each in including.included(resource, pool, includes, TABLE):
            along.setdefault(including.name_of(each), each)
    matched = {including.name_of(resource) for _, resource in matches}
    # Elements are named of what was searched for, and a summary is of everything.
    theirs = Part(summary=part.summary)
    others = (formats.reduced(each, theirs) for name, each in along.items() if name not in matched)
    return [*listed, *bundles.along(others, base)]
