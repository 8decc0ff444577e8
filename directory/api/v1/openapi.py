"""The description of the interface in OpenAPI 3.1, made of the table that routes it and of the models it answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from directory.api.problems import MEDIA_TYPE as PROBLEM
from directory.api.problems import Problem
from directory.api.v1.table import Operation, Parameter
from directory.paths import PACKAGE

VERSION: Final = "1.0.0"
GROUPS: Final[Mapping[str, str]] = {
    "search": "Who fits, where, and why.",
    "people": "One person, and one place of practice.",
    "places": "Places, and whose rules hold there.",
    "accuracy": "How true all this is.",
}
EXAMPLES: Final = PACKAGE / "api" / "v1" / "examples"

_ALWAYS: Final[Mapping[int, str]] = {
    400: "The request cannot be understood.",
    401: "The key is not one of ours, or it was revoked.",
    406: "The header Accept refuses JSON.",
    422: "Something that was asked cannot be used; each field is named.",
    429: "Too much was asked in this time. Retry-After says when to go on.",
    503: "We cannot answer just now. Retry-After says when to go on.",
}
_REF: Final = "#/components/schemas/{model}"
_JSON: Final = "application/json"


def document(operations: Iterable[Operation], *, server: str, title: str, terms: str, contact: str) -> dict[str, Any]:
    """The whole document, ready for ``json.dumps``. ``server`` is the address that paths begin with."""
    found = tuple(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in found:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": title,
            "version": VERSION,
            "description": "Who is listed, where, and why: what was checked apart from what is somebody’s own word. "
            "We check papers, not skill or results.",
            "termsOfService": terms,
            "contact": {"email": contact},
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": server}],
        "security": [{}, {"key": []}],
        "tags": [{"name": name, "description": said} for name, said in GROUPS.items()],
        "paths": paths,
        "components": {
            "schemas": _schemas(found),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Only for those who ask a lot; the desk gives one on request.",
                }
            },
            "headers": {name: {"description": said, "schema": {"type": "string"}} for name, said in _HEADERS.items()},
        },
    }


_HEADERS: Final[Mapping[str, str]] = {
    "ETag": "Send it back as If-None-Match: while nothing has changed, the answer is 304 and a few bytes.",
    "Last-Modified": "Send it back as If-Modified-Since, just as it is, where you keep no ETag.",
    "RateLimit": "How many requests are left (r), and in how many seconds they are counted anew (t).",
    "RateLimit-Policy": "How many requests (q) in how many seconds (w).",
    "Retry-After": "In how many seconds to go on.",
    "WWW-Authenticate": "How a key is sent.",
}


_COUNTED: Final = ("RateLimit", "RateLimit-Policy")
_HEADERS_OF: Final[Mapping[int, Iterable[str]]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", *_COUNTED),
    503: ("Retry-After",),
}


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.summary,
        "description": operation.said,
        "responses": _responses(operation),
    }
    parameters = [_parameter(each, "path") for each in operation.of_path]
    parameters += [_parameter(each, "query") for each in operation.parameters]
    if parameters:
        told["parameters"] = parameters
    if operation.body is not None:
        content: dict[str, Any] = {"schema": {"$ref": _REF.format(model=operation.body.__name__)}}
        if operation.example_body is not None:
            content["example"] = dict(operation.example_body)
        told["requestBody"] = {"required": True, "content": {_JSON: content}}
    return told


def _parameter(parameter: Parameter, where: Literal["path", "query"]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": where,
        "required": parameter.needed or where == "path",
        "description": parameter.said,
        "schema": parameter.schema,
    }
    if parameter.several:
        told |= {"style": "form", "explode": True}
    if parameter.example is not None:
        told["example"] = parameter.example
    return told


def _responses(operation: Operation) -> dict[str, Any]:
    reads = operation.method == "GET"
    names = (*_COUNTED, "ETag") if reads else _COUNTED
    answer: dict[str, Any] = {"schema": {"$ref": _REF.format(model=operation.answer.__name__)}}
    example = example_of(operation)
    if example is not None:
        answer["example"] = example
    told: dict[str, Any] = {
        "200": {
            "description": "The answer.",
            "headers": _headers((*names, "Last-Modified") if operation.dated else names),
            "content": {_JSON: answer},
        }
    }
    if reads:
        told["304"] = {"description": "Whoever asks has this answer already.", "headers": _headers(names)}
    refusals = {**_ALWAYS, **operation.refusals}
    if operation.of_path:
        refusals[404] = "There is nothing at this address, and there never was."
    for status, said in sorted(refusals.items()):
        told[str(status)] = _refusal(status, said)
    told["default"] = _refusal(500, "Anything else that went wrong.")
    return told


def _refusal(status: int, said: str) -> dict[str, Any]:
    if status < HTTPStatus.BAD_REQUEST:
        return {"description": said}
    told: dict[str, Any] = {
        "description": said,
        "content": {PROBLEM: {"schema": {"$ref": _REF.format(model=Problem.__name__)}}},
    }
    if status in _HEADERS_OF:
        told["headers"] = _headers(_HEADERS_OF[status])
    return told


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    models: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [(Problem, "serialization")]
    for operation in operations:
        models.append((operation.answer, "serialization"))
        if operation.body is not None:
            models.append((operation.body, "validation"))
    _, told = models_json_schema(list(dict.fromkeys(models)), ref_template=_REF)
    schemas: dict[str, Any] = told["$defs"]
    return schemas


def example_of(operation: Operation) -> Any | None:
    """The example answer that is kept for this operation."""
    file = EXAMPLES / f"{operation.name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
