"""The table of outcomes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.consultations.models import Consultation
from directory.consultations.outcomes.terms import Contact
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import PracticePlace, Practitioner


class ContactOutcome(Base):
    """That a patient was asked whether it worked, once for each person whom they asked, and what they said."""

    __tablename__ = "contact_outcome"
    __table_args__ = (
        CheckConstraint("(contact IS NULL) = (told_at IS NULL)", name="told_has_time"),
        CheckConstraint("contact IS NOT NULL OR network IS NULL", name="network_of_a_word"),
        CheckConstraint("contact IS NOT NULL OR case_id IS NULL", name="case_of_a_word"),
        Index("ix_contact_outcome_practitioner_id_told_at", "practitioner_id", "told_at"),
        Index("ix_contact_outcome_place_id", "place_id"),
        Index("ix_contact_outcome_told_at", "told_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(Consultation.id, ondelete="CASCADE"), unique=True)
    consultation: Mapped[Consultation] = relationship(lazy="raise_on_sql")
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")
    place_id: Mapped[int] = mapped_column(ForeignKey(PracticePlace.id, ondelete="CASCADE"))
    place: Mapped[PracticePlace] = relationship(lazy="raise_on_sql")
    jurisdiction: Mapped[str | None] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the link in the letter, which leads to this word and to no other."""
    asked_at: Mapped[datetime]
    contact: Mapped[Contact | None] = mapped_column(value_enum(Contact, name="contact"))
    told_at: Mapped[datetime | None]
    mailbox: Mapped[str | None] = mapped_column(String(64))
    """As in the request: two words of one mailbox are one person's. Erased when the word counts no longer."""
    network: Mapped[str | None] = mapped_column(String(64))
    """A keyed hash of where the tap came from, erased likewise."""
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    """The case that was opened over it."""
