"""How long a summary is read, worked out whenever somebody looks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from directory.consultations.terms import Lasts, State
from directory.guide.words import N_

LONGEST: Final = 60_000
"""Characters of one summary."""
AFTER_TALK: Final = timedelta(days=1)
_FIXED: Final[Mapping[Lasts, timedelta]] = {Lasts.WEEK: timedelta(days=7), Lasts.MONTH: timedelta(days=30)}

READ_IN: Final = frozenset({State.CONFIRMED, State.HAPPENED})
KEPT_IN: Final = READ_IN | {State.PAUSED}
"""While a talk is on hold nobody reads it, and it is there again when the talk goes on."""

CONSENT: Final = "2026-11"
CONSENTS: Final[Mapping[str, str]] = {
    "2026-11": N_(
        "I agree that this site keeps what is shown here encrypted, shows it to this one person until the time I "
        "chose, and then erases it. I can take it back at any time."
    ),
}
"""A wording that was ever shown is never changed: a new one is added, and the newest is asked."""


def ends_at(lasts: Lasts, *, shared_at: datetime, starts_at: datetime | None) -> datetime:
    """When nobody reads it any more. A talk without a time, which only one on hold can be, gives a week."""
    if lasts is Lasts.TALK and starts_at is not None:
        return starts_at + AFTER_TALK
    return shared_at + _FIXED.get(lasts, _FIXED[Lasts.WEEK])


def is_over(state: State, *, ends: datetime, revoked: bool, now: datetime) -> bool:
    """Whether it is to be erased: its time is over, it was taken back, or nothing is agreed any more."""
    return revoked or now >= ends or state not in KEPT_IN


def can_be_read(state: State, *, ends: datetime, revoked: bool, now: datetime) -> bool:
    """Whether the practitioner sees it now."""
    return state in READ_IN and not is_over(state, ends=ends, revoked=revoked, now=now)
