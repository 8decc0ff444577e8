"""Names in memory, so that a misspelled one is found among a million: it only narrows, and who is shown is judged on
rows just read.

A table holds each word once, sorted, with the names that have it. For each word typed a few slices of that list are the
names which could be meant; only the likeliest of them are compared word by word (``directory.search.names.fit``). What
changed lies in a small table of its own beside the large one, so that a change costs nothing to speak of.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import structlog
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import changes, deadline
from directory.db import UTCDateTime, unhurried
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import Practitioner, ProfileAttestation
from directory.practitioners.rules import ATTESTATION_DAYS
from directory.practitioners.terms import AccountStatus
from directory.search import names
from directory.search.names import Fit, Word

log = structlog.get_logger("stillpoint.search")

LOAD_SECONDS: Final = 120.0
"""The longest the database may take for all names."""

CHANGED_AT_MOST: Final = 2_000
"""Changed names beside the large table; beyond that all are read anew."""

COMPARED: Final = 240
"""How many names are compared word by word; more than are ever shown."""

_SLACK_DAYS: Final = 2
"""What was said late in the day somewhere carries another date than the day there."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


class Entry(NamedTuple):
    """One person's name as it is held, and the day, as an ordinal, on which they last said that their profile is
    true: nobody is visible for long after it."""

    practitioner_id: int
    name: str
    attested: int


class Found(NamedTuple):
    """A name that fits; they sort best first."""

    fit: Fit
    folded: str
    practitioner_id: int


