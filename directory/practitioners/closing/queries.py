"""Reading who is closed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.practitioners.closing.models import PractitionerClosing


def closing(session: Session, practitioner_id: int) -> PractitionerClosing | None:
    """Since when and why this person practises no longer; ``None`` while they do."""
    return session.get(PractitionerClosing, practitioner_id)
