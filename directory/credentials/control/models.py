"""Tables of how it was proved who somebody is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.control.terms import Channel
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import Practitioner


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is kept of a proof, in words. No number of a paper is ever among them."""

    name: str
    """The person's name on that day."""
    origin: str = ""
    source: str = ""
    day: str = ""
    """Of the source, as an ISO date."""
    reach: str = ""
    """The number that was called, the lines of the address, or the mailbox that was asked."""
    answer: str = ""
    said: str = ""
    paper: str = ""
    look: str = ""
    shown: str = ""
    """The applicant's address, which the certifier is asked about."""


class ControlProof(Base):
    """One step over one channel, whether it proved anything or not."""

    __tablename__ = "control_proof"
    __table_args__ = (Index("ix_control_proof_practitioner_id_done_at", "practitioner_id", "done_at"),)

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    channel: Mapped[Channel] = mapped_column(value_enum(Channel, name="channel"))
    proves: Mapped[bool]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    """Whose hands the profile was in."""
    done_at: Mapped[datetime]
    done_by: Mapped[int | None] = mapped_column(BigInteger)
    """Who of the desk did it; ``None`` where the person or the certifier answered themselves."""
    told_sealed: Mapped[str] = mapped_column(EncryptedText)

    @property
    def told(self) -> Told:
        """In words."""
        return Told(**json.loads(self.told_sealed))


class ControlLetter(Base):
    """The one letter with a code that a person has; a new one takes its place. The code itself is on paper only."""

    __tablename__ = "control_letter"
    __table_args__ = (CheckConstraint("wrong BETWEEN 0 AND 5", name="wrong"),)

    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(BigInteger)
    wrong: Mapped[int]
    used_at: Mapped[datetime | None]
    told_sealed: Mapped[str] = mapped_column(EncryptedText)

    @property
    def told(self) -> Told:
        """Where it went."""
        return Told(**json.loads(self.told_sealed))


class ControlQuestion(Base):
    """A question to whoever certifies somebody, by a link that is good for one answer."""

    __tablename__ = "control_question"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (confirms IS NULL)", name="answered_says_what"),
        CheckConstraint("answered_at IS NULL OR token_hash IS NULL", name="answered_has_no_link"),
        Index("ix_control_question_practitioner_id", "practitioner_id"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(BigInteger)
    answered_at: Mapped[datetime | None]
    confirms: Mapped[bool | None]
    told_sealed: Mapped[str] = mapped_column(EncryptedText)

    @property
    def told(self) -> Told:
        """Whom was asked, and about what."""
        return Told(**json.loads(self.told_sealed))


def sealed(told: Told) -> str:
    """As the sealed columns hold it."""
    return json.dumps(asdict(told))