class NameTable:
    """Names made ready to be searched; never changed afterwards."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        numbers: dict[tuple[str, bool], int] = {}
        ids, attested, ends = array("q"), array("q"), array("q")
        said, perhaps = array("q"), array("b")
        folded: list[str] = []
        for entry in entries:
            words = names.held_name(entry.name)
            if not words:
                continue
            ids.append(entry.practitioner_id)
            attested.append(entry.attested)
            said.extend(numbers.setdefault((word.text, word.bare), len(numbers)) for word in words)
            perhaps.extend(word.perhaps for word in words)
            ends.append(len(said))
            folded.append(" ".join(word.text for word in words))
        order = np.array(sorted(range(len(folded)), key=folded.__getitem__), dtype=np.int64)
        numbers_of: Ints = np.asarray(said, dtype=np.int64)
        starts: Ints = np.asarray([0, *ends[:-1]], dtype=np.int64) if ends else np.empty(0, dtype=np.int64)
        counts: Ints = np.asarray(ends, dtype=np.int64) - starts
        self._ids: Ints = np.asarray(ids, dtype=np.int64)[order]
        self._attested: Ints = np.asarray(attested, dtype=np.int64)[order]
        self._counts: Ints = counts[order]
        self._ends: Ints = np.cumsum(self._counts)
        # Every word of every name, name after name in the order of the alphabet.
        taken = np.repeat(starts[order] - (self._ends - self._counts), self._counts) + np.arange(len(numbers_of))
        vocabulary = sorted(numbers)
        renumbered = np.empty(len(vocabulary), dtype=np.int64)
        renumbered[[numbers[key] for key in vocabulary]] = np.arange(len(vocabulary))
        self._numbers: Ints = renumbered[numbers_of[taken]] if len(taken) else numbers_of
        self._perhaps = np.asarray(perhaps, dtype=np.bool_)[taken] if len(taken) else np.empty(0, dtype=np.bool_)
        self._texts = [text for text, _ in vocabulary]
        self._bare = np.array([bare for _, bare in vocabulary], dtype=np.bool_)
        self._holders, self._slices = self._postings()
        self._by_size = self._grouped_by_size()
        self._skeletons = sorted((names.skeleton(text), number) for number, text in enumerate(self._texts))

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, typed: Sequence[Word], *, least_attested: int, without: Ints | None = None) -> list[Found]:
        """The names that fit, best first, of those who said since that day that their profile is true: all of them, or
        the likeliest ``COMPARED``."""
        if not len(self) or not typed:
            return []
        values = self._values(typed)
        firm = [at for at, word in enumerate(typed) if not word.perhaps] or list(range(len(typed)))
        there = np.sum(values[firm] > 0, axis=0)
        may_be = (there >= len(firm) - names.may_miss(len(firm))) & (there > 0) & (self._attested >= least_attested)
        rows = np.flatnonzero(may_be)
        if without is not None and len(without):
            rows = rows[~np.isin(self._ids[rows], without)]
        found = (self._found(typed, int(row)) for row in self._likeliest(values[:, rows], firm, rows))
        return sorted(each for each in found if each is not None)

    def _found(self, typed: Sequence[Word], row: int) -> Found | None:
        held = self._held(row)
        how = names.fit(typed, held)
        return None if how is None else Found(how, " ".join(word.text for word in held), int(self._ids[row]))

    def _held(self, row: int) -> tuple[Word, ...]:
        end = int(self._ends[row])
        return tuple(
            Word(self._texts[word], bool(self._bare[word]), bool(perhaps))
            for word, perhaps in zip(
                self._numbers[end - int(self._counts[row]) : end].tolist(),
                self._perhaps[end - int(self._counts[row]) : end].tolist(),
                strict=True,
            )
        )

    def _likeliest(self, values: Floats, firm: Sequence[int], rows: Ints) -> Ints:
        if len(rows) <= COMPARED:
            return rows
        least = np.min(values[firm], axis=0)
        kind = np.where(least >= names.EXACT, 0, np.where(least > names.SPELLED_ALIKE, 1, 2))
        order = np.lexsort((rows, self._counts[rows], -np.sum(values, axis=0), kind))
        return rows[order[:COMPARED]]

    # --- which names have a word like this ---------------------------------------------------------------------------

    def _values(self, typed: Sequence[Word]) -> Floats:
        """For each word typed and each name, how near the nearest of its words comes, or more; 0 where none does."""
        values = np.zeros((len(typed), len(self)), dtype=np.float32)
        for at, word in enumerate(typed):
            for value, holders in sorted(self._near(word), key=lambda each: each[0]):
                values[at][holders] = value
            for holders in self._in_parts(word.text):
                values[at][holders] = names.EXACT
        for run in names.windows(len(typed)):
            for holders in self._exactly("".join(typed[at].text for at in run)):
                for at in run:
                    values[at][holders] = names.EXACT
        return values

    def _near(self, word: Word) -> Iterator[tuple[float, Ints]]:
        text = word.text
        for number, off in self._misspelled(text):
            yield off, self._with(number)
        for number in self._same_bones(word):
            yield names.SPELLED_ALIKE, self._with(number)
        for group in names.SOUNDS:
            if text in group:
                yield from ((names.SPELLED_ALIKE, each) for other in group for each in self._exactly(other))
        first, last = bisect_left(self._texts, text), bisect_left(self._texts, text + "{")
        beginning = names.BEGINNING if len(text) > 1 else names.INITIAL
        yield beginning, self._holders[self._slices[first] : self._slices[last]]
        yield from ((names.HELD_INITIAL, each) for each in self._exactly(text[0]))
        yield from ((names.EXACT, each) for each in self._exactly(text))

    def _exactly(self, text: str) -> Iterator[Ints]:
        number = bisect_left(self._texts, text)
        while number < len(self._texts) and self._texts[number] == text:
            yield self._with(number)
            number += 1

    def _with(self, number: int) -> Ints:
        return self._holders[self._slices[number] : self._slices[number + 1]]

    def _misspelled(self, text: str) -> Iterator[tuple[int, float]]:
        allowed = names.strokes(text)
        if not allowed:
            return
        for length in range(max(1, len(text) - allowed), len(text) + allowed + 1):
            texts, numbers = self._by_size.get(length, ((), None))
            if numbers is None:
                continue
            off = cdist([text], texts, scorer=OSA.distance, score_cutoff=allowed, dtype=np.uint8)[0]
            for at in np.flatnonzero(off <= allowed).tolist():
                if value := names.alike(text, texts[at]):
                    yield int(numbers[at]), value
        if len(text) >= names.LEAST_BEGINNING:
            yield from self._beginning_misspelled(text)

    def _beginning_misspelled(self, text: str) -> Iterator[tuple[int, float]]:
        first, last = bisect_left(self._texts, text[0]), bisect_left(self._texts, text[0] + "{")
        longer = [number for number in range(first, last) if len(self._texts[number]) > len(text)]
        if not longer:
            return
        off = np.minimum(
            *(
                cdist(
                    [text],
                    [self._texts[number][:length] for number in longer],
                    scorer=OSA.distance,
                    score_cutoff=1,
                    dtype=np.uint8,
                )[0]
                for length in (len(text), len(text) + 1)
            )
        )
        for at in np.flatnonzero(off <= 1).tolist():
            yield longer[at], names.alike(text, self._texts[longer[at]])

    def _same_bones(self, word: Word) -> Iterator[int]:
        bones = names.skeleton(word.text)
        beginnings = {bones[:length] for length in range(3, len(bones))}
        at = bisect_left(self._skeletons, (bones, -1))
        while at < len(self._skeletons) and names.skeletons_meet(bones, self._skeletons[at][0]):
            number = self._skeletons[at][1]
            if word.bare or self._bare[number]:
                yield number
            at += 1
        for beginning in beginnings:
            at = bisect_left(self._skeletons, (beginning, -1))
            while at < len(self._skeletons) and self._skeletons[at][0] == beginning:
                number = self._skeletons[at][1]
                if word.bare or self._bare[number]:
                    yield number
                at += 1

    def _in_parts(self, text: str) -> Iterator[Ints]:
        """The names whose words, two or three of them, make up this one word."""
        for cut in range(1, len(text)):
            left = self._all_with(text[:cut])
            if left is None:
                continue
            right = self._all_with(text[cut:])
            if right is not None:
                yield np.intersect1d(left, right)
            for second in range(cut + 1, len(text)):
                middle = self._all_with(text[cut:second])
                end = None if middle is None else self._all_with(text[second:])
                if middle is not None and end is not None:
                    yield np.intersect1d(np.intersect1d(left, middle), end)

    def _all_with(self, text: str) -> Ints | None:
        found = list(self._exactly(text))
        return np.concatenate(found) if found else None

    # --- putting it together -----------------------------------------------------------------------------------------

    def _postings(self) -> tuple[Ints, Ints]:
        """The names that have each word, one word after another, and where the names of each word begin."""
        name = np.repeat(np.arange(len(self), dtype=np.int64), self._counts)
        order = np.lexsort((name, self._numbers))
        starts = np.searchsorted(self._numbers[order], np.arange(len(self._texts) + 1))
        return name[order], starts.astype(np.int64)

    def _grouped_by_size(self) -> dict[int, tuple[list[str], Ints]]:
        grouped: dict[int, list[int]] = {}
        for number, text in enumerate(self._texts):
            grouped.setdefault(len(text), []).append(number)
        return {
            length: ([self._texts[number] for number in numbers], np.array(numbers, dtype=np.int64))
            for length, numbers in grouped.items()
        }


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
        changed = np.array(sorted(self.changed), dtype=np.int64)
        found = self.table.search(typed, least_attested=least, without=changed)
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
    statement = select(Practitioner.id, Practitioner.display_name, attested).where(
        Practitioner.account_status == AccountStatus.PUBLISHED, Practitioner.held_since.is_(None)
    )
    if practitioner_ids is not None:
        statement = statement.where(Practitioner.id.in_(practitioner_ids))
    for practitioner_id, name, at in session.execute(statement.execution_options(yield_per=10_000)):
        if at is not None:
            yield Entry(practitioner_id, name, at.date().toordinal())
