"""How often something was tried, counted in the database so that every process of the site counts the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text
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
    longest = timedelta(0)
    for scope, subject in subjects.items():
        limit = TRIES[action, scope]
        times = session.scalars(
            select(AccountAttempt.at)
            .where(
                AccountAttempt.subject == subject,
                AccountAttempt.action == action,
                AccountAttempt.at > now - limit.within,
            )
            .order_by(AccountAttempt.at.desc())
            .limit(limit.most)
        ).all()
        longest = max(longest, wait(times, limit, now=now))
    return longest


def count(session: Session, action: Action, subjects: Mapping[Scope, str], *, now: datetime) -> None:
    """Count one try for each of these."""
    session.add_all(AccountAttempt(action=action, subject=each, at=now) for each in subjects.values())
    session.flush()


def forgive(session: Session, action: Action, subject: str) -> None:
    """Forget the tries of whoever has succeeded."""
    session.execute(delete(AccountAttempt).where(AccountAttempt.subject == subject, AccountAttempt.action == action))
