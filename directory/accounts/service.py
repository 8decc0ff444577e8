"""Writing accounts: making them, signing in and out, and what a session has proved."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.accounts import passwords
from directory.accounts.models import Account, AccountRole, AccountSession
from directory.accounts.rules import email_key, secret_hash
from directory.accounts.terms import Factor, Role
from directory.errors import Conflict

LONGEST_DEVICE = 120


def create(
    session: Session,
    email: str,
    *,
    roles: Iterable[Role],
    now: datetime,
    password: str | None = None,
    confirmed: bool = False,
    fictional: bool = False,
) -> Account:
    """A new account. ``Conflict`` where the address has one; whether a password is good enough was asked before."""
    made = Account(
        email=email.strip(),
        email_key=email_key(email),
        password=None if password is None else passwords.hashed(password),
        password_changed_at=None if password is None else now,
        active=True,
        confirmed_at=now if confirmed else None,
        fs_uniquifier=secrets.token_hex(32),
        fs_webauthn_user_handle=secrets.token_hex(32),
        fictional=fictional,
        created_at=now,
        granted=[AccountRole(role=each, granted_at=now) for each in sorted(set(roles))],
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise Conflict("There is an account with this address already.", code="address_taken") from error
    return made


def begin_session(
    session: Session, account: Account, *, device: str, now: datetime, second_factor: Factor | None = None
) -> str:
    """A new session of this account; the secret name that belongs into the cookie."""
    sid = secrets.token_urlsafe(32)
    session.add(
        AccountSession(
            sid_hash=secret_hash(sid),
            account_id=account.id,
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


def end_session(session: Session, sid: str) -> None:
    """End the session with this secret name; whoever copied its cookie holds nothing."""
    session.execute(delete(AccountSession).where(AccountSession.sid_hash == secret_hash(sid)))


def end_sessions(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End every session of an account, or all ``but`` the one with this id; how many there were."""
    ids = session.scalars(
        select(AccountSession.id).where(AccountSession.account_id == account_id, AccountSession.id != (but or 0))
    ).all()
    session.execute(delete(AccountSession).where(AccountSession.id.in_(ids)))
    return len(ids)


def seen(session: Session, session_id: int, *, now: datetime) -> None:
    """Note that a session was used just now."""
    found = session.get(AccountSession, session_id)
    if found is not None and found.last_seen_at < now:
        found.last_seen_at = now
        session.flush()
