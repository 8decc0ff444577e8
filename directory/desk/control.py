"""Where a register says that somebody is reached: for whoever proves who keeps a profile, and for nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from directory.cases import rules as case_rules
from directory.cases.models import Case
from directory.cases.service import TakenByAnother
from directory.cases.terms import Kind, State
from directory.credentials.control import rules
from directory.credentials.control.rules import Source
from directory.credentials.control.terms import Origin
from directory.credentials.registration.models import Registration
from directory.errors import Conflict, NotFound
from directory.guide.words import N_
from directory.practitioners.models import Practitioner
from directory.registries.models import RegistryEntry
from directory.registries.rules import full_name
from directory.registries.terms import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What NPPES says of the number that is theirs, or for which they ask."""

    npi: str
    name: str
    telephone: str
    lines: tuple[str, ...]
    """Of a letter to the practice, the name first; empty where no address is known."""
    as_of: date
    names_them: bool
    """Whether the entry is in this person's name. Otherwise it is a way to somebody else."""

    @property
    def source(self) -> Source:
        """The file, as a proof names it."""
        return Source(origin=Origin.NPPES, name=f"NPPES {self.npi}", day=self.as_of)


def case_of(session: Session, case_id: int, *, by: int, now: datetime) -> tuple[Case, Practitioner]:
    """An open case that asks who somebody is, with the person. ``NotFound`` for any other, ``Conflict`` for a
    closed one and while somebody else works on it."""
    case = session.get(Case, case_id)
    person = None if case is None or case.about is None else session.get(Practitioner, case.about)
    if case is None or person is None or case.kind is not Kind.CONTROL:
        raise NotFound(N_("There is no such case."))
    if case.state is State.CLOSED:
        raise Conflict(N_("This has been decided already."))
    if case_rules.is_taken_by_another(case.claimed_by, case.claimed_until, by=by, now=now):
        raise TakenByAnother(N_("Somebody else is working on this case."))
    return case, person


def in_nppes(session: Session, person: Practitioner) -> Reached | None:
    """Where NPPES says that this person is reached; ``None`` where it names nobody under their number."""
    npi = person.npi or session.scalar(
        select(Registration.npi_claimed).where(Registration.practitioner_id == person.id)
    )
    if not npi:
        return None
    entry = session.get(RegistryEntry, npi, options=[undefer(RegistryEntry.contact_sealed)])
    if entry is None or entry.standing is not Standing.SHOWN or entry.contact_sealed is None:
        return None
    practice = json.loads(entry.contact_sealed)["practice"]
    name = full_name(entry.first_name, entry.middle_name, entry.last_name, entry.suffix)
    town = " ".join(part for part in (practice["city"], practice["region"], practice["postal_code"]) if part)
    address = [*practice["lines"], town]
    return Reached(
        npi=npi,
        name=name,
        telephone=practice["telephone"],
        lines=tuple(each for each in (name, *address, practice["country"]) if each) if practice["lines"] else (),
        as_of=entry.as_of,
        names_them=rules.names(entry.first_name, entry.last_name, person.display_name),
    )
