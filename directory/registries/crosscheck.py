"""What NPPES says of our own people: a number that was deactivated, and a name that is not theirs.

Each opens a case at the desk, once for each thing that the register says; neither hides anybody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, Risk
from directory.credentials.registration.models import Registration
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.registries.models import RegistryEntry
from directory.registries.naming import Likeness, Name, families, first_names, of_parts, of_text
from directory.registries.terms import Standing

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosschecked:
    """What comparing our people with the register came to."""

    people: int
    deactivated: int
    other_name: int
    opened: int
    """Cases that were not there before."""


def crosscheck(session: Session, *, now: datetime) -> Crosschecked:
    """Compare everybody of ours who was sent in or published and has a number. Doing it twice is doing it once."""
    rows = session.execute(
        select(Practitioner.id, Practitioner.display_name, RegistryEntry)
        .join(RegistryEntry, RegistryEntry.npi == Practitioner.npi)
        .outerjoin(Registration, Registration.practitioner_id == Practitioner.id)
        .where(or_(Practitioner.account_status != AccountStatus.DRAFT, Registration.submitted_at.is_not(None)))
        .order_by(Practitioner.id)
    ).all()
    asked: dict[str, tuple[int, Risk]] = {}
    deactivated = 0
    for person, display_name, entry in rows:
        if entry.standing is Standing.DEACTIVATED:
            deactivated += 1
            asked[f"npi_deactivated:{entry.npi}-{entry.standing_since:%Y%m%d}"] = person, Risk.HIGH
        elif entry.standing is Standing.SHOWN and not same_person(display_name, told := _name(entry)):
            words = "\x1f".join((display_name, told.family, told.given, told.middle))
            asked[f"npi_name:{entry.npi}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"] = person, Risk.USUAL
    return Crosschecked(
        people=len(rows),
        deactivated=deactivated,
        other_name=len(asked) - deactivated,
        opened=_ask(session, asked, now=now),
    )


def same_person(display_name: str, told: Name) -> bool:
    """Whether a profile's name and a register's may be one person's. A name that cannot be read in parts is."""
    readings = of_text(display_name)
    return not readings or any(
        families(each.family, told.family) is not Likeness.OTHER and first_names(each, told) is not Likeness.OTHER
        for each in readings
    )


def _name(entry: RegistryEntry) -> Name:
    return of_parts(entry.last_name, entry.first_name, entry.middle_name)


def _ask(session: Session, asked: dict[str, tuple[int, Risk]], *, now: datetime) -> int:
    subjects = list(asked)
    known: set[str] = set()
    for start in range(0, len(subjects), _AT_ONCE):
        portion = subjects[start : start + _AT_ONCE]
        known |= set(
            session.scalars(select(Case.subject).where(Case.kind == Kind.REGISTER_NEWS, Case.subject.in_(portion)))
        )
    for subject in subjects:
        if subject not in known:
            person, risk = asked[subject]
            cases.open_for(session, Kind.REGISTER_NEWS, subject, now=now, about=person, risk=risk)
    return len(asked.keys() - known)
