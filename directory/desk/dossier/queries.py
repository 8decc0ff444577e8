"""Reading the file of a case.

What came as JSON becomes objects again that no session knows: they are read and never written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from directory.complaints.models import Appeal, Complaint
from directory.credentials.control.models import ControlLetter, ControlProof, ControlQuestion
from directory.credentials.decisions.models import Decision, Question
from directory.credentials.decisions.queries import Told
from directory.credentials.evidence.models import Evidence, ProfilePhoto
from directory.credentials.evidence.terms import PhotoState
from directory.credentials.models import Credential, Indemnity
from directory.credentials.terms import CredentialKind
from directory.desk.dossier import statement
from directory.desk.dossier.file import Dossier, Namesake, OtherCase, SameNpi, SameNumber
from directory.desk.dossier.rows import by_id, instant, opened, rows
from directory.errors import NotFound
from directory.guide.words import N_
from directory.jurisdictions.models import JurisdictionRow
from directory.jurisdictions.queries import rules_of
from directory.practitioners.terms import AccountStatus
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile, ExclusionHit
from directory.registries.models import RegistryLead

LARGEST_ID: Final = 2**63 - 1


def read(session: Session, case_id: int) -> Dossier:
    """The file of this case, in one statement; ``NotFound`` where there is no such case."""
    found = session.execute(statement.STATEMENT, {"case_id": case_id}).one_or_none() if case_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(N_("There is no such case."))
    told = {name: json.loads(getattr(found, name)) for name in statement.LISTS}
    photos = [*rows(ProfilePhoto, statement.PHOTO, told["live"]), *rows(ProfilePhoto, statement.PHOTO, told["newer"])]
    return Dossier(
        case=found.Case,
        holder=found.holder,
        person=found.Practitioner,
        email=found.email,
        registration=found.Registration,
        edit=found.ProposedEdit,
        rls=found.RlsExperience,
        pregnancy=found.PregnancyDeclaration,
        entry=found.RegistryEntry,
        leads=sorted(rows(RegistryLead, statement.LEAD, told["leads"]), key=lambda each: each.slot),
        nppes_as_of=found.nppes_as_of,
        papers=by_id(rows(Credential, statement.PAPER, told["papers"])),
        covers=by_id(rows(Indemnity, statement.COVER, told["covers"])),
        evidence=by_id(rows(Evidence, statement.EVIDENCE, told["evidence"])),
        live_photo=next((each for each in photos if each.state is PhotoState.ACCEPTED), None),
        newer_photo=next((each for each in photos if each.state is not PhotoState.ACCEPTED), None),
        decisions=_decisions(told["decisions"]),
        questions=by_id(rows(Question, statement.QUESTION, told["questions"])),
        open_cases=[
            OtherCase(id=key, kind=kind, subject=subject, due=instant(due))
            for key, kind, subject, due in sorted(told["cases"])[: statement.MOST_OPEN]
        ],
        more_open=len(told["cases"]) > statement.MOST_OPEN,
        same_number=_same_number(told["same_number"]),
        same_npi=[
            SameNpi(practitioner_id=key, name=name, slug=slug, has_it=bool(has_it))
            for key, name, slug, has_it in sorted([*told["npi_holders"], *told["npi_askers"]])
        ],
        namesakes=_namesakes(told["namesakes"]),
        proofs=by_id(rows(ControlProof, statement.PROOF, told["proofs"]))[::-1],
        letter=next(iter(rows(ControlLetter, statement.LETTER, told["letters"])), None),
        certifiers=by_id(rows(ControlQuestion, statement.CERTIFIER, told["certifiers"]))[::-1],
        complaint=next(iter(rows(Complaint, statement.COMPLAINT, told["complaint"])), None),
        complaints=by_id(rows(Complaint, statement.REPORTED, told["complaints"]))[::-1],
        appeal=next(iter(rows(Appeal, statement.APPEAL, told["appeal"])), None),
        exclusion_file=next(iter(rows(ExclusionFile, statement.EXCLUSION_FILE, told["exclusion_file"])), None),
        exclusions=[
            (
                rows(ExclusionHit, statement.HIT, [row[: len(statement.HIT)]])[0],
                rows(ExclusionEntry, statement.EXCLUDED, [row[len(statement.HIT) :]])[0],
            )
            for row in told["exclusions"]
        ],
        rules={
            row[0]: rules_of(rows(JurisdictionRow, statement.RULE, [row[:-1]])[0], hidden=row[-1] is not None)
            for row in told["rules"]
        },
    )


def _decisions(lines: Iterable[Sequence[Any]]) -> list[Told]:
    size = len(statement.DECISION)
    found = []
    for row in lines:
        decision = rows(Decision, statement.DECISION, [row[:size]])[0]
        note, words, by = row[size:]
        found.append(Told(decision, opened(note) if note else "", opened(words) if words else "", by))
    return sorted(found, key=lambda each: -each.decision.id)


def _same_number(lines: Iterable[Sequence[Any]]) -> list[SameNumber]:
    found = {
        (key, kind, jurisdiction, number): SameNumber(
            practitioner_id=key,
            name=name,
            slug=slug,
            kind=CredentialKind(kind),
            jurisdiction=jurisdiction,
            number=number,
            checked_on=None if checked is None else date.fromisoformat(checked),
        )
        for key, name, slug, kind, jurisdiction, number, checked in lines
    }
    return [found[key] for key in sorted(found)]


def _namesakes(lines: Iterable[Sequence[Any]]) -> list[Namesake]:
    found = [
        Namesake(
            practitioner_id=key,
            name=name,
            slug=slug,
            status=AccountStatus(status),
            locality=locality,
            country=country,
        )
        for key, name, slug, status, locality, country in lines
    ]
    return sorted(found, key=lambda each: (each.practitioner_id, each.locality or ""))
