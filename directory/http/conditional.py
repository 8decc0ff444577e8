"""Answers that are recognised: whoever shows the tag of what they have gets 304 before anything is made.

A tag says by what an answer would be another one. Time alone may end what was shown, without anybody writing anything:
a tag is therefore made of what is shown *now*, never only of what was written.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib.metadata import version
from typing import Final

from flask import Response, request

from directory.entries import queries as entries
from directory.http.locale import lang
from directory.http.site import session, site
from directory.search.shown import mark

_RELEASE: Final = version("stillpoint")


def tag(*parts: object) -> str:
    """A tag for what depends on these parts, the address, the language and the release; an opaque text."""
    return _hashed((_RELEASE, lang(), request.full_path, parts))


def of_shown(*parts: object) -> str:
    """A tag for an answer made of everybody who is shown now, and of these parts: another one as soon as anybody comes,
    goes or changes, when that was noted in the ledger, and on each day anywhere. Nobody is read for it."""
    now, index = site().clock(), site().index
    position, looked_at = entries.standing(session())
    snapshot = index.held_at(position, now=now) or index.current(session(), now=now)
    return tag(mark(snapshot, now=now), looked_at, now.date(), *parts)


def of_content(content: bytes) -> str:
    """A tag for what can be recognised by its content alone."""
    return hashlib.sha256(content).hexdigest()[:32]


def is_known(etag: str) -> bool:
    """Whether whoever asks has the answer with this tag already. A star names none: whether there is anything at all is
    not known before it is made, and who is gone would be taken for unchanged."""
    held = request.if_none_match
    return request.method in ("GET", "HEAD") and not held.star_tag and held.contains_weak(etag)


def is_dated_as_said(changed_at: datetime | None) -> bool:
    """Whether whoever asks shows the very instant that we told with the answer, and knows no tag. A later one of their
    own clock is not enough: what is gone meanwhile would be taken for unchanged."""
    if changed_at is None or request.method not in ("GET", "HEAD") or "If-None-Match" in request.headers:
        return False
    return request.if_modified_since == changed_at.replace(microsecond=0)


def same(etag: str, changed_at: datetime | None = None, *, weak: bool = False) -> Response:
    """What says that nothing has changed (304)."""
    response = Response(status=304)
    # An answer without a body has no type, and one that is made up would cost time.
    del response.headers["Content-Type"]
    return marked(response, etag, changed_at, weak=weak)


def marked(response: Response, etag: str, changed_at: datetime | None = None, *, weak: bool = False) -> Response:
    """The answer with its tag, and with the instant it last changed where that is known. A weak tag is for answers that
    say the same in other bytes each time."""
    response.set_etag(etag, weak=weak)
    if changed_at is not None:
        response.last_modified = changed_at
    return response


def _hashed(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
