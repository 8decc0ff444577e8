"""Who is shown just now, without reading anybody: for lists of addresses, and to say whether anything has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.credentials.terms import Mode
from directory.practitioners.models import PracticePlace, Practitioner
from directory.search.index import FAMILIES, Ints
from directory.search.loader import Snapshot

BATCH: Final = 500
"""So many people are read in one statement."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everybody with a place that the index holds open by its own clock."""

    people: Ints
    """Ids, each once, in order."""
    in_person: Ints
    """Ids of places open for a visit there, each once, in order."""
    elsewhere: Ints
    """The same for home visits and remote consultations."""
    mark: str
    """Differs whenever anybody came, went or changed, and when the day has changed at any place: whoever knows an
    answer made under this mark knows today's."""

    def has(self, place_id: int, *, in_person: bool) -> bool:
        """Whether this place is open; one where people come for a visit must be open for just that."""
        held = self.in_person if in_person else self.elsewhere
        at = int(held.searchsorted(place_id))
        return at < len(held) and int(held[at]) == place_id


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody's page is."""

    practitioner_id: int
    slug: str
    fictional: bool


def shown_now(snapshot: Snapshot, *, now: datetime) -> Shown:
    """Who the index says is shown at this instant. What is read afterwards is judged again by who reads it."""
    days = _local_days(snapshot, now)
    table = snapshot.table
    today = np.array([day.toordinal() for _, day in days] or [0], dtype=np.int64)[table.timezone]
    open_rows = (table.first_day <= today) & (today <= table.last_day)
    visited = table.mode == FAMILIES[Mode.IN_PERSON]
    return Shown(
        people=np.unique(table.practitioner[open_rows]),
        in_person=np.unique(table.place[open_rows & visited]),
        elsewhere=np.unique(table.place[open_rows & ~visited]),
        mark=mark(snapshot, now=now),
    )


def mark(snapshot: Snapshot, *, now: datetime) -> str:
    """That of ``Shown``, which costs nothing to speak of."""
    said = repr((snapshot.token, snapshot.seq, snapshot.mark, _local_days(snapshot, now)))
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def addresses(session: Session, shown: Shown, ids: Ints) -> Iterator[list[Address]]:
    """The addresses of those of these people who are shown, in order, by as many as one statement reads."""
    statement = (
        select(
            Practitioner.id,
            Practitioner.slug,
            Practitioner.fictional,
            PracticePlace.id,
            PracticePlace.in_person,
        )
        .join(PracticePlace, PracticePlace.practitioner_id == Practitioner.id)
        .where(PracticePlace.active)
        .order_by(Practitioner.id, PracticePlace.id)
    )
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH].tolist()
        found: dict[int, Address] = {}
        for person, slug, fictional, place, in_person in session.execute(statement.where(Practitioner.id.in_(batch))):
            if shown.has(place, in_person=in_person):
                found[person] = Address(person, slug, fictional)
        yield list(found.values())


def _local_days(snapshot: Snapshot, now: datetime) -> list[tuple[str, date]]:
    """The day that it is now in each time zone in which anybody works, by the number of the zone in the index."""
    zones = (str(name) for name in snapshot.vocabulary.timezones.names())
    return [(zone, now.astimezone(ZoneInfo(zone)).date()) for zone in zones]
