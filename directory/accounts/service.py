"""Writing accounts: registering, confirming, passwords, addresses, roles, and what is deleted in time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningDelete

from directory import audit
from directory.accounts import factors, history, letters, passwords, permissions, queries, rules, sessions
from directory.accounts.models import (
    Account,
    AccountAttempt,
    AccountDevice,
    AccountEvent,
    AccountLink,
    AccountRole,
    AccountSession,
    PasskeyChallenge,
)
from directory.accounts.rules import email_key, secret_hash
from directory.accounts.terms import Happening, Purpose, Role
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.errors import Conflict
from directory.mail import outbox

_ADMINISTRATORS_LOCK = 0x57115
_NOBODY = "nobody@example.org"


def create(
    session: Session,
    email: str,
    *,
    roles: Iterable[Role],
    now: datetime,
    password: str | None = None,
    locale: str = "en_US",
    fictional: bool = False,
) -> Account:
    """A new account of somebody who reads mail at this address. ``Conflict`` where the address has one.

    Whether the password is good enough was asked before (``weakness``).
    """
    made = Account(
        email=email.strip(),
        email_key=email_key(email),
        password=None if password is None else passwords.hashed(password),
        password_changed_at=None if password is None else now,
        active=True,
        confirmed_at=now,
        locale=locale,
        fs_uniquifier=secrets.token_hex(32),
        fs_webauthn_user_handle=secrets.token_hex(32),
        fictional=fictional,
        created_at=now,
        granted=[AccountRole(role=each, granted_at=now) for each in sorted(set(roles))],
        passkeys=[],
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise Conflict("There is an account with this address already.", code="address_taken") from error
    if not fictional:
        history.note(session, made.id, Happening.REGISTERED, now=now)
    return made


def ask_to_register(session: Session, email: str, role: Role, *, locale: str, now: datetime) -> None:
    """Write to somebody who wants an account: how to go on, or that they have one. Nothing else happens yet."""
    if role not in rules.OFFERED_AT_REGISTRATION:
        raise ValueError("nobody becomes this by registering")
    known = queries.by_email(session, email)
    if known is not None:
        outbox.send(session, to=known.email, letter=letters.you_have_an_account(), language=known.locale, now=now)
        _do_and_undo(session, role=role, letter=False, now=now)
        return
    key = email_key(email)
    session.execute(delete(AccountLink).where(AccountLink.purpose == Purpose.REGISTER, AccountLink.email_key == key))
    token = _link(session, Purpose.REGISTER, email=email.strip(), role=role, locale=locale, now=now)
    outbox.send(session, to=email, letter=letters.finish_registering(token), language=locale, now=now)


def finish_registering(session: Session, token: str, password: str, *, now: datetime) -> Account | None:
    """The account of whoever opened the link; ``None`` where it may not be used any more."""
    link = queries.link(session, token, Purpose.REGISTER, now=now)
    if link is None or link.email is None or link.role is None:
        return None
    email, role, locale = link.email, link.role, link.locale
    if not _used_up(session, link):
        return None
    try:
        return create(session, email, roles=[role], password=password, locale=locale, now=now)
    except Conflict:
        return None


def ask_to_recover(session: Session, email: str, *, now: datetime) -> None:
    """Write to the owner of an account how to choose a new password; to an address without one nothing is written."""
    known = queries.by_email(session, email)
    if known is None or not known.active:
        history.pretend(session, Happening.RECOVERY_ASKED, now=now)
        _do_and_undo(session, role=Role.PATIENT, letter=True, now=now)
        return
    token = recovery_link(session, known, now=now)
    history.note(session, known.id, Happening.RECOVERY_ASKED, now=now)
    outbox.send(session, to=known.email, letter=letters.choose_new_password(token), language=known.locale, now=now)


def recovery_link(session: Session, account: Account, *, now: datetime, lives: timedelta | None = None) -> str:
    """A link with which a new password may be chosen; those from before are worth nothing."""
    _forget_links(session, account.id, Purpose.RECOVER)
    return _link(session, Purpose.RECOVER, account=account, now=now, lives=lives)


def recover(session: Session, token: str, password: str, *, now: datetime) -> Account | None:
    """Set a new password with a link; ``None`` where it may not be used any more. Second factors stay as they are."""
    link = queries.link(session, token, Purpose.RECOVER, now=now)
    if link is None or link.account_id is None:
        return None
    account = queries.account(session, link.account_id)
    if not account.active or not _used_up(session, link):
        return None
    _set_password(session, account, password, now=now)
    sessions.end_all(session, account.id)
    history.note(session, account.id, Happening.PASSWORD_RECOVERED, now=now)
    outbox.send(session, to=account.email, letter=letters.password_changed(), language=account.locale, now=now)
    return account


def change_password(
    session: Session, account: Account, password: str, *, keep: int | None, now: datetime, device: str = ""
) -> None:
    """Set a new password and end every session but the one with the id ``keep``."""
    _set_password(session, account, password, now=now)
    sessions.end_all(session, account.id, but=keep)
    history.note(session, account.id, Happening.PASSWORD_CHANGED, now=now, device=device)
    outbox.send(session, to=account.email, letter=letters.password_changed(), language=account.locale, now=now)


def rehash(session: Session, account: Account, password: str) -> None:
    """Store the same password under today's parameters."""
    account.password = passwords.hashed(password)
    session.flush()


