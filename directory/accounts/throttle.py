"""How often something was tried, counted in the database so that every process of the site counts the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, delete, insert, select, text
from sqlalchemy.orm import Session

from directory.accounts.models import AccountAttempt
from directory.accounts.rules import TRIES, wait
from directory.accounts.terms import Action, Scope


def must_wait(session: Session, action: Action, subjects: Mapping[Scope, str], *, now: datetime) -> timedelta:
    """How long these must wait before they may try again; nothing when they may. Others that try at once wait here."""
    if session.get_bind().dialect.name == "postgresql":
        # Two that come at once would not see each other's tries. SQLite has one writer at a time.
        for each in sorted(subjects.values()):
            session.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"), {"subject": f"{action}:{each}"}
            )
    session.flush()
    longest = timedelta(0)
    for scope, subject in subjects.items():
        limit = TRIES[action, scope]
        asked = {"subject": subject, "action": action, "since": now - limit.within, "most": limit.most}
        times = session.connection().execute(_NEWEST, asked).scalars().all()
        longest = max(longest, wait(times, limit, now=now))
    return longest


# Put together once: everybody who sends something passes here, on SQLite while nobody else can write.
_NEWEST = (
    select(AccountAttempt.at)
    .where(
        AccountAttempt.subject == bindparam("subject"),
        AccountAttempt.action == bindparam("action"),
        AccountAttempt.at > bindparam("since"),
    )
    .order_by(AccountAttempt.at.desc())
    .limit(bindparam("most", type_=Integer))
)
_TRY = insert(AccountAttempt)


def count(session: Session, action: Action, subjects: Mapping[Scope, str], *, now: datetime) -> None:
    """Count one try for each of these."""
    tries = [{"action": action, "subject": each, "at": now} for each in subjects.values()]
    if tries:
        session.connection().execute(_TRY, tries)


def forgive(session: Session, action: Action, subject: str) -> None:
    """Forget the tries of whoever has succeeded."""
    session.execute(delete(AccountAttempt).where(AccountAttempt.subject == subject, AccountAttempt.action == action))
