"""Reading proposed changes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.credentials.edits.models import ProposedEdit
from directory.credentials.edits.terms import EditState
from directory.errors import NotFound


def waiting(session: Session, practitioner_id: int) -> dict[str, ProposedEdit]:
    """What waits of this person, by subject."""
    statement = select(ProposedEdit).where(
        ProposedEdit.practitioner_id == practitioner_id, ProposedEdit.state == EditState.WAITING
    )
    return {each.subject: each for each in session.scalars(statement.order_by(ProposedEdit.id))}


def edit(session: Session, edit_id: int, *, owner: int | None = None) -> ProposedEdit:
    """The proposed change with this id, locked for whoever decides; ``NotFound`` also when it is not ``owner``'s."""
    statement = select(ProposedEdit).where(ProposedEdit.id == edit_id).with_for_update()
    if owner is not None:
        statement = statement.where(ProposedEdit.practitioner_id == owner)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("There is no such change.")
    return found