def ask_to_change_email(session: Session, account: Account, email: str, *, now: datetime, device: str = "") -> None:
    """Write to the new address how to confirm it, and to the old one that somebody asked. Nothing changes yet."""
    _forget_links(session, account.id, Purpose.CHANGE_EMAIL)
    history.note(session, account.id, Happening.EMAIL_CHANGE_ASKED, now=now, device=device)
    outbox.send(session, to=account.email, letter=letters.email_change_asked(), language=account.locale, now=now)
    other = queries.by_email(session, email)
    if other is not None:
        outbox.send(session, to=other.email, letter=letters.you_have_an_account(), language=other.locale, now=now)
        return
    token = _link(session, Purpose.CHANGE_EMAIL, account=account, email=email.strip(), now=now)
    outbox.send(session, to=email, letter=letters.confirm_new_address(token), language=account.locale, now=now)


def change_email(session: Session, account: Account, token: str, *, now: datetime, device: str = "") -> bool:
    """Make the new address that of the account; whether the link was this account's and could still be used.

    The old address is told, with a link that takes it back within a week; of a practitioner, a case is opened as well.
    """
    link = queries.link(session, token, Purpose.CHANGE_EMAIL, now=now)
    if link is None or link.email is None or link.account_id != account.id:
        return False
    old, new = account.email, link.email
    if not _used_up(session, link) or not _move(session, account, new):
        return False
    _forget_links(session, account.id, Purpose.RECOVER)
    # Whoever holds the very first address of a chain of changes can take all of them back.
    back = _link(session, Purpose.KEEP_EMAIL, account=account, email=old, now=now)
    history.note(session, account.id, Happening.EMAIL_CHANGED, now=now, device=device)
    if Role.PRACTITIONER in account.roles:
        # Whoever takes a listed profile over begins with its address, so somebody looks at it.
        cases.open_for(session, Kind.SENSITIVE_EDIT, f"account:{account.id}", now=now)
    outbox.send(session, to=old, letter=letters.email_changed(back), language=account.locale, now=now)
    outbox.send(session, to=account.email, letter=letters.email_changed_here(), language=account.locale, now=now)
    return True


def keep_email(session: Session, token: str, *, now: datetime) -> bool:
    """Take a change of address back with the link sent to the old one, and end every session; whether it could be."""
    link = queries.link(session, token, Purpose.KEEP_EMAIL, now=now)
    if link is None or link.email is None or link.account_id is None:
        return False
    account = queries.account(session, link.account_id)
    email = link.email
    if not _used_up(session, link):
        return False
    session.execute(delete(AccountLink).where(AccountLink.account_id == account.id))
    if not _move(session, account, email):
        return False
    # Whoever changed the address knows the password.
    account.password = None
    sessions.end_all(session, account.id)
    session.execute(delete(AccountDevice).where(AccountDevice.account_id == account.id))
    history.note(session, account.id, Happening.EMAIL_CHANGE_TAKEN_BACK, now=now)
    token = recovery_link(session, account, now=now)
    outbox.send(session, to=email, letter=letters.choose_new_password(token), language=account.locale, now=now)
    return True


