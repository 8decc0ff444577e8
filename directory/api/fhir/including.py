"""What comes along with the resources that fit: what they refer to, and what refers to them. All of it belongs to the
same practitioner, who was read anyway, so nothing more is asked of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from directory.api.fhir.formats import Resource
from directory.api.fhir.kinds import Kind
from directory.api.fhir.preferences import Include

Name: TypeAlias = tuple[str, str]
"""Type and number."""

_STEPS: Final = 5
"""How often ``:iterate`` goes on: no chain of references here is longer."""


def name_of(resource: Resource) -> Name:
    """Type and number of a resource."""
    return resource["resourceType"], resource["id"]


def included(
    match: Resource, pool: Mapping[Name, Resource], includes: Sequence[Include], table: Mapping[str, Kind]
) -> list[Resource]:
    """What comes along with this resource out of those of the same practitioner, each once and without itself."""
    found: dict[Name, Resource] = {}
    last: list[Resource] = [match]
    for step in range(_STEPS):
        asked = [each for each in includes if step == 0 or each.iterate]
        fresh = [
            each
            for include in asked
            for resource in last
            for each in _one(resource, pool, include, table)
            if name_of(each) not in found and name_of(each) != name_of(match)
        ]
        if not fresh:
            break
        found |= {name_of(each): each for each in fresh}
        last = fresh
    return list(found.values())


def _one(
    resource: Resource, pool: Mapping[Name, Resource], include: Include, table: Mapping[str, Kind]
) -> Iterator[Resource]:
    kind = table.get(include.source)
    if kind is None:
        return
    element = kind.includes[include.parameter]
    if not include.reverse:
        if resource["resourceType"] == include.source:
            for name in referred_to(resource, element):
                if name in pool and include.target in ("", name[0]):
                    yield pool[name]
        return
    if include.target in ("", resource["resourceType"]):
        for other in pool.values():
            if other["resourceType"] == include.source and name_of(resource) in referred_to(other, element):
                yield other


def referred_to(resource: Resource, element: str) -> list[Name]:
    """Type and number of each resource that this element refers to, or one inside it, as in ``attestation.who``."""
    value: Any = resource
    for step in element.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    references = value if isinstance(value, list) else [value] if value else []
    found = []
    for each in references:
        kind, slash, number = str(each.get("reference", "")).rpartition("/")
        if slash:
            found.append((kind.rpartition("/")[2], number))
    return found
