"""Work items of the people who run the site: what somebody is waiting for, since when, and until when it is due.

A case names its subject in words and not by a key of another table, so that it outlives it. What a person wrote is
sealed, and goes when the case is closed; the number, kind, subject and dates stay.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.errors import Conflict, NotFound

WORKING_DAYS = 2
"""How long a claim may wait."""

SAME_WITHIN = timedelta(days=1)
MOST_OF_ONE_SUBJECT = 5
MOST_A_DAY = 1_000
"""Open cases of one kind in ``SAME_WITHIN``; what comes beyond is refused, so that a flood fills no disk."""

_SATURDAY = 5
_OPENING_LOCK = 0x57114


class Kind(StrEnum):
    """What is to be done."""

    PROFILE_CLAIM = "profile_claim"
    """Somebody says that an entry of a register, or a profile of ours, is theirs."""
    CONTROL = "control"
    """Whether whoever sits at the keyboard is the person whom the papers name."""
    LICENCE = "licence"
    CERTIFICATION = "certification"
    EDUCATION = "education"
    """Education and clean needle technique."""
    INDEMNITY = "indemnity"
    TRAINING = "training"
    RLS_CASELOAD = "rls_caseload"
    PREGNANCY_DECLARATION = "pregnancy_declaration"
    PHOTO = "photo"
    SENSITIVE_EDIT = "sensitive_edit"
    PLAUSIBILITY = "plausibility"
    """A number that is hard to believe, which may still be right."""


class State(StrEnum):
    """Whether anybody still has to do something."""

    OPEN = "open"
    CLOSED = "closed"


class Case(Base):
    """One work item."""

    __tablename__ = "work_case"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("state = 'open' OR contact_sealed IS NULL", name="closed_keeps_no_contact"),
        Index("ix_work_case_state_due", "state", "due"),
        Index("ix_work_case_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    kind: Mapped[Kind] = mapped_column(value_enum(Kind, name="kind"))
    subject: Mapped[str] = mapped_column(String(80))
    """Such as ``npi:1234567893``."""
    state: Mapped[State] = mapped_column(value_enum(State, name="state"))
    opened_at: Mapped[datetime]
    due: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    contact_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """A ``Contact`` as JSON."""

    @property
    def contact(self) -> Contact | None:
        """Who wrote and how to reach them; ``None`` once the case is closed."""
        return None if self.contact_sealed is None else Contact(**json.loads(self.contact_sealed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What somebody said about themselves when a case was opened. None of it is checked."""

    name: str
    email: str
    reach: str = ""
    """How else they can be reached."""
    note: str = ""


class TooMany(Conflict):
    """So many cases were opened in a day that this one waits until tomorrow."""

    code = "too_many_cases"


def due_after(opened_at: datetime, *, working_days: int = WORKING_DAYS) -> datetime:
    """The same time of day so many working days later. Public holidays count as working days."""
    due = opened_at
    while working_days:
        due += timedelta(days=1)
        working_days -= due.weekday() < _SATURDAY
    return due


def open_for(session: Session, kind: Kind, subject: str, *, now: datetime) -> Case:
    """The open case about something of somebody who has an account here, opened where there is none.

    There is nothing to seal: who waits, and how to reach them, follows from the subject.
    """
    waiting = select(Case).where(Case.kind == kind, Case.subject == subject, Case.state == State.OPEN)
    _in_turn(session)
    found = session.scalars(waiting.order_by(Case.id).limit(1)).one_or_none()
    if found is not None:
        return found
    case = Case(kind=kind, subject=subject, state=State.OPEN, opened_at=now, due=due_after(now))
    session.add(case)
    session.flush()
    return case


def withdraw(session: Session, kind: Kind, subject: str, *, now: datetime) -> None:
    """Close whatever waits about this: what was asked has been taken back."""
    waiting = select(Case).where(Case.kind == kind, Case.subject == subject, Case.state == State.OPEN)
    for case in session.scalars(waiting.with_for_update()):
        case.state, case.closed_at, case.contact_sealed = State.CLOSED, now, None
    session.flush()


def open_case(session: Session, kind: Kind, subject: str, contact: Contact, *, now: datetime) -> Case:
    """A new case, or the open one of the last day in which the same address asked for the same thing.

    ``TooMany`` when a day's share is used up.
    """
    _in_turn(session)
    recent = select(Case).where(Case.kind == kind, Case.state == State.OPEN, Case.opened_at > now - SAME_WITHIN)
    about_it = session.scalars(recent.where(Case.subject == subject).limit(MOST_OF_ONE_SUBJECT)).all()
    for case in about_it:
        if case.contact is not None and case.contact.email.casefold() == contact.email.casefold():
            return case
    of_all = session.scalar(select(func.count()).select_from(recent.subquery())) or 0
    if len(about_it) >= MOST_OF_ONE_SUBJECT or of_all >= MOST_A_DAY:
        raise TooMany("So many people wrote about this today that we cannot take another message. Try tomorrow.")
    case = Case(
        kind=kind,
        subject=subject,
        state=State.OPEN,
        opened_at=now,
        due=due_after(now),
        contact_sealed=json.dumps(asdict(contact)),
    )
    session.add(case)
    session.flush()
    return case


def open_cases(session: Session) -> Sequence[Case]:
    """Everything that waits, what is due first."""
    return session.scalars(select(Case).where(Case.state == State.OPEN).order_by(Case.due, Case.id)).all()


def close(session: Session, case_id: int, *, now: datetime) -> Case:
    """Close a case; what the person wrote is erased. ``NotFound`` where there is none that is open."""
    case = session.scalar(select(Case).where(Case.id == case_id, Case.state == State.OPEN).with_for_update())
    if case is None:
        raise NotFound(f"There is no open case {case_id}.")
    case.state = State.CLOSED
    case.closed_at = now
    case.contact_sealed = None
    session.flush()
    return case


def _in_turn(session: Session) -> None:
    """Two that come at once would not see each other's case. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _OPENING_LOCK})
