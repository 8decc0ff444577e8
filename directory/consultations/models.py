"""Tables of requests. Who asked, why and what was written is sealed, and erased when its time is over."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.consultations.terms import Declining, Lasts, Order, Purpose, Side, State, Talk
from directory.credentials.terms import Mode
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.practitioners.models import PracticePlace, Practitioner


class ConsultationSetting(Base):
    """How many requests somebody takes and how they talk, in their own word. No row: as ``rules.STANDARD`` says."""

    __tablename__ = "consultation_setting"
    __table_args__ = (
        CheckConstraint("most_open BETWEEN 1 AND 50", name="most_open"),
        CheckConstraint("most_a_week BETWEEN 1 AND 50", name="most_a_week"),
        CheckConstraint("minutes BETWEEN 15 AND 120 AND minutes % 15 = 0", name="minutes"),
        CheckConstraint("phone OR video OR in_person", name="some_talk"),
    )

    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True)
    most_open: Mapped[int]
    most_a_week: Mapped[int | None]
    phone: Mapped[bool]
    video: Mapped[bool]
    in_person: Mapped[bool]
    minutes: Mapped[int]
    """How long a first talk takes."""
    not_before: Mapped[date | None]
    """The first day, in UTC, on which requests are taken again."""
    stated_at: Mapped[datetime]


class ConsultationRequest(Base):
    """What one patient sent, to one to three people."""

    __tablename__ = "consultation_request"
    __table_args__ = (
        CheckConstraint("(asking_order = 'in_order') = (limit_hours IS NOT NULL)", name="limit"),
        CheckConstraint("limit_hours BETWEEN 1 AND 336", name="limit_hours"),
        CheckConstraint(
            "(erased_at IS NULL) = (name_sealed IS NOT NULL AND email_sealed IS NOT NULL AND facts_sealed IS NOT NULL)",
            name="whole_or_erased",
        ),
        Index("ix_consultation_request_email_hash_created_at", "email_hash", "created_at"),
        Index("ix_consultation_request_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    created_at: Mapped[datetime]
    asking_order: Mapped[Order] = mapped_column(value_enum(Order, name="asking_order"))
    limit_hours: Mapped[int | None]
    """In order only: how long each one has before the next is asked."""
    talk: Mapped[Talk] = mapped_column(value_enum(Talk, name="talk"))
    locale: Mapped[str] = mapped_column(String(10))
    timezone: Mapped[str] = mapped_column(String(64))
    jurisdiction: Mapped[str | None] = mapped_column(String(12))
    """Where the patient is, where that was told."""
    email_hash: Mapped[str] = mapped_column(String(64))
    """``rules.mailbox``: to count requests, which nobody can turn back into an address without our secret."""
    waitlist_ok: Mapped[bool]
    consent_version: Mapped[str] = mapped_column(String(16))
    consented_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    """When something was first done over a link that only this mailbox got. Opening it is nothing: scanners do."""
    erased_at: Mapped[datetime | None]
    name_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    email_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    telephone_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    guardian_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """The name of the parent or guardian who sent it for somebody under the age of consent."""
    point_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """Latitude and longitude of the patient to 0.01°; nobody who is asked sees them."""
    facts_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """``rules.Told`` as JSON: what the gates need."""
    shared_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """Which of those facts the people asked may see."""
    words_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)


class Consultation(Base):
    """One of the people asked, and how far it has come with them."""

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint("(price_amount IS NULL) OR (price_currency IS NOT NULL)", name="price_has_currency"),
        CheckConstraint("state NOT IN ('confirmed', 'happened') OR starts_at IS NOT NULL", name="agreed_has_time"),
        CheckConstraint("state <> 'paused' OR paused_from IS NOT NULL", name="paused_from"),
        CheckConstraint("minutes BETWEEN 15 AND 120", name="minutes"),
        CheckConstraint("declining IS NULL OR state = 'declined'", name="declining"),
        UniqueConstraint("request_id", "practitioner_id"),
        Index("ix_consultation_practitioner_id_state", "practitioner_id", "state"),
        Index("ix_consultation_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey(ConsultationRequest.id, ondelete="CASCADE"))
    request: Mapped[ConsultationRequest] = relationship(lazy="raise_on_sql")
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")
    place_id: Mapped[int] = mapped_column(ForeignKey(PracticePlace.id, ondelete="CASCADE"), index=True)
    place: Mapped[PracticePlace] = relationship(lazy="raise_on_sql")
    mode: Mapped[Mode] = mapped_column(value_enum(Mode, name="mode"))
    """How the patient found them: it says whose place and day the rules are judged by."""
    position: Mapped[int]
    state: Mapped[State] = mapped_column(value_enum(State, name="state"))
    paused_from: Mapped[State | None] = mapped_column(value_enum(State, name="paused_from_state"))
    minutes: Mapped[int]
    price_currency: Mapped[str | None] = mapped_column(String(3))
    price_amount: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    """Of a first talk, as it stood on the profile when it was asked for; 0 is free, ``None`` was not said."""
    asked_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """By when whoever's turn it is answers."""
    nudges: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    """When the practitioner first answered: yes, no, other times, or a question."""
    declining: Mapped[Declining | None] = mapped_column(value_enum(Declining, name="declining_reason"))
    starts_at: Mapped[datetime | None]
    uid: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the calendar entry, the same for good."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Grows with every calendar entry that is sent."""
    how_sealed: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """How to come together, in the practitioner's words: who rings whom, where to join."""
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[Side | None] = mapped_column(value_enum(Side, name="closed_by"))


class ProposedTime(Base):
    """A time somebody could. Without a consultation it is the patient's for everybody asked."""

    __tablename__ = "proposed_time"
    __table_args__ = (
        UniqueConstraint("request_id", "consultation_id", "side", "starts_at"),
        Index("ix_proposed_time_consultation_id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey(ConsultationRequest.id, ondelete="CASCADE"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey(Consultation.id, ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(value_enum(Side, name="side"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    proposed_at: Mapped[datetime]


class BookedQuarter(Base):
    """A quarter of an hour that somebody has given away: nobody gets it twice, whatever two transactions do at once."""

    __tablename__ = "booked_quarter"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(Consultation.id, ondelete="CASCADE"), index=True)


class ConsultationMessage(Base):
    """What one wrote to the other."""

    __tablename__ = "consultation_message"
    __table_args__ = (Index("ix_consultation_message_consultation_id_sent_at", "consultation_id", "sent_at"),)

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(Consultation.id, ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(value_enum(Side, name="side"))
    text_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    sent_at: Mapped[datetime]


class ConsultationLink(Base):
    """A link in a patient's letter. Its page may be opened until it ends; what it decides, it decides once."""

    __tablename__ = "consultation_link"
    __table_args__ = (
        CheckConstraint("(used_at IS NULL) = (used_for IS NULL)", name="used_for_something"),
        Index("ix_consultation_link_request_id", "request_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey(ConsultationRequest.id, ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(value_enum(Purpose, name="purpose"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_for: Mapped[str | None] = mapped_column(String(16))


class SharedSummary(Base):
    """What one patient handed over about one talk. The newest that was not taken back is the one that is read."""

    __tablename__ = "shared_summary"

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(Consultation.id, ondelete="CASCADE"), index=True)
    content_sealed: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    """As ``directory.care.handing`` writes it."""
    lasts: Mapped[Lasts] = mapped_column(value_enum(Lasts, name="lasts"))
    consent_version: Mapped[str] = mapped_column(String(16))
    shared_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    """Only while a legal hold keeps what was taken back; otherwise the row goes with it."""
