"""A candidate of a scenario, understood: one practice place with what its person says and holds.

Words that permit are taken only from the closed lists of the file's own description; any other word permits nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from directory.cli.judge.nodes import Node
from directory.credentials.terms import (
    PERMITS_PRACTICE,
    CredentialKind,
    CredentialStatus,
    Liaison,
    OutcomeTracking,
    PointPolicy,
    Verification,
)
from directory.practitioners.drafts import LONGEST_HOME_VISIT_KM
from directory.practitioners.rules import Interval
from directory.practitioners.terms import Accepting, AccountStatus, Gender, Profession, Protocol, Technique
from directory.screening.rules import LONGEST_WEEK
from directory.screening.terms import Condition

_Member = TypeVar("_Member", bound=StrEnum)

KINDS: Mapping[str, CredentialKind] = {
    "statutory": CredentialKind.STATUTORY_LICENCE,
    "accredited_register": CredentialKind.ACCREDITED_REGISTER,
    "professional_body": CredentialKind.PROFESSIONAL_BODY,
    "statutory_other_profession": CredentialKind.STATUTORY_OTHER_PROFESSION,
    "special_procedure_licence": CredentialKind.SPECIAL_PROCEDURE_LICENCE,
    "local_authority_registration": CredentialKind.LOCAL_AUTHORITY_REGISTRATION,
}
PERMITTING_WORDS = frozenset({"active", "active_with_conditions", "probation", "expired"})
"""The words of the file under which practice can be allowed, "expired" only inside a late period."""

HOURS: Mapping[str, tuple[Interval, ...]] = {
    "weekday_day": (Interval(0, time(9), time(17)),),
    "evening": (Interval(0, time(17, 30), time(20, 30)),),
    "weekend": (Interval(5, time(10), time(14)),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A paper of a candidate. ``kind`` is ``None`` for a word that nobody knows."""

    kind: CredentialKind | None
    status: CredentialStatus
    jurisdiction: str | None
    title: str | None
    body: str | None
    number: str | None
    expires: date | None
    late_until: date | None
    admin_verified: bool
    verified_on: date | None
    identity_match: bool
    conditions: str | None
    discipline: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rls:
    """What is declared about RLS, with its one verification."""

    patients_24m: int = 0
    years: float = 0.0
    training_hours: float = 0.0
    training_on: date | None = None
    outcomes: OutcomeTracking = OutcomeTracking.NONE
    liaison: Liaison = Liaison.NONE
    publications: int = 0
    verification: Verification = Verification.NONE
    attested_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnancy:
    """What is declared about pregnancy. Items that are not named count as signed, as the file's description says."""

    treats: bool = False
    signed_on: date | None = None
    min_week: int | None = None
    max_week: int | None = None
    training_hours: float = 0.0
    training_verification: Verification = Verification.NONE
    patients_24m: int = 0
    point_policy: PointPolicy = PointPolicy.NONE
    written_consent: bool = True
    emergency_policy: bool = True
    covered: bool = True
    positions_adapted: bool = True
    truth_declared: bool = True
    liaison: Liaison = Liaison.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One place of one person."""

    id: str
    practitioner_id: str
    profession: Profession
    account_status: AccountStatus
    accepting: Accepting
    label: str
    country: str
    jurisdiction: str | None
    latitude: float
    longitude: float
    timezone: str
    in_person: bool
    remote: bool
    home_visit_radius_km: float
    min_patient_age: int
    indemnity_expires: date | None
    licences: tuple[Licence, ...]
    rls: Rls
    pregnancy: Pregnancy
    languages: tuple[str, ...]
    gender: Gender
    step_free: bool | None
    price: Decimal | None
    currency: str | None
    payers: tuple[str, ...]
    hours: tuple[Interval, ...] = field(default=())
    techniques: frozenset[Technique] = frozenset()
    declines: frozenset[Condition] = frozenset()
    protocols: frozenset[Protocol] = frozenset()


def candidate(node: Node) -> Candidate:
    """The candidate in a file; ``Malformed`` where a value cannot be one."""
    key = node.get("id").text()
    practice = node.get("practice")
    price = node.get("price", None)
    amount = price.get("amount", None).value if isinstance(price.value, dict) else price.value
    stated = Node(amount, f"{price.path}.amount")
    accepts = node.get("accepts_new_patients", None).yes_or_none()
    minimum = node.get("min_patient_age", None).whole_or_none(most=120)
    return Candidate(
        id=key,
        practitioner_id=node.get("practitioner_id", None).text_or_none() or key,
        profession=_word(node.get("profession", None), Profession, Profession.ACUPUNCTURIST),
        account_status=_word(node.get("account_status", None), AccountStatus, AccountStatus.DRAFT),
        accepting={None: Accepting.UNKNOWN, True: Accepting.YES, False: Accepting.CLOSED}[accepts],
        label=practice.get("label", None).text_or_none() or "Practice",
        country=practice.get("country").text(),
        jurisdiction=practice.get("jurisdiction", None).text_or_none(),
        latitude=practice.get("lat").number(least=-90, most=90),
        longitude=practice.get("lon").number(least=-180, most=180),
        timezone=practice.get("tz").zone(),
        in_person=node.get("in_person", None).yes_or_none() is not False,
        remote=bool(node.get("telehealth", None).yes_or_none()),
        home_visit_radius_km=min(LONGEST_HOME_VISIT_KM, node.get("home_visit_radius_km", None).number_or(0.0)),
        min_patient_age=18 if minimum is None else minimum,
        indemnity_expires=node.get("indemnity_expires", None).day_or_none(),
        licences=(
            *(_licence(each) for each in node.get("licences", None).each()),
            *(_certification(each) for each in node.get("certifications", None).each()),
        ),
        rls=_rls(node.get("rls", None)),
        pregnancy=_pregnancy(node.get("pregnancy", None)),
        languages=tuple(dict.fromkeys(node.get("languages", None).texts())),
        gender=_word(node.get("gender", None), Gender, Gender.UNSPECIFIED),
        step_free=node.get("wheelchair_access", None).yes_or_none(),
        price=None if amount is None else Decimal(str(stated.number(least=0, most=9_999_999))),
        currency=price.get("currency", None).text_or_none() if isinstance(price.value, dict) else None,
        payers=tuple(dict.fromkeys(node.get("payers", None).texts())),
        hours=tuple(
            interval
            for word in dict.fromkeys(node.get("availability", None).texts())
            for interval in HOURS.get(word, ())
        ),
        techniques=_words(node.get("techniques", None), Technique),
        declines=_words(node.get("declines", None), Condition),
        protocols=_words(node.get("protocols", None), Protocol),
    )


def _licence(node: Node) -> Licence:
    seen = bool(node.get("admin_verified", None).yes_or_none())
    matches = node.get("identity_match", None).yes_or_none()
    return Licence(
        kind=KINDS.get(node.get("kind", None).text_or_none() or ""),
        status=_status(node.get("status", None)),
        jurisdiction=node.get("jurisdiction", None).text_or_none(),
        title=node.get("title", None).text_or_none(),
        body=node.get("body", None).text_or_none(),
        number=node.get("number", None).text_or_none(),
        expires=node.get("expires", None).day_or_none(),
        late_until=node.get("practice_allowed_until", None).day_or_none(),
        admin_verified=seen,
        verified_on=node.get("verified_on", None).day_or_none(),
        identity_match=seen if matches is None else matches,
        conditions="; ".join(_sentences(node.get("conditions", None))) or None,
        discipline="; ".join(_sentences(node.get("discipline", None))) or None,
    )


def _sentences(node: Node) -> tuple[str, ...]:
    if isinstance(node.value, list):
        return node.texts()
    text = node.text_or_none()
    return (text,) if text else ()


def _status(node: Node) -> CredentialStatus:
    """The canonical word; a permitting one is believed only where it is a word of the file's own list."""
    word = node.text_or_none() or ""
    if word in {each.value for each in PERMITS_PRACTICE} and word not in PERMITTING_WORDS:
        return CredentialStatus.UNKNOWN
    return _word(node, CredentialStatus, CredentialStatus.UNKNOWN)


