"""The addresses below /api, made of the table of operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from directory.api import limits, opened, reading
from directory.api.problems import HEALTH_IN_ADDRESS, KINDS, Fault, Refused, anchor_of, unusable
from directory.api.v1 import openapi, page
from directory.api.v1.operations import OPERATIONS
from directory.api.v1.table import Operation, Prepared
from directory.errors import NotFound
from directory.http import conditional
from directory.http.site import site

PREFIX: Final = "/v1"
pages = Blueprint("api", __name__, url_prefix="/api")

_OF_PROGRAMS: Final = frozenset(f"api.{operation.name}" for operation in OPERATIONS)
_MOST_FAULTS: Final = 20
_ACCEPTS_ANYTHING: Final = frozenset({"", "*/*", reading.MEDIA_TYPE})
"""How nearly everybody says it, so that little is taken apart."""
_RANGES: Final = (reading.MEDIA_TYPE, "application/*", "*/*", "*")
"""What JSON is called, the most precise first; the last as old Java says it."""
_REFUSES: Final = re.compile(r"q\s*=\s*(0(\.0*)?|\.0+)")


@pages.before_request
def _count() -> None:
    if request.endpoint in _OF_PROGRAMS and request.method != "OPTIONS":
        limits.count()
        _acceptable()


@pages.after_request
def _finish(response: Response) -> Response:
    if request.endpoint in _OF_PROGRAMS:
        limits.told(response)
    if request.endpoint != "api.index":
        opened.to_other_sites(response)
    return response


@pages.get("")
def index() -> str:
    """The interface for whoever builds on it: every operation, what it takes and gives, and the terms."""
    return render_template(
        "api/index.html",
        groups=page.groups(OPERATIONS, base=_base()),
        base=_base(),
        refusals={anchor_of(kind): (kind, said) for kind, said in KINDS.items()},
        per_hour=site().config.api_requests_per_hour,
        contact=site().config.operator_email,
    )


@pages.get(f"{PREFIX}/openapi.json", endpoint="openapi")
def openapi_document() -> Response:
    """The description in OpenAPI 3.1."""
    config = site().config
    content = _document(_base(), config.site_name, f"{config.site_url}{url_for('about.terms')}", config.operator_email)
    etag = conditional.of_content(content)
    if conditional.is_known(etag):
        return conditional.same(etag)
    return conditional.marked(Response(content, mimetype="application/json"), etag)


def _base() -> str:
    return f"{site().config.site_url}{pages.url_prefix}{PREFIX}"


@cache
def _document(base: str, name: str, terms: str, contact: str) -> bytes:
    return page.as_json(openapi.document(OPERATIONS, server=base, title=name, terms=terms, contact=contact))


def _acceptable() -> None:
    """``Refused`` for whoever says that they cannot read JSON."""
    if not _reads_json(request.headers.get("Accept", "")):
        raise Refused(406, f"Answers are {reading.MEDIA_TYPE}; the header Accept refuses that.", kind="not-acceptable")


def _reads_json(accepts: str) -> bool:
    """Whether the header Accept allows JSON, with whatever parameters: many name a ``charset``, which JSON has not."""
    if accepts in _ACCEPTS_ANYTHING:
        return True
    allowed: dict[str, bool] = {}
    for each in accepts.lower().split(","):
        name, *parameters = (part.strip() for part in each.split(";"))
        allowed[name] = allowed.get(name, False) or not any(map(_REFUSES.fullmatch, parameters))
    return next((allowed[name] for name in _RANGES if name in allowed), False)


def _answering(operation: Operation) -> Any:
    def view(**path: Any) -> ResponseReturnValue:
        for parameter in operation.of_path:
            if any(parameter.faults([str(path[parameter.name])])):
                raise NotFound("There is nothing at this address.")
        faults = operation.faults(request.args)
        if faults:
            health = operation.refuses is not None and operation.refuses(request.args)
            raise unusable(faults[:_MOST_FAULTS], kind=HEALTH_IN_ADDRESS if health else None)
        arguments: dict[str, Any] = {**path, "asked": MultiDict(request.args)}
        if operation.body is not None:
            arguments["sent"] = _sent(operation.body)
        return _answer(operation.view(**arguments))

    view.__name__ = operation.name
    view.__doc__ = operation.said
    return view


def _answer(prepared: Prepared) -> Response:
    """The answer, or 304 before it is made where whoever asks has it already."""
    reads = request.method in ("GET", "HEAD")
    if prepared.tag is not None and (
        conditional.is_known(prepared.tag) or conditional.is_dated_as_said(prepared.changed_at)
    ):
        return conditional.same(prepared.tag, prepared.changed_at)
    content = prepared.make().model_dump_json().encode("utf-8")
    if not reads:
        return Response(content, mimetype="application/json")
    etag = prepared.tag or conditional.of_content(content)
    if conditional.is_known(etag):
        return conditional.same(etag, prepared.changed_at)
    return conditional.marked(Response(content, mimetype="application/json"), etag, prepared.changed_at)


def _sent(model: type[BaseModel]) -> BaseModel:
    """The body as this model; ``Refused`` with a pointer to each value that does not fit."""
    try:
        return model.model_validate(reading.body())
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise unusable(
            Fault(detail=each["msg"], pointer=_pointer(each["loc"])) for each in found[:_MOST_FAULTS]
        ) from None


def _pointer(parts: Iterable[str | int]) -> str:
    return "#" + "".join("/" + str(part)[:60].replace("~", "~0").replace("/", "~1") for part in parts)


for _each in OPERATIONS:
    pages.add_url_rule(f"{PREFIX}{_each.rule}", _each.name, _answering(_each), methods=[_each.method])
