"""All names of published people in this process, kept as the database has them: they only narrow a search, and who is
shown is judged on rows just read.

What changed lies in small tables of its own over the large one, so that a change costs nothing to speak of.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import changes, deadline
from directory.db import UTCDateTime, unhurried
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import PracticePlace, Practitioner, ProfileAttestation
from directory.practitioners.rules import ATTESTATION_DAYS
from directory.practitioners.terms import AccountStatus
from directory.search.name_table import Entry, Found, NameTable
from directory.search.names import Word

log = structlog.get_logger("stillpoint.search")

LOAD_SECONDS: Final = 120.0
"""The longest the database may take to begin, and from a thousand names to the next."""

LAYER: Final = 1_000
"""Changed names in one small table, which is made anew with each change."""

MOST_LAYERS: Final = 20
"""Small tables over the large one; beyond that all names are read anew."""

_SLACK_DAYS: Final = 2
"""What was said late in the day somewhere carries another date than the day there."""

_BETWEEN_TOWNS: Final = "\n"


@dataclass(frozen=True, slots=True)
class _Layer:
    """Names that count instead of those of the layers below for the people it speaks of; ``None`` for whoever must not
    be found any more."""

    speaks_of: Mapping[int, Entry | None]
    table: NameTable


@dataclass(frozen=True, slots=True)
class NameSnapshot:
    """All names as one search by name sees them, with the rules that hold."""

    table: NameTable
    layers: tuple[_Layer, ...]
    """What changed since the table was made, the newest last."""
    rules: Mapping[str, Jurisdiction]
    token: str
    seq: int

    def search(self, typed: Sequence[Word], *, today: date) -> list[Found]:
        """The names that fit, best first; the likeliest only where there are many."""
        least = today.toordinal() - ATTESTATION_DAYS - _SLACK_DAYS
        found: list[Found] = []
        spoken_of: set[int] = set()
        for layer in reversed(self.layers):
            found += layer.table.search(typed, least_attested=least, without=spoken_of)
            spoken_of.update(layer.speaks_of)
        return sorted(found + self.table.search(typed, least_attested=least, without=spoken_of))


class NameHolder:
    """The process's names. Safe to share between threads; empty until first used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: NameSnapshot | None = None
        self._reading_all = False

    def current(self, session: Session) -> NameSnapshot:
        """The names with every change that is committed now; one statement when there is none.

        While another thread reads all names anew, those of a moment before have to do: a person who came since is found
        a little later, and who may be shown is judged on fresh rows all the same.
        """
        snapshot = self._snapshot
        seen = None if snapshot is None else snapshot.seq
        position = changes.position(session, after=seen)
        if snapshot is not None and snapshot.token == position.token:
            will_do = snapshot.seq >= position.newest or self._reading_all
            if will_do:
                return snapshot
        with self._lock:
            held = self._snapshot
            if held is None or held.token != position.token or held.seq < position.newest:
                held = self._snapshot = self._next(session, position, seen=seen)
            return held

    def _next(self, session: Session, position: changes.Position, *, seen: int | None) -> NameSnapshot:
        held = self._snapshot
        if (
            held is None
            or seen is None
            or held.token != position.token
            or not max(position.pruned_to, seen) <= held.seq
            or len(position.changed) > LAYER
            or (len(held.layers) == MOST_LAYERS and len(held.layers[-1].speaks_of) + len(position.changed) > LAYER)
        ):
            return self._all(session, position)
        layers = _with_changes(held.layers, position.changed, _read(session, practitioner_ids=position.changed))
        return replace(held, layers=layers, seq=position.newest)

    def _all(self, session: Session, position: changes.Position) -> NameSnapshot:
        self._reading_all = True
        try:
            return _load(session, position)
        finally:
            self._reading_all = False


def _with_changes(layers: tuple[_Layer, ...], changed: Collection[int], found: Iterable[Entry]) -> tuple[_Layer, ...]:
    """The layers with these people as they are now, in the newest one while there is room."""
    speaks_of: dict[int, Entry | None] = dict.fromkeys(changed)
    speaks_of |= {entry.practitioner_id: entry for entry in found}
    if layers and len(layers[-1].speaks_of) + len(changed) <= LAYER:
        speaks_of = {**layers[-1].speaks_of, **speaks_of}
        layers = layers[:-1]
    return (*layers, _Layer(speaks_of, NameTable(entry for entry in speaks_of.values() if entry is not None)))


def _load(session: Session, position: changes.Position) -> NameSnapshot:
    """Read everything. The position was taken before, so that a change in between is read again and never lost."""
    with deadline.within(LOAD_SECONDS), unhurried(session.connection()):
        rules = jurisdictions.all_rules(session)
        table = NameTable(deadline.while_they_come(_read(session), seconds=LOAD_SECONDS))
    log.info("names_loaded", rows=len(table))
    return NameSnapshot(table, (), rules, position.token, position.newest)


def _read(session: Session, *, practitioner_ids: Collection[int] | None = None) -> Iterator[Entry]:
    """The names of everybody who is published, or of those among these; one statement."""
    attested = (
        select(func.max(ProfileAttestation.attested_at, type_=UTCDateTime()))
        .where(ProfileAttestation.practitioner_id == Practitioner.id)
        .scalar_subquery()
    )
    towns = (
        select(func.aggregate_strings(PracticePlace.locality, _BETWEEN_TOWNS))
        .where(PracticePlace.practitioner_id == Practitioner.id, PracticePlace.active)
        .scalar_subquery()
    )
    statement = select(Practitioner.id, Practitioner.display_name, attested, towns).where(
        Practitioner.account_status == AccountStatus.PUBLISHED, Practitioner.held_since.is_(None)
    )
    if practitioner_ids is not None:
        statement = statement.where(Practitioner.id.in_(practitioner_ids))
    for practitioner_id, name, at, where in session.execute(statement.execution_options(yield_per=10_000)):
        if at is not None and where is not None:
            yield Entry(practitioner_id, name, at.date().toordinal(), tuple(where.split(_BETWEEN_TOWNS)))
