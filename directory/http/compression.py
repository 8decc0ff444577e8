"""Answers on the wire, compressed, and never in a way that lets a stranger read them by their length.

Who can make a browser ask for pages of ours with words of their choice, and sees how long the compressed answers are,
can guess what else stands in them (BREACH, https://breachattack.com). A page that is shaped by what somebody told us,
or that holds a form's token, is therefore compressed only for a visitor who brought no cookie, of whom nothing is known
and whose token is a new one each time, or when the browser says that no other site asked for it (Fetch Metadata,
https://www.w3.org/TR/fetch-metadata/).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from flask import Flask, Response, g, request

LEAST_BYTES: Final = 500
"""What is shorter fits into one packet anyway."""
LEVEL: Final = 6
_BEST: Final = 9
_QUICK: Final = 1
_AS_GZIP: Final = 16 + zlib.MAX_WBITS
_KINDS: Final = frozenset(
    {
        "application/atom+xml",
        "application/csvm+json",
        "application/fhir+json",
        "application/fhir+ndjson",
        "application/fhir+xml",
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/vnd.datapackage+json",
        "application/xml",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
        "text/xml",
    }
)
_ASKED_BY_THE_VISITOR: Final = frozenset({"same-origin", "none"})


def init_app(app: Flask) -> None:
    """Compress what may be compressed."""

    @app.after_request
    def _compress(response: Response) -> Response:
        if response.status_code == 304:
            response.headers.add("Vary", "Accept-Encoding")
            return response
        if response.mimetype not in _KINDS:
            return response
        response.vary.add("Accept-Encoding")
        if not _may_be_compressed(response):
            return response
        if response.is_streamed and not response.direct_passthrough:
            response.response = _as_they_come(response.iter_encoded())
            return _told(response)
        response.direct_passthrough = False
        plain = response.get_data()
        if len(plain) < LEAST_BYTES:
            return response
        static = request.endpoint == "static"
        response.set_data(_of_a_file(plain) if static else gzip.compress(plain, LEVEL, mtime=0))
        return _told(response)


def _told(response: Response) -> Response:
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag is not None:
        # The same content in other bytes, which is what a weak tag says.
        response.set_etag(etag, weak=True)
    return response


def _as_they_come(parts: Iterable[bytes]) -> Iterator[bytes]:
    """What is written while it is read, compressed on its way; where it breaks off, so does what is sent."""
    press = zlib.compressobj(_QUICK, wbits=_AS_GZIP)
    for part in parts:
        if pressed := press.compress(part):
            yield pressed
    yield press.flush()


def _may_be_compressed(response: Response) -> bool:
    if response.status_code != 200 or request.method != "GET" or "Content-Encoding" in response.headers:
        return False
    if not request.headers.get("Accept-Encoding") or request.accept_encodings.quality("gzip") <= 0:
        return False
    holds_secrets = g.get("personal", False) or "csrf_token" in g
    return not holds_secrets or not request.cookies or request.headers.get("Sec-Fetch-Site") in _ASKED_BY_THE_VISITOR


@lru_cache(maxsize=128)
def _of_a_file(plain: bytes) -> bytes:
    """Files are few and never change while the process lives, so they are compressed once and as well as it goes."""
    return gzip.compress(plain, _BEST, mtime=0)
