"""Refusals of the JSON interface as problem details (RFC 9457), with each field that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from flask import Response
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from directory.api import opened
from directory.errors import InvalidInput
from directory.http.errors import Refusal

MEDIA_TYPE: Final = "application/problem+json"


class Fault(BaseModel):
    """One field that cannot be used. Of ``parameter`` and ``pointer`` the one is given that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    detail: str = Field(description="What is wrong with it, in a sentence.")
    parameter: str | None = Field(default=None, description="The name of a parameter in the address.")
    pointer: str | None = Field(default=None, description="A JSON pointer (RFC 6901) into the body, as a URI fragment.")


class Problem(BaseModel):
    """Why there is no other answer (RFC 9457)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(default="about:blank", description="Always about:blank: the status says what kind it is.")
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The status of the answer.", ge=400, le=599)
    detail: str = Field(description="What is wrong, in a sentence for people.")
    request_id: str = Field(description="To be named when you ask us about this answer.")
    errors: tuple[Fault, ...] = Field(default=(), description="Each field that cannot be used.")


class Refused(HTTPException):
    """Raised where a request gets no answer; every fault is told at once."""

    def __init__(
        self, status: int, detail: str, *, errors: Iterable[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.code = status
        self.errors = tuple(errors)
        self.extra = dict(headers or {})

    def get_headers(self, *args: object, **kwargs: object) -> list[tuple[str, str]]:
        """Those of the status, such as ``Retry-After``."""
        return [*Headers(self.extra)]


def unusable(errors: Iterable[Fault]) -> Refused:
    """422 with these faults; the first of them is the detail."""
    found = tuple(errors)
    return Refused(422, found[0].detail if found else "Something that was sent cannot be used.", errors=found)


def answer(refusal: Refusal) -> Response:
    """The answer to a request below ``/api`` that was refused, for whatever reason."""
    error, detail, faults = refusal.error, refusal.sentence, tuple[Fault, ...]()
    if isinstance(error, Refused):
        detail, faults = error.description or detail, error.errors
    elif isinstance(error, InvalidInput) and error.field is not None:
        faults = (Fault(detail=detail, parameter=error.field),)
    problem = Problem(
        title=HTTPStatus(refusal.status).phrase if refusal.status in _KNOWN else "Refused",
        status=refusal.status,
        detail=detail,
        request_id=refusal.request_id,
        errors=faults,
    )
    response = Response(problem.model_dump_json(exclude_none=True), refusal.status, content_type=MEDIA_TYPE)
    opened.to_other_sites(response)
    return response


_KNOWN: Final = frozenset(status.value for status in HTTPStatus)
