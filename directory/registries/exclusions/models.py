"""Tables of the exclusion list: its files, what the newest one says, and of whom of ours it may speak."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import Practitioner
from directory.registries.exclusions.terms import By, Standing


class ExclusionFile(Base):
    """One file of the list that was taken in."""

    __tablename__ = "exclusion_file"

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the file as it lay on the disk."""
    file_name: Mapped[str] = mapped_column(String(255))
    reader: Mapped[int]
    """The version of the reading code."""
    as_of: Mapped[date]
    taken_at: Mapped[datetime]
    screened_at: Mapped[datetime | None]
    """When everybody of ours was last compared with it."""
    entries: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was seen in it, and what it changed."""


class ExclusionEntry(Base):
    """What the list says of one person or business. It is public, and nobody in it is one of ours."""

    __tablename__ = "exclusion_entry"
    __table_args__ = (Index("ix_exclusion_entry_npi", "npi"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A fingerprint of all of it: an entry that changes is another entry."""
    npi: Mapped[str | None] = mapped_column(String(10))
    last_name: Mapped[str] = mapped_column(String(200))
    first_name: Mapped[str] = mapped_column(String(200))
    middle_name: Mapped[str] = mapped_column(String(200))
    business: Mapped[str] = mapped_column(String(200))
    general: Mapped[str] = mapped_column(String(200))
    specialty: Mapped[str] = mapped_column(String(200))
    born: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(200))
    postal_code: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(200))
    excluded_on: Mapped[date | None]
    reinstated_on: Mapped[date | None]
    waived_on: Mapped[date | None]
    waived_in: Mapped[str] = mapped_column(String(200))
    first_as_of: Mapped[date]
    """The day of the first file that said so."""
    gone_on: Mapped[date | None]
    """The day of the first file that says it no more. Such an entry stays only while it was once held against
    somebody of ours."""


class ExclusionHit(Base):
    """An entry that may be about a practitioner of ours, with what was weighed. It hides nobody."""

    __tablename__ = "exclusion_hit"
    __table_args__ = (Index("ix_exclusion_hit_entry_key", "entry_key"),)

    practitioner_id: Mapped[int] = mapped_column(
        ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    entry_key: Mapped[str] = mapped_column(ForeignKey("exclusion_entry.key", ondelete="CASCADE"), primary_key=True)
    by: Mapped[By] = mapped_column(value_enum(By, name="by"))
    points: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    """Of ``Reason``."""
    standing: Mapped[Standing] = mapped_column(value_enum(Standing, name="standing"))
    asked: Mapped[bool]
    """Whether somebody at the desk has to look at it."""
    found_at: Mapped[datetime]
