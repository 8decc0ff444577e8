"""The access inventory: which address is for whom, and which may write. What is not in it does not exist.

The application refuses to start when a route is missing here or an entry has no route, so that no page is ever public
by oversight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from directory import db, kept
from directory.accounts import permissions
from directory.accounts.terms import Permission
from directory.web import headers, who
from directory.web.site import session, site


class Who(StrEnum):
    """Who may ask."""

    ANYBODY = "anybody"
    HOLDER = "holder"
    """Whoever has signed in, and has the permission the page needs."""
    DEVELOPER = "developer"
    """Nobody in production: the page does not exist there."""


@dataclass(frozen=True, slots=True)
class Access:
    """``writes``: an unsafe request here runs in a writing transaction and is committed when it succeeds."""

    who: Who = Who.ANYBODY
    writes: bool = False
    needs: Permission | None = None
    """What ``HOLDER`` must be allowed; a page is not there (404) for whoever is not. ``None``: to have signed in."""
    second_factor: bool = False
    """Whether a second factor must have been proved in this session; some permissions ask for it everywhere."""
    fresh: bool = False
    """Whether the person must have proved who they are a short while ago."""
    keeps: bool = False
    """Whether what somebody sent is kept for them when they must first prove who they are; the page gives it back."""

    @property
    def asks_second_factor(self) -> bool:
        """Whether this page or the permission it needs asks for a second factor."""
        return self.second_factor or (self.needs is not None and permissions.needs_second_factor(self.needs))


PUBLIC = Access()
REGISTERING = Access(Who.HOLDER, needs=Permission.REGISTER_PRACTICE)
SAVING_A_STEP = replace(REGISTERING, writes=True, keeps=True)
OWN_PROFILE = Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE)
OWN_ACCOUNT = Access(Who.HOLDER, needs=Permission.KEEP_OWN_ACCOUNT)

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
    "registration.overview": REGISTERING,
    "registration.withdraw": replace(REGISTERING, writes=True),
    "registration.who": REGISTERING,
    "registration.save_who": SAVING_A_STEP,
    "registration.prefill": REGISTERING,
    "registration.save_prefill": SAVING_A_STEP,
    "registration.alike": REGISTERING,
    "registration.claim": replace(REGISTERING, writes=True),
    "registration.claimed": REGISTERING,
    "registration.words": REGISTERING,
    "registration.save_words": SAVING_A_STEP,
    "registration.review": replace(REGISTERING, second_factor=True),
    "registration.submit": replace(REGISTERING, writes=True, second_factor=True),
    "registration.submitted": REGISTERING,
    "account.index": OWN_ACCOUNT,
    "account.sign_in": PUBLIC,
    "account.send_sign_in": Access(writes=True),
    "account.send_sign_out": Access(writes=True),
    "account.second_factor": OWN_ACCOUNT,
    "account.again": OWN_ACCOUNT,
    "mailbox.index": Access(Who.DEVELOPER),
    "mailbox.letter": Access(Who.DEVELOPER),
    "practice.home": OWN_PROFILE,
    "practice.preview": OWN_PROFILE,
    "practice.rank": OWN_PROFILE,
    "practice.figures": OWN_PROFILE,
    "practice.export": OWN_PROFILE,
    "practice.send_export": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, fresh=True),
    "practice.leave": OWN_PROFILE,
    "practice.send_leave": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, fresh=True, writes=True),
    "practice.left": PUBLIC,
    "practice.come_back": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, writes=True),
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
    def _permit() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        entry = INVENTORY.get(request.endpoint)
        if entry is None or (entry.who is Who.DEVELOPER and production):
            abort(404)
        if entry.who is Who.HOLDER:
            return _holder(entry)
        return None


def _holder(entry: Access) -> ResponseReturnValue | None:
    """Let somebody who has signed in pass, or send them where they can prove what is lacking."""
    headers.personal()
    if who.brings_a_session() and this_request_writes():
        # What is read about the asker belongs to the transaction that writes.
        db.writing(session())
    account = who.signed_in()
    if account is None:
        ended = who.whose_session_ended()
        if ended is not None:
            _keep(entry, ended.id)
        return _send_to("account.sign_in")
    if entry.needs is not None and not permissions.may(account.roles, entry.needs):
        abort(404)
    if entry.asks_second_factor and not who.has_second_factor():
        _keep(entry, account.id)
        return _send_to("account.second_factor")
    if entry.fresh and not who.is_fresh():
        _keep(entry, account.id)
        return _send_to("account.again")
    return None


def keep_what_was_sent() -> bool:
    """Keep a form whose token was not right, because its owner signed in anew in another window meanwhile.

    The cookie of a session comes with no request that another site sends, so whatever comes with one was typed here.
    """
    entry = INVENTORY.get(request.endpoint or "")
    if entry is None or not entry.keeps or not this_request_writes() or not who.brings_a_session():
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    db.writing(session())
    account = who.signed_in()
    if account is None or entry.needs is None or not permissions.may(account.roles, entry.needs):
        return False
    _keep(entry, account.id)
    return True


def keep(account_id: int) -> None:
    """Keep what was sent to this page for the account it belongs to, until they have proved who they are."""
    kept.keep(session(), account_id, request.path, request.form.items(multi=True), now=site().clock())


def _keep(entry: Access, account_id: int) -> None:
    if entry.keeps and this_request_writes() and request.form:
        keep(account_id)
        # The answer is a redirect made outside the transaction of a view, which would have committed it.
        session().commit()


def _send_to(endpoint: str) -> ResponseReturnValue:
    """Where something is to be proved, with the way back to a page that can be asked for."""
    return redirect(url_for(endpoint, next=page_of_this_address()), 303)


def page_of_this_address() -> str | None:
    """The path of this request where it is a page, also when something was sent to it; ``None`` where it is none."""
    if request.method in SAFE_METHODS:
        return request.path
    try:
        current_app.create_url_adapter(request).match(request.path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return request.path


def this_request_writes() -> bool:
    """Whether the request at hand may change the database."""
    entry = INVENTORY.get(request.endpoint or "")
    return request.method not in SAFE_METHODS and entry is not None and entry.writes
