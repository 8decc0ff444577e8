"""Tables of people and places. Everything a person says about a place hangs on the place; nothing here points up."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import Account
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.jurisdictions.models import JurisdictionRow
from directory.practitioners.terms import (
    Accepting,
    AccountStatus,
    Gender,
    LanguageLevel,
    PointPrecision,
    Profession,
    Protocol,
    SpokenBy,
    Technique,
)
from directory.screening.terms import Condition


class Practitioner(Base):
    """One person."""

    __tablename__ = "practitioner"
    __table_args__ = (
        CheckConstraint("min_patient_age BETWEEN 0 AND 120", name="min_patient_age"),
        CheckConstraint("npi IS NULL OR length(npi) = 10", name="npi_length"),
        CheckConstraint("account_status <> 'published' OR published_at IS NOT NULL", name="published_has_date"),
        # Decisions and the log speak of people by number when the row is gone: nobody gets one that somebody had.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    profession: Mapped[Profession] = mapped_column(value_enum(Profession, name="profession"))
    gender: Mapped[Gender] = mapped_column(value_enum(Gender, name="gender"), default=Gender.UNSPECIFIED)
    npi: Mapped[str | None] = mapped_column(String(10), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    website: Mapped[str | None] = mapped_column(String(500))
    words: Mapped[str] = mapped_column(Text, default="")
    """A sentence or two of their own, shown at once when changed."""
    min_patient_age: Mapped[int] = mapped_column(default=18)
    account_status: Mapped[AccountStatus] = mapped_column(
        value_enum(AccountStatus, name="account_status"), default=AccountStatus.DRAFT
    )
    published_at: Mapped[datetime | None]
    held_since: Mapped[datetime | None]
    """Set while a safety hold hides the profile, whatever its status."""
    holder_proved_on: Mapped[date | None]
    """The day it was proved that the person behind the account holds the licence."""
    fictional: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), unique=True)
    """Who keeps this profile; ``None`` for somebody whom others entered."""
    biography: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The longer text about themselves; somebody reads a change of it before it is shown."""


