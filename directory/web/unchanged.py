"""Answers that need not be sent again: whoever shows the tag of what they have gets 304 before anything is made."""

from __future__ import annotations

import hashlib

from flask import Response, request

from directory.search.shown import mark
from directory.web.site import session, site


def tag(*parts: str) -> str:
    """A tag for an answer made of everybody who is shown; ``parts`` say which answer, and in which form."""
    snapshot = site().index.current(session(), now=site().clock())
    said = "\n".join((mark(snapshot, now=site().clock()), *parts))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def known(etag: str) -> Response | None:
    """304 for whoever has the answer with this tag already."""
    return same(etag) if request.if_none_match.contains_weak(etag) else None


def same(etag: str) -> Response:
    """What says that nothing has changed."""
    answer = Response(status=304)
    answer.set_etag(etag)
    return answer
