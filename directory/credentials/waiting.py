"""What the people who run the site still have to do about somebody, for the person whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, literal, or_, select
from sqlalchemy.orm import Session

from directory.cases import Case, Kind, State
from directory.credentials.models import Credential, Indemnity


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open case. What others wrote in it is not told."""

    kind: Kind
    subject: str
    opened_at: datetime
    due: datetime


def is_about(practitioner_id: int) -> ColumnElement[bool]:
    """Whether a case is about this person or one of their papers."""
    papers = select(literal("credential:") + cast(Credential.id, String))
    covers = select(literal("indemnity:") + cast(Indemnity.id, String))
    return or_(
        Case.subject == f"practitioner:{practitioner_id}",
        Case.subject.in_(papers.where(Credential.practitioner_id == practitioner_id)),
        Case.subject.in_(covers.where(Indemnity.practitioner_id == practitioner_id)),
    )


def waiting(session: Session, practitioner_id: int) -> Sequence[Waiting]:
    """The open cases about this person, what is due first; one statement."""
    rows = session.execute(
        select(Case.kind, Case.subject, Case.opened_at, Case.due)
        .where(is_about(practitioner_id), Case.state == State.OPEN)
        .order_by(Case.due, Case.id)
    )
    return [Waiting(*row) for row in rows]
