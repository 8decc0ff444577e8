"""What is measured of those listed, how it is put into a share, and who is called to see whether the number is right.

Pure. Health plans in the United States must verify their directories every 90 days (No Surprises Act, section 116;
42 U.S.C. 300gg-115); ``RECENT_DAYS`` is that yardstick.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Final

from directory.accuracy.terms import Reached

RECENT_DAYS: Final = 90

FEW: Final = 5
"""Of fewer people no share is told: one of three says more about a person than about a directory."""

SAMPLE_SHARE: Final = 0.02
LEAST_OF_A_JURISDICTION: Final = 3
MOST_A_MONTH: Final = 200
"""How many numbers are called in a month: more than that nobody would get round to."""

CALLS_COUNT_FOR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One person listed in one jurisdiction today."""

    jurisdiction: str
    licence_checked_on: date | None
    """The newest day on which a paper that the listing rests on was read at its source."""
    attested_on: date | None
    names_rls: bool
    """Whether they say that they have seen people with restless legs syndrome."""
    rls_checked: bool
    treats_pregnancy: bool
    pregnancy_checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One jurisdiction on one day, in people; the age of checks in days."""

    jurisdiction: str
    listed: int
    checked_recently: int
    """Whose licence was read at its source within ``RECENT_DAYS``."""
    median_age: float | None
    attested_recently: int
    say_rls: int
    rls_checked: int
    say_pregnancy: int
    pregnancy_checked: int
    called: int = 0
    reached: int = 0


@dataclass(slots=True)
class _Sum:
    listed: int = 0
    ages: list[int] = field(default_factory=list)
    checked: int = 0
    attested: int = 0
    say_rls: int = 0
    rls_checked: int = 0
    say_pregnancy: int = 0
    pregnancy_checked: int = 0


EVERYWHERE: Final = ""
"""Stands for all jurisdictions together, in which somebody listed in two of them counts once for each."""


def measured(seen: Iterable[Seen], calls: Mapping[str, Sequence[Reached]], *, today: date) -> tuple[Measured, ...]:
    """Everywhere first, then each jurisdiction by its code. ``calls`` are those that count, by jurisdiction."""
    sums: dict[str, _Sum] = {EVERYWHERE: _Sum()}
    for each in seen:
        for code in (EVERYWHERE, each.jurisdiction):
            _add(sums.setdefault(code, _Sum()), each, today)
    everywhere = [reached for some in calls.values() for reached in some]
    return tuple(
        Measured(
            jurisdiction=code,
            listed=one.listed,
            checked_recently=one.checked,
            median_age=median(one.ages) if one.ages else None,
            attested_recently=one.attested,
            say_rls=one.say_rls,
            rls_checked=one.rls_checked,
            say_pregnancy=one.say_pregnancy,
            pregnancy_checked=one.pregnancy_checked,
            called=len(answers := everywhere if code == EVERYWHERE else calls.get(code, ())),
            reached=sum(answer is Reached.PRACTICE for answer in answers),
        )
        for code, one in sorted(sums.items())
    )


def share(part: int, whole: int) -> float | None:
    """From 0 to 1; ``None`` where so few are concerned that nothing is told."""
    return None if whole < FEW else part / whole


def is_recent(day: date | None, *, today: date) -> bool:
    """Whether it was within the last ``RECENT_DAYS``; a day that lies ahead in another time zone counts."""
    return day is not None and today - day <= timedelta(days=RECENT_DAYS)


def sample(places: Mapping[str, Collection[int]], *, month: date) -> tuple[int, ...]:
    """Which places are called in this month, from the places with a printed number of each jurisdiction.

    A fixed share of each jurisdiction, and at least a few: the draw follows from the month and the place's number, so
    that it is the same however often it is made, and nobody can say that somebody was picked.
    """
    first = month.replace(day=1).isoformat()
    drawn: list[tuple[bytes, int]] = []
    for some in places.values():
        wanted = min(len(some), max(LEAST_OF_A_JURISDICTION, math.ceil(len(some) * SAMPLE_SHARE)))
        drawn += sorted((_lot(first, place), place) for place in some)[:wanted]
    return tuple(place for _, place in sorted(drawn)[:MOST_A_MONTH])


def _lot(month: str, place_id: int) -> bytes:
    return hashlib.sha256(f"{month}:{place_id}".encode("ascii")).digest()


def _add(one: _Sum, seen: Seen, today: date) -> None:
    one.listed += 1
    if seen.licence_checked_on is not None:
        one.ages.append(max(0, (today - seen.licence_checked_on).days))
    one.checked += is_recent(seen.licence_checked_on, today=today)
    one.attested += is_recent(seen.attested_on, today=today)
    one.say_rls += seen.names_rls
    one.rls_checked += seen.names_rls and seen.rls_checked
    one.say_pregnancy += seen.treats_pregnancy
    one.pregnancy_checked += seen.treats_pregnancy and seen.pregnancy_checked
