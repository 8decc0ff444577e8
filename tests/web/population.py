"""A small town of practitioners for the pages: enough to fill several lists, and one of each that looks different."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from directory import changes
from directory.credentials import service as credentials
from directory.credentials.service import Check, CredentialDraft, IndemnityDraft, PregnancyDraft, RlsDraft
from directory.credentials.terms import (
    CredentialKind,
    CredentialStatus,
    Liaison,
    OutcomeTracking,
    PointPolicy,
    Verification,
)
from directory.jurisdictions import service as jurisdictions
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import PersonDraft, PlaceDraft, Spoken
from directory.practitioners.models import Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.reference import service as reference_data
from directory.practitioners.rules import Interval
from directory.practitioners.terms import Accepting, Gender, LanguageLevel, Technique

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TODAY = NOW.date()
PORTLAND = (45.5145, -122.6430)
"""In 97214, Portland, Oregon."""

CROWD = 46
"""Ordinary practitioners, so that a list has three pages."""

HTML_NAME = "Robert'); DROP TABLE practitioner;-- <b>Bobby</b> & Söhne"
RTL_NAME = "د. سلمى المنصوري"
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff " * 5


@dataclass(frozen=True, kw_only=True)
class Someone:
    """What makes one person different from an ordinary one."""

    name: str
    km_east: float = 1.0
    km_north: float = 0.0
    published: bool = True
    suspended: bool = False
    expires: date = TODAY + timedelta(days=300)
    status: CredentialStatus = CredentialStatus.ACTIVE
    conditions: str | None = None
    discipline: str | None = None
    rls_people: int = 0
    verification: Verification = Verification.DOCUMENT_CHECKED
    weeks: tuple[int, int] | None = None
    place: dict[str, object] = field(default_factory=dict)
    person: dict[str, object] = field(default_factory=dict)


def people() -> list[Someone]:
    """The crowd and the particular ones."""
    crowd = [
        Someone(
            name=f"Practitioner {number:02}",
            km_east=0.8 * number % 31,
            km_north=(number % 5) * 0.9,
            rls_people=number % 17,
            verification=list(Verification)[1 + number % 3],
            weeks=(14, 40) if number % 4 == 0 else None,
            place={"accepting": Accepting.YES, "accepting_confirmed_on": TODAY - timedelta(days=number % 50)}
            | (
                {
                    "hours": (
                        Interval(1, time(9), time(20)),
                        Interval(2, time(9), time(20)),
                        Interval(4, time(9), time(20)),
                    )
                }
                if number % 3 == 0
                else {}
            )
            | ({"price_currency": "USD", "price_first_visit": Decimal(60 + number * 2)} if number % 2 == 0 else {})
            | ({"payers": {"us-aetna": TODAY - timedelta(days=40)}} if number % 6 == 0 else {}),
            person={
                "gender": list(Gender)[number % 4],
                "languages": (Spoken("es", LanguageLevel.FLUENT),) if number % 5 == 0 else (),
            },
        )
        for number in range(1, CROWD + 1)
    ]
    special = [
        Someone(
            name="Whole Pregnancy",
            rls_people=12,
            weeks=(0, 43),
            km_east=2,
            person={"biography": "I trained in Portland.\n\nI answer the telephone myself."},
        ),
        Someone(name=HTML_NAME, km_east=3, rls_people=3),
        Someone(name=RTL_NAME, km_east=3.5, rls_people=30, person={"languages": (Spoken("ar", LanguageLevel.NATIVE),)}),
        Someone(name=LONG_NAME, km_east=4, rls_people=8),
        Someone(
            name="Under Order",
            km_east=1.2,
            rls_people=20,
            status=CredentialStatus.PROBATION,
            discipline="Order of 2025",
        ),
        Someone(name="With Conditions", km_east=1.4, rls_people=9, conditions="May not use electro-acupuncture"),
        Someone(name="Closed List", km_east=0.6, rls_people=25, place={"accepting": Accepting.CLOSED}),
        Someone(name="Nobody Knows", km_east=0.7, rls_people=5, place={"accepting": Accepting.UNKNOWN}),
        Someone(name="Just Arrived", km_east=0.9),
        Someone(name="Not Published", published=False),
        Someone(name="Under A Ban", suspended=True, rls_people=30),
        Someone(name="Lapsed Yesterday", expires=TODAY - timedelta(days=2), rls_people=30),
        Someone(
            name="Hidden Home",
            km_east=5.0,
            rls_people=11,
            place={
                "hidden_home": True,
                "street": "77 Secret Lane",
                "postal_code": "97215",
                "home_visit_radius_km": 20.0,
                "step_free": True,
            },
        ),
        Someone(name="From Afar", km_east=200.0, rls_people=40, place={"remote_jurisdictions": frozenset({"US-OR"})}),
    ]
    return crowd + special


def settle(session: Session, everybody: Iterable[Someone] | None = None) -> dict[str, str]:
    """Put everybody, or these, into an empty database; slugs by name."""
    jurisdictions.load(session)
    reference_data.load_reference(session)
    changes.begin_epoch(session)
    return {someone.name: _settle(session, someone) for someone in (people() if everybody is None else everybody)}


def _settle(session: Session, someone: Someone) -> str:
    draft = PersonDraft(
        display_name=someone.name,
        website="https://example.org/practice",
        techniques=frozenset({Technique.MANUAL, Technique.ACUPRESSURE}),
        fictional=True,
    )
    row = practitioners.register(session, replace(draft, **someone.person), now=NOW)  # type: ignore[arg-type]
    place = PlaceDraft(
        practitioner_id=row.id,
        label="Burnside Clinic",
        latitude=PORTLAND[0] + someone.km_north / 111.2,
        longitude=PORTLAND[1] + someone.km_east / 77.9,
        country="US",
        admin1="OR",
        locality="Portland",
        street="100 Burnside Street",
        postal_code="97214",
        jurisdiction="US-OR",
        timezone="America/Los_Angeles",
        title="Licensed Acupuncturist",
        telephone="+1 503 555 0142",
    )
    premises.add_place(session, replace(place, **someone.place))  # type: ignore[arg-type]
    _papers(session, row, someone)
    practitioners.attest(session, row.id, now=NOW - timedelta(days=10))
    publication.prove_holder(session, row.id, today=TODAY - timedelta(days=10), now=NOW)
    if someone.published:
        publication.publish(session, row.id, now=NOW - timedelta(days=9))
    if someone.suspended:
        publication.suspend(session, row.id, now=NOW - timedelta(days=1))
    return row.slug


def _papers(session: Session, row: Practitioner, someone: Someone) -> None:
    checked_on = min(TODAY - timedelta(days=20), someone.expires)
    licence = CredentialDraft(
        practitioner_id=row.id,
        kind=CredentialKind.STATUTORY_LICENCE,
        status=someone.status,
        jurisdiction="US-OR",
        body="Oregon Medical Board",
        title="Licensed Acupuncturist",
        number=f"AC{row.id:05}",
        expires=someone.expires,
        conditions_text=someone.conditions,
        discipline=someone.discipline,
        check=Check(verified_on=checked_on, evidence_url="https://omb.oregon.gov/search"),
    )
    credentials.record(session, licence, now=NOW)
    degree = CredentialDraft(
        practitioner_id=row.id,
        kind=CredentialKind.EDUCATION,
        status=CredentialStatus.ACTIVE,
        body="Oregon College of Oriental Medicine",
        title="MAcOM",
    )
    credentials.record(session, degree, now=NOW)
    cover = IndemnityDraft(
        practitioner_id=row.id,
        expires=TODAY + timedelta(days=200),
        covers_pregnancy=someone.weeks is not None,
        insurer="Example Mutual",
        verified_on=TODAY - timedelta(days=15),
    )
    credentials.record_indemnity(session, cover, now=NOW)
    if someone.rls_people:
        credentials.declare_rls(
            session,
            RlsDraft(
                practitioner_id=row.id,
                patients_24m=someone.rls_people,
                patients_verification=someone.verification,
                years=float(someone.rls_people % 9),
                years_verification=someone.verification,
                training_hours=float(someone.rls_people % 24),
                training_on=TODAY - timedelta(days=400),
                training_verification=someone.verification,
                outcomes=OutcomeTracking.OWN_DIARY,
                outcomes_verification=someone.verification,
                attested_on=TODAY - timedelta(days=10),
            ),
        )
    if someone.weeks is not None:
        credentials.declare_pregnancy(
            session,
            PregnancyDraft(
                practitioner_id=row.id,
                treats=True,
                min_week=someone.weeks[0],
                max_week=someone.weeks[1],
                training_provider="Example School",
                training_title="Acupuncture in maternity care",
                training_hours=24.0,
                training_verification=Verification.DOCUMENT_CHECKED,
                point_policy=PointPolicy.AVOID_TRADITIONAL_LIST,
                written_consent=True,
                emergency_policy=True,
                positions_adapted=True,
                liaison=Liaison.SELF_ATTESTED,
                not_offered_as_induction=True,
                truth_declared=True,
                patients_24m=14,
                signed_on=TODAY - timedelta(days=30),
            ),
        )
