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
    completed_year: int | None = None


def papers_on_file(session: Session, practitioner_id: int) -> list[PaperOnFile]:
    """The papers of a practitioner that no newer one has replaced, in the order in which they came."""
    rows = session.scalars(
        select(Credential).where(Credential.practitioner_id == practitioner_id).order_by(Credential.id)
    ).all()
    older = replaced((row.supersedes_id, row.verified_on) for row in rows)
    current = [row for row in rows if row.id not in older]
    codes: dict[int, set[ConditionCode]] = {}
    conditions = select(CredentialCondition).where(CredentialCondition.credential_id.in_([row.id for row in current]))
    for condition in session.scalars(conditions):
        codes.setdefault(condition.credential_id, set()).add(condition.code)
    return [_on_file(row, frozenset(codes.get(row.id, ()))) for row in current]


def covers_on_file(session: Session, practitioner_id: int) -> list[Indemnity]:
    """The insurances of a practitioner, the one that runs longest first."""
    statement = select(Indemnity).where(Indemnity.practitioner_id == practitioner_id, Indemnity.ended_on.is_(None))
    return list(session.scalars(statement.order_by(Indemnity.expires.desc(), Indemnity.id.desc())))


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
