"""Writing papers, covers and declarations. Who may be listed follows from them at read time and is never stored.

Each function takes one person's facts; those that end in ``_all`` take many and flush once, for imports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from directory import changes
from directory.credentials.models import (
    Credential,
    CredentialCondition,
    Indemnity,
    PregnancyDeclaration,
    RlsExperience,
)
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
from directory.credentials.wording import codes_in
from directory.errors import InvalidInput, NotFound
from directory.screening.rules import LONGEST_WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a verifier read at a register: the day, how, the status and dates found, and whether it is this person."""

    verified_on: date
    method: CheckMethod = CheckMethod.PRIMARY_SOURCE
    identity_match: bool = True
    status: CredentialStatus | None = None
    """``None`` leaves what is on record."""
    expires: date | None = None
    """``None`` leaves what is on record."""
    late_until: date | None = None
    raw_status: str | None = None
    name_on_record: str | None = None
    evidence_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDraft:
    """A paper as somebody states it, perhaps together with its first check."""

    practitioner_id: int
    kind: CredentialKind
    status: CredentialStatus
    place_id: int | None = None
    jurisdiction: str | None = None
    body: str | None = None
    title: str | None = None
    number: str | None = None
    raw_status: str | None = None
    valid_from: date | None = None
    expires: date | None = None
    late_until: date | None = None
    renewal_pending: bool = False
    conditions_text: str | None = None
    codes: frozenset[ConditionCode] = frozenset()
    discipline: str | None = None
    accredited_by: str | None = None
    completed_year: int | None = None
    no_expiry: bool = False
    name_on_record: str | None = None
    identity_match: bool = False
    supersedes_id: int | None = None
    check: Check | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndemnityDraft:
    """Insurance as a verifier saw it; without ``verified_on`` it is only stated and opens nothing."""

    practitioner_id: int
    expires: date
    covers_pregnancy: bool = False
    covers_acupuncture: bool | None = None
    insurer: str | None = None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RlsDraft:
    """What somebody declares about work with restless legs syndrome, each item with how far it was checked."""

    practitioner_id: int
    patients_24m: int = 0
    patients_verification: Verification = Verification.NONE
    years: float = 0.0
    years_verification: Verification = Verification.NONE
    training_hours: float = 0.0
    training_on: date | None = None
    training_verification: Verification = Verification.NONE
    outcomes: OutcomeTracking = OutcomeTracking.NONE
    outcomes_verification: Verification = Verification.NONE
    liaison: Liaison = Liaison.NONE
    liaison_verification: Verification = Verification.NONE
    publications: int = 0
    publications_verification: Verification = Verification.NONE
    attested_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PregnancyDraft:
    """The declaration about work in pregnancy; ``signed_on`` starts its twelve months."""

    practitioner_id: int
    treats: bool
    min_week: int | None = None
    max_week: int | None = None
    training_provider: str | None = None
    training_title: str | None = None
    training_hours: float = 0.0
    training_verification: Verification = Verification.NONE
    point_policy: PointPolicy = PointPolicy.NONE
    written_consent: bool = False
    emergency_policy: bool = False
    positions_adapted: bool = False
    liaison: Liaison = Liaison.NONE
    not_offered_as_induction: bool = False
    electro_and_moxa_policy: str | None = None
    adverse_event_log: bool = False
    truth_declared: bool = False
    patients_24m: int = 0
    signed_on: date | None = None


def record(session: Session, draft: CredentialDraft, *, now: datetime) -> Credential:
    """Put one paper on record; ``InvalidInput`` names the field that cannot be."""
    return record_all(session, [draft], now=now)[0]


def record_all(session: Session, drafts: Sequence[CredentialDraft], *, now: datetime) -> list[Credential]:
    """Put papers on record. What a register's words on conditions mean is added to the codes given, never taken off."""
    rows = [_credential(draft, now) for draft in drafts]
    session.add_all(rows)
    session.flush()
    conditions = [
        {"credential_id": row.id, "code": code}
        for row, draft in zip(rows, drafts, strict=True)
        for code in sorted(draft.codes | codes_in(draft.conditions_text))
    ]
    if conditions:
        session.execute(insert(CredentialCondition), conditions)
    _changed(session, {draft.practitioner_id for draft in drafts} | _holders_of_same_numbers(session, rows))
    return rows


def record_check(session: Session, credential_id: int, check: Check, *, now: datetime) -> Credential:
    """Note what a verifier read about a paper; ``NotFound`` when there is no such paper.

    Where the register could not be read (status unknown) everything read earlier stays, and is believed for a while.
    """
    row = session.get(Credential, credential_id)
    if row is None:
        raise NotFound("There is no such paper.")
    expires = check.expires or row.expires
    _dates(row.valid_from, expires)
    _apply(row, check, now)
    session.flush()
    _changed(session, {row.practitioner_id} | _holders_of_same_numbers(session, [row]))
    return row


def record_indemnity(session: Session, draft: IndemnityDraft, *, now: datetime) -> Indemnity:
    """Put a cover on record beside earlier ones; any checked cover that still runs counts."""
    return record_indemnity_all(session, [draft], now=now)[0]


def record_indemnity_all(session: Session, drafts: Sequence[IndemnityDraft], *, now: datetime) -> list[Indemnity]:
    """Put covers on record."""
    rows = []
    for draft in drafts:
        _text("insurer", draft.insurer, 200)
        rows.append(Indemnity(**asdict(draft), created_at=now))
    session.add_all(rows)
    session.flush()
    _changed(session, {draft.practitioner_id for draft in drafts})
    return rows


