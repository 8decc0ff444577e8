"""What a parameter's name means: the parameter itself, with a modifier, or one of what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from directory.api.fhir.kinds import Kind, Parameter
from directory.api.fhir.outcomes import invalid, unsupported
from directory.api.fhir.sources import Reference


class Unknown(LookupError):
    """Nobody here knows a parameter of this name."""


@dataclass(frozen=True, slots=True)
class Named:
    """What was meant by a name."""

    parameter: Parameter
    modifier: str
    nobody: bool = False
    """Whether it stands behind a reference that nobody here has."""


def meant(name: str, kind: Kind, table: Mapping[str, Kind]) -> Named:
    """What this name means for a search of this type; ``Unknown``, or a refusal where a part of it is known and the
    whole cannot be done: to leave that out would widen the answer in a way that nobody expects."""
    first, dot, behind = name.partition(".")
    head, colon, modifier = first.partition(":")
    parameter = kind.parameters.get(head)
    if parameter is None:
        raise Unknown(name)
    if not dot:
        return Named(parameter, _modifier(parameter, modifier, name) if colon else "")
    return _chained(parameter, modifier if colon else "", behind, name, table)


def _chained(parameter: Parameter, target: str, behind: str, name: str, table: Mapping[str, Kind]) -> Named:
    if parameter.type != "reference":
        raise invalid(f"{parameter.name} refers to nothing, so nothing can follow behind a full stop", name)
    if target and target not in parameter.target:
        raise invalid(f"{parameter.name} refers to {' or '.join(parameter.target)}", name)
    if "." in behind:
        raise unsupported("a chain has one step here, such as location.address-city", name)
    wanted, colon, modifier = behind.partition(":")
    for each in [target] if target else parameter.target:
        found = table[each].parameters.get(wanted) if each in table else None
        if found is not None and wanted in parameter.chains:
            nobody = isinstance(parameter.source, Reference) and parameter.source.columns[each] is None
            return Named(found, _modifier(found, modifier, name) if colon else "", nobody)
    known = ", ".join(f"{parameter.name}.{each}" for each in parameter.chains)
    raise unsupported(f"the chains known here are {known}" if known else "nothing is known behind it", name)


def _modifier(parameter: Parameter, modifier: str, name: str) -> str:
    if modifier in parameter.modifiers or modifier in parameter.target:
        return modifier
    known = ", ".join(f":{each}" for each in parameter.modifiers) or "none"
    raise unsupported(f"{parameter.name} has no modifier :{modifier[:20]}; it has {known}", name)