def _certification(node: Node) -> Licence:
    status = {"active": CredentialStatus.ACTIVE, "lapsed": CredentialStatus.LAPSED}
    return Licence(
        kind=CredentialKind.NATIONAL_CERTIFICATION,
        status=status.get(node.get("status", None).text_or_none() or "", CredentialStatus.UNKNOWN),
        jurisdiction=None,
        title=node.get("credential", None).text_or_none(),
        body=node.get("body", None).text_or_none(),
        number=None,
        expires=node.get("expires", None).day_or_none(),
        late_until=None,
        admin_verified=node.get("admin_verified", None).yes_or_none() is not False,
        verified_on=node.get("verified_on", None).day_or_none(),
        identity_match=node.get("identity_match", None).yes_or_none() is not False,
        conditions=None,
        discipline=None,
    )


def _rls(node: Node) -> Rls:
    if node.value is None:
        return Rls()
    return Rls(
        patients_24m=int(node.get("patients_24m", None).number_or(0)),
        years=node.get("years", None).number_or(0),
        training_hours=node.get("training_hours", None).number_or(0),
        training_on=node.get("training_date", None).day_or_none(),
        outcomes=_word(node.get("outcome_tracking", None), OutcomeTracking, OutcomeTracking.NONE),
        liaison=_word(node.get("liaison", None), Liaison, Liaison.NONE),
        publications=int(node.get("publications", None).number_or(0)),
        verification=_word(node.get("verification", None), Verification, Verification.NONE),
        attested_on=node.get("attested_on", None).day_or_none(),
    )


