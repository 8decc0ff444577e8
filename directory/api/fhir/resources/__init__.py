"""From an entry to FHIR R4 resources.

Each is made as the plain value of its JSON, because a page of them is sent a thousand times for each time that it is
checked: the tests pass every one through the models of ``fhir.resources`` and through a checker of the profiles they
claim. ``of`` and ``one`` give the same as those models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fhir.resources.R4B import get_fhir_model_class

from directory.api.fhir.elements import Element
from directory.api.fhir.entries import Entry
from directory.api.fhir.resources import people, places, verification
from directory.search.visible import Open

_AT_A_PLACE: Final[dict[str, Callable[[Entry, Open, str], Element]]] = {
    "PractitionerRole": people.role,
    "Location": places.location,
    "Organization": places.organization,
    "HealthcareService": places.service,
}
PERSON, PAPER = "Practitioner", "VerificationResult"
AT_A_PLACE: Final = frozenset(_AT_A_PLACE)
KINDS: Final = (PERSON, *_AT_A_PLACE, PAPER)
"""Types of resources, those first that others refer to most."""


def plain(entry: Entry, kind: str, base: str) -> list[Element]:
    """The resources of one type that an entry has, as FHIR's JSON says them."""
    if kind == PERSON:
        return [people.practitioner(entry, base)]
    if kind == PAPER:
        return [verification.result(entry, at, base) for at in range(len(entry.papers))]
    build = _AT_A_PLACE[kind]
    return [build(entry, shown, base) for shown in entry.places]


def plain_one(entry: Entry, kind: str, number: int, base: str) -> Element | None:
    """The one with this number, or ``None`` where the entry has no such."""
    if kind == PERSON:
        return people.practitioner(entry, base) if entry.practitioner.id == number else None
    if kind == PAPER:
        at = next((at for at, filed in enumerate(entry.papers) if filed.id == number), None)
        return None if at is None else verification.result(entry, at, base)
    shown = next((each for each in entry.places if each.listing.place.id == number), None)
    return None if shown is None else _AT_A_PLACE[kind](entry, shown, base)


def of(entry: Entry, base: str) -> dict[str, list[Any]]:
    """Everything an entry has, by type, as models of ``fhir.resources`` that have looked at it."""
    return {
        kind: [get_fhir_model_class(kind).model_validate(each) for each in plain(entry, kind, base)] for kind in KINDS
    }


def one(entry: Entry, kind: str, id: str, base: str) -> Any | None:  # noqa: A002 -- FHIR's own word for it
    """The resource of this type and id as such a model."""
    found = plain_one(entry, kind, int(id), base) if id.isdecimal() and len(id) < 20 else None
    return None if found is None else get_fhir_model_class(kind).model_validate(found)
