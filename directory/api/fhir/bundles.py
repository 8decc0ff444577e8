"""A page of a search as a Bundle: who fits, what comes along, what was left out, and the way to the next page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from directory.api.fhir.formats import Resource
from directory.api.fhir.including import name_of
from directory.api.fhir.near import UCUM
from directory.api.fhir.outcomes import Issue, outcome
from directory.api.fhir.parameters import Search
from directory.api.fhir.preferences import PAGE

DISTANCE: Final = "http://hl7.org/fhir/StructureDefinition/location-distance"


def link(base: str, search: Search, *, page: str = "") -> str:
    """The address of a page of this search, with what was understood of it and nothing else."""
    pairs = [*search.understood, *([(PAGE, page)] if page else [])]
    return f"{base}/{search.kind.name}?{urlencode(pairs, safe=':,/$')}"


def match(resource: Resource, base: str, km: float | None) -> dict[str, Any]:
    """An entry that fits; with how far it is, where the search was for what is near."""
    entry = _entry(resource, base, "match")
    if km is not None:
        distance = {"value": round(km, 3), "unit": "km", "system": UCUM, "code": "km"}
        entry["search"] = {"extension": [{"url": DISTANCE, "valueDistance": distance}], "mode": "match"}
    return entry


def along(resources: Iterable[Resource], base: str) -> list[dict[str, Any]]:
    """Entries that come along."""
    return [_entry(each, base, "include") for each in resources]


def searchset(
    entries: Sequence[dict[str, Any]],
    search: Search,
    *,
    base: str,
    total: int,
    page: str,
    onward: str = "",
    back: str = "",
) -> dict[str, Any]:
    """The whole; ``page`` is the link this page came by, ``onward`` that to the next and ``back`` that to the one
    before it, empty where there is none."""
    links = [{"relation": "self", "url": link(base, search, page=page)}]
    if not search.control.only_counts:
        links.append({"relation": "first", "url": link(base, search)})
    if back:
        links.append({"relation": "previous", "url": link(base, search, page=back)})
    if onward:
        links.append({"relation": "next", "url": link(base, search, page=onward)})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if search.control.total != "none" or search.control.only_counts:
        bundle["total"] = total
    bundle["link"] = links
    told = [*entries, *_told(search.left_out if total else (*search.left_out, *_nobody(search)))]
    if told:
        bundle["entry"] = told
    return bundle


def _entry(resource: Resource, base: str, mode: str) -> dict[str, Any]:
    kind, number = name_of(resource)
    return {"fullUrl": f"{base}/{kind}/{number}", "resource": resource, "search": {"mode": mode}}


def _nobody(search: Search) -> Sequence[Issue]:
    """Why nobody was found, as far as that can be said."""
    if search.in_vain or not search.conditions:
        return search.in_vain
    says = "nobody who may be shown now meets all that was asked; parameters narrow each other"
    return [Issue("informational", says, "", "information")]


def _told(issues: Sequence[Issue]) -> list[dict[str, Any]]:
    return [{"resource": outcome(issues), "search": {"mode": "outcome"}}] if issues else []
