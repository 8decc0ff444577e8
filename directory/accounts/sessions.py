"""Writing sessions: each has a row, and a secret name that its browser alone knows and that each proof changes."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.accounts.models import Account, AccountDevice, AccountSession
from directory.accounts.rules import secret_hash
from directory.accounts.terms import Factor
from directory.errors import NotFound

LONGEST_DEVICE = 120


def begin(
    session: Session,
    account: Account,
    *,
    device: str,
    now: datetime,
    second_factor: Factor | None = None,
    pending: bool = False,
) -> str:
    """A new session of this account; the secret name that belongs into the cookie.

    ``pending``: the second factor is still to be proved, and nobody is signed in before it is.
    """
    sid = secrets.token_urlsafe(32)
    session.add(
        AccountSession(
            sid_hash=secret_hash(sid),
            account_id=account.id,
            pending=pending,
            began_at=now,
            last_seen_at=now,
            proved_at=now,
            second_factor=second_factor,
            second_factor_at=None if second_factor is None else now,
            device=device[:LONGEST_DEVICE],
        )
    )
    session.flush()
    return sid


def renew(session: Session, row: AccountSession, *, now: datetime, second_factor: Factor | None = None) -> str:
    """The session after somebody proved (again) who they are: a new secret name, and the old one is worth nothing."""
    sid = secrets.token_urlsafe(32)
    row.sid_hash = secret_hash(sid)
    row.proved_at = row.last_seen_at = now
    if row.pending:
        row.pending = False
        row.began_at = now
    if second_factor is not None:
        row.second_factor = second_factor
        row.second_factor_at = now
    session.flush()
    return sid


def end(session: Session, sid: str) -> None:
    """End the session with this secret name; whoever copied its cookie holds nothing."""
    session.execute(delete(AccountSession).where(AccountSession.sid_hash == secret_hash(sid)))


def end_one(session: Session, account_id: int, session_id: int) -> AccountSession:
    """End this session of this account; ``NotFound`` otherwise."""
    found = session.scalars(
        select(AccountSession).where(AccountSession.id == session_id, AccountSession.account_id == account_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such session.")
    session.delete(found)
    session.flush()
    return found


def end_all(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End every session of an account, or all ``but`` the one with this id; how many there were."""
    ids = session.scalars(
        select(AccountSession.id).where(AccountSession.account_id == account_id, AccountSession.id != (but or 0))
    ).all()
    session.execute(delete(AccountSession).where(AccountSession.id.in_(ids)))
    return len(ids)


def end_everybodys(session: Session) -> int:
    """End every session of everybody; how many there were."""
    ended = session.execute(delete(AccountSession))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def seen(session: Session, session_id: int, *, now: datetime) -> None:
    """Note that a session was used just now; nothing when it has ended meanwhile."""
    session.execute(
        update(AccountSession)
        .where(AccountSession.id == session_id, AccountSession.last_seen_at < now)
        .values(last_seen_at=now)
    )


def know_device(session: Session, account_id: int, token: str, *, now: datetime) -> bool:
    """Note that the browser with this token signed in; whether it did so for the first time."""
    key = (account_id, secret_hash(token))
    found = session.get(AccountDevice, key)
    if found is not None:
        found.last_seen_at = now
    else:
        session.add(AccountDevice(account_id=key[0], token_hash=key[1], first_seen_at=now, last_seen_at=now))
    session.flush()
    return found is None
