"""Answers in the form that was asked for, with the headers of what is public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from directory.api.fhir import formats, resources
from directory.api.fhir.formats import Form, Unacceptable
from directory.api.fhir.outcomes import ISSUE_OF_STATUS, Issue, Refused, of_status, outcome

_ABOUT_HEADER: Final = "Accept"
_NOT_KNOWN: Final = f"there is nothing of this name here; there are {', '.join(resources.KINDS)}"
_READ_ONLY: Final = "nothing can be written here; it is read by GET or HEAD, and searched by GET or by POST to _search"


def base() -> str:
    """The address below which everything lies, as the client wrote its host."""
    return f"{request.host_url.rstrip('/')}/fhir"


def resource(told: Mapping[str, Any], *, status: int = 200) -> Response:
    """An answer that is this resource; ``Unacceptable`` where nobody here writes the form that was asked for."""
    return _written(told, status, form(), pretty=formats.flag(_asked("_pretty"), "_pretty"))


def form() -> Form:
    """The form that is wanted of an answer; ``Unacceptable`` where nobody here writes it."""
    return formats.form(_asked("_format"), request.headers.get("Accept"))


def refusal(refused: Refused) -> Response:
    """An answer that says why not."""
    return _failed(outcome(refused.issues), refused.status)


def unacceptable(error: Unacceptable) -> Response:
    """An answer that says in which forms there are answers, and the like."""
    about = "" if error.about == _ABOUT_HEADER else error.about
    return _failed(outcome([Issue(ISSUE_OF_STATUS.get(error.status, "invalid"), str(error), about)]), error.status)


def failure(status: int, sentence: str) -> Response:
    """An answer for what failed before any of ours could say why; of an address that nobody here knows, or that only
    reads, it says which there are."""
    if isinstance(request.routing_exception, NotFound):
        return _failed(outcome([Issue("not-supported", f"{_NOT_KNOWN}; see {base()}/metadata")]), status)
    if isinstance(request.routing_exception, MethodNotAllowed):
        return _failed(outcome([Issue("not-supported", _READ_ONLY)]), status)
    return _failed(of_status(status, sentence), status)


def _failed(told: Mapping[str, Any], status: int) -> Response:
    """A refusal is readable in any case: in JSON where the form asked for is none of ours."""
    try:
        wanted = form()
    except Unacceptable:
        wanted = Form.JSON
    return _written(told, status, wanted, pretty=False)


def _asked(name: str) -> str | None:
    """A parameter of the address, or of a search that is sent as a form."""
    found = request.args.get(name)
    if found is not None or request.method != "POST":
        return found
    try:
        return request.form.get(name)
    except HTTPException:
        # That the form cannot be read is what the answer says.
        return None


def _written(told: Mapping[str, Any], status: int, wanted: Form, *, pretty: bool) -> Response:
    return public(Response(formats.written(told, wanted, pretty=pretty), status, content_type=wanted.content_type))


def public(response: Response) -> Response:
    """The answer, readable by scripts of any site where the request only reads; nothing in it is anybody's own."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Content-Location, ETag, Retry-After"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since, Prefer"
    response.headers.add("Vary", "Accept")
    return response
