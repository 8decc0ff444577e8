"""What a parameter's name means: the parameter itself, with a modifier, one of what it refers to (a chain), or one of
what refers to it (``_has``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from directory.api.fhir.conditions import Of
from directory.api.fhir.kinds import HAS, Kind, Parameter
from directory.api.fhir.outcomes import Refused, invalid, unsupported
from directory.api.fhir.sources import Nobody, Reference


class Unknown(LookupError):
    """Nobody here knows a parameter of this name."""


@dataclass(frozen=True, slots=True)
class Named:
    """What was meant by a name."""

    parameter: Parameter
    modifier: str
    nobody: bool = False
    """Whether it stands behind a reference that nobody here has."""
    through: Of | None = None
    """What refers to what is searched for, where the parameter is one of that."""


_ELSEWHERE: Final = Parameter(HAS, "special", "", (), Nobody())
"""Any parameter of a type of which there is nothing here."""


def meant(name: str, kind: Kind, table: Mapping[str, Kind]) -> Named:
    """What this name means for a search of this type; ``Unknown``, or a refusal where a part of it is known and the
    whole cannot be done: to leave that out would widen the answer in a way that nobody expects."""
    if name.startswith(f"{HAS}:"):
        return _reversed(name, kind, table)
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
        if each not in table and wanted in parameter.chains:
            return Named(_ELSEWHERE, "", nobody=True)
    known = ", ".join(f"{parameter.name}.{each}" for each in parameter.chains)
    raise unsupported(f"the chains known here are {known}" if known else "nothing is known behind it", name)


def _modifier(parameter: Parameter, modifier: str, name: str) -> str:
    if modifier in parameter.modifiers or modifier in parameter.target:
        return modifier
    known = ", ".join(f":{each}" for each in parameter.modifiers) or "none"
    raise unsupported(f"{parameter.name} has no modifier :{modifier[:20]}; it has {known}", name)


def _reversed(name: str, kind: Kind, table: Mapping[str, Kind]) -> Named:
    """``_has:Type:reference:parameter``: a parameter of what refers to what is searched for."""
    _, source, reference, behind = [*name.split(":", 3), "", "", ""][:4]
    if f"{source}:{reference}" not in kind.revincludes:
        known = ", ".join(f"{HAS}:{each}:…" for each in kind.revincludes)
        raise unsupported(
            f"what refers to a {kind.name} is asked by {known}" if known else "nothing refers to it", name
        )
    if not behind:
        raise invalid(f"behind it stands a parameter of {source}, as in {HAS}:{source}:{reference}:_id", name)
    if behind.startswith(HAS):
        raise unsupported(f"{HAS} goes one step back here", name)
    if source not in table:
        return Named(_ELSEWHERE, "", nobody=True)
    try:
        found = meant(behind, table[source], table)
    except Unknown as error:
        raise unsupported(f"{source} has no parameter {behind[:40]}", name) from error
    except Refused as refused:
        raise Refused(*(replace(each, about=name) for each in refused.issues)) from refused
    nobody = found.nobody or table[source].parameters[reference].nobody_refers
    return replace(found, nobody=nobody, through=table[source].of)