def _pregnancy(node: Node) -> Pregnancy:
    if node.value is None:
        return Pregnancy(covered=False)
    return Pregnancy(
        treats=bool(node.get("treats", None).yes_or_none()),
        signed_on=node.get("attested_on", None).day_or_none(),
        min_week=_week(node.get("min_week", None)),
        max_week=_week(node.get("max_week", None)),
        training_hours=node.get("training_hours", None).number_or(0),
        training_verification=_word(node.get("training_verification", None), Verification, Verification.NONE),
        patients_24m=int(node.get("patients_24m", None).number_or(0)),
        point_policy=_word(node.get("point_policy", None), PointPolicy, PointPolicy.NONE),
        written_consent=_signed(node, "consent_form"),
        emergency_policy=_signed(node, "emergency_policy"),
        covered=_signed(node, "indemnity_covers_pregnancy"),
        positions_adapted=_signed(node, "positions_adapted"),
        truth_declared=_signed(node, "truth_declared"),
        liaison=_word(node.get("liaison", None), Liaison, Liaison.NONE),
    )


def _week(node: Node) -> int | None:
    """A week of a window; windows that reach beyond the longest pregnancy end with it."""
    week = node.whole_or_none(most=1000)
    return None if week is None else min(week, LONGEST_WEEK)


def _signed(node: Node, key: str) -> bool:
    """An item of the declaration: signed where it is not named, not signed where it is false or null."""
    return key not in node or bool(node.get(key).yes_or_none())


def _word(node: Node, enum: type[_Member], unknown: _Member) -> _Member:
    try:
        return enum(node.text_or_none() or "")
    except ValueError:
        return unknown


def _words(node: Node, enum: type[_Member]) -> frozenset[_Member]:
    known: Iterable[str] = {member.value for member in enum}
    return frozenset(enum(word) for word in node.texts() if word in known)
