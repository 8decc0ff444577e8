"""From the database to the index: whole at first, then only what the change history names.

A row is in the index when the rules allow it on some day from today on, and carries the days between which they do, so
that midnight changes an answer without anybody doing anything. Readers swap one reference; nobody waits for a rebuild
of what they already hold, except that a search always sees every change committed before it began.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, db, deadline
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import Language, Payer
from directory.search import building, eligibility, index_file, listings
from directory.search.index import Table, Term, Vocabulary
from directory.search.index_file import IndexFile, Kept

log = structlog.get_logger("stillpoint.search")

LOAD_SECONDS = 120.0
"""The longest the database may take to begin, and from a thousand rows to the next."""

REREAD_AT_MOST = 2_000
"""Changed practitioners that are read one by one; beyond that, reading all costs no more and no statement overflows."""


KEEP_AFTER_CHANGES = 500
KEEP_AFTER = timedelta(hours=1)
"""How far the file may lag behind the index: a start reads what it lacks, and whoever was erased leaves it too."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one search works with, from beginning to end."""

    table: Table
    vocabulary: Vocabulary
    rules: Mapping[str, Jurisdiction]
    labels: Mapping[Term, str]
    """Names of languages and payers for people."""
    token: str
    seq: int
    mark: int | None
    """That of change number ``seq``, where there is one."""
    start: date
    """The first local day the rows speak of."""
    read_at: datetime
    """When everybody was last read."""


