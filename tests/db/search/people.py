"""People for the search's tests, put into the tables row by row, so that nothing of the services is taken on trust."""

from __future__ import annotations

import random
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
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
    PointPolicy,
    Verification,
)
from directory.jurisdictions import rules as jurisdictions
from directory.jurisdictions.models import JurisdictionRow
from directory.jurisdictions.service import SOURCE
from directory.practitioners.models import (
    Language,
    Payer,
    PlaceHours,
    PlacePayer,
    PlaceRemoteJurisdiction,
    PracticePlace,
    Practitioner,
    PractitionerDecline,
    PractitionerLanguage,
    PractitionerProtocol,
    PractitionerTechnique,
    ProfileAttestation,
)
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
from directory.search.criteria import Criteria, Point

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TODAY = NOW.date()
PORTLAND = Point(45.5145, -122.643, "US", "US-OR", "America/Los_Angeles")
VANCOUVER = Point(45.6387, -122.6615, "US", "US-WA", "America/Los_Angeles")
"""Across the river, in Washington."""

RULES = jurisdictions.read(SOURCE)
_JURISDICTIONS = [
    {name: value for name, value in asdict(rule).items() if name != "hidden"}
    | {
        "accepted_bodies": ";".join(str(body) for body in rule.accepted_bodies),
        "exempt_bodies": list(rule.exempt_bodies),
    }
    for rule in RULES.values()
]
LANGUAGES = ("en", "es", "vi")
PAYERS = ("us-one", "us-two", "us-three")


def day(offset: int) -> date:
    """So many days from the day these tests play on."""
    return TODAY + timedelta(days=offset)


def reference(session: Session) -> None:
    """What other rows refer to."""
    session.execute(insert(JurisdictionRow), _JURISDICTIONS)
    session.add_all(Language(code=code, name=code.upper(), autonym=code) for code in LANGUAGES)
    session.add_all(Payer(code=code, country="US", name=code) for code in PAYERS)
    session.flush()


def add(session: Session, name: str = "somebody", *, place: dict[str, Any] | None = None, **facts: Any) -> int:
    """Somebody who may be listed in Portland, differing in these facts; the id."""
    licence = facts.pop("licence", {})
    experience = facts.pop("rls", None)
    pregnancy = facts.pop("pregnancy", None)
    attested = facts.pop("attested_at", NOW - timedelta(days=5))
    cover = facts.pop("cover", {})
    techniques = facts.pop("techniques", (Technique.MANUAL,))
    person = Practitioner(
        **(
            {
                "slug": f"{name}-{random.getrandbits(60):x}",
                "display_name": name,
                "profession": Profession.ACUPUNCTURIST,
                "account_status": AccountStatus.PUBLISHED,
                "published_at": NOW - timedelta(days=90),
                "holder_proved_on": day(-90),
                "created_at": NOW,
                "updated_at": NOW,
            }
            | facts
        )
    )
    session.add(person)
    session.flush()
    add_place(session, person.id, attested_at=attested, **(place or {}))
    if licence is not None:
        add_paper(session, person.id, **licence)
    add_cover(session, person.id, **cover)
    session.add_all(PractitionerTechnique(practitioner_id=person.id, technique=each) for each in techniques)
    if experience is not None:
        add_experience(session, person.id, **experience)
    if pregnancy is not None:
        add_declaration(session, person.id, **pregnancy)
    changes.record(session, person.id)
    session.flush()
    return person.id


def add_place(session: Session, person_id: int, **facts: Any) -> int:
    """A practice in Portland that differs in these facts; ``hours``, ``payers`` and ``remote`` hang on it, and when it
    was last said to be true (``attested_at``)."""
    hours, payers, remote = facts.pop("hours", ()), facts.pop("payers", ()), facts.pop("remote", ())
    attested = facts.pop("attested_at", NOW - timedelta(days=5))
    standard: dict[str, Any] = {
        "practitioner_id": person_id,
        "label": "Practice",
        "jurisdiction": "US-OR",
        "country": "US",
        "locality": "Portland",
        "latitude": PORTLAND.latitude,
        "longitude": PORTLAND.longitude,
        "point_precision": PointPrecision.EXACT,
        "timezone": "America/Los_Angeles",
        "accepting": Accepting.YES,
        "remote_consultation": bool(remote),
    }
    row = PracticePlace(**(standard | facts))
    session.add(row)
    session.flush()
    session.add_all(PlaceHours(place_id=row.id, weekday=on, opens=time(a), closes=time(b)) for on, a, b in hours)
    session.add_all(PlacePayer(place_id=row.id, payer_code=each, stated_on=day(-9)) for each in payers)
    session.add_all(PlaceRemoteJurisdiction(place_id=row.id, jurisdiction=each) for each in remote)
    if attested is not None:
        session.add(ProfileAttestation(practitioner_id=person_id, place_id=row.id, attested_at=attested))
    changes.record(session, person_id)
    session.flush()
    return row.id