class ProfileAttestation(Base):
    """The practitioner said "this is still true" of a place and of all they say about themselves; append-only, and the
    newest of each place counts."""

    __tablename__ = "profile_attestation"
    __table_args__ = (
        Index("ix_profile_attestation_practitioner_id_attested_at", "practitioner_id", "attested_at"),
        Index("ix_profile_attestation_place_id_attested_at", "place_id", "attested_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    attested_at: Mapped[datetime]
    place_id: Mapped[int] = mapped_column(ForeignKey("practice_place.id", ondelete="CASCADE"))


class PracticePlace(Base):
    """Where somebody works. The point is public: for a hidden home it is an area's, and the address is encrypted."""

    __tablename__ = "practice_place"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("home_visit_radius_km >= 0 AND home_visit_radius_km <= 500", name="home_visit_radius_km"),
        CheckConstraint("NOT hidden_home OR (street IS NULL AND point_precision <> 'exact')", name="hidden_home"),
        CheckConstraint("price_currency IS NULL OR length(price_currency) = 3", name="price_currency"),
        CheckConstraint(
            "price_currency IS NOT NULL OR (price_first_talk IS NULL AND price_first_visit IS NULL"
            " AND price_follow_up IS NULL AND price_shared_room IS NULL AND price_without_insurance IS NULL)",
            name="price_has_currency",
        ),
        CheckConstraint(
            "price_without_insurance IS NULL OR same_without_insurance IS NULL OR NOT same_without_insurance",
            name="same_without_insurance",
        ),
        CheckConstraint("door_width_cm IS NULL OR door_width_cm BETWEEN 20 AND 500", name="door_width_cm"),
        CheckConstraint("accepting <> 'unknown' OR accepting_confirmed_on IS NULL", name="accepting_confirmed_on"),
        CheckConstraint(
            "(away_from IS NULL) = (away_until IS NULL) AND (away_from IS NULL OR away_from <= away_until)",
            name="away",
        ),
        Index("ix_practice_place_practitioner_id", "practitioner_id"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    label: Mapped[str] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(String(120))
    """The title the person uses here; titles are protected by jurisdiction."""
    jurisdiction: Mapped[str | None] = mapped_column(String(12), ForeignKey(JurisdictionRow.code))
    """``None`` where we know no rules; nobody is ever listed there."""
    country: Mapped[str] = mapped_column(String(2))
    admin1: Mapped[str | None] = mapped_column(String(80))
    """GeoNames' code of the state, province or nation; where none is known, the region as it was typed."""
    locality: Mapped[str] = mapped_column(String(120))
    postal_code: Mapped[str | None] = mapped_column(String(16))
    street: Mapped[str | None] = mapped_column(String(200))
    hidden_home: Mapped[bool] = mapped_column(default=False)
    address_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    latitude: Mapped[float]
    longitude: Mapped[float]
    point_precision: Mapped[PointPrecision] = mapped_column(value_enum(PointPrecision, name="point_precision"))
    timezone: Mapped[str] = mapped_column(String(64))
    telephone: Mapped[str | None] = mapped_column(String(40))

    in_person: Mapped[bool] = mapped_column(default=True)
    home_visit_radius_km: Mapped[float] = mapped_column(default=0.0)
    remote_consultation: Mapped[bool] = mapped_column(default=False)

    accepting: Mapped[Accepting] = mapped_column(value_enum(Accepting, name="accepting"), default=Accepting.UNKNOWN)
    accepting_confirmed_on: Mapped[date | None]

    price_currency: Mapped[str | None] = mapped_column(String(3))
    price_first_talk: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    price_first_visit: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    price_follow_up: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    sliding_scale: Mapped[bool | None]

    step_free: Mapped[bool | None]
    """From street to table."""
    door_width_cm: Mapped[int | None]
    adjustable_table: Mapped[bool | None]
    transfer_help: Mapped[bool | None]
    treatment_in_own_chair: Mapped[bool | None]
    accessible_toilet: Mapped[bool | None]
    parking: Mapped[bool | None]

    away_from: Mapped[date | None]
    """The first day of an absence, in the place's own time."""
    away_until: Mapped[date | None]
    """Its last day."""
    appointment_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    price_shared_room: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    """A visit in a room with other patients ("community acupuncture")."""
    price_without_insurance: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    """A visit that no insurer pays for."""
    same_without_insurance: Mapped[bool | None]
    """Whether whoever has no insurance pays the same as stated above."""


class ReminderSent(Base):
    """One occasion on which somebody was reminded, or passed over because a later one had come; never twice."""

    __tablename__ = "reminder_sent"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    occasion: Mapped[str] = mapped_column(String(80), primary_key=True)
    """What it was about, from which day it counts, and which step: ``profile:2026-08-01:75``."""
    noted_at: Mapped[datetime]
    sent: Mapped[bool]
    """Whether a letter spoke of it."""


class PlaceHours(Base):
    """One opening interval in the place's own time; ``weekday`` 0 is Monday."""

    __tablename__ = "place_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="interval"),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("practice_place.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens: Mapped[time] = mapped_column(primary_key=True)
    closes: Mapped[time]


class PlaceRemoteJurisdiction(Base):
    """For patients in which jurisdictions remote consultations are offered from this place."""

    __tablename__ = "place_remote_jurisdiction"

    place_id: Mapped[int] = mapped_column(ForeignKey("practice_place.id", ondelete="CASCADE"), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(ForeignKey(JurisdictionRow.code), primary_key=True)


class Payer(Base):
    """An insurer or scheme a practitioner may say they work with."""

    __tablename__ = "payer"
    __table_args__ = (UniqueConstraint("country", "name"),)

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(120))


class PlacePayer(Base):
    """The practitioner's statement that a payer has paid for visits here, and when they said so."""

    __tablename__ = "place_payer"

    place_id: Mapped[int] = mapped_column(ForeignKey("practice_place.id", ondelete="CASCADE"), primary_key=True)
    payer_code: Mapped[str] = mapped_column(ForeignKey("payer.code"), primary_key=True)
    stated_on: Mapped[date]


class Language(Base):
    """A language people may ask for: BCP 47 code, English name, its own name."""

    __tablename__ = "language"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    autonym: Mapped[str] = mapped_column(String(80))


class PractitionerLanguage(Base):
    """A language spoken at work, how well, and by whom."""

    __tablename__ = "practitioner_language"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    language_code: Mapped[str] = mapped_column(ForeignKey("language.code"), primary_key=True)
    spoken_by: Mapped[SpokenBy] = mapped_column(value_enum(SpokenBy, name="spoken_by"), primary_key=True)
    level: Mapped[LanguageLevel] = mapped_column(value_enum(LanguageLevel, name="level"))


class WorkingWay(Base):
    """How somebody works, in their own word: what is not said is ``None``."""

    __tablename__ = "working_way"
    __table_args__ = (
        CheckConstraint("visit_minutes BETWEEN 5 AND 480", name="visit_minutes"),
        CheckConstraint("needle_minutes BETWEEN 0 AND 240", name="needle_minutes"),
        CheckConstraint("visits_a_week BETWEEN 1 AND 7", name="visits_a_week"),
        CheckConstraint("first_weeks BETWEEN 1 AND 52", name="first_weeks"),
        CheckConstraint("review_after_visits BETWEEN 1 AND 60", name="review_after_visits"),
    )

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    asks_ferritin: Mapped[bool | None]
    reads_medicines: Mapped[bool | None]
    writes_to_doctors: Mapped[bool | None]
    """To the general practitioner or midwife, where the patient agrees."""
    single_use_needles: Mapped[bool | None]
    may_move: Mapped[bool | None]
    """Whether the patient may move the legs, or have the needles out at once, when the urge comes."""
    seated_or_standing: Mapped[bool | None]
    """Whether needling is possible seated or standing."""
    visit_minutes: Mapped[int | None]
    needle_minutes: Mapped[int | None]
    visits_a_week: Mapped[int | None]
    """At first."""
    first_weeks: Mapped[int | None]
    """For how many weeks ``visits_a_week`` holds."""
    review_after_visits: Mapped[int | None]
    """After how many visits they look together whether it helps."""
    stated_on: Mapped[date]


class PractitionerTechnique(Base):
    """A technique the practitioner offers."""

    __tablename__ = "practitioner_technique"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    technique: Mapped[Technique] = mapped_column(value_enum(Technique, name="technique"), primary_key=True)


class PractitionerDecline(Base):
    """A condition with which the practitioner does not take patients."""

    __tablename__ = "practitioner_decline"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    condition: Mapped[Condition] = mapped_column(value_enum(Condition, name="condition"), primary_key=True)


class PractitionerProtocol(Base):
    """A written protocol the practitioner declares to follow."""

    __tablename__ = "practitioner_protocol"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    protocol: Mapped[Protocol] = mapped_column(value_enum(Protocol, name="protocol"), primary_key=True)
