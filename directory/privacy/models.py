"""Tables of leaving: who is about to be erased, what keeps somebody from being erased, and who is gone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus


class Departure(Base):
    """Somebody who has left. They are shown nowhere, and until ``erase_on`` they may come back."""

    __tablename__ = "departure"
    __table_args__ = (Index("ix_departure_erase_on", "erase_on"),)

    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True)
    left_at: Mapped[datetime]
    erase_on: Mapped[date]
    status_before: Mapped[AccountStatus] = mapped_column(value_enum(AccountStatus, name="status_before"))


class LegalHold(Base):
    """Why somebody's data must be kept although they have left: a complaint, a court. Nothing is erased meanwhile."""

    __tablename__ = "legal_hold"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id), primary_key=True)
    placed_at: Mapped[datetime]
    reason_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)


class Tombstone(Base):
    """A profile that programs may have a copy of and should drop. It has no name: the address is kept as a hash."""

    __tablename__ = "tombstone"

    practitioner_id: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    """As it was. No key of a table: the row it named is erased."""
    slug_hash: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the last part of the address."""
    gone_at: Mapped[datetime]
