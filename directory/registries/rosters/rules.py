"""What follows from a roster beside what was known before. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from directory.cases.terms import Risk
from directory.registries.rosters.matching import Finding
from directory.registries.rosters.terms import News, Seen

LEAST_OF_BEFORE: Final = 0.7
FEW: Final = 10

CHECKED_FOR: Final = timedelta(days=45)
"""How long a roster can be relied on; boards publish weekly or monthly."""

_ALWAYS: Final = (
    (Seen.REVOKED, News.REVOKED),
    (Seen.SUSPENDED, News.REVOKED),
    (Seen.DISCIPLINED, News.DISCIPLINED),
)
_OF_CHECKED_PAPERS: Final = ((Seen.EXPIRED, News.EXPIRED), (Seen.INACTIVE, News.INACTIVE))

RISKS: Final[Mapping[News, Risk]] = {
    News.REVOKED: Risk.URGENT,
    News.DISCIPLINED: Risk.HIGH,
    News.EXPIRED: Risk.HIGH,
    News.INACTIVE: Risk.HIGH,
    News.VANISHED: Risk.USUAL,
    News.OTHER_NAME: Risk.USUAL,
}


def lost_too_many(now: int, before: int) -> bool:
    """Whether a file names so many fewer licences than the one before that something of it must be missing."""
    return before - now > FEW and now < before * LEAST_OF_BEFORE


def is_stale(as_of: date, *, today: date) -> bool:
    """Whether a roster of this day says nothing about today any more."""
    return today - as_of > CHECKED_FOR


def news(after: Finding, before: Finding | None, recorded: frozenset[Seen], *, checked: bool) -> News | None:
    """The worst that a roster says of a paper and that neither the file before nor the paper itself said.

    ``before`` is ``None`` for the first file of a board. Of a paper that nobody has ``checked`` somebody is still to
    look at everything, so only what is dangerous is news.
    """
    known = recorded | (before.facts if before is not None else frozenset())
    worth = _ALWAYS + (_OF_CHECKED_PAPERS if checked else ())
    for seen, what in worth:
        if after.is_theirs and seen in after.facts - known:
            return what
    if not checked:
        return None
    if after.entry is not None and not after.is_theirs:
        return None if before is not None and before.entry is not None and not before.is_theirs else News.OTHER_NAME
    if Seen.QUESTION in after.facts - known:
        return News.OTHER_NAME
    if after.seen is Seen.ABSENT and (before is None or before.entry is not None):
        return News.VANISHED
    return None
