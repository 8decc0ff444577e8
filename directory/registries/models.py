"""Tables of what registers say. Nobody in them is a practitioner of ours, so nothing here refers to one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.registries.terms import Flaw, ImportState, Reach, Standing


class RegistryEntry(Base):
    """Somebody whom NPPES names as an acupuncturist: unclaimed and unchecked, never part of a search.

    Of whoever is not ``SHOWN`` any more only the number, the name and the day are kept.
    """

    __tablename__ = "registry_entry"
    __table_args__ = (
        CheckConstraint("length(npi) = 10", name="npi_length"),
        CheckConstraint("standing = 'shown' OR contact_sealed IS NULL", name="hidden_has_no_contact"),
        Index("ix_registry_entry_region_name_key", "region", "name_key"),
    )

    npi: Mapped[str] = mapped_column(String(10), primary_key=True)
    standing: Mapped[Standing] = mapped_column(value_enum(Standing, name="standing"))
    standing_since: Mapped[date | None]
    """The day of a deactivation, or of the file that took the entry down."""
    last_name: Mapped[str] = mapped_column(String(150))
    first_name: Mapped[str] = mapped_column(String(150))
    middle_name: Mapped[str] = mapped_column(String(150))
    suffix: Mapped[str] = mapped_column(String(150))
    name_key: Mapped[str] = mapped_column(String(300))
    """The family name, folded for the look-up."""
    city: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(60))
    country: Mapped[str] = mapped_column(String(2))
    contact_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """Practice and mailing address and telephone as JSON: for the verification desk, which must reach somebody over a
    way that a claimant did not supply. Never shown, and not even opened by what reads the rest."""
    enumerated_on: Mapped[date | None]
    updated_on: Mapped[date | None]
    as_of: Mapped[date]
    """The day of the newest file that named them."""
    digest: Mapped[str] = mapped_column(String(64))


class RegistryLead(Base):
    """A licence number that somebody gave the register: where the desk may look, and never a proof."""

    __tablename__ = "registry_lead"
    __table_args__ = (CheckConstraint("slot BETWEEN 1 AND 15", name="slot"),)

    npi: Mapped[str] = mapped_column(ForeignKey("registry_entry.npi", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Which of the fifteen taxonomy slots it stood in."""
    state: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    is_primary: Mapped[bool]


class RegistryRemoval(Base):
    """Somebody asked that this number have no page. Nothing else is kept, and no import brings it back."""

    __tablename__ = "registry_removal"
    __table_args__ = (CheckConstraint("length(npi) = 10", name="npi_length"),)

    npi: Mapped[str] = mapped_column(String(10), primary_key=True)
    removed_at: Mapped[datetime]


class RegistryImport(Base):
    """One file: being read, with the place to go on from, or applied, with what it did."""

    __tablename__ = "registry_import"
    __table_args__ = (
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_has_time"),
        CheckConstraint("state <> 'applied' OR as_of IS NOT NULL", name="applied_has_day"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file as it lay on the disk."""
    file_name: Mapped[str] = mapped_column(String(255))
    reader: Mapped[int]
    """The version of the reading code: another one does not go on where this one stopped."""
    reach: Mapped[Reach] = mapped_column(value_enum(Reach, name="reach"))
    as_of: Mapped[date | None]
    state: Mapped[ImportState] = mapped_column(value_enum(ImportState, name="state"))
    started_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    read_to: Mapped[int] = mapped_column(BigIntId)
    """Unpacked bytes up to the end of the last record that is staged or was passed over."""
    next_line: Mapped[int] = mapped_column(BigIntId)
    newest: Mapped[date | None]
    """The newest day in the rows read so far."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was seen, and once applied what it changed."""


class RegistryStaged(Base):
    """A row of a file that is being read, until all of it can be applied at once."""

    __tablename__ = "registry_staged"

    import_id: Mapped[int] = mapped_column(ForeignKey("registry_import.id", ondelete="CASCADE"), primary_key=True)
    npi: Mapped[str] = mapped_column(String(10), primary_key=True)
    standing: Mapped[Standing] = mapped_column(value_enum(Standing, name="standing"))
    updated_on: Mapped[date | None]
    since: Mapped[date | None]
    digest: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What becomes columns of the entry, and its leads."""
    contact_sealed: Mapped[str | None] = mapped_column(EncryptedText)


class RegistryReject(Base):
    """A row of a file that was not taken; kept until the next file is applied."""

    __tablename__ = "registry_reject"

    import_id: Mapped[int] = mapped_column(ForeignKey("registry_import.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    npi: Mapped[str | None] = mapped_column(String(10))
    flaw: Mapped[Flaw] = mapped_column(value_enum(Flaw, name="flaw"))
