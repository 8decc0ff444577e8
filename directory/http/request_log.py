"""One log line per request, with an id of our own. Never a query string, a cookie or a form: they hold health facts."""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, Response, g, request

_log = structlog.get_logger("stillpoint.web")


def init_app(app: Flask) -> None:
    """Give every request an id and a line."""

    @app.before_request
    def _begin() -> None:
        # An id that came with the request is not believed: it could be made to collide, or carry words.
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        if not g.get("leaves_no_line", False) or response.status_code >= 400:
            _write(response)
        return response

    def _write(response: Response) -> None:
        _log.info(
            "request",
            method=request.method,
            path=request.url_rule.rule if request.url_rule is not None else "(no such page)",
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        )

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        # The thread lives on: what the server itself logs next must not carry this request's id.
        structlog.contextvars.clear_contextvars()


def leave_no_line() -> None:
    """Write nothing about this request unless it fails: that somebody came to such a page at all is theirs to tell."""
    g.leaves_no_line = True


def request_id() -> str:
    """The id of this request, to be shown where somebody may want to ask about it."""
    return str(g.get("request_id", "none"))