def invite(session: Session, email: str, role: Role, *, by: int, now: datetime) -> None:
    """Ask somebody to work here: a link with which they choose a password, or the role at once for an account there is.

    Whoever comes by it reaches nothing before they have set up a second factor.
    """
    if role not in permissions.PRIVILEGED:
        raise ValueError("people register for this by themselves")
    known = queries.by_email(session, email)
    if known is not None:
        if known.id == by:
            raise Conflict("Nobody gives a role to themselves. Ask another administrator.", code="own_role")
        if grant(session, known, role, now=now, by=by):
            outbox.send(session, to=known.email, letter=letters.role_given(), language=known.locale, now=now)
        return
    key = email_key(email)
    session.execute(delete(AccountLink).where(AccountLink.purpose == Purpose.REGISTER, AccountLink.email_key == key))
    token = _link(
        session, Purpose.REGISTER, email=email.strip(), role=role, locale="en_US", now=now, lives=rules.INVITATION_LIVES
    )
    audit.record(session, action=f"account.invited.{role}", actor=by, subject=f"account:{by}", now=now)
    outbox.send(session, to=email, letter=letters.invited(token), language="en_US", now=now)


def break_glass(session: Session, account: Account, *, reason: str, now: datetime) -> list[Account]:
    """Make somebody an administrator for a few hours, because nobody else can act; who is told of it.

    It is written down with its reason, and everybody who works here gets a letter.
    """
    account.granted = [each for each in account.granted if each.role is not Role.ADMINISTRATOR]
    session.flush()
    account.granted.append(AccountRole(role=Role.ADMINISTRATOR, granted_at=now, ends_at=now + rules.EMERGENCY_LIVES))
    history.note(session, account.id, Happening.ROLE_GRANTED, now=now)
    audit.record(
        session, action="account.break_glass", actor=None, subject=f"account:{account.id}", reason=reason, now=now
    )
    told = [each for each in queries.everybody(session) if permissions.is_privileged(each.roles)]
    for each in told:
        outbox.send(session, to=each.email, letter=letters.glass_broken(), language=each.locale, now=now)
    return told


def end_emergencies(session: Session, *, now: datetime) -> int:
    """Take away the roles whose time is over, and the sessions begun with them; how many."""
    ended = session.scalars(select(AccountRole).where(AccountRole.ends_at <= now)).all()
    for row in ended:
        sessions.end_all(session, row.account_id)
        audit.record(
            session, action="account.break_glass.ended", actor=None, subject=f"account:{row.account_id}", now=now
        )
        session.delete(row)
    session.flush()
    return len(ended)


def grant(session: Session, account: Account, role: Role, *, now: datetime, by: int | None = None) -> bool:
    """Give somebody a role; whether they did not have it. It acts with their next request.

    ``by`` is the account of whoever does it; ``None`` for somebody at the machine itself.
    """
    if role in account.roles:
        return False
    account.granted.append(AccountRole(role=role, granted_at=now))
    history.note(session, account.id, Happening.ROLE_GRANTED, now=now)
    audit.record(session, action=f"account.granted.{role}", actor=by, subject=f"account:{account.id}", now=now)
    return True


def withdraw(session: Session, account: Account, role: Role, *, now: datetime, by: int | None = None) -> bool:
    """Take a role away; whether they had it. ``Conflict`` for the last administrator."""
    if role not in account.roles:
        return False
    if role is Role.ADMINISTRATOR:
        _somebody_must_stay(session, account)
    account.granted = [each for each in account.granted if each.role is not role]
    history.note(session, account.id, Happening.ROLE_WITHDRAWN, now=now)
    audit.record(session, action=f"account.withdrew.{role}", actor=by, subject=f"account:{account.id}", now=now)
    return True


def disable(session: Session, account: Account, *, now: datetime, by: int | None = None) -> None:
    """Let nobody in with this account any more, and end its sessions. ``Conflict`` for the last administrator."""
    if not account.active:
        return
    if Role.ADMINISTRATOR in account.roles:
        _somebody_must_stay(session, account)
    account.active = False
    sessions.end_all(session, account.id)
    history.note(session, account.id, Happening.DISABLED, now=now)
    audit.record(session, action="account.disabled", actor=by, subject=f"account:{account.id}", now=now)


def enable(session: Session, account: Account, *, now: datetime, by: int | None = None) -> None:
    """Let somebody in again."""
    if not account.active:
        account.active = True
        history.note(session, account.id, Happening.ENABLED, now=now)
        audit.record(session, action="account.enabled", actor=by, subject=f"account:{account.id}", now=now)


