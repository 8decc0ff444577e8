"""What letters to both sides are made of: times on two clocks, entries for calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from directory.consultations.terms import Closed
from directory.mail.letters import N_, Entry, Moment, Sentence, Standing, say

OPEN: Final = N_("Open it")
READ: Final = N_("Read and answer")

CLOSED: Final[Mapping[Closed, str]] = {
    Closed.NOT_HERE: N_("takes no requests through this site"),
    Closed.NOT_NOW: N_("takes no requests for now"),
    Closed.FULL: N_("has as many open requests as they take"),
    Closed.FULL_THIS_WEEK: N_("has as many requests this week as they take"),
}
"""Said of somebody, for pages on which people are chosen."""


@dataclass(frozen=True, slots=True)
class When:
    """A time in the zones of both, the reader's first."""

    at: datetime
    here: str
    there: str

    def said(self) -> Sentence:
        """Once where both clocks show the same, otherwise twice."""
        mine = Moment(self.at, self.here)
        if same_clock(self.at, self.here, self.there):
            return say(N_("When: %(moment)s."), moment=mine)
        return say(
            N_("When: %(moment)s. For the other side that is %(theirs)s."),
            moment=mine,
            theirs=Moment(self.at, self.there, of_the_day=same_day(self.at, self.here, self.there)),
        )


def entry(*, uid: str, sequence: int, starts_at: datetime, minutes: int, name: str | None, standing: Standing) -> Entry:
    """For a calendar. ``name`` is the practitioner's; in their own calendar the other side has none."""
    return Entry(
        uid=uid,
        sequence=sequence,
        starts_at=starts_at,
        minutes=minutes,
        summary=N_("Talk") if name is None else say(N_("Talk with %(name)s"), name=name),
        standing=standing,
    )


def same_day(at: datetime, here: str, there: str) -> bool:
    """Whether both clocks show the same day."""
    return at.astimezone(ZoneInfo(here)).date() == at.astimezone(ZoneInfo(there)).date()


def same_clock(at: datetime, here: str, there: str) -> bool:
    """Whether both clocks show the same."""
    return at.astimezone(ZoneInfo(here)).utcoffset() == at.astimezone(ZoneInfo(there)).utcoffset()
