"""Tables of papers and declarations. Status and dates are facts as read; who may be listed is never stored."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.terms import (
    CheckMethod,
    ConditionCode,
    CredentialKind,
    CredentialStatus,
    Liaison,
    OutcomeTracking,
    PointPolicy,
    Verification,
)
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum
from directory.jurisdictions.models import JurisdictionRow
from directory.practitioners.models import PracticePlace, Practitioner


class Credential(Base):
    """One paper: a licence, a registration, a membership, a certification, a degree."""

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("(verified_on IS NULL) = (check_method IS NULL)", name="verified_has_method"),
        CheckConstraint("valid_from IS NULL OR expires IS NULL OR valid_from <= expires", name="dates"),
        CheckConstraint("completed_year BETWEEN 1900 AND 2200", name="completed_year"),
        CheckConstraint("NOT no_expiry OR expires IS NULL", name="no_expiry"),
        Index("ix_credential_practitioner_id", "practitioner_id"),
        Index("ix_credential_jurisdiction_number", "jurisdiction", "number"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey(PracticePlace.id, ondelete="CASCADE"))
    """The premises, where the paper is about premises."""
    kind: Mapped[CredentialKind] = mapped_column(value_enum(CredentialKind, name="kind"))
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey(JurisdictionRow.code))
    body: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(String(200))
    scope: Mapped[str | None] = mapped_column(String(200))
    registration_type: Mapped[str | None] = mapped_column(String(120))
    number: Mapped[str | None] = mapped_column(String(80))
    raw_status: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[CredentialStatus] = mapped_column(value_enum(CredentialStatus, name="status"))
    valid_from: Mapped[date | None]
    expires: Mapped[date | None]
    late_until: Mapped[date | None]
    """The last day on which the register lets practice go on after expiry."""
    renewal_pending: Mapped[bool] = mapped_column(default=False)
    conditions_text: Mapped[str | None] = mapped_column(Text)
    discipline: Mapped[str | None] = mapped_column(Text)
    accredited_by: Mapped[str | None] = mapped_column(String(120))
    """Education: who accredited the programme when it was attended."""
    name_on_record: Mapped[str | None] = mapped_column(String(200))
    identity_match: Mapped[bool] = mapped_column(default=False)
    verified_on: Mapped[date | None]
    check_method: Mapped[CheckMethod | None] = mapped_column(value_enum(CheckMethod, name="check_method"))
    last_checked_at: Mapped[datetime | None]
    next_check_on: Mapped[date | None]
    unknown_since: Mapped[datetime | None]
    last_known_status: Mapped[CredentialStatus | None] = mapped_column(
        value_enum(CredentialStatus, name="last_known_status")
    )
    evidence_url: Mapped[str | None] = mapped_column(String(500))
    evidence_hash: Mapped[str | None] = mapped_column(String(64))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id"))
    created_at: Mapped[datetime]
    no_expiry: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The paper prints no day on which it ends, as its holder says."""
    completed_year: Mapped[int | None]
    """Education: the year in which the programme was finished."""
    given_up_on: Mapped[date | None]
    """The day its holder said that they no longer work under it. Whatever a register says later, it opens nothing then;
    what it forbids, it still forbids."""


class CredentialCondition(Base):
    """What a condition on a paper means for a listing."""

    __tablename__ = "credential_condition"

    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[ConditionCode] = mapped_column(value_enum(ConditionCode, name="code"), primary_key=True)


class Indemnity(Base):
    """Insurance for what the practitioner does; the newest checked cover that still runs counts."""

    __tablename__ = "indemnity"
    __table_args__ = (Index("ix_indemnity_practitioner_id", "practitioner_id"),)

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    insurer: Mapped[str | None] = mapped_column(String(200))
    expires: Mapped[date]
    covers_pregnancy: Mapped[bool] = mapped_column(default=False)
    verified_on: Mapped[date | None]
    created_at: Mapped[datetime]
    covers_acupuncture: Mapped[bool | None]
    """Whether the policy names acupuncture, as its holder says; ``None`` where nobody was asked."""
    ended_on: Mapped[date | None]
    """The day its holder said that it no longer runs; it counts for nothing then."""


