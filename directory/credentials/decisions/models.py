"""Tables of decisions. A decision is never changed nor removed; its reason lies beside it and can be erased."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from directory import permanent
from directory.cases.terms import Kind
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.terms import CredentialStatus
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import Practitioner


class Decision(Base):
    """One step of a decision. People stand in it as numbers, so that it outlives them.

    What two people must agree on has two rows: the first with ``takes_effect`` false, and one of somebody else that
    names it in ``second_of``. A second look names the decision it looked at too, and says whether it agrees.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("second_of IS NULL OR agrees IS NOT NULL", name="second_says"),
        CheckConstraint("took_seconds >= 0", name="took_seconds"),
        CheckConstraint("snapshot_hash IS NULL OR length(snapshot_hash) = 64", name="snapshot_hash"),
        CheckConstraint(
            "outcome NOT IN ('rejected', 'suspended', 'revoked') OR reason_code IS NOT NULL", name="has_reason"
        ),
        Index("ix_decision_subject", "subject"),
        Index("ix_decision_practitioner_id", "practitioner_id"),
        Index("ix_decision_case_id", "case_id"),
        Index("ix_decision_decided_at", "decided_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[Kind] = mapped_column(value_enum(Kind, name="kind"))
    subject: Mapped[str] = mapped_column(String(80))
    practitioner_id: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[Outcome] = mapped_column(value_enum(Outcome, name="outcome"))
    method: Mapped[Method | None] = mapped_column(value_enum(Method, name="method"))
    read_on: Mapped[date | None]
    """The day on which the source was read."""
    status_read: Mapped[CredentialStatus | None] = mapped_column(value_enum(CredentialStatus, name="status_read"))
    raw_status: Mapped[str | None] = mapped_column(String(200))
    expires_read: Mapped[date | None]
    name_read: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(500))
    """The address of the page, the name of the file, or the number that was called."""
    snapshot_hash: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what was seen, where a copy of it was kept or hashed."""
    reason_code: Mapped[ReasonCode | None] = mapped_column(value_enum(ReasonCode, name="reason_code"))
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str | None] = mapped_column(String(40))
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    """The account; ``None`` for the product itself."""
    decided_at: Mapped[datetime]
    took_seconds: Mapped[int | None]
    """From opening the page to sending the decision."""
    takes_effect: Mapped[bool]
    second_of: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    agrees: Mapped[bool | None]


permanent.protect(cast("Table", Decision.__table__), refusal="a decision is never changed nor removed")


class DecisionNote(Base):
    """The reason of a decision in words; erased when what it speaks of has to go."""

    __tablename__ = "decision_note"

    decision_id: Mapped[int] = mapped_column(ForeignKey(Decision.id), primary_key=True)
    text_sealed: Mapped[str] = mapped_column(EncryptedText)
    words_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    """What the practitioner was told."""
    proposed_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    """Of the first of two: the whole verdict as JSON, which takes effect when the second person agrees."""


class Question(Base):
    """What the desk asked a practitioner about a claim, and what they answered."""

    __tablename__ = "desk_question"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer_sealed IS NULL)", name="answered_has_answer"),
        Index("ix_desk_question_practitioner_id", "practitioner_id"),
        Index("ix_desk_question_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey(Decision.id))
    case_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Kind] = mapped_column(value_enum(Kind, name="kind"))
    subject: Mapped[str] = mapped_column(String(80))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    text_sealed: Mapped[str] = mapped_column(EncryptedText)
    asked_at: Mapped[datetime]
    answer_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    answered_at: Mapped[datetime | None]
