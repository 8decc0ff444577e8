"""Answers that pages of other sites may read: those to a GET, which hold what everybody may know, without a cookie."""

from __future__ import annotations

from typing import Final

from flask import Response, request

_READING: Final = frozenset({"GET", "HEAD"})
_TOLD: Final = "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
_A_DAY: Final = 86_400


def to_other_sites(response: Response) -> Response:
    """Let scripts of any site read this answer where the request only reads, and never with anybody's credentials.

    A browser that asks before a request (OPTIONS) is told that it may GET; a POST, which may carry health facts, and a
    key of somebody's, are not for pages of other sites.
    """
    asks_before = request.method == "OPTIONS"
    if request.method in _READING or asks_before:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method in _READING:
        response.headers["Access-Control-Expose-Headers"] = _TOLD
    if asks_before:
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-Modified-Since, If-None-Match"
        response.headers["Access-Control-Max-Age"] = str(_A_DAY)
    return response
