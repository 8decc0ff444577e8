"""Every place that may be shown now, from the index alone: what a search by facts other than a patient's starts from.

``directory.search.visible`` judges listings that were read; this says the same of everybody without reading anybody.
A match for a patient asks more and lists each person once, see ``directory.search.service.find``.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.credentials.terms import Mode
from directory.geo.distance import ecef
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import PracticePlace, Practitioner
from directory.search.index import FAMILIES, Bools, Floats, Ints, Table, km
from directory.search.loader import IndexHolder, Snapshot

BATCH: Final = 500
"""So many people are read in one statement."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry for each place, by rising number of the place."""

    places: Ints
    practitioners: Ints
    x: Floats
    y: Floats
    z: Floats
    rules: Mapping[str, Jurisdiction]

    @property
    def people(self) -> Ints:
        """Everybody who is shown somewhere, each once, by rising number."""
        return np.unique(self.practitioners)

    def has(self, place_id: int) -> bool:
        """Whether this place is shown."""
        at = int(self.places.searchsorted(place_id))
        return at < len(self.places) and int(self.places[at]) == place_id

    def km_from(self, latitude: float, longitude: float) -> Floats:
        """How far each place is from a point, in kilometres; of a hidden home, how far its area is."""
        x, y, z = ecef(latitude, longitude)
        distance: Floats = km((self.x - x) ** 2 + (self.y - y) ** 2 + (self.z - z) ** 2)
        return distance


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody's page is."""

    practitioner_id: int
    slug: str
    fictional: bool


class ShownHolder:
    """What is shown at this minute, worked out once for each state of the index. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[Snapshot, datetime, Shown] | None = None
        self._elsewhere: tuple[Snapshot, Mapping[int, str]] | None = None

    def current(self, session: Session, holder: IndexHolder, *, now: datetime) -> Shown:
        """What may be shown now; at most two statements, one where nothing changed since the last time."""
        snapshot = holder.current(session, now=now)
        # No midnight anywhere comes between the seconds of a minute.
        minute = now.replace(second=0, microsecond=0)
        known = self._known
        if known is not None and known[0] is snapshot and known[1] == minute:
            return known[2]
        with self._lock:
            elsewhere = self._elsewhere
            if elsewhere is None or elsewhere[0] is not snapshot:
                elsewhere = self._elsewhere = (snapshot, _elsewhere(session))
        shown = _shown(snapshot, elsewhere[1], now=now)
        self._known = (snapshot, minute, shown)
        return shown


def mark(snapshot: Snapshot, *, now: datetime) -> str:
    """Another one whenever anybody came, went or changed, and when the day has changed where anybody works: whoever
    knows an answer made under this mark knows today's. It costs nothing to speak of."""
    return _marked(snapshot.token, snapshot.seq, snapshot.mark, _local_days(snapshot, now))


@lru_cache(maxsize=4)
def _marked(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:24]


def addresses(session: Session, shown: Shown, ids: Ints) -> Iterator[list[Address]]:
    """The addresses of those of these people who are shown, in order, by as many as one statement reads."""
    statement = (
        select(Practitioner.id, Practitioner.slug, Practitioner.fictional, PracticePlace.id)
        .join(PracticePlace, PracticePlace.practitioner_id == Practitioner.id)
        .where(PracticePlace.active)
        .order_by(Practitioner.id, PracticePlace.id)
    )
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH].tolist()
        found: dict[int, Address] = {}
        for person, slug, fictional, place in session.execute(statement.where(Practitioner.id.in_(batch))):
            if shown.has(place):
                found[person] = Address(person, slug, fictional)
        yield list(found.values())


def _elsewhere(session: Session) -> dict[int, str]:
    """The places at which nobody is met, with their jurisdictions: the papers for where somebody comes to count."""
    rows = select(PracticePlace.id, PracticePlace.jurisdiction).where(
        ~PracticePlace.in_person, PracticePlace.active, PracticePlace.jurisdiction.is_not(None)
    )
    return {place_id: str(jurisdiction) for place_id, jurisdiction in session.execute(rows)}


def _shown(snapshot: Snapshot, elsewhere: Mapping[int, str], *, now: datetime) -> Shown:
    table = snapshot.table
    days = [day.toordinal() for _, day in _local_days(snapshot, now)]
    today = np.array(days or [0], dtype=np.int64)[table.timezone]
    rows = np.flatnonzero(
        (table.first_day <= today) & (today <= table.last_day) & _judged_here(table, elsewhere, snapshot)
    )
    places, first = np.unique(table.place[rows], return_index=True)
    kept = rows[first]
    return Shown(places, table.practitioner[kept], table.x[kept], table.y[kept], table.z[kept], snapshot.rules)


def _judged_here(table: Table, elsewhere: Mapping[int, str], snapshot: Snapshot) -> Bools:
    """The rows that decide whether their place is shown: of the practice itself, or of the ways by which somebody comes
    to the patient where nobody is met at the place."""
    in_person: Bools = table.mode == FAMILIES[Mode.IN_PERSON]
    if not elsewhere:
        return in_person
    numbers = np.array(sorted(elsewhere), dtype=np.int64)
    found = np.minimum(np.searchsorted(numbers, table.place), len(numbers) - 1)
    moving = numbers[found] == table.place
    codes = [snapshot.vocabulary.jurisdictions.known(elsewhere[int(each)]) for each in numbers]
    here = np.array([-1 if code is None else code for code in codes], dtype=np.int64)[found]
    visits = (table.mode == FAMILIES[Mode.HOME_VISIT]) & (table.jurisdiction == here)
    decides: Bools = np.where(moving, visits | (table.mode == FAMILIES[Mode.REMOTE]), in_person)
    return decides


def _local_days(snapshot: Snapshot, now: datetime) -> Sequence[tuple[str, date]]:
    """The day that it is now in each time zone in which anybody works, by the number of the zone in the index."""
    return _days(tuple(map(str, snapshot.vocabulary.timezones.names())), now.replace(second=0, microsecond=0))


# No midnight anywhere comes between the seconds of a minute.
@lru_cache(maxsize=4)
def _days(zones: tuple[str, ...], minute: datetime) -> Sequence[tuple[str, date]]:
    return tuple((zone, minute.astimezone(ZoneInfo(zone)).date()) for zone in zones)
