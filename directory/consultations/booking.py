"""Giving quarters of an hour away, and taking them back. The database sees to it that nobody gets one twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.consultations import rules
from directory.consultations.models import BookedQuarter, Consultation
from directory.errors import Conflict
from directory.guide.words import N_


class TimeTaken(Conflict):
    """Somebody else has that time, or a part of it."""

    code = "time_taken"


def take(session: Session, consultation: Consultation, starts_at: datetime) -> None:
    """Give this talk its time in place of any that it had. ``TimeTaken`` leaves it what it had."""
    try:
        with session.begin_nested():
            free(session, consultation)
            session.add_all(
                BookedQuarter(
                    practitioner_id=consultation.practitioner_id, starts_at=quarter, consultation_id=consultation.id
                )
                for quarter in rules.quarters(starts_at, consultation.minutes)
            )
            session.flush()
    except IntegrityError as error:
        raise TimeTaken(N_("That time is taken by now. Please choose another.")) from error
    consultation.starts_at = starts_at


def free(session: Session, consultation: Consultation) -> None:
    """Give its time back, if it has any."""
    mine = BookedQuarter.consultation_id == consultation.id
    session.execute(delete(BookedQuarter).where(mine).execution_options(synchronize_session="fetch"))


def taken(session: Session, practitioner_id: int, quarters: list[datetime]) -> set[datetime]:
    """Which of these quarters this person has given away."""
    found = select(BookedQuarter.starts_at).where(
        BookedQuarter.practitioner_id == practitioner_id, BookedQuarter.starts_at.in_(quarters)
    )
    return set(session.scalars(found))