class RlsExperience(Base):
    """What somebody declares about working with restless legs syndrome, and how far each item was checked."""

    __tablename__ = "rls_experience"
    __table_args__ = (
        CheckConstraint(
            "patients_24m >= 0 AND years >= 0 AND training_hours >= 0 AND publications >= 0", name="counts"
        ),
        CheckConstraint("visits_per_week >= 0", name="visits_per_week"),
        UniqueConstraint("practitioner_id"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    patients_24m: Mapped[int] = mapped_column(default=0)
    patients_verification: Mapped[Verification] = mapped_column(value_enum(Verification, name="patients_verification"))
    years: Mapped[float] = mapped_column(default=0.0)
    years_verification: Mapped[Verification] = mapped_column(value_enum(Verification, name="years_verification"))
    training_hours: Mapped[float] = mapped_column(default=0.0)
    training_on: Mapped[date | None]
    training_verification: Mapped[Verification] = mapped_column(value_enum(Verification, name="training_verification"))
    outcomes: Mapped[OutcomeTracking] = mapped_column(
        value_enum(OutcomeTracking, name="outcomes"), default=OutcomeTracking.NONE
    )
    outcomes_verification: Mapped[Verification] = mapped_column(value_enum(Verification, name="outcomes_verification"))
    liaison: Mapped[Liaison] = mapped_column(value_enum(Liaison, name="liaison"), default=Liaison.NONE)
    liaison_verification: Mapped[Verification] = mapped_column(value_enum(Verification, name="liaison_verification"))
    publications: Mapped[int] = mapped_column(default=0)
    publications_verification: Mapped[Verification] = mapped_column(
        value_enum(Verification, name="publications_verification")
    )
    attested_on: Mapped[date | None]
    visits_per_week: Mapped[int | None]
    """Visits of all patients in a usual week; never shown, it only puts a caseload into proportion."""
    training_provider: Mapped[str | None] = mapped_column(String(200))
    training_title: Mapped[str | None] = mapped_column(String(200))
    scale: Mapped[str | None] = mapped_column(String(120))
    scale_permitted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether whoever owns the scale lets this practitioner use it, as they say."""
    liaison_with: Mapped[str | None] = mapped_column(String(200))
    publications_listed: Mapped[str | None] = mapped_column(Text)
    supervisor: Mapped[str | None] = mapped_column(String(200))
    """Who looks over the shoulder of somebody new to this work."""
    supervisor_reach_sealed: Mapped[str | None] = mapped_column(EncryptedText)
    """How to ask them. It is another person's, and is never shown."""
    supervisor_verification: Mapped[Verification] = mapped_column(
        value_enum(Verification, name="supervisor_verification"),
        default=Verification.NONE,
        server_default=Verification.NONE.value,
    )


class PregnancyDeclaration(Base):
    """The signed declaration about work in pregnancy, item by item; it counts for twelve months."""

    __tablename__ = "pregnancy_declaration"
    __table_args__ = (
        CheckConstraint("min_week BETWEEN 0 AND 43 AND max_week BETWEEN 0 AND 43", name="weeks"),
        CheckConstraint("patients_24m >= 0 AND training_hours >= 0", name="counts"),
        UniqueConstraint("practitioner_id"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey(Practitioner.id, ondelete="CASCADE"))
    treats: Mapped[bool] = mapped_column(default=False)
    min_week: Mapped[int | None]
    max_week: Mapped[int | None]
    training_provider: Mapped[str | None] = mapped_column(String(200))
    training_title: Mapped[str | None] = mapped_column(String(200))
    training_hours: Mapped[float] = mapped_column(default=0.0)
    training_verification: Mapped[Verification] = mapped_column(value_enum(Verification, name="training_verification"))
    point_policy: Mapped[PointPolicy] = mapped_column(
        value_enum(PointPolicy, name="point_policy"), default=PointPolicy.NONE
    )
    point_policy_words: Mapped[str | None] = mapped_column(Text)
    written_consent: Mapped[bool] = mapped_column(default=False)
    emergency_policy: Mapped[bool] = mapped_column(default=False)
    """All three that follow."""
    positions_adapted: Mapped[bool] = mapped_column(default=False)
    liaison: Mapped[Liaison] = mapped_column(value_enum(Liaison, name="liaison"), default=Liaison.NONE)
    not_offered_as_induction: Mapped[bool] = mapped_column(default=False)
    electro_and_moxa_policy: Mapped[str | None] = mapped_column(Text)
    adverse_event_log: Mapped[bool] = mapped_column(default=False)
    truth_declared: Mapped[bool] = mapped_column(default=False)
    patients_24m: Mapped[int] = mapped_column(default=0)
    signed_on: Mapped[date | None]
    emergency_red_flags: Mapped[bool] = mapped_column(default=False, server_default=false())
    emergency_contact: Mapped[bool] = mapped_column(default=False, server_default=false())
    emergency_stops: Mapped[bool] = mapped_column(default=False, server_default=false())
    second_registration: Mapped[str | None] = mapped_column(String(200))
    """As a midwife, nurse or doctor, where there is one."""
    signed_name: Mapped[str | None] = mapped_column(String(200))
    second_registration_counts: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether two of our people agreed that the second registration stands for the maternity training."""
