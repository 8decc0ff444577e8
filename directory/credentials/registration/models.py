"""Tables of registrations: how far somebody has come, and what they took over from a register."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.registration.terms import StepKey
from directory.crypto import EncryptedText
from directory.db import Base, value_enum
from directory.practitioners.models import Practitioner


class Registration(Base):
    """One person's way onto the list."""

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("(submitted_at IS NULL) = (signed_as_sealed IS NULL)", name="submitted_is_signed"),
        CheckConstraint("npi_claimed IS NULL OR length(npi_claimed) = 10", name="npi_length"),
        Index("ix_registration_npi_claimed", "npi_claimed"),
    )

    practitioner_id: Mapped[int] = mapped_column(
        ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    begun_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    signed_as_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    """The name typed under "all of this is true"."""
    npi_claimed: Mapped[str | None] = mapped_column(String(10))
    """An NPI that somebody else already has here. It becomes theirs once that is settled and blocks nobody."""


class RegistrationStep(Base):
    """A step that was saved at least once."""

    __tablename__ = "registration_step"

    practitioner_id: Mapped[int] = mapped_column(
        ForeignKey("registration.practitioner_id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[StepKey] = mapped_column(value_enum(StepKey, name="step"), primary_key=True)
    saved_at: Mapped[datetime]


class PrefilledField(Base):
    """What somebody decided about a value that a register offered: its source, of which day, and taken or not."""

    __tablename__ = "registration_prefill"

    practitioner_id: Mapped[int] = mapped_column(
        ForeignKey("registration.practitioner_id", ondelete="CASCADE"), primary_key=True
    )
    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    as_of: Mapped[date]
    accepted: Mapped[bool]
    decided_at: Mapped[datetime]