def reset_second_factors(
    session: Session, account: Account, *, now: datetime, by: int | None = None, reason: str | None = None
) -> None:
    """Take every second proof away, for somebody who has lost all of them and was identified by another way."""
    factors.reset(session, account)
    sessions.end_all(session, account.id)
    history.note(session, account.id, Happening.SECOND_FACTORS_RESET, now=now)
    audit.record(
        session,
        action="account.second_factors_reset",
        actor=by,
        subject=f"account:{account.id}",
        reason=reason,
        now=now,
    )
    outbox.send(session, to=account.email, letter=letters.second_factor_changed(), language=account.locale, now=now)


def forget(session: Session, *, kept: timedelta, now: datetime) -> int:
    """Delete what is of no more use: links, numbers to sign, tries, devices, old logs, and sessions that began longer
    ago than ``kept``, which is more than any of them lives; how many rows."""
    gone: list[ReturningDelete[Any]] = [
        delete(AccountSession).where(AccountSession.began_at <= now - kept).returning(AccountSession.id),
        delete(AccountLink).where(AccountLink.expires_at <= now).returning(AccountLink.token_hash),
        delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now).returning(PasskeyChallenge.challenge_hash),
        delete(AccountDevice)
        .where(AccountDevice.last_seen_at <= now - rules.DEVICE_LIVES)
        .returning(AccountDevice.account_id),
        delete(AccountEvent).where(AccountEvent.at <= now - rules.LOG_LIVES).returning(AccountEvent.id),
        delete(AccountAttempt).where(AccountAttempt.at <= now - rules.ATTEMPTS_KEPT).returning(AccountAttempt.id),
    ]
    return sum(len(session.execute(each).all()) for each in gone)


def _somebody_must_stay(session: Session, leaving: Account) -> None:
    if session.get_bind().dialect.name == "postgresql":
        # Two administrators who withdraw each other at once would both see the other.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADMINISTRATORS_LOCK})
    if rules.would_leave_nobody(queries.administrators(session), leaving.id):
        raise Conflict("This is the last administrator. Make another one first.", code="last_administrator")


def _set_password(session: Session, account: Account, password: str, *, now: datetime) -> None:
    account.password = passwords.hashed(password)
    account.password_changed_at = now
    _forget_links(session, account.id, Purpose.RECOVER)
    session.flush()


def _move(session: Session, account: Account, email: str) -> bool:
    taken = session.scalar(select(func.count()).where(Account.email_key == email_key(email), Account.id != account.id))
    if taken:
        return False
    account.email = email
    account.email_key = email_key(email)
    session.flush()
    return True


def _do_and_undo(session: Session, *, role: Role, letter: bool, now: datetime) -> None:
    """Work as much as for somebody else, and take it back: how long an answer takes says nothing about an address."""
    undone = session.begin_nested()
    token = _link(session, Purpose.REGISTER, email=_NOBODY, role=role, now=now)
    if letter:
        outbox.send(session, to=_NOBODY, letter=letters.choose_new_password(token), language="en_US", now=now)
    undone.rollback()


def _used_up(session: Session, link: AccountLink) -> bool:
    """Take a link away; whether it was still there, and not used by somebody at the same moment."""
    gone = delete(AccountLink).where(AccountLink.token_hash == link.token_hash).returning(AccountLink.token_hash)
    return bool(session.scalars(gone).all())


def _forget_links(session: Session, account_id: int, purpose: Purpose) -> None:
    session.execute(delete(AccountLink).where(AccountLink.account_id == account_id, AccountLink.purpose == purpose))


def _link(
    session: Session,
    purpose: Purpose,
    *,
    now: datetime,
    account: Account | None = None,
    email: str | None = None,
    role: Role | None = None,
    locale: str | None = None,
    lives: timedelta | None = None,
) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        AccountLink(
            token_hash=secret_hash(token),
            purpose=purpose,
            account_id=None if account is None else account.id,
            email=email,
            email_key=None if email is None else email_key(email),
            role=role,
            locale=locale or (account.locale if account is not None else "en_US"),
            made_at=now,
            expires_at=now + (lives or rules.LINK_LIVES[purpose]),
        )
    )
    session.flush()
    return token
