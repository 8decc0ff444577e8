"""Strings, papers and stamps of everybody as this process holds them, so that a search need not read them all again.

What is held speaks of one moment of the history of changes (``directory.changes``). Whoever was noted since then is
read from the database with each search, and when they are many, or the history is another one, everything is read anew.
Who may be shown, and what stands in an answer, is never decided by what is held.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory import changes
from directory.api.fhir.conditions import Asking, Condition
from directory.api.fhir.prefixes import microseconds_of
from directory.api.fhir.strings import Text, folded
from directory.api.fhir.values import PAPER_CHECKED, paper_holds
from directory.changes import Position
from directory.credentials.models import Credential
from directory.entries.models import Entry, EntryLedger
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus
from directory.search.index import Bools, Floats, Ints

MOST_CHANGED: Final = 500
"""People who are read anew with each search; when there are more, everything is."""
MOST_HELD: Final = 400_000
"""Beyond so many places nothing is held: it would take more memory than the index, in each process."""
_BETWEEN: Final = "\n"
_NO_INTS: Final[Ints] = np.zeros(0, dtype=np.int64)
_NO_FLOATS: Final[Floats] = np.zeros(0)

_Key: TypeAlias = "Text | date"


@dataclass(frozen=True, slots=True)
class Strings:
    """The folded strings of one element, those of each row one after another; ``ids`` rise."""

    ids: Ints
    owners: Ints
    text: bytes
    starts: Sequence[int]
    """Where the strings of each row begin."""

    def rows(self, asking: Asking) -> Bools:
        """The rows of which one string begins with one of the values, or holds it."""
        found = np.zeros(len(self.ids), dtype=np.bool_)
        for value in asking.values:
            wanted = (value if asking.inside else _BETWEEN + value).encode()
            at = self.text.find(wanted)
            while at >= 0:
                row = bisect_right(self.starts, at)
                found[row - 1] = True
                at = self.text.find(wanted, self.starts[row]) if row < len(self.starts) else -1
        return found


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers of published people that were checked, by rising number."""

    ids: Ints
    owners: Ints
    sure: Bools
    """Whether it is sure that each is told of where its owner is shown."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """When what is shown of each person was last changed, as the ledger of entries has it, in microseconds since 1970;
    ``people`` rise."""

    people: Ints
    instants: Floats
    beginning: float
    """Of the ledger: the stamp of whoever it does not know yet."""

    def of(self, people: Ints) -> Floats:
        """The stamp of each of these."""
        if not len(self.people):
            return np.full(len(people), self.beginning)
        at = np.minimum(np.searchsorted(self.people, people), len(self.people) - 1)
        found: Floats = np.where(self.people[at] == people, self.instants[at], self.beginning)
        return found

    def having(self, people: Ints, instants: Floats) -> Stamps:
        """These, with what is new."""
        left = ~np.isin(self.people, people)
        ids = np.concatenate([self.people[left], people])
        order = np.argsort(ids)
        return Stamps(ids[order], np.concatenate([self.instants[left], instants])[order], self.beginning)


@dataclass(frozen=True, slots=True)
class _KeptStamps:
    value: Stamps
    began_at: datetime
    token: str
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Strings | Papers
    token: str
    seq: int
    mark: int | None

    def since(self, session: Session) -> tuple[Position, bool]:
        """Where the history stands now, and whether what is kept belongs to it and is near enough to its end."""
        position = changes.position(session, after=self.seq)
        same = None in (self.mark, position.mark_seen) or self.mark == position.mark_seen
        near = position.pruned_to <= self.seq <= position.newest and len(position.changed) <= MOST_CHANGED
        return position, same and near and position.token == self.token


class Held:
    """What this process holds. Safe to share between threads; empty until first used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[_Key, _Kept] = {}
        self._stamps: _KeptStamps | None = None

    def having(self, session: Session, condition: Condition) -> Ints | None:
        """Numbers of the people or places whose strings meet the condition, in rising order: those of ``is_of``.
        ``None`` where that is not held and the database must be asked."""
        asking = condition.asking
        if asking is None:
            return None
        found = self._current(session, asking.text)
        if found is None:
            return None
        strings, changed = found
        assert isinstance(strings, Strings)  # noqa: S101 -- what a text is kept as
        rows = strings.rows(asking)
        if not changed:
            return strings.ids[rows]
        rows &= ~np.isin(strings.owners, np.array(sorted(changed), dtype=np.int64))
        fresh = _strings(session, asking.text, changed)
        return np.union1d(strings.ids[rows], fresh.ids[fresh.rows(asking)])

    def papers(self, session: Session, today: date) -> Papers | None:
        """All papers that may be told of on this day. ``None`` where they are not held."""
        found = self._current(session, today)
        if found is None:
            return None
        papers, changed = found
        assert isinstance(papers, Papers)  # noqa: S101 -- what a day is kept as
        if not changed:
            return papers
        rows = ~np.isin(papers.owners, np.array(sorted(changed), dtype=np.int64))
        fresh = read_papers(session, today, changed)
        ids = np.concatenate([papers.ids[rows], fresh.ids])
        order = np.argsort(ids)
        return Papers(
            ids[order],
            np.concatenate([papers.owners[rows], fresh.owners])[order],
            np.concatenate([papers.sure[rows], fresh.sure])[order],
        )

    def stamps(self, session: Session) -> Stamps:
        """The stamps of everybody. A stamp is later than all before it, so only those that are new are read."""
        ledger = session.execute(select(EntryLedger.began_at, EntryLedger.token, EntryLedger.looked_at)).one_or_none()
        if ledger is None:
            return Stamps(_NO_INTS, _NO_FLOATS, 0.0)
        kept, began = self._stamps, microseconds_of(ledger.began_at)
        if kept is None or (kept.began_at, kept.token) != ledger[:2] or kept.looked_at > ledger.looked_at:
            value = Stamps(_NO_INTS, _NO_FLOATS, began).having(*_stamped(session, None))
        elif kept.looked_at == ledger.looked_at:
            return kept.value
        else:
            value = kept.value.having(*_stamped(session, kept.looked_at))
        self._stamps = _KeptStamps(value, *ledger)
        return value

    def _current(self, session: Session, key: _Key) -> tuple[Strings | Papers, frozenset[int]] | None:
        kept = self._kept.get(key)
        if kept is not None:
            position, will_do = kept.since(session)
            if will_do:
                return kept.value, position.changed
        # Whoever comes while another thread reads everything asks the database.
        if not self._lock.acquire(blocking=False):
            return None
        try:
            # The position is taken before, so that a change in between is read again and never lost.
            position = changes.position(session)
            value = _strings(session, key) if isinstance(key, Text) else read_papers(session, key)
            days = {each for each in self._kept if isinstance(each, date)} if isinstance(key, date) else set()
            others = {each: kept for each, kept in self._kept.items() if each not in days}
            self._kept = others | {key: _Kept(value, position.token, position.newest, position.mark)}
            return value, frozenset()
        finally:
            self._lock.release()


