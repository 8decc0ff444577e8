"""Reading accounts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from directory.accounts.models import Account, AccountSession
from directory.accounts.rules import email_key, secret_hash
from directory.errors import NotFound


def account(session: Session, account_id: int) -> Account:
    """The account with this id; ``NotFound`` otherwise."""
    found = session.get(Account, account_id)
    if found is None:
        raise NotFound("There is no such account.")
    return found


def by_email(session: Session, email: str) -> Account | None:
    """The account of this address, however it is spelled."""
    return session.scalars(select(Account).where(Account.email_key == email_key(email))).one_or_none()


def session_of(session: Session, sid: str) -> AccountSession | None:
    """The session with this secret name, its account and the roles of it, in one statement."""
    statement = (
        select(AccountSession)
        .where(AccountSession.sid_hash == secret_hash(sid))
        .options(joinedload(AccountSession.account).joinedload(Account.granted))
    )
    return session.scalars(statement).unique().one_or_none()
