"""The shortlist: whom a visitor has picked to look at side by side. Their public names in addresses, in a cookie.

No account, and no health fact: the cookie says nothing that the addresses of those profiles do not say. It ends with
the browser's session.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from flask import Response, request

from directory.http import headers
from directory.http.site import site
from directory.search.chosen import MOST

COOKIE: Final = "shortlist"
_SEPARATOR: Final = "."
_MOST_SIGNS: Final = 120
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def readable(slug: str) -> bool:
    """Whether somebody's page could have this address."""
    return len(slug) <= _MOST_SIGNS and _SLUG.fullmatch(slug) is not None


def read() -> tuple[str, ...]:
    """Whom this visitor has picked, in the order in which they were. The answer becomes personal."""
    headers.personal()
    picked = dict.fromkeys(request.cookies.get(_name(), "").split(_SEPARATOR))
    return tuple(slug for slug in picked if readable(slug))[:MOST]


def keep(response: Response, picked: Iterable[str]) -> None:
    """Give them to the visitor's browser to keep until it is closed."""
    slugs = tuple(picked)
    if slugs:
        response.set_cookie(_name(), _SEPARATOR.join(slugs), **_rules())
    else:
        response.delete_cookie(_name(), **_rules())


def _name() -> str:
    return headers.cookie_name(COOKIE, site().config)


def _rules() -> dict[str, Any]:
    return {"path": "/", "secure": site().config.production, "httponly": True, "samesite": "Lax"}
