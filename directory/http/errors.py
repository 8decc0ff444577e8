"""The one place that turns refusals into status codes and answers: pages for people, and below the addresses that
programs ask whatever those speak. Such answers need no database and no session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from directory import db, errors
from directory.http import access
from directory.http.locale import lazy_gettext as _l
from directory.http.request_log import request_id

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


_ANSWERS: Final = "stillpoint_refusals"
_PASSED_ON: Final = ("Allow", "Retry-After", "WWW-Authenticate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request gets no other answer, for whoever puts it into a form that programs read."""

    status: int
    sentence: str
    """For people, in the language of the request."""
    request_id: str
    error: Exception
    """What was raised. Its text may hold what somebody sent; that of a ``DomainError`` is the sentence."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those the status asks for, such as ``Allow``; the answer carries them."""


Answerer: TypeAlias = Callable[[Refusal], Response]


def init_app(app: Flask, *, answers: Mapping[str, Answerer] | None = None) -> None:
    """Register every handler. ``answers`` are by the first part of an address, such as ``/api``: whatever is refused at
    it and below it, and an address there that does not exist, is answered by that function."""
    app.extensions[_ANSWERS] = dict(answers or {})
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Exception, _unexpected)


def _domain(error: errors.DomainError) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    return _answer(error, status, str(error))


def _csrf(error: CSRFError) -> Response:
    if access.keep_what_was_sent():
        return make_response(redirect(request.path, 303))
    return _answer(error, 400, CSRF_SENTENCE)


def _http(error: HTTPException) -> Response:
    response = error.get_response()
    if response.status_code < 400:
        return make_response(response)
    if isinstance(error, SecurityError) and _answerer() is None:
        # A host name that is not ours: no address of ours may be built with it, so there is no page to show.
        return Response(str(SENTENCES[400]), 400, content_type="text/plain; charset=utf-8")
    status = response.status_code
    headers = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
    return _answer(error, status, SENTENCES.get(status, SENTENCES[400]), headers)


def _database(error: SQLAlchemyError) -> Response:
    if db.is_unavailable(error):
        _log.warning("database away", error=type(error).__name__)
        return _answer(error, 503, SENTENCES[503])
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    # The message and the values of an exception may hold what somebody typed; its kind and place do not.
    _log.error("unexpected", error=type(error).__qualname__, exc_info=error)
    return _answer(error, 500, SENTENCES[500])


def _answerer() -> Answerer | None:
    """Who answers refusals at the address of this request, where it is not a page."""
    answers: Mapping[str, Answerer] = current_app.extensions[_ANSWERS]
    for prefix, answerer in answers.items():
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            return answerer
    return None


def _answer(error: Exception, status: int, sentence: object, headers: Mapping[str, str] | None = None) -> Response:
    headers = dict(headers or {})
    if status == 503:
        headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    answerer = _answerer()
    if answerer is None:
        response = _page(status, sentence)
    else:
        refusal = Refusal(status=status, sentence=str(sentence), request_id=request_id(), error=error, headers=headers)
        response = answerer(refusal)
    response.headers.update(headers)
    return response


def _page(status: int, sentence: object) -> Response:
    wants_json = request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
    if wants_json:
        response = jsonify(error=str(sentence), status=status, request_id=request_id())
    else:
        response = make_response(
            render_template("errors/error.html", status=status, sentence=sentence, request_id=request_id())
        )
    response.status_code = status
    return response
