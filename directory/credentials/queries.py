"""Reading papers and declarations for those who show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from directory.cases.models import Case
from directory.cases.terms import State
from directory.credentials.models import Credential, CredentialCondition, Indemnity
from directory.credentials.rules import Paper, replaced
from directory.credentials.terms import CheckMethod, ConditionCode, CredentialKind


@dataclass(frozen=True, slots=True)
class PaperOnFile:
    """A paper as the rules see it, with what a reader may want to look up."""

    paper: Paper
    scope: str | None
    accredited_by: str | None
    next_check_on: date | None
    evidence_url: str | None
    completed_year: int | None = None


def papers_on_file(session: Session, practitioner_id: int) -> list[PaperOnFile]:
    """The papers of a practitioner that stand, in the order in which they came.

    Left out are those that a newer one has replaced or that were given up, and a change to a checked paper that waits.
    """
    statement = (
        select(Credential, CredentialCondition.code)
        .outerjoin(CredentialCondition, CredentialCondition.credential_id == Credential.id)
        .where(Credential.practitioner_id == practitioner_id)
        .order_by(Credential.id)
    )
    rows: dict[int, Credential] = {}
    codes: dict[int, set[ConditionCode]] = {}
    for row, code in session.execute(statement):
        # The outer join's empty side, of which the types know nothing.
        found: ConditionCode | None = code
        rows[row.id] = row
        codes.setdefault(row.id, set())
        if found is not None:
            codes[row.id].add(found)
    older = replaced((row.supersedes_id, row.verified_on) for row in rows.values())
    return [_on_file(row, frozenset(codes[row.id])) for row in rows.values() if row.id not in older and _stands(row)]


def covers_on_file(session: Session, practitioner_id: int) -> list[Indemnity]:
    """The insurances of a practitioner, the one that runs longest first."""
    statement = select(Indemnity).where(Indemnity.practitioner_id == practitioner_id, Indemnity.ended_on.is_(None))
    return list(session.scalars(statement.order_by(Indemnity.expires.desc(), Indemnity.id.desc())))


def _stands(row: Credential) -> bool:
    waits = row.supersedes_id is not None and row.verified_on is None
    return row.given_up_on is None and not waits


def as_paper(row: Credential, codes: frozenset[ConditionCode] = frozenset()) -> Paper:
    """A paper as the rules see it. Whether a newer one has replaced it is for who reads all of them."""
    return Paper(
        kind=row.kind,
        status=row.status,
        jurisdiction=row.jurisdiction,
        place_id=row.place_id,
        body=row.body,
        title=row.title,
        number=row.number,
        valid_from=row.valid_from,
        expires=row.expires,
        late_until=row.late_until,
        renewal_pending=row.renewal_pending,
        last_checked_on=row.last_checked_at.date() if row.last_checked_at else None,
        verified_on=row.verified_on,
        check_method=row.check_method,
        identity_match=row.identity_match,
        codes=codes,
        conditions_text=row.conditions_text,
        discipline=row.discipline,
        unknown_since=row.unknown_since.date() if row.unknown_since else None,
        last_known_status=row.last_known_status,
        given_up=row.given_up_on is not None,
    )


def _on_file(row: Credential, codes: frozenset[ConditionCode]) -> PaperOnFile:
    return PaperOnFile(
        as_paper(row, codes), row.scope, row.accredited_by, row.next_check_on, row.evidence_url, row.completed_year
    )


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A paper that opens nothing yet, and what it waits for."""

    kind: CredentialKind | None
    """``None`` for indemnity insurance."""
    jurisdiction: str | None
    body: str | None
    given_on: date
    due: date | None
    """By when somebody of ours looks at it; ``None`` where nobody was asked to."""
    document_seen: bool
    """A document was looked at, and the register itself not yet asked."""
    names_somebody_else: bool
    """The register was asked, and what it names was not found to be this person."""


def unchecked(session: Session, practitioner_id: int) -> list[Unchecked]:
    """The papers of this person that wait, in the order in which they came; one statement."""
    open_case = Case.state == State.OPEN
    papers = (
        select(
            Credential.kind,
            Credential.jurisdiction,
            Credential.body,
            Credential.created_at,
            Case.due,
            Credential.check_method,
            Credential.verified_on,
        )
        .outerjoin(Case, and_(Case.subject == literal("credential:") + cast(Credential.id, String), open_case))
        .where(
            Credential.practitioner_id == practitioner_id,
            Credential.given_up_on.is_(None),
            or_(
                Credential.verified_on.is_(None),
                Credential.check_method == CheckMethod.DOCUMENT_ONLY,
                Credential.identity_match.is_(False),
            ),
        )
    )
    covers = (
        select(
            null().label("kind"),
            null().label("jurisdiction"),
            Indemnity.insurer,
            Indemnity.created_at,
            Case.due,
            null().label("check_method"),
            Indemnity.verified_on,
        )
        .outerjoin(Case, and_(Case.subject == literal("indemnity:") + cast(Indemnity.id, String), open_case))
        .where(Indemnity.practitioner_id == practitioner_id, Indemnity.verified_on.is_(None))
    )
    rows: Sequence[Any] = session.execute(union_all(papers, covers)).all()
    return [
        Unchecked(
            kind=kind,
            jurisdiction=jurisdiction,
            body=body,
            given_on=created_at.date(),
            due=due.date() if due is not None else None,
            document_seen=method is CheckMethod.DOCUMENT_ONLY,
            names_somebody_else=verified_on is not None and method is not CheckMethod.DOCUMENT_ONLY,
        )
        for kind, jurisdiction, body, created_at, due, method, verified_on in sorted(rows, key=lambda row: row[3])
    ]
