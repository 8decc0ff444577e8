"""Proposed changes. What was and what is to be are sealed: some of it is an address that nobody may see yet."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.edits.terms import EditState, FieldClass
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import Practitioner

_WAITING = text("state = 'waiting'")


class ProposedEdit(Base):
    """What one person wants changed about one thing; at most one such wish waits at a time."""

    __tablename__ = "proposed_edit"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_has_time"),
        Index("ix_proposed_edit_practitioner_id", "practitioner_id"),
        Index(
            "uq_proposed_edit_waiting",
            "practitioner_id",
            "subject",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(60))
    """``person``, ``place:12``, ``rls`` or ``pregnancy``."""
    field_class: Mapped[FieldClass] = mapped_column(value_enum(FieldClass, name="field_class"))
    """The more careful one, where fields of both are in it."""
    before_sealed: Mapped[str] = mapped_column(EncryptedText)
    after_sealed: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[EditState] = mapped_column(value_enum(EditState, name="state"))
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    answer_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    """What the person is told when it was refused."""

    @property
    def before(self) -> dict[str, Any]:
        """The fields as they were, by name."""
        values: dict[str, Any] = json.loads(self.before_sealed)
        return values

    @property
    def after(self) -> dict[str, Any]:
        """The fields as they are to be, by name."""
        values: dict[str, Any] = json.loads(self.after_sealed)
        return values
