"""When a case is due, how much hangs on it, and who may work on it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from directory.cases.terms import Kind, Risk

WORKING_DAYS: Final = 2
"""How long a claim may wait."""

LOCK_LASTS: Final = timedelta(minutes=30)
"""How long a case belongs to whoever took it, from the last thing they did with it."""

_SATURDAY: Final = 5

_RISKS: Final[Mapping[Kind, Risk]] = {
    Kind.HARM: Risk.URGENT,
    Kind.HOLD_REVIEW: Risk.HIGH,
    Kind.APPEAL: Risk.HIGH,
    Kind.DISPUTE: Risk.HIGH,
    Kind.REGISTER_NEWS: Risk.HIGH,
    Kind.EXCLUSION: Risk.HIGH,
    Kind.PROFILE_CLAIM: Risk.HIGH,
    Kind.CONTROL: Risk.HIGH,
    Kind.COMPLAINT: Risk.HIGH,
    Kind.PHOTO: Risk.LOW,
    Kind.DUPLICATE: Risk.LOW,
    Kind.EDUCATION: Risk.LOW,
    Kind.TRAINING: Risk.LOW,
    Kind.FEEDBACK: Risk.LOW,
    Kind.SECOND_LOOK: Risk.LOW,
}


def risk_of(kind: Kind) -> Risk:
    """How much hangs on a case of this kind, where nobody knows better."""
    return _RISKS.get(kind, Risk.USUAL)


def due_after(opened_at: datetime, *, working_days: int = WORKING_DAYS) -> datetime:
    """The same time of day so many working days later. Public holidays count as working days."""
    due = opened_at
    while working_days:
        due += timedelta(days=1)
        working_days -= due.weekday() < _SATURDAY
    return due


def is_taken_by_another(claimed_by: int | None, claimed_until: datetime | None, *, by: int, now: datetime) -> bool:
    """Whether somebody else works on it now; a lock that ran out is nobody's."""
    return claimed_by not in (None, by) and claimed_until is not None and now < claimed_until
