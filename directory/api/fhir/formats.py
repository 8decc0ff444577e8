"""How resources are written and in which form they are wanted: JSON or XML, spread out or not, whole or in part.

Resources are the plain values of FHIR's JSON; nothing here knows where they come from. What was asked for and cannot be
given is refused with ``Unacceptable``, whose sentence says why.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from directory.api.fhir import terminology as codes
from directory.api.fhir.shapes import RESOURCE, essential_of, shape, summary_of

Resource: TypeAlias = dict[str, Any]

FHIR_XML: Final = "http://hl7.org/fhir"
_ROUND: Final = "4.0"
"""The release as the parameter ``fhirVersion`` of a media type says it."""


class Form(StrEnum):
    """The two forms, by their media types."""

    JSON = "application/fhir+json"
    XML = "application/fhir+xml"

    @property
    def content_type(self) -> str:
        """As an answer states it."""
        return f"{self.value}; charset=utf-8"


class Summary(StrEnum):
    """How much of a resource is wanted, as ``_summary`` says it."""

    TRUE = "true"
    TEXT = "text"
    DATA = "data"
    COUNT = "count"
    FALSE = "false"


class Unacceptable(Exception):
    """What was asked for cannot be given; ``status`` is that of the answer, ``about`` the parameter or header."""

    def __init__(self, sentence: str, *, status: int, about: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.about = about


# --- which form ---------------------------------------------------------------------------------------------------

_NAMES: Final[Mapping[str, Form]] = {
    "json": Form.JSON,
    "text/json": Form.JSON,
    "application/json": Form.JSON,
    "application/fhir+json": Form.JSON,
    "application/json+fhir": Form.JSON,
    "xml": Form.XML,
    "text/xml": Form.XML,
    "application/xml": Form.XML,
    "application/fhir+xml": Form.XML,
    "application/xml+fhir": Form.XML,
}
_ANY: Final[Mapping[str, tuple[Form, ...]]] = {
    "*/*": (Form.JSON, Form.XML),
    "application/*": (Form.JSON, Form.XML),
    "text/*": (Form.JSON, Form.XML),
    # A person's browser; it shows JSON better than an XML without a style.
    "text/html": (Form.JSON,),
    "application/xhtml+xml": (Form.JSON,),
}
OFFERED: Final = "This server answers in application/fhir+json and application/fhir+xml, FHIR version 4.0."


def form(format_parameter: str | None, accept: str | None) -> Form:
    """The form that is wanted: what ``_format`` says, else what ``Accept`` says, else JSON. ``Unacceptable`` (406)."""
    if format_parameter:
        # In an address a plus sign that was not escaped means a space.
        name, _, options = format_parameter.replace(" ", "+").partition(";")
        found = _NAMES.get(name.strip().lower())
        if found is None or not _speaks(options.replace("+", " ")):
            raise Unacceptable(OFFERED, status=406, about="_format")
        return found
    if not accept or not accept.strip():
        return Form.JSON
    wanted = list(_wanted(accept))
    refused = {each for quality, exact, forms in wanted if quality == 0 and exact for each in forms}
    best: tuple[float, bool, Form] | None = None
    for quality, exact, forms in wanted:
        for each in forms:
            if quality == 0 or (each in refused and not exact):
                continue
            # Of two that are wanted alike, JSON; and what is named by itself before what falls under a star.
            if best is None or (quality, exact) > best[:2]:
                best = (quality, exact, each)
            break
    if best is None:
        raise Unacceptable(OFFERED, status=406, about="Accept")
    return best[2]


def _wanted(accept: str) -> Iterator[tuple[float, bool, tuple[Form, ...]]]:
    """Each range of the header that means a form of ours: its weight, whether it names one, and which ones it means."""
    for part in accept.split(","):
        name, _, options = part.strip().partition(";")
        quality = _quality(options)
        name = name.strip().lower()
        if quality is None or not _speaks(options):
            continue
        if name in _NAMES:
            yield quality, True, (_NAMES[name],)
        elif name in _ANY:
            yield quality, False, _ANY[name]


def _quality(options: str) -> float | None:
    """The weight; ``None`` where it is none, which makes its range worth nothing."""
    told = _option(options, "q")
    if told is None:
        return 1.0
    try:
        value = float(told)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _speaks(options: str) -> bool:
    told = _option(options, "fhirversion")
    return told is None or told.strip('"') == _ROUND or told.strip('"').startswith(f"{_ROUND}.")


def _option(options: str, name: str) -> str | None:
    for each in options.split(";"):
        key, equals, value = each.partition("=")
        if equals and key.strip().lower() == name:
            return value.strip()
    return None


def flag(value: str | None, name: str) -> bool:
    """A parameter that is true or false; ``Unacceptable`` (400) for anything else."""
    if value is None or value == "":
        return False
    if value.lower() not in ("true", "false"):
        raise Unacceptable("This can be true or false.", status=400, about=name)
    return value.lower() == "true"


# --- how much -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """How much of each resource is wanted."""

    summary: Summary = Summary.FALSE
    elements: frozenset[str] = frozenset()
    """Names of top-level elements; empty for all."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.summary in (Summary.FALSE, Summary.COUNT) and not self.elements


