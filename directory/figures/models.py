"""The table of counts. One row a person and day; there is no column for anybody else."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base
from directory.practitioners.models import Practitioner


class SearchAppearance(Base):
    """What happened to one person's listing on one day, by the calendar of UTC."""

    __tablename__ = "search_appearance"
    __table_args__ = (
        CheckConstraint("appearances >= 0 AND sum_of_rank >= appearances AND apart >= 0 AND views >= 0", name="counts"),
        Index("ix_search_appearance_day", "day"),
    )

    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    appearances: Mapped[int] = mapped_column(default=0)
    """In the order of a list."""
    sum_of_rank: Mapped[int] = mapped_column(default=0)
    """Of those appearances; the first of a list is 1."""
    apart: Mapped[int] = mapped_column(default=0)
    """Beside a list, among people who are new to this work."""
    views: Mapped[int] = mapped_column(default=0)
    """Of the profile."""
