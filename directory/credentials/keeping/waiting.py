"""What the people who run the site still have to do about somebody, for the person whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, literal, or_, select
from sqlalchemy.orm import Session

from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.models import Credential, Indemnity
from directory.credentials.rules import Paper
from directory.credentials.terms import CredentialKind


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open case. What others wrote in it is not told."""

    kind: Kind
    opened_at: datetime
    due: datetime
    paper: Paper | None
    """The paper it is about, with no more than what names it."""
    asked: bool = False
    """Whether it waits for an answer of theirs."""


def is_about(practitioner_id: int) -> ColumnElement[bool]:
    """Whether a case is about this person or one of their papers."""
    papers = select(_PAPER_NAMED).where(Credential.practitioner_id == practitioner_id)
    covers = select(literal("indemnity:") + cast(Indemnity.id, String))
    edits = select(literal("edit:") + cast(ProposedEdit.id, String))
    return or_(
        Case.subject.in_([f"{what}:{practitioner_id}" for what in ("practitioner", "rls", "pregnancy")]),
        Case.subject.in_(papers),
        Case.subject.in_(covers.where(Indemnity.practitioner_id == practitioner_id)),
        Case.subject.in_(edits.where(ProposedEdit.practitioner_id == practitioner_id)),
    )


def waiting(session: Session, practitioner_id: int) -> Sequence[Waiting]:
    """The open cases about this person, what is due first; one statement."""
    rows = session.execute(
        select(
            Case.kind,
            Case.opened_at,
            Case.due,
            Case.waiting_since,
            Credential.kind,
            Credential.status,
            Credential.jurisdiction,
            Credential.body,
            Credential.number,
        )
        .outerjoin(Credential, Case.subject == _PAPER_NAMED)
        .where(is_about(practitioner_id), Case.state == State.OPEN)
        .order_by(Case.due, Case.id)
    )
    found = []
    for kind, opened_at, due, waiting_since, paper, status, jurisdiction, body, number in rows:
        held: CredentialKind | None = paper
        named = held and Paper(kind=held, status=status, jurisdiction=jurisdiction, body=body, number=number)
        found.append(Waiting(kind, opened_at, due, named or None, asked=waiting_since is not None))
    return found


_PAPER_NAMED = literal("credential:") + cast(Credential.id, String)