def part(summary: str | None, elements: Iterable[str], kinds: Collection[str]) -> Part:
    """What ``_summary`` and ``_elements`` say about resources of these types. ``Unacceptable`` (400) where both are
    given, or one means nothing."""
    names = [name.strip() for each in elements for name in each.split(",") if name.strip()]
    if summary and names:
        raise Unacceptable("_summary and _elements cannot be asked for together.", status=400, about="_elements")
    if summary:
        try:
            return Part(summary=Summary(summary.lower()))
        except ValueError:
            told = ", ".join(Summary)
            raise Unacceptable(f"_summary can be one of {told}.", status=400, about="_summary") from None
    plain = set()
    for name in names:
        kind, dot, element = name.rpartition(".")
        known = [each for each in kinds if not dot or each == kind]
        if not any(element in shape(each).order for each in known):
            raise Unacceptable(f"There is no element “{name}” here.", status=400, about="_elements")
        plain.add(element)
    return Part(elements=frozenset(plain))


def reduced(resource: Resource, wanted: Part) -> Resource:
    """The resource without what was not asked for, labelled as not whole. What FHIR demands is never left out."""
    if wanted.whole:
        return resource
    kind = resource["resourceType"]
    if wanted.elements:
        kept = {name: value for name, value in resource.items() if name in wanted.elements | essential_of(kind)}
    elif wanted.summary is Summary.TEXT:
        kept = {name: value for name, value in resource.items() if name in essential_of(kind) | {"text"}}
    elif wanted.summary is Summary.DATA:
        kept = {name: value for name, value in resource.items() if name != "text"}
    else:
        kept = {name: value for name, value in resource.items() if name in summary_of(kind)}
    meta = dict(kept.get("meta", {}))
    meta["tag"] = [*meta.get("tag", []), _SUBSETTED]
    return kept | {"meta": meta}


_SUBSETTED: Final = {"system": codes.OBSERVATION_VALUE, "code": codes.SUBSETTED, "display": "subsetted"}


# --- writing ------------------------------------------------------------------------------------------------------


def written(resource: Mapping[str, Any], wanted: Form, *, pretty: bool = False) -> bytes:
    """The resource in this form, in UTF-8."""
    return as_xml(resource, pretty=pretty) if wanted is Form.XML else as_json(resource, pretty=pretty)


def as_json(resource: Mapping[str, Any], *, pretty: bool = False) -> bytes:
    """JSON; in one line unless ``pretty``."""
    return (_SPREAD if pretty else _COMPACT).encode(resource).encode()


# Making an encoder for each resource takes longer than a small resource does.
_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_SPREAD: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=2)


def as_xml(resource: Mapping[str, Any], *, pretty: bool = False) -> bytes:
    """XML, its elements in the order in which FHIR defines them."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>']
    _resource(out, resource, "\n" if pretty else "", top=True)
    return "".join(out).encode()


def _resource(out: list[str], resource: Mapping[str, Any], gap: str, *, top: bool = False) -> None:
    kind = resource["resourceType"]
    out.append(f'{gap}<{kind} xmlns="{FHIR_XML}">' if top else f"{gap}<{kind}>")
    inner = f"{gap}  " if gap else ""
    for name, value, child in _elements(resource, kind):
        _element(out, name, value, resource.get(f"_{name}"), child, inner)
    out.append(f"{gap}</{kind}>")


def _elements(holder: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any, str | None]]:
    found = shape(kind)
    for name in found.order:
        if name in holder or f"_{name}" in holder:
            yield name, holder.get(name), found.children.get(name)


def _element(out: list[str], name: str, value: Any, more: Any, child: str | None, gap: str) -> None:
    """One element, or as many as the list has; ``more`` is what JSON keeps beside a primitive value."""
    if isinstance(value, list) or isinstance(more, list):
        values, mores = value or [], more or []
        for at in range(max(len(values), len(mores))):
            _single(
                out,
                name,
                values[at] if at < len(values) else None,
                mores[at] if at < len(mores) else None,
                child,
                gap,
            )
        return
    _single(out, name, value, more, child, gap)


def _single(out: list[str], name: str, value: Any, more: Any, child: str | None, gap: str) -> None:
    if name == "div" and isinstance(value, str):
        out.append(f"{gap}{value}")
    elif isinstance(value, dict) and "resourceType" in value:
        out.append(f"{gap}<{name}>")
        _resource(out, value, f"{gap}  " if gap else "")
        out.append(f"{gap}</{name}>")
    elif isinstance(value, dict):
        _complex(out, name, value, child or RESOURCE, gap)
    else:
        _primitive(out, name, value, more, gap)


def _complex(out: list[str], name: str, value: Mapping[str, Any], kind: str, gap: str) -> None:
    attributes = "".join(f' {each}="{_escaped(value[each])}"' for each in _attributes(kind) if each in value)
    parts = [each for each in _elements(value, kind) if each[0] not in _attributes(kind)]
    if not parts:
        out.append(f"{gap}<{name}{attributes}/>")
        return
    out.append(f"{gap}<{name}{attributes}>")
    for each, inner, child in parts:
        _element(out, each, inner, value.get(f"_{each}"), child, f"{gap}  " if gap else "")
    out.append(f"{gap}</{name}>")


def _attributes(kind: str) -> tuple[str, ...]:
    return ("id", "url") if kind == "Extension" else ("id",)


def _primitive(out: list[str], name: str, value: Any, more: Mapping[str, Any] | None, gap: str) -> None:
    said = "" if value is None else f' value="{_escaped(value)}"'
    more = more or {}
    said += f' id="{_escaped(more["id"])}"' if "id" in more else ""
    if not more.get("extension"):
        out.append(f"{gap}<{name}{said}/>")
        return
    out.append(f"{gap}<{name}{said}>")
    for each in more["extension"]:
        _complex(out, "extension", each, "Extension", f"{gap}  " if gap else "")
    out.append(f"{gap}</{name}>")


def _escaped(value: Any) -> str:
    """A value as it stands in an attribute: line breaks as references, or reading would make spaces of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return json.dumps(value)
    return str(value).translate(_ENTITIES)


_ENTITIES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)
