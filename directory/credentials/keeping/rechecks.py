"""When a paper is looked at again: sixty, thirty and seven days before it ends, on its last day, on the day on which
everybody of its register renews, and in any case a month after the last look. Pure.

Nothing of it is stored: what is due follows from the last look and from today, so a missed night loses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from directory.cases.terms import Risk
from directory.credentials.terms import CredentialKind

BEFORE_DAYS: Final = (60, 30, 7)
SWEEP_DAYS: Final = 30

MOST_OF_A_REGISTER: Final = 40
"""So many papers of one register a night, so that a cluster day comes as batches that can be worked through."""
MOST_A_NIGHT: Final = 250
MOST_WAITING: Final = 500
"""While so many papers wait for a look, nobody is asked for one on which little hangs."""

FROM_REGISTERS: Final = frozenset(
    {
        CredentialKind.STATUTORY_LICENCE,
        CredentialKind.STATUTORY_REGISTRATION,
        CredentialKind.CERTIFICATION_STATE,
        CredentialKind.ACCREDITED_REGISTER,
        CredentialKind.PROFESSIONAL_BODY,
        CredentialKind.STATUTORY_OTHER_PROFESSION,
        CredentialKind.NATIONAL_CERTIFICATION,
    }
)
"""Papers that somebody else keeps a list of. A degree is had once and for all."""


class Why(StrEnum):
    """What a look is for."""

    SWEEP = "sweep"
    ENDS_IN_60 = "ends_in_60"
    ENDS_IN_30 = "ends_in_30"
    ENDS_IN_7 = "ends_in_7"
    ENDS = "ends"
    CLUSTER = "cluster"
    """Everybody of this register renews by that day."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The day of a year on which a whole register renews; ``odd`` says in which years, ``None`` for every one."""

    month: int
    day: int
    odd: bool | None = None

    def next_from(self, today: date) -> date:
        """The first such day from this one on."""
        for year in range(today.year, today.year + 4):
            found = date(year, self.month, self.day)
            if found >= today and self.odd in (None, bool(year % 2)):
                return found
        raise LookupError("a cluster day comes at least every other year")


EVERY_OTHER_YEAR: Final[Mapping[str, Cluster]] = {
    "US-OH": Cluster(1, 31, odd=False),
    "US-FL": Cluster(2, 28, odd=False),
    "US-WI": Cluster(7, 1, odd=True),
}
"""Registers whose day does not come every year, which the table of jurisdictions cannot say."""


def cluster_of(code: str | None, cluster_day: str | None) -> Cluster | None:
    """The day of a jurisdiction, from its table's "MM-DD" or from those of every other year."""
    if cluster_day:
        month, _, day = cluster_day.partition("-")
        return Cluster(int(month), int(day))
    return EVERY_OTHER_YEAR.get(code or "")


@dataclass(frozen=True, slots=True)
class Recheck:
    """A look that is planned."""

    on: date
    why: Why

    @property
    def risk(self) -> Risk:
        """How much hangs on it: little until the end is near."""
        return _RISKS[self.why]

    @property
    def working_days(self) -> int:
        """How long it may wait."""
        return _PATIENCE[self.risk]


def next_check(*, checked_on: date, expires: date | None, cluster: Cluster | None) -> Recheck:
    """The first look after the last one."""
    return min(_planned(checked_on, expires, cluster), key=lambda each: (each.on, each.risk))


def due(*, checked_on: date, expires: date | None, cluster: Cluster | None, today: date) -> Recheck | None:
    """The look that is due today, the one on which most hangs where several are; ``None`` where none is."""
    past = [each for each in _planned(checked_on, expires, cluster) if each.on <= today]
    return min(past, key=lambda each: (each.risk, each.on)) if past else None


def _planned(checked_on: date, expires: date | None, cluster: Cluster | None) -> Iterator[Recheck]:
    """Every look after the last one, as far as it can be known."""
    yield Recheck(_after(checked_on, SWEEP_DAYS), Why.SWEEP)
    if expires is not None:
        for days, why in zip(BEFORE_DAYS, (Why.ENDS_IN_60, Why.ENDS_IN_30, Why.ENDS_IN_7), strict=True):
            on = expires - timedelta(days=days) if expires - date.min > timedelta(days=days) else date.min
            if on > checked_on:
                yield Recheck(on, why)
        if expires > checked_on:
            yield Recheck(expires, Why.ENDS)
    if cluster is not None:
        yield Recheck(cluster.next_from(_after(checked_on, 1)), Why.CLUSTER)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that may be due, with what batches are made by."""

    id: int
    register: str
    recheck: Recheck


def batches(
    papers: Iterable[Paper],
    *,
    waiting: int = 0,
    of_a_register: int = MOST_OF_A_REGISTER,
    a_night: int = MOST_A_NIGHT,
) -> list[Paper]:
    """Tonight's papers: those on which most hangs first, no register in a flood, one register's side by side.

    ``waiting`` are asked about already.
    """
    taken: Counter[str] = Counter()
    chosen: list[Paper] = []
    for each in sorted(papers, key=lambda each: (each.recheck.risk, each.recheck.on, each.id)):
        if len(chosen) == a_night:
            break
        urgent = each.recheck.risk < Risk.LOW
        if taken[each.register] < of_a_register and (urgent or waiting + len(chosen) < MOST_WAITING):
            taken[each.register] += 1
            chosen.append(each)
    return sorted(chosen, key=lambda each: (each.recheck.risk, each.register, each.recheck.on, each.id))


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days) if days <= (date.max - day).days else date.max


_RISKS: Final[Mapping[Why, Risk]] = {
    Why.ENDS: Risk.HIGH,
    Why.ENDS_IN_7: Risk.HIGH,
    Why.CLUSTER: Risk.USUAL,
    Why.ENDS_IN_30: Risk.USUAL,
    Why.ENDS_IN_60: Risk.LOW,
    Why.SWEEP: Risk.LOW,
}
_PATIENCE: Final[Mapping[Risk, int]] = {Risk.URGENT: 1, Risk.HIGH: 2, Risk.USUAL: 5, Risk.LOW: 10}
