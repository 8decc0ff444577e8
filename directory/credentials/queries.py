"""Reading papers and declarations for those who show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.credentials.models import Credential, CredentialCondition, Indemnity
from directory.credentials.rules import Paper, replaced
from directory.credentials.terms import ConditionCode


@dataclass(frozen=True, slots=True)
class PaperOnFile:
    """A paper as the rules see it, with what a reader may want to look up."""

    paper: Paper
    scope: str | None
    accredited_by: str | None
    next_check_on: date | None
    evidence_url: str | None


def papers_on_file(session: Session, practitioner_id: int) -> list[PaperOnFile]:
    """The papers of a practitioner that no newer one has replaced, in the order in which they came."""
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
    return [_on_file(row, frozenset(codes[row.id])) for row in rows.values() if row.id not in older]


def covers_on_file(session: Session, practitioner_id: int) -> list[Indemnity]:
    """The insurances of a practitioner, the one that runs longest first."""
    statement = select(Indemnity).where(Indemnity.practitioner_id == practitioner_id)
    return list(session.scalars(statement.order_by(Indemnity.expires.desc(), Indemnity.id.desc())))


def _on_file(row: Credential, codes: frozenset[ConditionCode]) -> PaperOnFile:
    paper = Paper(
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
    )
    return PaperOnFile(paper, row.scope, row.accredited_by, row.next_check_on, row.evidence_url)
