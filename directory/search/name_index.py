"""All names of published people in this process, kept as the database has them: they only narrow a search, and who is
shown is judged on rows just read.

What changed lies in a small table of its own beside the large one, so that a change costs nothing to speak of.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
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
"""The longest the database may take for all names."""

CHANGED_AT_MOST: Final = 2_000
"""Changed names beside the large table; beyond that all are read anew."""

_SLACK_DAYS: Final = 2
"""What was said late in the day somewhere carries another date than the day there."""

_BETWEEN_TOWNS: Final = "\n"


@dataclass(frozen=True, slots=True)
class NameSnapshot:
    """All names as one search by name sees them, with the rules that hold."""

    table: NameTable
    changed: Mapping[int, Entry | None]
    """What changed since the table was made; ``None`` for whoever must not be found any more."""
    beside: NameTable
    rules: Mapping[str, Jurisdiction]
    token: str
    seq: int

    def search(self, typed: Sequence[Word], *, today: date) -> list[Found]:
        """The names that fit, best first; at most ``COMPARED`` from each table."""
        least = today.toordinal() - ATTESTATION_DAYS - _SLACK_DAYS
        found = self.table.search(typed, least_attested=least, without=self.changed.keys())
        return sorted(found + self.beside.search(typed, least_attested=least)) if self.changed else found


class NameHolder:
    """The process's names. Safe to share between threads; empty until first used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: NameSnapshot | None = None

    def current(self, session: Session) -> NameSnapshot:
        """The names with every change that is committed now; one statement when there is none."""
        snapshot = self._snapshot
        seen = None if snapshot is None else snapshot.seq
        position = changes.position(session, after=seen)
        if snapshot is not None and _is_current(snapshot, position):
            return snapshot
        with self._lock:
            if self._snapshot is None or not _is_current(self._snapshot, position):
                self._snapshot = self._next(session, position, seen=seen)
            return self._snapshot

    def _next(self, session: Session, position: changes.Position, *, seen: int | None) -> NameSnapshot:
        held = self._snapshot
        if (
            held is None
            or seen is None
            or held.token != position.token
            or not max(position.pruned_to, seen) <= held.seq
            or len(held.changed) + len(position.changed) > CHANGED_AT_MOST
        ):
            return _load(session, position)
        changed = {
            **held.changed,
            **dict.fromkeys(position.changed),
            **{entry.practitioner_id: entry for entry in _read(session, practitioner_ids=position.changed)},
        }
        beside = NameTable(entry for entry in changed.values() if entry is not None)
        return replace(held, changed=changed, beside=beside, seq=position.newest)


def _load(session: Session, position: changes.Position) -> NameSnapshot:
    """Read everything. The position was taken before, so that a change in between is read again and never lost."""
    with deadline.within(LOAD_SECONDS), unhurried(session.connection()):
        rules = jurisdictions.all_rules(session)
        table = NameTable(_read(session))
    log.info("names_loaded", rows=len(table))
    return NameSnapshot(table, {}, NameTable(()), rules, position.token, position.newest)


def _is_current(snapshot: NameSnapshot, position: changes.Position) -> bool:
    """Whether these names know all that the position knows; such as know more, from a later look, will do."""
    return snapshot.token == position.token and snapshot.seq >= position.newest


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