def is_of(text: Text) -> type[Any]:
    """Whether these are strings of people or of places."""
    found: type[Any] = text.columns[0].class_
    return found


def _strings(session: Session, text: Text, people: Collection[int] | None = None) -> Strings:
    of = is_of(text)
    owner = Practitioner.id if of is Practitioner else PracticePlace.practitioner_id
    statement: Select[Any] = select(of.id, owner, *text.columns).order_by(of.id)
    if of is Practitioner:
        statement = statement.where(Practitioner.account_status == AccountStatus.PUBLISHED)
    else:
        statement = statement.where(PracticePlace.active)
    if people is not None:
        statement = statement.where(owner.in_(people))
    ids, owners, starts = array("q"), array("q"), array("q")
    parts, size = [], 0
    memory: dict[str, str] = {}
    for number, person, *values in session.execute(statement.execution_options(yield_per=5_000)):
        ids.append(number)
        owners.append(person)
        starts.append(size)
        row = "".join(_BETWEEN + each for each in _folded(text.parts(*values), memory)).encode()
        parts.append(row)
        size += len(row)
    return Strings(np.array(ids, dtype=np.int64), np.array(owners, dtype=np.int64), b"".join(parts), starts)


def _stamped(session: Session, after: datetime | None) -> tuple[Ints, Floats]:
    """Whom the ledger stamped, with the stamps: everybody, or those who were stamped after this instant."""
    statement = select(Entry.practitioner_id, Entry.changed_at)
    if after is not None:
        statement = statement.where(Entry.changed_at > after)
    rows = session.execute(statement).all()
    people = np.array([row[0] for row in rows], dtype=np.int64)
    return people, np.array([microseconds_of(row[1]) for row in rows], dtype=np.float64)


def _folded(strings: Iterable[str], memory: dict[str, str]) -> Iterator[str]:
    """Each string once, as it is compared; many are those of other rows as well."""
    for each in dict.fromkeys(strings):
        if each:
            if each not in memory:
                memory[each] = folded(each) or ""
            yield memory[each]


def read_papers(session: Session, today: date, people: Collection[int] | None = None) -> Papers:
    """The papers of everybody who is published, or of these people, from the database."""
    statement = (
        select(Credential.id, Credential.practitioner_id, paper_holds(today))
        .join(Practitioner, Credential.practitioner_id == Practitioner.id)
        .where(Practitioner.account_status == AccountStatus.PUBLISHED, PAPER_CHECKED)
        .order_by(Credential.id)
    )
    if people is not None:
        statement = statement.where(Credential.practitioner_id.in_(people))
    rows = session.execute(statement).all()
    return Papers(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([bool(row[2]) for row in rows], dtype=np.bool_),
    )
