"""Tables of what was shown, and of photos. The files themselves lie in the store; here are their names there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.evidence.terms import EvidenceState, MediaType, PhotoState, Verdict, Way
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import Practitioner


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The words of a signed statement, or what a colleague is asked to confirm and what they said."""

    words: str
    name: str
    """Who signed, or the colleague as the practitioner named them."""
    email: str = ""
    answered_by: str = ""
    """The name the colleague gave. Nobody has proved that it is theirs."""
    answer: str = ""


class Evidence(Base):
    """One piece of evidence for one claim. When it is erased, its hash and its dates stay."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(way = 'file') = (media_type IS NOT NULL)", name="file_has_type"),
        CheckConstraint("(way = 'file') = (sha256 IS NOT NULL)", name="file_has_hash"),
        CheckConstraint("state NOT IN ('clean', 'waiting_scan') OR way <> 'file' OR file IS NOT NULL", name="has_file"),
        CheckConstraint("state NOT IN ('refused', 'erased') OR file IS NULL", name="erased_has_no_file"),
        CheckConstraint(
            "state <> 'erased' OR (told_sealed IS NULL AND token_hash IS NULL)", name="erased_tells_nothing"
        ),
        CheckConstraint("(state = 'erased') = (erased_at IS NOT NULL)", name="erased_has_time"),
        Index("ix_evidence_practitioner_id_subject", "practitioner_id", "subject"),
        Index("ix_evidence_state_delete_after", "state", "delete_after"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    """Names it in addresses; tells nothing."""
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(80))
    way: Mapped[Way] = mapped_column(value_enum(Way, name="way"))
    state: Mapped[EvidenceState] = mapped_column(value_enum(EvidenceState, name="state"))
    media_type: Mapped[MediaType | None] = mapped_column(value_enum(MediaType, name="media_type"))
    """Of what is kept."""
    size: Mapped[int | None]
    pages: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of what was sent."""
    stored_sha256: Mapped[str | None] = mapped_column(String(64))
    """Of what is kept, before it is encrypted."""
    file: Mapped[str | None] = mapped_column(String(32), unique=True)
    verdict: Mapped[Verdict | None] = mapped_column(value_enum(Verdict, name="verdict"))
    found: Mapped[str | None] = mapped_column(String(200))
    """The scanner's name for what it found."""
    told_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """A ``Told`` as JSON."""
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the link in a colleague's letter, until they have answered."""
    answered_at: Mapped[datetime | None]
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    delete_after: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    @property
    def told(self) -> Told | None:
        """What was said, where it is words; ``None`` for a file and for what is erased."""
        return None if self.told_sealed is None else Told(**json.loads(self.told_sealed))

    @told.setter
    def told(self, said: Told) -> None:
        self.told_sealed = json.dumps(asdict(said))


class ProfilePhoto(Base):
    """A photo of a practitioner in its two sizes: at most one that is shown, and one that waits to be looked at."""

    __tablename__ = "profile_photo"
    __table_args__ = (
        CheckConstraint("(state = 'refused') = (large_file IS NULL)", name="refused_has_no_large_file"),
        CheckConstraint("(state = 'refused') = (small_file IS NULL)", name="refused_has_no_small_file"),
        Index(
            "uq_profile_photo_accepted",
            "practitioner_id",
            unique=True,
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
        Index(
            "uq_profile_photo_waiting",
            "practitioner_id",
            unique=True,
            sqlite_where=text("state <> 'accepted'"),
            postgresql_where=text("state <> 'accepted'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    state: Mapped[PhotoState] = mapped_column(value_enum(PhotoState, name="state"))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the large size, before it is encrypted; its beginning stands in the photo's address."""
    large_file: Mapped[str | None] = mapped_column(String(32), unique=True)
    small_file: Mapped[str | None] = mapped_column(String(32), unique=True)
    verdict: Mapped[Verdict] = mapped_column(value_enum(Verdict, name="verdict"))
    reason_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    """Why it was refused, for the practitioner."""
    uploaded_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
