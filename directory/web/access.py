"""The access inventory: which address is for whom, and which may write. What is not in it does not exist.

The application refuses to start when a route is missing here or an entry has no route, so that no page is ever public
by oversight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask, abort, request


class Who(StrEnum):
    """Who may ask."""

    ANYBODY = "anybody"
    DEVELOPER = "developer"
    """Nobody in production: the page does not exist there."""


@dataclass(frozen=True, slots=True)
class Access:
    """``writes``: an unsafe request here runs in a writing transaction and is committed when it succeeds."""

    who: Who = Who.ANYBODY
    writes: bool = False


PUBLIC = Access()

INVENTORY: Mapping[str, Access] = {
    "static": PUBLIC,
    "home.ask": PUBLIC,
    "home.begin": PUBLIC,
    "search.results": PUBLIC,
    "search.on_map": PUBLIC,
    "search.about_you": PUBLIC,
    "search.forget": PUBLIC,
    "practitioners.find": PUBLIC,
    "practitioners.profile": PUBLIC,
    "registry.index": PUBLIC,
    "registry.entry": PUBLIC,
    "registry.claim": PUBLIC,
    "registry.send_claim": Access(writes=True),
    "registry.claimed": PUBLIC,
    "registry.remove": Access(writes=True),
    "registry.removed": PUBLIC,
    "about.index": PUBLIC,
    "about.ranking": PUBLIC,
    "about.privacy": PUBLIC,
    "about.terms": PUBLIC,
    "about.accessibility": PUBLIC,
    "health.healthz": PUBLIC,
    "health.readyz": PUBLIC,
    "style.parts": Access(Who.DEVELOPER),
    "mailbox.index": Access(Who.DEVELOPER),
    "mailbox.letter": Access(Who.DEVELOPER),
}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class UnlistedRoute(Exception):
    """The inventory and the routes do not agree; the sentence names the difference."""


def guard(app: Flask, *, production: bool) -> None:
    """Compare the inventory with the routes, and answer 404 wherever it has no entry for who may be asking."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if routes != INVENTORY.keys():
        missing, gone = sorted(routes - INVENTORY.keys()), sorted(INVENTORY.keys() - routes)
        raise UnlistedRoute(f"not in the access inventory: {missing}; in the inventory without a route: {gone}")

    @app.before_request
    def _permit() -> None:
        if request.endpoint is None:
            return
        entry = INVENTORY.get(request.endpoint)
        if entry is None or (entry.who is Who.DEVELOPER and production):
            abort(404)


def this_request_writes() -> bool:
    """Whether the request at hand may change the database."""
    entry = INVENTORY.get(request.endpoint or "")
    return request.method not in SAFE_METHODS and entry is not None and entry.writes
