"""The tables of work items, and of the views that the desk keeps of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.cases.terms import Kind, State
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum


class Case(Base):
    """One work item. Accounts and practitioners stand in it as numbers: it lies below both, and outlives them."""

    __tablename__ = "work_case"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("state = 'open' OR contact_sealed IS NULL", name="closed_keeps_no_contact"),
        CheckConstraint("risk BETWEEN 0 AND 3", name="risk"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claimed_has_end"),
        Index("ix_work_case_state_due", "state", "due"),
        Index("ix_work_case_subject", "subject"),
        Index("ix_work_case_about", "about"),
        # One for each way in which the desk lists and counts: it reads the rows that it shows, and no other.
        Index("ix_work_case_queue", "state", "waiting_since", "risk", "due", "id"),
        Index("ix_work_case_queue_of_kind", "state", "waiting_since", "kind", "risk", "due", "id"),
        Index("ix_work_case_queue_of_place", "state", "jurisdiction", "waiting_since", "risk", "due", "id"),
        Index("ix_work_case_waiting_of_kind", "state", "kind", "waiting_since"),
        Index("ix_work_case_closed_of_kind", "state", "kind", "closed_at"),
        Index("ix_work_case_claimed_by", "claimed_by", "claimed_until"),
        Index("ix_work_case_assigned_to", "assigned_to"),
        Index("ix_work_case_not_by", "state", "not_by", "kind"),
        Index("ix_work_case_closed_at", "state", "closed_at", "id"),
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
    risk: Mapped[int] = mapped_column(SmallInteger, default=2, server_default="2")
    """A ``Risk``."""
    about: Mapped[int | None] = mapped_column(BigInteger)
    """The practitioner whom it is about, where it is about one of ours."""
    jurisdiction: Mapped[str | None] = mapped_column(String(8))
    """Whose register answers it: cases of one register can be worked one after the other."""
    claimed_by: Mapped[int | None] = mapped_column(BigInteger)
    """The account of whoever works on it, until ``claimed_until``."""
    claimed_until: Mapped[datetime | None]
    assigned_to: Mapped[int | None] = mapped_column(BigInteger)
    """The account it was given to; others may still take it."""
    not_by: Mapped[int | None] = mapped_column(BigInteger)
    """The account whose decision waits for somebody else's: they may not decide it."""
    waiting_since: Mapped[datetime | None]
    """Set while the practitioner has been asked something and the desk can only wait."""

    @property
    def contact(self) -> Contact | None:
        """Who wrote and how to reach them; ``None`` once the case is closed."""
        return None if self.contact_sealed is None else Contact(**json.loads(self.contact_sealed))


class DeskView(Base):
    """A filter of the queue to which somebody at the desk gave a name; nobody's name stands in it."""

    __tablename__ = "desk_view"
    __table_args__ = (
        CheckConstraint("default_for IS NULL OR default_for = account_id", name="default_is_own"),
        UniqueConstraint("account_id", "name"),
        UniqueConstraint("default_for"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    """The filter as it stands in an address, without a person's name."""
    default_for: Mapped[int | None] = mapped_column(BigInteger)
    """The account again where the queue opens with this view, so that no account has two such views."""
    made_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What somebody said about themselves when a case was opened. None of it is checked."""

    name: str
    email: str
    reach: str = ""
    """How else they can be reached."""
    note: str = ""
