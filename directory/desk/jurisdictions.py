"""What hiding a jurisdiction would do, counted before anybody does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from directory.credentials.models import Credential
from directory.jurisdictions import queries
from directory.jurisdictions.names import name_of
from directory.practitioners.models import PlaceRemoteJurisdiction, PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus


@dataclass(frozen=True, slots=True)
class Switchable:
    """One jurisdiction: who works there, and whether it is hidden."""

    code: str
    name: str
    listable: bool
    """Whether its rules let anybody be listed there at all."""
    people: int
    """How many published people have a place there, whether or not their papers let them be shown today."""
    hidden_since: datetime | None
    hidden_by: int | None
    reason: str


def switchable(session: Session) -> list[Switchable]:
    """Every jurisdiction by its name; three statements."""
    working = (
        select(PracticePlace.jurisdiction, func.count(Practitioner.id.distinct()))
        .join(Practitioner, Practitioner.id == PracticePlace.practitioner_id)
        .where(PracticePlace.active, Practitioner.account_status == AccountStatus.PUBLISHED)
        .group_by(PracticePlace.jurisdiction)
    )
    counts: dict[str | None, int] = {code: count for code, count in session.execute(working)}  # noqa: C416
    switches = queries.switches(session)
    found = []
    for code, rule in queries.all_rules(session).items():
        switch = switches.get(code)
        found.append(
            Switchable(
                code=code,
                name=name_of(code),
                listable=rule.open or rule.hidden,
                people=counts.get(code, 0),
                hidden_since=switch.closed_since if switch else None,
                hidden_by=switch.closed_by if switch else None,
                reason=switch.reason_sealed if switch else "",
            )
        )
    return sorted(found, key=lambda each: each.name)


def concerned(session: Session, code: str) -> int:
    """How many published people it concerns: a place there, patients there from afar, or a paper of that register."""
    places = select(PracticePlace.practitioner_id).where(PracticePlace.active, PracticePlace.jurisdiction == code)
    afar = (
        select(PracticePlace.practitioner_id)
        .join(PlaceRemoteJurisdiction, PlaceRemoteJurisdiction.place_id == PracticePlace.id)
        .where(PracticePlace.active, PlaceRemoteJurisdiction.jurisdiction == code)
    )
    papers = select(Credential.practitioner_id).where(Credential.jurisdiction == code)
    mine = or_(Practitioner.id.in_(places), Practitioner.id.in_(afar), Practitioner.id.in_(papers))
    statement = select(func.count()).select_from(Practitioner)
    return session.scalar(statement.where(Practitioner.account_status == AccountStatus.PUBLISHED, mine)) or 0
