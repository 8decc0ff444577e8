"""Tables of pairs that may be one person, and of those that were made one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.merging.terms import Answer
from directory.practitioners.models import Practitioner


class DuplicatePair(Base):
    """Two profiles about which the desk was asked once; it is never asked again. The smaller number stands first."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        UniqueConstraint("first_id", "second_id"),
        Index("ix_duplicate_pair_second_id", "second_id"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    answer: Mapped[Answer] = mapped_column(value_enum(Answer, name="answer"))
    noted_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(BigInteger)


class PractitionerMerge(Base):
    """One profile went into another. Numbers and a hash alone, so that it outlives both and names nobody."""

    __tablename__ = "practitioner_merge"
    __table_args__ = (
        CheckConstraint("from_id <> into_id", name="two"),
        UniqueConstraint("from_id"),
        Index("ix_practitioner_merge_into_id", "into_id"),
        Index("ix_practitioner_merge_slug_hash", "slug_hash"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    from_id: Mapped[int] = mapped_column(BigInteger)
    into_id: Mapped[int] = mapped_column(BigInteger)
    slug_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the last part of the old address, which leads to the profile that stayed."""
    merged_at: Mapped[datetime]
    merged_by: Mapped[int | None] = mapped_column(BigInteger)


class PractitionerMergeNote(Base):
    """What the profile that went had said where the other one said otherwise; goes with whom it is about."""

    __tablename__ = "practitioner_merge_note"
    __table_args__ = (Index("ix_practitioner_merge_note_practitioner_id", "practitioner_id"),)

    merge_id: Mapped[int] = mapped_column(ForeignKey(PractitionerMerge.id), primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    before_sealed: Mapped[str] = mapped_column(EncryptedText)
    """JSON by name of table and column."""
