"""Reading accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from directory.accounts.models import (
    Account,
    AccountDevice,
    AccountEvent,
    AccountLink,
    AccountRole,
    AccountSession,
    Passkey,
    RecoveryCode,
)
from directory.accounts.rules import email_key, secret_hash
from directory.accounts.terms import Purpose, Role
from directory.errors import NotFound

MOST_EVENTS = 200


def account(session: Session, account_id: int) -> Account:
    """The account with this id; ``NotFound`` otherwise."""
    found = session.get(Account, account_id)
    if found is None:
        raise NotFound("There is no such account.")
    return found


def by_email(session: Session, email: str) -> Account | None:
    """The account of this address, however it is spelled, with its password's hash."""
    statement = select(Account).where(Account.email_key == email_key(email)).options(undefer(Account.password))
    return session.scalars(statement).one_or_none()


def session_of(session: Session, sid: str) -> AccountSession | None:
    """The session with this secret name, its account and the roles of it, in one statement."""
    statement = (
        select(AccountSession)
        .where(AccountSession.sid_hash == secret_hash(sid))
        .options(joinedload(AccountSession.account).joinedload(Account.granted))
    )
    return session.scalars(statement).unique().one_or_none()


def sessions_of(session: Session, account_id: int) -> Sequence[AccountSession]:
    """Where somebody is signed in, the one used last first; also those whose time is over and that nobody cleared."""
    return session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.pending.is_(False))
        .order_by(AccountSession.last_seen_at.desc(), AccountSession.id.desc())
    ).all()


def has_second_factor(session: Session, account: Account) -> bool:
    """Whether the account has an authenticator app or a passkey."""
    return account.totp_since is not None or has_passkey(session, account.id)


def has_passkey(session: Session, account_id: int) -> bool:
    """Whether the account has a passkey."""
    return bool(session.scalar(select(exists().where(Passkey.account_id == account_id))))


def passkey(session: Session, account_id: int, passkey_id: int) -> Passkey:
    """This passkey of this account; ``NotFound`` otherwise."""
    found = session.scalars(select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)).first()
    if found is None:
        raise NotFound("There is no such passkey.")
    return found


def passkey_of_credential(session: Session, credential_id: bytes) -> Passkey | None:
    """The passkey with the id its device gave it, its account and the roles of it."""
    statement = (
        select(Passkey)
        .where(Passkey.credential_id == credential_id)
        .options(joinedload(Passkey.account).joinedload(Account.granted))
    )
    return session.scalars(statement).unique().one_or_none()


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes are not used up."""
    return session.scalar(select(func.count()).where(RecoveryCode.account_id == account_id)) or 0


def link(session: Session, token: str, purpose: Purpose, *, now: datetime) -> AccountLink | None:
    """What a link in a letter is for, as long as it may be used."""
    found = session.get(AccountLink, secret_hash(token))
    return found if found is not None and found.purpose is purpose and found.expires_at > now else None


def knows_device(session: Session, account_id: int, token: str) -> bool:
    """Whether the browser with this token has signed in to the account before."""
    return bool(token) and session.get(AccountDevice, (account_id, secret_hash(token))) is not None


def has_device(session: Session, account_id: int) -> bool:
    """Whether any browser has signed in to the account before."""
    return bool(session.scalar(select(exists().where(AccountDevice.account_id == account_id))))


def events_of(session: Session, account_id: int) -> Sequence[AccountEvent]:
    """What happened to an account, the newest first."""
    return session.scalars(
        select(AccountEvent)
        .where(AccountEvent.account_id == account_id)
        .order_by(AccountEvent.at.desc(), AccountEvent.id.desc())
        .limit(MOST_EVENTS)
    ).all()


def administrators(session: Session) -> set[int]:
    """The accounts that may run the site now: administrators who can sign in."""
    return set(
        session.scalars(
            select(Account.id)
            .join(AccountRole)
            .where(
                AccountRole.role == Role.ADMINISTRATOR,
                AccountRole.ends_at.is_(None),
                Account.active,
                Account.password.is_not(None),
            )
        )
    )


def staff(session: Session) -> Sequence[Account]:
    """Everybody who works at the desk now: verifiers and administrators who can sign in."""
    works_here = AccountRole.role.in_((Role.VERIFIER, Role.ADMINISTRATOR))
    return session.scalars(
        select(Account)
        .where(Account.granted.any(works_here), Account.active, Account.password.is_not(None))
        .order_by(Account.id)
    ).all()


def everybody(session: Session, *, role: Role | None = None) -> Sequence[Account]:
    """Every account, or every one with a role, by address."""
    statement = select(Account).order_by(Account.email_key)
    if role is not None:
        statement = statement.where(Account.granted.any(AccountRole.role == role))
    return session.scalars(statement).all()


def fictional(session: Session) -> Sequence[Account]:
    """The accounts of the demonstration, in the order in which they were made."""
    statement = select(Account).where(Account.fictional).order_by(Account.id)
    return session.scalars(statement.options(undefer(Account.tf_totp_secret))).all()
