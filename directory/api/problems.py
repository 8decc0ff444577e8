"""Refusals of the JSON interface as problem details (RFC 9457), with each field that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from flask import Response, url_for
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from directory.api import opened
from directory.errors import InvalidInput
from directory.http.errors import Refusal
from directory.http.site import site
from directory.mail.letters import N_

MEDIA_TYPE: Final = "application/problem+json"
HEALTH_IN_ADDRESS: Final = "health-in-address"
GONE: Final = "gone"
KINDS: Final[Mapping[str, str]] = {
    HEALTH_IN_ADDRESS: N_("A health fact stood in an address. Nothing was looked up; send it in the body of a POST."),
    "unusable": N_("Something that was asked cannot be used; each field is named under “errors”."),
    "unreadable": N_("The body is not what it must be: JSON in UTF-8, not compressed, not too deep and not too large."),
    "not-acceptable": N_("Answers are JSON, and the header Accept refuses that."),
    "unknown-key": N_("The key is not one of ours, or it was revoked. Leave it out to ask a little."),
    "used-up": N_("More was asked than may be asked in this time; Retry-After says when to go on."),
    GONE: N_("This was here once and is not now. Take it out of what you keep."),
}
"""Each kind of refusal that says more than its status, with what it means; told on the page about the interface, to
which its address leads."""
_BLANK: Final = "about:blank"
_KIND_OF_STATUS: Final[Mapping[int, str]] = {410: GONE, 413: "unreadable", 422: "unusable"}


class Fault(BaseModel):
    """One field that cannot be used. Of ``parameter`` and ``pointer`` the one is given that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    detail: str = Field(description="What is wrong with it, in a sentence.")
    parameter: str | None = Field(default=None, description="The name of a parameter in the address.")
    pointer: str | None = Field(default=None, description="A JSON pointer (RFC 6901) into the body, as a URI fragment.")


class Problem(BaseModel):
    """Why there is no other answer (RFC 9457)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(
        default=_BLANK,
        description="The address of what kind it is, told there for people; about:blank where the status says it all.",
    )
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The status of the answer.", ge=400, le=599)
    detail: str = Field(description="What is wrong, in a sentence for people.")
    request_id: str = Field(description="To be named when you ask us about this answer.")
    errors: tuple[Fault, ...] = Field(default=(), description="Each field that cannot be used.")


class Refused(HTTPException):
    """Raised where a request gets no answer; every fault is told at once."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        errors: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = status
        self.kind = kind
        self.errors = tuple(errors)
        self.extra = dict(headers or {})

    def get_headers(self, *args: object, **kwargs: object) -> list[tuple[str, str]]:
        """Those of the status, such as ``Retry-After``."""
        return [*Headers(self.extra)]


def unusable(errors: Iterable[Fault], *, kind: str | None = None) -> Refused:
    """422 with these faults; the first of them is the detail."""
    found = tuple(errors)
    detail = found[0].detail if found else "Something that was sent cannot be used."
    return Refused(422, detail, kind=kind, errors=found)


def address_of(kind: str) -> str:
    """Where people read what a kind of refusal means."""
    return f"{site().config.site_url}{url_for('api.index', _anchor=anchor_of(kind))}"


def anchor_of(kind: str) -> str:
    """The name of its place on that page."""
    return f"refused-{kind}"


def answer(refusal: Refusal) -> Response:
    """The answer to a request below ``/api`` that was refused, for whatever reason."""
    error, detail, faults = refusal.error, refusal.sentence, tuple[Fault, ...]()
    kind = _KIND_OF_STATUS.get(refusal.status)
    if isinstance(error, Refused):
        detail, faults, kind = error.description or detail, error.errors, error.kind or kind
    elif isinstance(error, InvalidInput) and error.field is not None:
        faults = (Fault(detail=detail, parameter=error.field),)
    problem = Problem(
        type=_BLANK if kind is None else address_of(kind),
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
