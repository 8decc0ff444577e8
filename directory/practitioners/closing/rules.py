"""What closing means for those who ask later. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

TOLD_FOR: Final = timedelta(days=365)
"""For so long the address says that this person practises no longer; after that it says no more than any other."""

EARLIEST: Final = date(1950, 1, 1)


def is_told(noted_at: datetime, *, now: datetime) -> bool:
    """Whether the page still says that its person practises no longer."""
    return now - noted_at < TOLD_FOR


def may_be_the_day(closed_on: date, *, today: date) -> bool:
    """Whether a practice can have ended on this day: not ahead, save for a clock further east."""
    return EARLIEST <= closed_on <= today + timedelta(days=1)
