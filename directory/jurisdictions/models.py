"""The table of jurisdictions: a copy of ``seeds/jurisdictions.csv`` that other tables refer to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, value_enum
from directory.jurisdictions.rules import Confidence, LocalRule, PraiseRule, Regime


class JurisdictionRow(Base):
    """One row per code. ``accepted_bodies`` keeps the words of the file, because a condition hangs on each body."""

    __tablename__ = "jurisdiction"
    __table_args__ = (CheckConstraint("late_days BETWEEN 0 AND 366", name="late_days"),)

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    regime: Mapped[Regime] = mapped_column(value_enum(Regime, name="regime"))
    open: Mapped[bool]
    local_rule: Mapped[LocalRule | None] = mapped_column(value_enum(LocalRule, name="local_rule"))
    exempt_bodies: Mapped[list[str]] = mapped_column(JSON)
    accepted_bodies: Mapped[str] = mapped_column(Text)
    late_days: Mapped[int]
    cluster_day: Mapped[str | None] = mapped_column(String(5))
    testimonials: Mapped[PraiseRule] = mapped_column(value_enum(PraiseRule, name="testimonials"))
    regulates: Mapped[str] = mapped_column(Text)
    titles: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    lookup: Mapped[str] = mapped_column(Text)
    number_pattern: Mapped[str | None] = mapped_column(Text)
    number_pattern_confidence: Mapped[Confidence | None] = mapped_column(value_enum(Confidence, name="confidence"))
    renewal: Mapped[str] = mapped_column(Text)
    education: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class JurisdictionSwitch(Base):
    """A jurisdiction in which nobody is shown at present, whatever its rules say. No row: the rules alone decide."""

    __tablename__ = "jurisdiction_switch"

    code: Mapped[str] = mapped_column(String(8), ForeignKey(JurisdictionRow.code), primary_key=True)
    closed_since: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    """The account; ``None`` for a command."""
    reason_sealed: Mapped[str] = mapped_column(EncryptedText)