def add_paper(session: Session, person_id: int, **facts: Any) -> int:
    """An Oregon licence that differs in these facts."""
    codes = facts.pop("codes", ())
    standard: dict[str, Any] = {
        "practitioner_id": person_id,
        "kind": CredentialKind.STATUTORY_LICENCE,
        "jurisdiction": "US-OR",
        "status": CredentialStatus.ACTIVE,
        "expires": day(300),
        "identity_match": True,
        "verified_on": day(-30),
        "check_method": CheckMethod.PRIMARY_SOURCE,
        "created_at": NOW,
    }
    row = Credential(**(standard | facts))
    session.add(row)
    session.flush()
    if codes:
        session.execute(insert(CredentialCondition), [{"credential_id": row.id, "code": code} for code in codes])
    changes.record(session, person_id)
    return row.id


def add_cover(session: Session, person_id: int, **facts: Any) -> None:
    """Insurance that a verifier saw."""
    standard: dict[str, Any] = {"expires": day(200), "verified_on": day(-10), "covers_pregnancy": True}
    session.add(Indemnity(practitioner_id=person_id, created_at=NOW, **(standard | facts)))


def add_experience(session: Session, person_id: int, **facts: Any) -> None:
    """Declared experience with RLS, confirmed by others unless it says otherwise."""
    verification = facts.pop("verification", Verification.INDEPENDENTLY_CONFIRMED)
    names = ("patients", "years", "training", "outcomes", "liaison", "publications")
    checked = {f"{name}_verification": verification for name in names}
    session.add(RlsExperience(practitioner_id=person_id, **({"attested_on": day(-30)} | checked | facts)))


def add_declaration(session: Session, person_id: int, **facts: Any) -> None:
    """A pregnancy declaration that passes the gate for weeks 0 to 42."""
    standard: dict[str, Any] = {
        "treats": True,
        "min_week": 0,
        "max_week": 42,
        "training_hours": 20,
        "training_verification": Verification.DOCUMENT_CHECKED,
        "point_policy": PointPolicy.AVOID_TRADITIONAL_LIST,
        "written_consent": True,
        "emergency_policy": True,
        "truth_declared": True,
        "signed_on": day(-30),
    }
    session.add(PregnancyDeclaration(practitioner_id=person_id, **(standard | facts)))


def crowd(session: Session, size: int, chance: random.Random) -> list[int]:
    """People of every sort on both banks of the river, many of them at an edge of some rule."""
    return [_one_of_the_crowd(session, number, chance) for number in range(size)]


def _edge(chance: random.Random) -> date:
    return day(chance.choice([-2, -1, 0, 1, 2, 40, 300, 300, 300]))


