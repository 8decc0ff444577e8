"""The outbox: every letter that was written, from the transaction that wrote it to the day its text is erased."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum


class State(StrEnum):
    """How far a letter has come."""

    WAITING = "waiting"
    SENT = "sent"
    """The mail server took it over."""
    FAILED = "failed"
    """Nobody tries any more."""
    BOUNCED = "bounced"
    """The mail server took it over, and it came back."""
    SUPPRESSED = "suppressed"
    """Never handed over, because letters do not reach this address."""


class Why(StrEnum):
    """Why nothing more is sent to an address."""

    REFUSED = "refused"
    """The mail server said at once that there is nobody."""
    BOUNCED = "bounced"
    """A letter came back because there is nobody."""
    OFTEN = "often"
    """Letters came back again and again for reasons that should have passed."""


class MailSuppression(Base):
    """An address from which letters came back, and since when nothing more is sent there."""

    __tablename__ = "mail_suppression"
    __table_args__ = (CheckConstraint("(suppressed_at IS NULL) = (why IS NULL)", name="has_reason"),)

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    address_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    soft: Mapped[int]
    """How many letters came back lately for reasons that may pass."""
    suppressed_at: Mapped[datetime | None]
    why: Mapped[Why | None] = mapped_column(value_enum(Why, name="why"))
    status: Mapped[str] = mapped_column(String(16))
    """The code of the newest, such as ``5.1.1``; none of its words, which may hold the address."""


class OutgoingLetter(Base):
    """One letter to one person. Address and text are sealed, and erased some days after they are of no more use."""

    __tablename__ = "outgoing_letter"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name="finished_has_time"),
        CheckConstraint(
            "state <> 'waiting' OR (recipient_sealed IS NOT NULL AND text_sealed IS NOT NULL)", name="waiting_is_whole"
        ),
        CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="lease_has_end"),
        Index("ix_outgoing_letter_state_next_try_at", "state", "next_try_at"),
        Index("ix_outgoing_letter_finished_at", "finished_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(48))
    state: Mapped[State] = mapped_column(value_enum(State, name="state"))
    created_at: Mapped[datetime]
    mark: Mapped[str] = mapped_column(String(32), unique=True)
    """Random; becomes the Message-ID, so that a letter handed over twice can be told from two letters."""
    recipient_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    text_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """A ``letters.Worded`` as JSON."""
    tries: Mapped[int]
    next_try_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(32))
    """Of the process that is handing it over right now."""
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(80))
    """What went wrong last, without anything the server said: its words may hold the address."""
