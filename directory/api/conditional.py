"""Answers that are recognised: who has the newest one already is told so in a few bytes, before it is made."""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib.metadata import version
from typing import Final

from flask import Response, request

from directory.web.locale import lang

_RELEASE: Final = version("stillpoint")


def tag(*parts: object) -> str:
    """A tag for what depends on these parts, the address, the language and the release; an opaque text."""
    whole = (_RELEASE, lang(), request.full_path, parts)
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]


def of_content(content: bytes) -> str:
    """A tag for what can be recognised by its content alone."""
    return hashlib.sha256(content).hexdigest()[:32]


def is_known(etag: str) -> bool:
    """Whether whoever asks has the answer with this tag already."""
    return request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(etag)


def marked(response: Response, etag: str, changed_at: datetime | None = None) -> Response:
    """The answer with its tag, and with the instant it last changed where that is known."""
    response.set_etag(etag)
    if changed_at is not None:
        response.last_modified = changed_at
    return response