def _one_of_the_crowd(session: Session, number: int, chance: random.Random) -> int:
    state = chance.choice(["US-OR", "US-WA"])
    person_id = add(
        session,
        f"person-{number}",
        place=_somewhere(state, chance),
        licence={
            "jurisdiction": state,
            "expires": _edge(chance),
            "status": chance.choice(
                [CredentialStatus.ACTIVE] * 6 + [CredentialStatus.PROBATION, CredentialStatus.REVOKED]
            ),
            "check_method": chance.choice([CheckMethod.PRIMARY_SOURCE] * 9 + [CheckMethod.DOCUMENT_ONLY]),
            "codes": chance.choice([()] * 5 + [(ConditionCode.EXCLUDES_PREGNANCY,), (ConditionCode.EXCLUDES_MINORS,)]),
        },
        cover={"expires": _edge(chance), "covers_pregnancy": chance.random() < 0.8},
        attested_at=NOW - timedelta(days=chance.choice([1, 5, 100, 119, 120, 121]), hours=chance.randrange(24)),
        gender=chance.choice(list(Gender)),
        min_patient_age=chance.choice([0, 12, 18]),
        account_status=chance.choice([AccountStatus.PUBLISHED] * 12 + [AccountStatus.PAUSED]),
        held_since=chance.choice([None] * 14 + [NOW]),
        techniques=chance.choice(
            [(Technique.MANUAL,), (Technique.ELECTRO,), (Technique.MANUAL, Technique.ACUPRESSURE), (Technique.TEISHIN,)]
        ),
        rls=chance.choice([None, {"patients_24m": chance.randrange(50), "years": chance.random() * 10}]),
        pregnancy=chance.choice(
            [None, {}, {"min_week": 14}, {"max_week": 30}, {"signed_on": day(-365)}, {"training_hours": 11}]
        ),
    )
    if chance.random() < 0.3:
        add_paper(session, person_id, jurisdiction=chance.choice(["US-OR", "US-WA"]), expires=_edge(chance))
    if chance.random() < 0.25:
        said = NOW - timedelta(days=chance.choice([1, 119, 120, 121]), hours=chance.randrange(24))
        add_place(session, person_id, attested_at=said, **_somewhere(chance.choice(["US-OR", "US-WA"]), chance))
    for code in chance.sample(LANGUAGES, chance.randrange(3)):
        level = chance.choice([LanguageLevel.FLUENT, LanguageLevel.BASIC])
        session.add(
            PractitionerLanguage(
                practitioner_id=person_id, language_code=code, level=level, spoken_by=SpokenBy.PRACTITIONER
            )
        )
    if chance.random() < 0.2:
        session.add(
            PractitionerDecline(
                practitioner_id=person_id, condition=chance.choice([Condition.EPILEPSY, Condition.PREGNANCY])
            )
        )
    if chance.random() < 0.3:
        session.add(PractitionerProtocol(practitioner_id=person_id, protocol=Protocol.ANTICOAGULANT_BLEEDING))
    session.flush()
    return person_id


def _somewhere(state: str, chance: random.Random) -> dict[str, Any]:
    north = chance.uniform(0.0, 1.2)
    accepting = chance.choice([Accepting.YES, Accepting.YES, Accepting.UNKNOWN, Accepting.CLOSED])
    priced = chance.random() < 0.6
    away = chance.choice([None, None, None, (-9, -1), (-9, 0), (0, 0), (0, 60), (1, 9), (40, 60)])
    return {
        "away_from": away and day(away[0]),
        "away_until": away and day(away[1]),
        "jurisdiction": state,
        "latitude": 45.6 + north if state == "US-WA" else 45.6 - north,
        "longitude": -122.65 + chance.uniform(-1, 1),
        "timezone": chance.choice(["America/Los_Angeles", "Pacific/Honolulu", "Pacific/Auckland"]),
        "in_person": chance.random() < 0.9,
        "home_visit_radius_km": chance.choice([0.0, 0.0, 10.0, 60.0]),
        "remote": chance.choice([(), (), ("US-OR",), ("US-OR", "US-WA")]),
        "accepting": accepting,
        "accepting_confirmed_on": None if accepting is Accepting.UNKNOWN else day(-chance.choice([0, 29, 30, 31, 32])),
        "price_currency": chance.choice(["USD", "USD", "CAD"]) if priced else None,
        "price_first_visit": Decimal(chance.choice([60, 80, 120])) if priced else None,
        "price_follow_up": Decimal(chance.choice([50, 80])) if priced and chance.random() < 0.5 else None,
        "step_free": chance.choice([None, True, False]),
        "hours": chance.choice([(), ((0, 9, 16),), ((1, 9, 19), (5, 10, 12))]),
        "payers": tuple(chance.sample(PAYERS, chance.randrange(3))),
        "active": chance.random() < 0.95,
    }


def here(**facts: Any) -> Criteria:
    """A search in Portland."""
    return Criteria(**({"point": PORTLAND} | facts))
