"""Tables of what was measured, and of the calls that show whether a printed number is right."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.accuracy.terms import Reached
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import PracticePlace


class AccuracyDay(Base):
    """One jurisdiction on one day; the empty code stands for all of them together."""

    __tablename__ = "accuracy_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(String(8), primary_key=True)
    listed: Mapped[int]
    checked_recently: Mapped[int]
    median_age: Mapped[float | None]
    """Days since the licences were last read at their source."""
    attested_recently: Mapped[int]
    say_rls: Mapped[int]
    rls_checked: Mapped[int]
    say_pregnancy: Mapped[int]
    pregnancy_checked: Mapped[int]
    called: Mapped[int]
    reached: Mapped[int]


class ContactTest(Base):
    """One place whose printed telephone number is called in one month, and what became of it."""

    __tablename__ = "contact_test"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (done_on IS NULL)", name="done_has_outcome"),
        UniqueConstraint("month", "place_id"),
        Index("ix_contact_test_done_on", "done_on"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    month: Mapped[date]
    place_id: Mapped[int] = mapped_column(ForeignKey(PracticePlace.id, ondelete="CASCADE"))
    jurisdiction: Mapped[str] = mapped_column(String(8))
    drawn_at: Mapped[datetime]
    outcome: Mapped[Reached | None] = mapped_column(value_enum(Reached, name="outcome"))
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(BigInteger)
    """The account of whoever called."""
