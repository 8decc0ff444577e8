"""Writing whether the public may see somebody: who holds the profile, publishing, pausing, and being hidden."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict
from directory.practitioners import queries
from directory.practitioners.rows import touch
from directory.practitioners.terms import (
    AccountStatus,
)


def prove_holder(session: Session, practitioner_id: int, *, today: date, now: datetime) -> None:
    """It was proved that the person behind the account is the holder of the licence."""
    row = queries.practitioner(session, practitioner_id)
    row.holder_proved_on = today
    touch(session, row, now)


def unprove_holder(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """What was proved about who holds the licence holds no longer."""
    row = queries.practitioner(session, practitioner_id)
    row.holder_proved_on = None
    touch(session, row, now)


def give_to(session: Session, practitioner_id: int, account_id: int, *, now: datetime) -> None:
    """Let this account keep the profile. ``Conflict`` where another one does."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_id not in (None, account_id):
        raise Conflict("Somebody else keeps this profile already.", code="profile_kept")
    row.account_id = account_id
    touch(session, row, now)


def publish_all(session: Session, practitioner_ids: Collection[int], *, holder_proved_on: date, now: datetime) -> None:
    """Publish imported people whose holding of the licence was proved that day."""
    for practitioner_id in practitioner_ids:
        row = queries.practitioner(session, practitioner_id)
        row.holder_proved_on = holder_proved_on
        row.account_status = AccountStatus.PUBLISHED
        row.published_at = row.updated_at = now
        changes.record(session, practitioner_id)
    session.flush()


def publish(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Let the public see the profile, as far as the papers allow it; one suspended by an admin stays so."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status is AccountStatus.SUSPENDED:
        raise Conflict("This profile was suspended. Only an administrator can lift that.")
    if row.account_status is AccountStatus.CLOSED:
        raise Conflict("This profile was closed, because its holder practises no longer.", code="profile_closed")
    row.account_status = AccountStatus.PUBLISHED
    row.published_at = row.published_at or now
    touch(session, row, now)


def pause(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Hide a published profile at its owner's wish."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status not in (AccountStatus.PUBLISHED, AccountStatus.PAUSED):
        raise Conflict("Only a published profile can be paused.")
    row.account_status = AccountStatus.PAUSED
    touch(session, row, now)


def suspend(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Hide a profile by an administrator's decision; one that was closed stays closed, which hides it for longer."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status is not AccountStatus.CLOSED:
        row.account_status = AccountStatus.SUSPENDED
    touch(session, row, now)


def lift_suspension(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """End an administrator's suspension; the profile stays hidden until its owner publishes it again."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status is not AccountStatus.SUSPENDED:
        raise Conflict("This profile is not suspended.")
    row.account_status = AccountStatus.PAUSED if row.published_at else AccountStatus.DRAFT
    touch(session, row, now)


def hold(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Hide a profile for safety's sake while something is looked into, whatever its status."""
    row = queries.practitioner(session, practitioner_id)
    row.held_since = row.held_since or now
    touch(session, row, now)


def release(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """End a safety hold."""
    row = queries.practitioner(session, practitioner_id)
    row.held_since = None
    touch(session, row, now)
