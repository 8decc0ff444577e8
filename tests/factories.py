"""People for database tests, made through the services: listed in Portland on the day of ``NOW`` until a test takes
something away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from directory import changes
from directory.credentials import service as credentials
from directory.credentials.service import Check, CredentialDraft, IndemnityDraft, PregnancyDraft, RlsDraft
from directory.credentials.terms import CredentialKind, CredentialStatus, PointPolicy, Verification
from directory.jurisdictions import service as jurisdictions
from directory.jurisdictions.models import JurisdictionRow
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import PersonDraft, PlaceDraft, Spoken
from directory.practitioners.models import Language, Payer
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.reference import service as reference_data
from directory.practitioners.rules import Interval
from directory.practitioners.terms import Accepting, Technique

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from directory.db import Base

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
TODAY = NOW.date()
PORTLAND = (45.5152, -122.6445)


_REFERENCE: dict[type[Base], list[dict[str, Any]]] = {}


def reference(session: Session) -> None:
    """Jurisdictions, payers and languages: by the services the first time, and as those left them after that, because
    nearly every test begins with them."""
    if not _REFERENCE or session.scalar(select(JurisdictionRow.code).limit(1)) is not None:
        jurisdictions.load(session)
        reference_data.load_reference(session)
        for table in (JurisdictionRow, Payer, Language):
            columns = list(table.__table__.columns)
            _REFERENCE.setdefault(table, [dict(row) for row in session.execute(select(*columns)).mappings()])
        return
    for table, rows in _REFERENCE.items():
        session.execute(insert(table), rows)
    changes.begin_epoch(session)


def person_draft(**facts: Any) -> PersonDraft:
    """Somebody who registers."""
    standard: dict[str, Any] = {
        "display_name": "Juniper Underhill",
        "fictional": True,
        "languages": (Spoken("en"),),
        "techniques": frozenset({Technique.MANUAL}),
    }
    return PersonDraft(**(standard | facts))


def place_draft(practitioner_id: int, **facts: Any) -> PlaceDraft:
    """A practice in Portland, open on weekdays."""
    standard: dict[str, Any] = {
        "label": "Underhill Acupuncture",
        "latitude": PORTLAND[0],
        "longitude": PORTLAND[1],
        "country": "US",
        "admin1": "OR",
        "locality": "Portland",
        "postal_code": "97214",
        "street": "12 Fern Way",
        "timezone": "America/Los_Angeles",
        "jurisdiction": "US-OR",
        "accepting": Accepting.YES,
        "accepting_confirmed_on": TODAY,
        "price_currency": "USD",
        "price_first_visit": Decimal(110),
        "price_follow_up": Decimal(90),
        "step_free": True,
        "hours": (Interval(0, time(9), time(17)),),
    }
    return PlaceDraft(practitioner_id=practitioner_id, **(standard | facts))


def licence_draft(practitioner_id: int, **facts: Any) -> CredentialDraft:
    """An Oregon licence that the board confirmed a month ago and that runs for another year."""
    standard: dict[str, Any] = {
        "kind": CredentialKind.STATUTORY_LICENCE,
        "status": CredentialStatus.ACTIVE,
        "jurisdiction": "US-OR",
        "expires": TODAY + timedelta(days=365),
        "check": Check(verified_on=TODAY - timedelta(days=30)),
    }
    return CredentialDraft(practitioner_id=practitioner_id, **(standard | facts))


def rls_draft(
    practitioner_id: int, verification: Verification = Verification.DOCUMENT_CHECKED, **facts: Any
) -> RlsDraft:
    """A caseload of twelve, every item checked alike."""
    standard: dict[str, Any] = {
        "patients_24m": 12,
        "patients_verification": verification,
        "years": 3.0,
        "years_verification": verification,
        "attested_on": TODAY - timedelta(days=100),
    }
    return RlsDraft(practitioner_id=practitioner_id, **(standard | facts))


def pregnancy_draft(practitioner_id: int, **facts: Any) -> PregnancyDraft:
    """A declaration that passes the gate in every week."""
    standard: dict[str, Any] = {
        "treats": True,
        "min_week": 0,
        "max_week": 42,
        "training_hours": 16.0,
        "training_verification": Verification.DOCUMENT_CHECKED,
        "point_policy": PointPolicy.AVOID_TRADITIONAL_LIST,
        "written_consent": True,
        "emergency_policy": True,
        "truth_declared": True,
        "signed_on": TODAY - timedelta(days=60),
    }
    return PregnancyDraft(practitioner_id=practitioner_id, **(standard | facts))


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody who may be listed, with their first place and their licence."""

    id: int
    place_id: int
    licence_id: int


@dataclass(slots=True)
class Changes:
    """What is different about somebody: keywords of the drafts above; ``None`` leaves the paper or cover away."""

    person: dict[str, Any] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)
    licence: dict[str, Any] = field(default_factory=dict)
    indemnity_expires: date | None = TODAY + timedelta(days=200)


def listed(session: Session, changes: Changes | None = None, *, now: datetime = NOW) -> Listed:
    """Somebody with everything it takes."""
    changes = changes or Changes()
    person = practitioners.register(session, person_draft(**changes.person), now=now)
    place = premises.add_place(session, place_draft(person.id, **changes.place))
    licence = credentials.record(session, licence_draft(person.id, **changes.licence), now=now)
    if changes.indemnity_expires is not None:
        credentials.record_indemnity(
            session,
            IndemnityDraft(
                practitioner_id=person.id,
                expires=changes.indemnity_expires,
                covers_pregnancy=True,
                verified_on=TODAY - timedelta(days=20),
            ),
            now=now,
        )
    publication.prove_holder(session, person.id, today=TODAY - timedelta(days=40), now=now)
    practitioners.attest(session, person.id, now=now - timedelta(days=10))
    publication.publish(session, person.id, now=now)
    return Listed(person.id, place.id, licence.id)
