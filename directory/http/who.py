"""Who is asking: the account behind this request's session cookie.

The cookie holds a secret name and nothing else; whether it is worth anything stands in the database, and is looked up
once for each request that wants to know. Public pages do not want to know.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import g
from flask import session as cookie

from directory.accounts import permissions, queries, rules
from directory.accounts.models import Account, AccountSession
from directory.accounts.rules import Limits
from directory.accounts.terms import Role
from directory.errors import NotFound
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner

SID: Final = "_user_id"
"""Under this name, which is Flask-Login's, the signed cookie holds the session's secret name."""
_FOUND: Final = "stillpoint_account_session"
_NOT_ASKED: Final = object()


def sid() -> str:
    """The secret name that the visitor brought, which may be worth nothing; empty where there is none."""
    found = cookie.get(SID)
    return found if isinstance(found, str) else ""


def brings_a_session() -> bool:
    """Whether the visitor brought a session's name. Asks no database."""
    return bool(sid())


def signed_in() -> Account | None:
    """The account of whoever is asking, or ``None``."""
    found = this_session()
    return None if found is None else found.account


def account() -> Account:
    """The account of whoever is asking, on pages that only signed-in people reach."""
    found = signed_in()
    if found is None:
        raise LookupError("nobody is signed in: the access inventory does not guard this page")
    return found


def whose_session_ended() -> Account | None:
    """Whose session it was that has lived too long, where the cookie names one; nobody's who signed out."""
    if this_browsers_session() is not None or not brings_a_session():
        return None
    found = queries.session_of(session(), sid())
    return found.account if found is not None and not found.pending and may_enter(found.account) else None


def has_second_factor() -> bool:
    """Whether a second factor was proved in this session."""
    found = this_session()
    return found is not None and found.second_factor_at is not None


def is_fresh() -> bool:
    """Whether the person proved who they are a short while ago."""
    found = this_session()
    within = timedelta(minutes=site().config.fresh_minutes)
    return found is not None and rules.is_fresh(found.proved_at, within=within, now=site().clock())


def practitioner() -> Practitioner:
    """The practitioner of whoever is asking; ``NotFound`` where they have not begun to register."""
    found = people.of_account(session(), account().id)
    if found is None:
        raise NotFound("You have no profile yet.")
    return found


def limits(roles: frozenset[Role]) -> Limits:
    """How long a session of somebody with these roles lives."""
    config = site().config
    if permissions.is_privileged(roles):
        return Limits(
            idle=timedelta(minutes=config.staff_idle_minutes), absolute=timedelta(hours=config.staff_session_hours)
        )
    return Limits(idle=timedelta(minutes=config.idle_minutes), absolute=timedelta(hours=config.session_hours))


def this_session() -> AccountSession | None:
    """The session of somebody who has signed in: live, and with every factor proved that the account asks for."""
    found = this_browsers_session()
    return None if found is None or found.pending else found


def this_browsers_session() -> AccountSession | None:
    """The live session behind the cookie, also one in which the second factor is still to be proved."""
    found: AccountSession | None = g.get(_FOUND, _NOT_ASKED)
    if found is _NOT_ASKED:
        found = _look_up()
        setattr(g, _FOUND, found)
    return found


def already_found() -> Account | None:
    """Whoever was looked up in this request already; asks nobody."""
    found: AccountSession | None = g.get(_FOUND)
    return None if found is None or found.pending else found.account


def forget() -> None:
    """Look the session up anew when it is next asked for, because it was changed."""
    g.pop(_FOUND, None)


def may_enter(account: Account) -> bool:
    """Whether anybody may sign in with this account: it is not disabled, and no demonstration's in production."""
    return account.active and not (account.fictional and site().config.production)


def _look_up() -> AccountSession | None:
    name = sid()
    if not name:
        return None
    found = queries.session_of(session(), name)
    if found is None or not may_enter(found.account):
        return None
    within = limits(found.account.roles)
    if found.pending:
        within = Limits(idle=rules.PENDING_LIVES, absolute=rules.PENDING_LIVES)
    now = site().clock()
    found.account.at(now)
    if not rules.is_live(began_at=found.began_at, last_seen_at=found.last_seen_at, limits=within, now=now):
        return None
    found.account.sid = name
    return found
