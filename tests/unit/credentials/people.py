"""Short ways to say who holds what. Everybody here may be listed until a test takes something away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from directory.credentials.rules import Cover, Declaration, Paper, Permit, Person, permits
from directory.credentials.terms import CheckMethod, CredentialKind, CredentialStatus, Mode, PointPolicy, Verification
from directory.jurisdictions import rules as jurisdictions
from directory.paths import SEEDS
from directory.practitioners.terms import AccountStatus, Profession

TODAY = date(2026, 11, 23)
RULES = jurisdictions.read(SEEDS / "jurisdictions.csv")


def day(offset: int) -> date:
    """So many days from the day these tests play on."""
    return TODAY + timedelta(days=offset)


def paper(kind: CredentialKind = CredentialKind.STATUTORY_LICENCE, **facts: Any) -> Paper:
    """A paper that a register confirmed a month ago and that runs for another year."""
    standard: dict[str, Any] = {
        "status": CredentialStatus.ACTIVE,
        "jurisdiction": "US-OR",
        "expires": day(365),
        "identity_match": True,
        "verified_on": day(-30),
        "check_method": CheckMethod.PRIMARY_SOURCE,
        "last_checked_on": day(-30),
    }
    return Paper(kind=kind, **(standard | facts))


def certificate(body: str = "NCBAHM", **facts: Any) -> Paper:
    """A national certification."""
    return paper(CredentialKind.NATIONAL_CERTIFICATION, **({"jurisdiction": None, "body": body} | facts))


def membership(body: str, jurisdiction: str = "GB-ENG", **facts: Any) -> Paper:
    """Membership of a professional body; ``BAcC`` keeps an accredited register."""
    kind = CredentialKind.ACCREDITED_REGISTER if body == "BAcC" else CredentialKind.PROFESSIONAL_BODY
    return paper(kind, **({"jurisdiction": jurisdiction, "body": body} | facts))


def other_profession(title: str | None, jurisdiction: str = "US-OR", **facts: Any) -> Paper:
    """A statutory licence of another profession."""
    standard = {"jurisdiction": jurisdiction, "title": title}
    return paper(CredentialKind.STATUTORY_OTHER_PROFESSION, **(standard | facts))


def cover(**facts: Any) -> Cover:
    """Insurance that a verifier saw."""
    standard = {"expires": day(200), "covers_pregnancy": True, "verified_on": day(-20)}
    return Cover(**(standard | facts))


def declaration(**facts: Any) -> Declaration:
    """A pregnancy declaration that passes the gate for weeks 4 to 40."""
    standard: dict[str, Any] = {
        "treats": True,
        "min_week": 4,
        "max_week": 40,
        "training_hours": 12,
        "training_verification": Verification.DOCUMENT_CHECKED,
        "point_policy": PointPolicy.AVOID_TRADITIONAL_LIST,
        "written_consent": True,
        "emergency_policy": True,
        "truth_declared": True,
        "signed_on": day(-10),
    }
    return Declaration(**(standard | facts))


def person(*papers: Paper, **facts: Any) -> Person:
    """Somebody published, proved, attested and insured, with these papers or an Oregon licence."""
    standard: dict[str, Any] = {
        "profession": Profession.ACUPUNCTURIST,
        "account_status": AccountStatus.PUBLISHED,
        "held": False,
        "holder_proved_on": day(-100),
        "attested_on": day(-5),
        "papers": papers or (paper(),),
        "covers": (cover(),),
        "declaration": declaration(),
    }
    return Person(**(standard | facts))


def ask(
    who: Person, code: str = "US-OR", *, today: date = TODAY, place_id: int | None = 1, mode: Mode = Mode.IN_PERSON
) -> Permit:
    """What the rules say about this person under a jurisdiction's rule."""
    return permits(who, RULES[code], place_id=place_id, mode=mode, today=today)


def with_declaration(**facts: Any) -> Person:
    """Somebody whose pregnancy declaration differs in these items."""
    return replace(person(), declaration=declaration(**facts))
