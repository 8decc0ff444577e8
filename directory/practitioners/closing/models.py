"""The table of closed profiles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, value_enum
from directory.practitioners.closing.terms import Closing
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus


class PractitionerClosing(Base):
    """Since when, and why, somebody practises no longer. Their status says that they are closed; this says the rest."""

    __tablename__ = "practitioner_closing"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True)
    why: Mapped[Closing] = mapped_column(value_enum(Closing, name="why"))
    closed_on: Mapped[date]
    """The day from which on it holds, as far as anybody knows."""
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(BigInteger)
    """The account of who closed it: the practitioner's own, or somebody's of the desk."""
    status_before: Mapped[AccountStatus] = mapped_column(value_enum(AccountStatus, name="status_before"))
