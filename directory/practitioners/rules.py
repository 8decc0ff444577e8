"""What follows from what practitioners say about themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from directory.practitioners.terms import Accepting, Availability

ATTESTATION_DAYS = 120
"""How long "this is still true" counts (CAQH asks providers to re-attest every 120 days)."""

ACCEPTING_DAYS = 30
"""How long "I take new patients" counts as confirmed for the filter."""

_EVENING = time(18, 0)
_DAY_ENDS = time(17, 0)
_SATURDAY = 5


class Interval(NamedTuple):
    """Open from ``opens`` to ``closes`` on a weekday (0 is Monday), in the place's own time."""

    weekday: int
    opens: time
    closes: time


def availability(hours: Iterable[Interval]) -> frozenset[Availability]:
    """The parts of the week these hours reach: weekdays before 17:00, weekdays after 18:00, Saturday or Sunday."""
    found = set()
    for interval in hours:
        if interval.weekday >= _SATURDAY:
            found.add(Availability.WEEKEND)
            continue
        if interval.opens < _DAY_ENDS:
            found.add(Availability.WEEKDAY_DAY)
        if interval.closes > _EVENING:
            found.add(Availability.EVENING)
    return frozenset(found)


def attested_until(attested_at: datetime) -> datetime:
    """The instant up to which an attestation counts, itself included."""
    return attested_at + timedelta(days=ATTESTATION_DAYS)


def accepting_confirmed(accepting: Accepting, confirmed_on: date | None, *, today: date) -> bool:
    """Whether "takes new patients" was said within the last thirty days."""
    return (
        accepting is Accepting.YES
        and confirmed_on is not None
        and timedelta(0) <= today - confirmed_on <= timedelta(days=ACCEPTING_DAYS)
    )
