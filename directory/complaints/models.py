"""Tables of reports and appeals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.complaints.terms import Field, Result
from directory.credentials.decisions.models import Decision
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import Practitioner


class Complaint(Base):
    """What somebody reported. Their words and address go when the answer is old; what it was about stays."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("decided_at IS NULL OR result IS NOT NULL", name="decided_has_result"),
        CheckConstraint("text_sealed IS NOT NULL OR decided_at IS NOT NULL", name="open_has_text"),
        Index("ix_complaint_practitioner_id_reported_at", "practitioner_id", "reported_at"),
        Index("ix_complaint_reported_at", "reported_at"),
        Index("ix_complaint_decided_at", "decided_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    """Whom it is about, where the report began at a profile."""
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    field: Mapped[Field] = mapped_column(value_enum(Field, name="field"))
    text_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    whom_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """Whom and where, in the reporter's words, where the report did not begin at a profile."""
    email_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """Where the answer is sent; not everybody wants one."""
    language: Mapped[str] = mapped_column(String(10))
    reported_at: Mapped[datetime]
    result: Mapped[Result | None] = mapped_column(value_enum(Result, name="result"))
    decided_at: Mapped[datetime | None]


class Appeal(Base):
    """What a practitioner says against a decision. Nobody who took part in it decides this."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided_has_answer"),
        Index("ix_appeal_practitioner_id", "practitioner_id"),
        Index("ix_appeal_decision_id", "decision_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    decision_id: Mapped[int] = mapped_column(ForeignKey(Decision.id))
    text_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