class IndexHolder:
    """The process's index. Safe to share between threads; empty until first used.

    With a ``file`` it begins with what an earlier process left there, and leaves there what it has.
    """

    def __init__(self, file: IndexFile | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._kept: tuple[str, int, datetime] | None = None
        """The history and number the file is known to be at, and since when."""

    def current(self, session: Session, *, now: datetime) -> Snapshot:
        """The index with every change that is committed now; one statement when there is none."""
        snapshot = self._snapshot
        seen = None if snapshot is None else snapshot.seq
        position = changes.position(session, after=seen)
        if snapshot is not None and _is_current(snapshot, position, now, seen=seen):
            return snapshot
        with self._lock:
            if self._snapshot is None or not _is_current(self._snapshot, position, now, seen=seen):
                self._snapshot = self._next(session, position, now, seen=seen)
            snapshot = self._snapshot
        self._keep(session, snapshot, now)
        return snapshot

    def held_at(self, position: changes.Position, *, now: datetime) -> Snapshot | None:
        """The index as it is held, where it knows just what this position knows and no more: asks no database."""
        held = self._snapshot
        if held is None or (held.token, held.seq, held.mark) != (position.token, position.newest, position.mark):
            return None
        return held if held.start <= _first_local_day(now.date()) else None

    def forget(self) -> None:
        """Drop a damaged index; the next search reads everybody again, and this process trusts no file any more."""
        with self._lock:
            self._snapshot = None
            self._file = None

    def _next(self, session: Session, position: changes.Position, now: datetime, *, seen: int | None) -> Snapshot:
        held = self._snapshot
        if held is None and (found := self._from_file(session, position, now)) is not None:
            held, position = found
            seen = held.seq
        stale = position.changed
        if (
            held is None
            or seen is None
            or not _same_history(held, position, seen=seen)
            or not max(position.pruned_to, seen) <= held.seq
            or held.start > _first_local_day(now.date())
            or len(stale) > REREAD_AT_MOST
        ):
            return load(session, position, now=now)
        if stale:
            rows = eligibility.rows(listings.read(session, practitioner_ids=stale), held.rules, held.start)
            held = replace(held, table=building.with_changes(held.table, stale, rows, held.vocabulary))
            if not held.table.sound():
                log.error("index_damaged", action="rebuild")
                return load(session, position, now=now)
        return replace(held, seq=position.newest, mark=position.mark)

    # --- the file --------------------------------------------------------------------------------------------------

    def _from_file(
        self, session: Session, position: changes.Position, now: datetime
    ) -> tuple[Snapshot, changes.Position] | None:
        """What the file holds and what was noted since, where it fits the database and the rules at hand."""
        kept = self._file.read(position.token, now=now) if self._file is not None else None
        if kept is None:
            return None
        position = changes.position(session, after=kept.seq)
        if not _was_here(kept, position):
            log.info("index_file_unusable", reason="the database went another way")
            return None
        rules = jurisdictions.all_rules(session)
        if index_file.fingerprint(rules) != kept.rules:
            log.info("index_file_unusable", reason="the rules have changed")
            return None
        self._kept = (kept.token, kept.seq, now)
        log.info("index_mapped", rows=len(kept.table))
        snapshot = Snapshot(
            table=kept.table,
            vocabulary=kept.vocabulary,
            rules=rules,
            labels=_labels(session),
            token=kept.token,
            seq=kept.seq,
            mark=kept.mark,
            start=kept.start,
            read_at=kept.read_at,
        )
        return snapshot, position

    def _keep(self, session: Session, snapshot: Snapshot, now: datetime) -> None:
        """Write the file where it lags too far behind. What a transaction has not committed yet is not kept."""
        file, kept = self._file, self._kept
        if file is None or db.is_writing(session):
            return
        if kept is not None and kept[0] == snapshot.token:
            _, seq, since = kept
            if snapshot.seq - seq < KEEP_AFTER_CHANGES and (snapshot.seq == seq or now - since < KEEP_AFTER):
                return
        self._kept = (snapshot.token, snapshot.seq, now)
        file.write(
            Kept(
                table=snapshot.table,
                vocabulary=snapshot.vocabulary,
                token=snapshot.token,
                seq=snapshot.seq,
                mark=snapshot.mark,
                start=snapshot.start,
                read_at=snapshot.read_at,
                rules=index_file.fingerprint(snapshot.rules),
            )
        )


def load(session: Session, position: changes.Position, *, now: datetime) -> Snapshot:
    """Read everything. The position was taken before, so that a change in between is read again and never lost."""
    vocabulary = Vocabulary.empty()
    start = _first_local_day(now.date())
    # A large directory takes longer to read than a page may wait; were it cut off, no later search would get further.
    with deadline.within(LOAD_SECONDS), db.unhurried(session.connection()), _uncollected():
        rules = jurisdictions.all_rules(session)
        everybody = deadline.while_they_come(listings.read(session), seconds=LOAD_SECONDS)
        table = building.build(eligibility.rows(everybody, rules, start), vocabulary)
    log.info("index_loaded", rows=len(table))
    return Snapshot(
        table=table,
        vocabulary=vocabulary,
        rules=rules,
        labels=_labels(session),
        token=position.token,
        seq=position.newest,
        mark=position.mark,
        start=start,
        read_at=now,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the collector, which would look again and again through a million objects of which none is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _labels(session: Session) -> dict[Term, str]:
    labels = {("languages", code): name for code, name in session.execute(select(Language.code, Language.name))}
    return labels | {("payers", code): name for code, name in session.execute(select(Payer.code, Payer.name))}


def _is_current(snapshot: Snapshot, position: changes.Position, now: datetime, *, seen: int | None) -> bool:
    """Whether this index knows all that the position knows; one that knows more, from a later look, will do."""
    same = _same_history(snapshot, position, seen=seen) and snapshot.seq >= position.newest
    return same and snapshot.start <= _first_local_day(now.date())


def _same_history(snapshot: Snapshot, position: changes.Position, *, seen: int | None) -> bool:
    """Whether the position continues what the snapshot knows. Where its own change can be looked up, that decides."""
    if snapshot.token != position.token:
        return False
    known = seen == snapshot.seq and None not in (snapshot.mark, position.mark_seen)
    return not known or snapshot.mark == position.mark_seen


def _was_here(kept: Kept, position: changes.Position) -> bool:
    """Whether the database can still show that it was once as the file says; doubt is a no."""
    if kept.token != position.token or position.newest < kept.seq:
        return False
    if kept.mark is None:
        # Nothing had happened since the history began or was pruned to this number, and no further pruning took place.
        return position.pruned_to == kept.seq
    return kept.mark == position.mark_seen


def _first_local_day(day: date) -> date:
    """The earliest local date anywhere while it is this day in UTC."""
    return day - timedelta(days=1)
