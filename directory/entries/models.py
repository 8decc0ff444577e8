"""The tables of the ledger. People and places stand here by number alone, without a key, so that the note that somebody
went outlives them and names nobody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, BigIntId


class EntryLedger(Base):
    """One row: since when the ledger is kept and how far it has read."""

    __tablename__ = "entry_ledger"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    """The newest stamp that was ever given; every later one is later, whatever the clock says."""
    token: Mapped[str] = mapped_column(String(32))
    """Of the history of changes up to which everything is noted; empty until everybody was looked at once."""
    seq: Mapped[int] = mapped_column(BigIntId)


class Entry(Base):
    """A person who is shown, or was."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("gone_at IS NULL OR digest IS NULL", name="gone_has_no_digest"),
        Index("ix_entry_changed_at", "changed_at", "practitioner_id"),
        Index("ix_entry_first_shown_at", "first_shown_at", "practitioner_id"),
    )

    practitioner_id: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    first_shown_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When it was noted that what is shown is different, is there, or is gone."""
    gone_at: Mapped[datetime | None]
    """Since when nothing is shown, as far as anybody knows; ``None`` while something is."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what is shown; ``None`` where the next look counts as a change whatever it finds."""


class EntryPlace(Base):
    """A place at which somebody is shown, or was."""

    __tablename__ = "entry_place"
    __table_args__ = (
        Index("ix_entry_place_practitioner_id", "practitioner_id"),
        Index("ix_entry_place_changed_at", "changed_at", "place_id"),
    )

    place_id: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    practitioner_id: Mapped[int] = mapped_column(BigIntId)
    changed_at: Mapped[datetime]
    """When it was noted that it is there, or is gone."""
    gone_at: Mapped[datetime | None]


class EntryLook(Base):
    """Whom time alone may change, and the instant from which on somebody must look again."""

    __tablename__ = "entry_look"
    __table_args__ = (Index("ix_entry_look_due_at", "due_at"),)

    practitioner_id: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    due_at: Mapped[datetime]
