"""Requests that bring a file: more room for them, for whoever may send one, and time to look at it before anything is
written.

Small parts of a form are kept in memory; a file lies in a temporary file without a name until the request is over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Flask, Response, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge

from directory import deadline
from directory.credentials.evidence.terms import LARGEST_FILE_BYTES
from directory.http import access
from directory.http.site import session, site

_FORM_BYTES: Final = 64 * 1024
LARGEST_UPLOAD_BYTES: Final = LARGEST_FILE_BYTES + _FORM_BYTES

_MOST_THROWN_AWAY: Final = 64 * 1024 * 1024
_CHUNK: Final = 64 * 1024


class TooLarge(RequestEntityTooLarge):
    """More is sent than any file may have."""


class CutOff(BadRequest):
    """The sender promised more than came."""


def init_app(app: Flask) -> None:
    """See who is asking, and how much they bring, before any of it is read."""

    @app.before_request
    def _make_room() -> ResponseReturnValue | None:
        entry = access.INVENTORY.get(request.endpoint or "")
        if entry is None or not entry.uploads:
            return None
        refusal = access.known(entry)
        if refusal is not None:
            _throw_away()
            return refusal
        request.max_content_length = LARGEST_UPLOAD_BYTES
        if (request.content_length or 0) > LARGEST_UPLOAD_BYTES:
            _throw_away()
            raise TooLarge
        _receive()
        return None


def _receive() -> None:
    if request.content_length is not None:
        # Whatever the server says about its stream, Werkzeug is to notice when less comes than was promised.
        request.environ.pop("wsgi.input_terminated", None)
    try:
        _ = request.files
    except RequestEntityTooLarge as error:
        raise TooLarge from error
    except ClientDisconnected as error:
        raise CutOff from error


def sent(name: str) -> tuple[bytes, str] | None:
    """Content and name of the file under this field; ``None`` when none was chosen."""
    file = request.files.get(name)
    if file is None or (not file.filename and not file.stream.read(1)):
        return None
    file.stream.seek(0)
    return file.stream.read(), file.filename or ""


def write(answer: Callable[[], ResponseReturnValue]) -> Response:
    """Answer inside a writing transaction that begins now. What was read before is read anew within it."""
    session().rollback()
    with deadline.within(site().config.request_deadline_seconds):
        return site().database.write(lambda: make_response(answer()))


def let_go() -> None:
    """End the transaction in which this request has read, so that none is open while a file is looked at."""
    session().rollback()


def _throw_away() -> None:
    """Read and forget what comes, up to a point: a browser that cannot finish sending shows no answer."""
    left = min(request.content_length or 0, _MOST_THROWN_AWAY)
    source = request.environ["wsgi.input"]
    while left > 0:
        chunk = source.read(min(left, _CHUNK))
        if not chunk:
            return
        left -= len(chunk)
