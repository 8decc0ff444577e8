"""The page about the interface: each operation with its parameters, the fields of its answer, and what to type."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from directory.api.v1 import openapi
from directory.api.v1.table import Operation, Parameter

_DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its path from the top, its kind, and what it means."""

    name: str
    kind: str
    said: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    said: str
    takes: tuple[Field, ...]
    gives: tuple[Field, ...]
    curl: str
    answer: str
    """The example answer, indented; empty where none is kept."""
    here: str
    """The address at which a browser can try it; empty where it must be sent, or where a name must be known first."""
    asks: tuple[Parameter, ...]
    """What must be typed to try it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some operations that belong together."""

    name: str
    said: str
    operations: tuple[Told, ...]


def groups(operations: Iterable[Operation], *, base: str) -> tuple[Group, ...]:
    """Every operation, in the groups of the description."""
    found = tuple(operations)
    document = openapi.document(found, server=base, title="", terms="", contact="")
    schemas = document["components"]["schemas"]
    return tuple(
        Group(
            name,
            said,
            tuple(_told(each, schemas, base) for each in found if each.group == name),
        )
        for name, said in openapi.GROUPS.items()
    )


def as_json(value: Any) -> bytes:
    """The value as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _told(operation: Operation, schemas: Mapping[str, Any], base: str) -> Told:
    takes = [_field(each, needed=True) for each in operation.of_path]
    takes += [_field(each, needed=each.needed) for each in operation.parameters]
    if operation.body is not None:
        takes += _fields(schemas[operation.body.__name__], schemas)
    example = openapi.example_of(operation)
    return Told(
        name=operation.name,
        method=operation.method,
        path=operation.path,
        summary=operation.summary,
        said=operation.said,
        takes=tuple(takes),
        gives=tuple(replace(each, needed=False) for each in _fields(schemas[operation.answer.__name__], schemas)),
        curl=_curl(operation, base),
        answer="" if example is None else json.dumps(example, ensure_ascii=False, indent=2),
        here=f"{urlsplit(base).path}{operation.path}" if operation.method == "GET" and not operation.of_path else "",
        asks=tuple(each for each in operation.parameters if each.needed),
    )


def _field(parameter: Parameter, *, needed: bool) -> Field:
    kind = _kind(parameter.schema, {})
    return Field(parameter.name, kind, parameter.said, needed)


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[Field]:
    for name, value in schema.get("properties", {}).items():
        path = f"{before}{name}"
        inner = _inner(value, schemas)
        said = value.get("description") or (inner.get("description", "") if inner else "")
        yield Field(path, _kind(value, schemas), said, before == "" and name in schema.get("required", ()))
        if inner is not None and depth < _DEEPEST:
            yield from _fields(inner, schemas, f"{path}{'[]' if value.get('type') == 'array' else ''}.", depth + 1)


def _inner(value: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The object that a field holds, alone or in a list."""
    if value.get("type") == "array":
        return _inner(value.get("items", {}), schemas)
    for each in (value, *value.get("anyOf", ())):
        if "$ref" in each:
            found: Mapping[str, Any] = schemas.get(each["$ref"].rpartition("/")[2], {})
            return found
    return None


def _kind(value: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "enum" in value:
        return " | ".join(str(each) for each in value["enum"])
    if "anyOf" in value:
        return " | ".join(dict.fromkeys(_kind(each, schemas) for each in value["anyOf"]))
    if value.get("type") == "array":
        return f"{_kind(value.get('items', {}), schemas)} []"
    if "$ref" in value:
        return "object"
    return str(value.get("format") or value.get("type") or "any")


def _curl(operation: Operation, base: str) -> str:
    address = shlex.quote(f"{base}{operation.example_path}")
    if operation.example_body is None:
        return f"curl {address}"
    body = shlex.quote(json.dumps(operation.example_body, ensure_ascii=False))
    return f"curl {address} \\\n  -H 'Content-Type: application/json' \\\n  -d {body}"