def declare_rls(session: Session, draft: RlsDraft) -> None:
    """Replace what somebody declares about working with RLS."""
    session.execute(delete(RlsExperience).where(RlsExperience.practitioner_id == draft.practitioner_id))
    declare_rls_all(session, [draft])


def declare_rls_all(session: Session, drafts: Sequence[RlsDraft]) -> None:
    """Record declarations of people who have none yet."""
    for draft in drafts:
        _not_negative("patients_24m", draft.patients_24m)
        _not_negative("years", draft.years)
        _not_negative("training_hours", draft.training_hours)
        _not_negative("publications", draft.publications)
    if drafts:
        session.execute(insert(RlsExperience), [asdict(draft) for draft in drafts])
    _changed(session, {draft.practitioner_id for draft in drafts})


def declare_pregnancy(session: Session, draft: PregnancyDraft) -> None:
    """Replace somebody's declaration about work in pregnancy."""
    session.execute(delete(PregnancyDeclaration).where(PregnancyDeclaration.practitioner_id == draft.practitioner_id))
    declare_pregnancy_all(session, [draft])


def declare_pregnancy_all(session: Session, drafts: Sequence[PregnancyDraft]) -> None:
    """Record declarations of people who have none yet."""
    for draft in drafts:
        _not_negative("patients_24m", draft.patients_24m)
        _not_negative("training_hours", draft.training_hours)
        for name, week in (("min_week", draft.min_week), ("max_week", draft.max_week)):
            if week is not None and not 0 <= week <= LONGEST_WEEK:
                raise InvalidInput(f"A week of pregnancy lies between 0 and {LONGEST_WEEK}.", field=name)
        if draft.min_week is not None and draft.max_week is not None and draft.min_week > draft.max_week:
            raise InvalidInput("The first week must not lie behind the last.", field="max_week")
    if drafts:
        session.execute(insert(PregnancyDeclaration), [_declared(draft) for draft in drafts])
    _changed(session, {draft.practitioner_id for draft in drafts})


def _declared(draft: PregnancyDraft) -> dict[str, object]:
    return asdict(draft) | dict.fromkeys(
        ("emergency_red_flags", "emergency_contact", "emergency_stops"), draft.emergency_policy
    )


def _credential(draft: CredentialDraft, now: datetime) -> Credential:
    for name, value, longest in (
        ("body", draft.body, 200),
        ("title", draft.title, 200),
        ("number", draft.number, 80),
        ("raw_status", draft.raw_status, 200),
        ("name_on_record", draft.name_on_record, 200),
    ):
        _text(name, value, longest)
    expires = draft.check.expires if draft.check and draft.check.expires else draft.expires
    _dates(draft.valid_from, expires)
    row = Credential(
        practitioner_id=draft.practitioner_id,
        place_id=draft.place_id,
        kind=draft.kind,
        jurisdiction=draft.jurisdiction,
        body=draft.body,
        title=draft.title,
        number=draft.number,
        raw_status=draft.raw_status,
        status=draft.status,
        valid_from=draft.valid_from,
        expires=draft.expires,
        late_until=draft.late_until,
        renewal_pending=draft.renewal_pending,
        conditions_text=draft.conditions_text,
        discipline=draft.discipline,
        accredited_by=draft.accredited_by,
        completed_year=draft.completed_year,
        no_expiry=draft.no_expiry and expires is None,
        name_on_record=draft.name_on_record,
        identity_match=draft.identity_match,
        supersedes_id=draft.supersedes_id,
        created_at=now,
    )
    if draft.check is not None:
        _apply(row, draft.check, now)
    return row


def _apply(row: Credential, check: Check, now: datetime) -> None:
    if check.status is CredentialStatus.UNKNOWN:
        if row.status is not CredentialStatus.UNKNOWN:
            row.last_known_status, row.unknown_since = row.status, now
        row.status = CredentialStatus.UNKNOWN
        return
    if check.status is not None:
        row.status, row.unknown_since = check.status, None
    row.expires = check.expires or row.expires
    row.no_expiry = row.no_expiry and row.expires is None
    row.late_until = check.late_until or row.late_until
    row.raw_status = check.raw_status or row.raw_status
    row.name_on_record = check.name_on_record or row.name_on_record
    row.evidence_url = check.evidence_url or row.evidence_url
    row.identity_match = check.identity_match
    row.verified_on = check.verified_on
    row.check_method = check.method
    row.last_checked_at = datetime.combine(check.verified_on, time(12), tzinfo=UTC)


def _holders_of_same_numbers(session: Session, rows: Sequence[Credential]) -> set[int]:
    """Whoever else has one of these checked numbers on record: both people are hidden until it is settled."""
    checked = [row for row in rows if row.number is not None and row.verified_on is not None]
    if not checked:
        return set()
    held = select(Credential.practitioner_id).where(
        Credential.jurisdiction.in_({row.jurisdiction for row in checked}),
        Credential.number.in_({row.number for row in checked}),
    )
    return set(session.scalars(held))


def _changed(session: Session, practitioner_ids: set[int]) -> None:
    for practitioner_id in practitioner_ids:
        changes.record(session, practitioner_id)


def _dates(valid_from: date | None, expires: date | None) -> None:
    if valid_from is not None and expires is not None and valid_from > expires:
        raise InvalidInput("A paper cannot expire before it begins.", field="expires")


def _text(field: str, value: str | None, longest: int) -> None:
    if value is None:
        return
    if len(value) > longest:
        raise InvalidInput(f"That is too long; {longest} characters are kept.", field=field)
    if any(ord(sign) < 32 for sign in value):
        raise InvalidInput("That contains signs that cannot be read.", field=field)


def _not_negative(field: str, value: float) -> None:
    if not value >= 0:
        raise InvalidInput("This number cannot be below zero.", field=field)
