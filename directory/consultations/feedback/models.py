"""The table of feedback."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.consultations.feedback.terms import Aspect, Stand
from directory.consultations.outcomes.models import ContactOutcome
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import PracticePlace, Practitioner


class ServiceStory(Base):
    """What one patient said about the service, and what the practitioner answered. Both are shown only when somebody
    at the desk has read them. Taken back, the row is gone."""

    __tablename__ = "service_story"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (stand = 'waiting')", name="decided_has_time"),
        CheckConstraint("(reply_sealed IS NULL) = (reply_stand IS NULL)", name="reply_has_stand"),
        CheckConstraint("(reply_sealed IS NULL) = (replied_at IS NULL)", name="reply_has_time"),
        CheckConstraint("reply_decided_at IS NULL OR reply_stand <> 'waiting'", name="reply_decided"),
        CheckConstraint("reply_sealed IS NULL OR stand = 'published'", name="reply_to_what_is_shown"),
        Index("ix_service_story_practitioner_id_stand", "practitioner_id", "stand", "decided_at"),
        Index("ix_service_story_place_id", "place_id"),
        Index("ix_service_story_decided_at", "decided_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey(ContactOutcome.id, ondelete="SET NULL"), unique=True)
    """The real contact behind it; forgotten before the words are."""
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")
    place_id: Mapped[int] = mapped_column(ForeignKey(PracticePlace.id, ondelete="CASCADE"))
    place: Mapped[PracticePlace] = relationship(lazy="raise_on_sql")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the patient's link, over which it can be taken back."""
    in_time: Mapped[bool | None]
    price_first: Mapped[bool | None]
    listened: Mapped[bool | None]
    as_described: Mapped[bool | None]
    wrote_to_doctor: Mapped[bool | None]
    words_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    sent_at: Mapped[datetime]
    stand: Mapped[Stand] = mapped_column(value_enum(Stand, name="stand"))
    decided_at: Mapped[datetime | None]
    reply_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    replied_at: Mapped[datetime | None]
    reply_stand: Mapped[Stand | None] = mapped_column(value_enum(Stand, name="reply_stand"))
    reply_decided_at: Mapped[datetime | None]

    @property
    def answers(self) -> dict[Aspect, bool]:
        """What was answered, in the order in which it is asked."""
        found = {each: getattr(self, each.value) for each in Aspect}
        return {each: answer for each, answer in found.items() if answer is not None}
