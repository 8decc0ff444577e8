"""Tables of what rosters say. Nobody in them is a practitioner of ours, so nothing here refers to one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.terms import CredentialStatus
from directory.db import Base, BigIntId, value_enum
from directory.registries.rosters.terms import FileState


class RosterFile(Base):
    """One file: applied, with what it changed, or refused, with the reason."""

    __tablename__ = "roster_file"
    __table_args__ = (
        CheckConstraint(
            "state = 'refused' OR (jurisdiction IS NOT NULL AND refusal IS NULL)", name="applied_has_board"
        ),
        CheckConstraint("state = 'applied' OR refusal IS NOT NULL", name="refused_has_reason"),
        Index("ix_roster_file_sha256", "sha256"),
        Index("ix_roster_file_jurisdiction_as_of", "jurisdiction", "as_of"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file as it lay on the disk."""
    file_name: Mapped[str] = mapped_column(String(255))
    reader: Mapped[int]
    """The version of the reading code."""
    jurisdiction: Mapped[str | None] = mapped_column(String(8))
    """``None`` for a file that could not be known for a board's."""
    as_of: Mapped[date]
    state: Mapped[FileState] = mapped_column(value_enum(FileState, name="state"))
    refusal: Mapped[str | None] = mapped_column(Text)
    taken_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was read and what it changed; a ``Counts``."""
    rejects: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The first rows that were not taken: line and flaw."""


class RosterEntry(Base):
    """What the newest file of a board says of one licence under one name, or an older one said before it was gone."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        Index("ix_roster_entry_jurisdiction_number_key", "jurisdiction", "number_key"),
        Index("ix_roster_entry_jurisdiction_family_key", "jurisdiction", "family_key"),
        Index("ix_roster_entry_jurisdiction_given_key", "jurisdiction", "given_key"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(String(8))
    licence_type: Mapped[str] = mapped_column(String(120))
    number_key: Mapped[str] = mapped_column(String(150))
    number: Mapped[str] = mapped_column(String(150))
    written_name: Mapped[str] = mapped_column(String(620))
    """As the board writes it, in one line."""
    name_key: Mapped[str] = mapped_column(String(300))
    family_key: Mapped[str] = mapped_column(String(150))
    given_key: Mapped[str] = mapped_column(String(150))
    names: Mapped[list[list[str]]] = mapped_column(JSON)
    """Family, first and middle name of every way in which the name may be read."""
    suffix: Mapped[str] = mapped_column(String(150))
    city: Mapped[str] = mapped_column(String(300))
    region: Mapped[str] = mapped_column(String(150))
    status: Mapped[CredentialStatus] = mapped_column(value_enum(CredentialStatus, name="status"))
    raw_status: Mapped[str] = mapped_column(String(200))
    issued: Mapped[date | None]
    expires: Mapped[date | None]
    discipline: Mapped[str] = mapped_column(String(300))
    rows: Mapped[int]
    first_file_id: Mapped[int] = mapped_column(ForeignKey("roster_file.id"))
    last_file_id: Mapped[int] = mapped_column(ForeignKey("roster_file.id"))
    """The newest file that named it."""
    gone_since: Mapped[date | None]
    """The day of the first file that did not name it any more."""
    status_before: Mapped[CredentialStatus | None] = mapped_column(value_enum(CredentialStatus, name="status_before"))
    changed_on: Mapped[date | None]
    """The day of the file that said another status than the one before."""
