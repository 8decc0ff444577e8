"""Answers in the format that was asked for, with the headers of what is public."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from directory.api.fhir import formats
from directory.api.fhir.outcomes import Refused, of_status, outcome


def base() -> str:
    """The address below which everything lies, as the client wrote its host."""
    return f"{request.host_url.rstrip('/')}/fhir"


def resource(told: dict[str, Any], *, status: int = 200) -> Response:
    """An answer that is this resource."""
    return public(formats.respond(told, status))


def refusal(refused: Refused) -> Response:
    """An answer that says why not."""
    return resource(outcome(refused.issues), status=refused.status)


def failure(status: int, sentence: str) -> Response:
    """An answer for what failed before any of ours could say why."""
    return resource(of_status(status, sentence), status=status)


def public(response: Response) -> Response:
    """The answer, readable by scripts of any site; nothing in it is anybody's own."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
