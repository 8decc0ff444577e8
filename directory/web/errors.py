"""The one place that turns refusals into status codes and pages. Error pages need no database and no session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from directory import db, errors
from directory.web import access
from directory.web.locale import lazy_gettext as _l
from directory.web.request_log import request_id

_log = structlog.get_logger("stillpoint.web")
RETRY_AFTER_SECONDS = 30

STATUS: Mapping[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.InvalidInput: 422,
    errors.Conflict: 409,
    errors.Unavailable: 503,
}

SENTENCES = {
    400: _l("The request could not be understood."),
    403: _l("This page is not for you."),
    404: _l("There is no page at this address."),
    405: _l("This address cannot be used in this way."),
    409: _l("Somebody else was first. Please look at the page again."),
    410: _l("This page was here once and is not now."),
    413: _l("What was sent is too large."),
    422: _l("Something that was typed cannot be used. Please go back and change it."),
    429: _l("That was too often in a short time. Please wait a minute and try again."),
    500: _l("Something went wrong on our side. It has been noted."),
    503: _l("We cannot answer just now. Please try again in a minute."),
}
CSRF_SENTENCE = _l(
    "This form was open for a long time, or your browser does not keep our cookie. Nothing was changed. "
    "Please go back, load the page again and send the form once more. Without cookies you can still search at /search."
)


Answerer: TypeAlias = Callable[[int, str], Response]
"""An answer of this status that says this sentence, in the words of whoever asks below some address."""

_ANSWERS: Final = "stillpoint_answers"


def init_app(app: Flask, *, answers: Mapping[str, Answerer] = MappingProxyType({})) -> None:
    """Register every handler; below the addresses in ``answers`` programs are told in their own way."""
    app.extensions[_ANSWERS] = answers
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Exception, _unexpected)


def _domain(error: errors.DomainError) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    return _page(status, str(error))


def _csrf(_error: CSRFError) -> Response:
    if access.keep_what_was_sent():
        return make_response(redirect(request.path, 303))
    return _page(400, CSRF_SENTENCE)


def _http(error: HTTPException) -> Response:
    response = error.get_response()
    if response.status_code < 400:
        return make_response(response)
    if isinstance(error, SecurityError):
        # A host name that is not ours: no address of ours may be built with it, so there is no page to show.
        return Response(str(SENTENCES[400]), 400, content_type="text/plain; charset=utf-8")
    page = _page(response.status_code, SENTENCES.get(response.status_code, SENTENCES[400]))
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            page.headers[name] = response.headers[name]
    return page


def _database(error: SQLAlchemyError) -> Response:
    if db.is_unavailable(error):
        _log.warning("database away", error=type(error).__name__)
        return _page(503, SENTENCES[503])
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    # The message and the values of an exception may hold what somebody typed; its kind and place do not.
    _log.error("unexpected", error=type(error).__qualname__, exc_info=error)
    return _page(500, SENTENCES[500])


def _page(status: int, sentence: object) -> Response:
    for prefix, answer in current_app.extensions[_ANSWERS].items():
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            return _with_retry(answer(status, str(sentence)))
    wants_json = request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
    if wants_json:
        response = jsonify(error=str(sentence), status=status, request_id=request_id())
    else:
        response = make_response(
            render_template("errors/error.html", status=status, sentence=sentence, request_id=request_id())
        )
    response.status_code = status
    return _with_retry(response)


def _with_retry(response: Response) -> Response:
    if response.status_code == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
