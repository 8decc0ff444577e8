"""What FHIR says of its types: which elements they have, in which order, of which type, and which are essential.

Read from the models of ``fhir.resources``. Those are of R4B (4.3.0), whose resources and data types are those of R4
(4.0.1) in everything that is used here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, get_args

from fhir.resources.R4B import get_fhir_model_class

RESOURCE: Final = "Resource"
MODIFIERS: Final = frozenset({"active", "implicitRules", "modifierExtension", "status"})
"""Without these what is left might be misread, so no request for less leaves them out."""
_ALWAYS: Final = frozenset({"resourceType", "id", "meta"})


@dataclass(frozen=True, slots=True)
class Shape:
    """One type."""

    order: tuple[str, ...]
    """Its elements as XML has them one after another."""
    children: Mapping[str, str]
    """The types of those elements that have elements themselves, by name."""
    summary: frozenset[str]
    """The elements that FHIR counts among a summary."""
    required: frozenset[str]
    """The elements that FHIR demands."""


@lru_cache(maxsize=256)
def shape(name: str) -> Shape:
    """The shape of the type of this name; ``KeyError`` where there is none."""
    model = get_fhir_model_class(name)
    order = tuple(str(each) for each in model.elements_sequence())
    children, summary, required = {}, set(), set()
    for key, field in model.model_fields.items():
        element = field.alias or key
        told: Any = field.json_schema_extra or {}
        if element.startswith("_") or element not in order:
            continue
        if (child := next(_models_in(field.annotation), None)) is not None:
            children[element] = child
        if told.get("summary_element_property"):
            summary.add(element)
        if told.get("element_required"):
            required.add(element)
    return Shape(order, children, frozenset(summary), frozenset(required))


def has(kind: str, element: str) -> bool:
    """Whether resources of this type may have such an element at the top."""
    return element in shape(kind).order


def summary_of(kind: str) -> frozenset[str]:
    """What is left of a resource in a summary."""
    found = shape(kind)
    return found.summary | found.required | MODIFIERS | _ALWAYS


def essential_of(kind: str) -> frozenset[str]:
    """What is left of a resource whatever was asked for."""
    return shape(kind).required | MODIFIERS | _ALWAYS


def _models_in(annotation: Any) -> Iterator[str]:
    path = getattr(annotation, "_model_klass", None)
    if isinstance(path, str):
        yield path.rpartition(".")[2]
        return
    for inner in get_args(annotation):
        yield from _models_in(inner)
