"""The table of what was so at the last look."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.terms import Refusal
from directory.db import Base, value_enum
from directory.practitioners.models import PracticePlace, Practitioner


class EligibilityState(Base):
    """Whether a place was listed when somebody last looked. It decides nothing."""

    __tablename__ = "eligibility_state"
    __table_args__ = (CheckConstraint("listed = (refusal IS NULL)", name="says_why"),)

    place_id: Mapped[int] = mapped_column(
        ForeignKey(PracticePlace.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"), index=True)
    listed: Mapped[bool]
    refusal: Mapped[Refusal | None] = mapped_column(value_enum(Refusal, name="refusal"))
    since: Mapped[datetime]
    """When the change was first seen."""
