"""What somebody at the desk may ask the queue for, and how a case stands against the clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from directory.cases.terms import Kind, Risk

RECENTLY: Final = timedelta(days=14)
"""How long a decided case is listed."""

SOON: Final = timedelta(hours=8)
"""A case that is due within this is due soon."""


class Pile(StrEnum):
    """Which cases."""

    OPEN = "open"
    """Everything that the desk can work on."""
    OVERDUE = "overdue"
    WAITING = "waiting"
    """A practitioner has been asked something; the clock stands."""
    MINE = "mine"
    """Taken by whoever asks."""
    ASSIGNED = "assigned"
    """Given to whoever asks."""
    SECOND = "second"
    """What somebody else than the first one must look at."""
    DECIDED = "decided"
    """Closed in the last fortnight."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """A filter of the queue. What is empty does not narrow it."""

    pile: Pile = Pile.OPEN
    kinds: tuple[Kind, ...] = ()
    jurisdiction: str | None = None
    risk: Risk | None = None
    name: str = ""
    """Words that stand in the name of the person."""
    before: date | None = None
    """Opened before this day began, UTC."""

    @property
    def narrow(self) -> bool:
        """Whether it asks for more than a pile and kinds."""
        return bool(self.jurisdiction or self.name or self.before) or self.risk is not None


class Clock(StrEnum):
    """How a case stands against what the desk promises."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    WAITING = "waiting"
    """The clock stands: the practitioner has to answer first."""
    STOPPED = "stopped"
    """The case is closed."""


def clock(*, due: datetime, waiting_since: datetime | None, closed_at: datetime | None, now: datetime) -> Clock:
    """How a case stands."""
    if closed_at is not None:
        return Clock.STOPPED
    if waiting_since is not None:
        return Clock.WAITING
    if due < now:
        return Clock.OVERDUE
    return Clock.SOON if due - now <= SOON else Clock.LATER
