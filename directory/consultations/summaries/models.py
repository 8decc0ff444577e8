"""Summaries as they are kept: sealed, and only as long as somebody may read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.consultations.models import Consultation
from directory.consultations.summaries.terms import Lasts
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum


class SharedSummary(Base):
    """What one patient handed over about one talk. The newest that was not taken back is the one that is read."""

    __tablename__ = "shared_summary"

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(Consultation.id, ondelete="CASCADE"), index=True)
    content_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    """As ``directory.care.handing`` writes it."""
    lasts: Mapped[Lasts] = mapped_column(value_enum(Lasts, name="lasts"))
    consent_version: Mapped[str] = mapped_column(String(16))
    shared_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    """Only while a legal hold keeps what was taken back; otherwise the row goes with it."""
