"""The table of saved searches. Nothing in it can be read without the keys but days, a language and a hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId


class SavedSearch(Base):
    """One search of one mailbox. The row is deleted, and not marked, when its owner stops it."""

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("(facts_sealed IS NULL) = (facts_consent IS NULL)", name="facts_with_consent"),
        CheckConstraint("asked_again_at IS NULL OR confirmed_at IS NOT NULL", name="asked_again_when_confirmed"),
        Index("ix_saved_search_mailbox_hash", "mailbox_hash"),
        Index("ix_saved_search_looked_at", "looked_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    """Stands in every letter, for as long as there are letters."""
    mailbox_hash: Mapped[str] = mapped_column(String(64))
    """Of the address, with our secret: an address is soon guessed."""
    email_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    search_sealed: Mapped[str] = mapped_column(EncryptedText)
    """A ``rules.Asked`` as JSON."""
    facts_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    """A ``rules.Told`` as JSON; only with a consent of its own."""
    facts_consent: Mapped[str | None] = mapped_column(String(40))
    """The version of the sentence that was agreed to."""
    known_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    """The numbers of the people who fitted before, as JSON: whoever is not among them is new."""
    language: Mapped[str] = mapped_column(String(10))
    saved_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When the mailbox said yes, or said so again after a year."""
    asked_again_at: Mapped[datetime | None]
    looked_at: Mapped[datetime]
    """When it was last looked whether somebody new fits; at first when it was saved."""
