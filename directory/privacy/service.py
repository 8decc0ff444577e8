"""Leaving, coming back, and being erased."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict, NotFound
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.privacy import rules
from directory.privacy.models import Departure, LegalHold, Tombstone
from directory.privacy.rules import Fate, Leaving


def leave(session: Session, practitioner_id: int, *, grace_days: int, now: datetime) -> Departure:
    """Hide somebody at once and set the day on which they are erased. Whoever left already keeps their day."""
    person = _person(session, practitioner_id)
    held = session.get(Departure, practitioner_id)
    if held is not None:
        return held
    departure = Departure(
        practitioner_id=person.id,
        left_at=now,
        erase_on=rules.erase_on(now.date(), grace_days=grace_days),
        status_before=person.account_status,
    )
    session.add(departure)
    if person.published_at is not None:
        person.account_status = AccountStatus.PAUSED
        session.merge(Tombstone(practitioner_id=person.id, slug_hash=rules.slug_hash(person.slug), gone_at=now))
    person.updated_at = now
    changes.record(session, person.id)
    session.flush()
    return departure


def come_back(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Undo leaving: what was shown is shown again where the rules still allow it. ``Conflict`` when nobody left."""
    person = _person(session, practitioner_id)
    departure = session.get(Departure, practitioner_id)
    if departure is None:
        raise Conflict("This profile has not been closed, so there is nothing to take back.")
    if person.account_status is AccountStatus.PAUSED:
        # A suspension that came in the meantime stays.
        person.account_status = departure.status_before
    person.updated_at = now
    _forget_departure(session, practitioner_id)
    changes.record(session, practitioner_id)
    session.flush()


def place_hold(session: Session, practitioner_id: int, *, reason: str, now: datetime) -> None:
    """Keep this person's data until the hold is lifted, for a reason in law; a second hold replaces the first."""
    _person(session, practitioner_id)
    session.merge(LegalHold(practitioner_id=practitioner_id, placed_at=now, reason_sealed=reason))
    session.flush()


def lift_hold(session: Session, practitioner_id: int) -> None:
    """Let erasing go on; ``NotFound`` where there is no hold."""
    held = session.get(LegalHold, practitioner_id)
    if held is None:
        raise NotFound(f"There is no hold on practitioner {practitioner_id}.")
    session.delete(held)
    session.flush()


def due(session: Session, *, today: date) -> list[tuple[int, Fate]]:
    """Everybody whose day has come, with what is to be done about them."""
    found = session.execute(
        select(Departure.practitioner_id, Departure.erase_on, Practitioner.account_status, LegalHold.practitioner_id)
        .join(Practitioner, Practitioner.id == Departure.practitioner_id)
        .outerjoin(LegalHold, LegalHold.practitioner_id == Departure.practitioner_id)
        .order_by(Departure.practitioner_id)
    )
    return [
        (
            practitioner_id,
            rules.fate(Leaving(erase_on, status is AccountStatus.PUBLISHED, hold is not None), today=today),
        )
        for practitioner_id, erase_on, status, hold in found
    ]


def _person(session: Session, practitioner_id: int) -> Practitioner:
    found = session.get(Practitioner, practitioner_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found


def _forget_departure(session: Session, practitioner_id: int) -> None:
    for model in (Departure, Tombstone):
        session.execute(delete(model).where(model.practitioner_id == practitioner_id))
