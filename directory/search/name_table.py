"""Names of people as a table in memory, in which one that is misspelled is found among a million. Pure.

The table holds each word once, sorted, with the names that have it. For each word typed a few slices of that list are
the names which could be meant; only the likeliest of them are compared word by word (``directory.search.names.fit``).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from directory.search import names
from directory.search.names import Fit, Word

COMPARED: Final = 120
"""How many names are compared word by word; more than are ever shown."""

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float32]


class Entry(NamedTuple):
    """One person's name as it is held, the day, as an ordinal, on which they last said that their profile is true
    (nobody is visible for long after it), and the towns they work in."""

    practitioner_id: int
    name: str
    attested: int
    towns: tuple[str, ...] = ()


class Found(NamedTuple):
    """A name that fits; they sort best first."""

    fit: Fit
    folded: str
    practitioner_id: int


class _Gathering:
    """Words, row after row, before they become a column."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, bool], int] = {}
        self.said, self.ends = array("q"), array("q")

    def add(self, row: Iterable[Word]) -> None:
        self.said.extend(self.numbers.setdefault((word.text, word.bare), len(self.numbers)) for word in row)
        self.ends.append(len(self.said))

    def order(self, rows: Ints) -> tuple[Ints, Ints]:
        """How many words each row has, and where each of them was said, the rows being put in this order."""
        starts = np.concatenate([[0], np.asarray(self.ends, dtype=np.int64)])
        counts: Ints = np.diff(starts)[rows]
        first = np.repeat(starts[rows] - (np.cumsum(counts) - counts), counts)
        return counts, (first + np.arange(len(first))).astype(np.int64)


class _Column:
    """The words of every row, and the rows of every word. Words are numbered in the order of the alphabet."""

    def __init__(self, gathered: _Gathering, rows: Ints) -> None:
        vocabulary = sorted(gathered.numbers)
        self.texts: list[str] = [text for text, _ in vocabulary]
        self.bare = np.array([bare for _, bare in vocabulary], dtype=np.bool_)
        counts, said = gathered.order(rows)
        renumbered = np.empty(len(vocabulary), dtype=np.int64)
        renumbered[[gathered.numbers[key] for key in vocabulary]] = np.arange(len(vocabulary))
        self._numbers: Ints = renumbered[np.asarray(gathered.said, dtype=np.int64)[said]]
        self._ends: Ints = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        row = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
        by_word = np.lexsort((row, self._numbers))
        self._rows: Ints = row[by_word]
        self._slices = np.searchsorted(self._numbers[by_word], np.arange(len(vocabulary) + 1))

    def stretch(self, row: int) -> slice:
        """Where the words of a row lie among all words."""
        return slice(int(self._ends[row]), int(self._ends[row + 1]))

    def of(self, row: int) -> list[int]:
        """The numbers of a row's words."""
        found: list[int] = self._numbers[self.stretch(row)].tolist()
        return found

    def sizes(self, rows: Ints) -> Ints:
        """How many words these rows have."""
        return self._ends[rows + 1] - self._ends[rows]

    def having(self, number: int) -> Ints:
        """The rows that have the word of this number."""
        return self._rows[self._slices[number] : self._slices[number + 1]]

    def exactly(self, text: str) -> Iterator[Ints]:
        """The rows that have this word, those in which it is bare apart from the others."""
        number = bisect_left(self.texts, text)
        while number < len(self.texts) and self.texts[number] == text:
            yield self.having(number)
            number += 1

    def beginning(self, text: str) -> range:
        """The numbers of the words that begin so."""
        return range(bisect_left(self.texts, text), bisect_left(self.texts, text + "{"))

    def having_any(self, numbers: range) -> Ints:
        """The rows that have any of these words."""
        return self._rows[self._slices[numbers.start] : self._slices[numbers.stop]]


class NameTable:
    """Names made ready to be searched; never changed afterwards."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        ids, attested, perhaps = array("q"), array("q"), array("b")
        of_names, of_towns = _Gathering(), _Gathering()
        folded: list[str] = []
        for entry in entries:
            words = names.held_name(entry.name)
            if not words:
                continue
            ids.append(entry.practitioner_id)
            attested.append(entry.attested)
            perhaps.extend(word.perhaps for word in words)
            of_names.add(words)
            of_towns.add(names.held_towns(entry.towns))
            folded.append(_in_order_of(words))
        order = np.array(sorted(range(len(folded)), key=folded.__getitem__), dtype=np.int64)
        self._ids: Ints = np.asarray(ids, dtype=np.int64)[order]
        self._attested: Ints = np.asarray(attested, dtype=np.int64)[order]
        self._perhaps = np.asarray(perhaps, dtype=np.bool_)[of_names.order(order)[1]]
        self._names = _Column(of_names, order)
        self._towns = _Column(of_towns, order)
        self._by_size = _grouped_by_size(self._names.texts)
        self._skeletons = sorted((names.skeleton(text), number) for number, text in enumerate(self._names.texts))

    def __len__(self) -> int:
        return len(self._ids)

    def search(
        self, typed: Sequence[Word], *, least_attested: int, without: Collection[int] = frozenset()
    ) -> list[Found]:
        """The names that fit, best first, of those who said since that day that their profile is true: all of them, or
        the likeliest ``COMPARED``."""
        if not len(self) or not typed:
            return []
        by_name = self._values(typed)
        values = np.maximum(by_name, self._in_town(typed))
        firm = [at for at, word in enumerate(typed) if not word.perhaps]
        there = np.sum(values[firm] > 0, axis=0)
        may_be = (there >= len(firm) - names.may_miss(len(firm))) & (self._attested >= least_attested)
        rows = np.flatnonzero(may_be & np.any(by_name > 0, axis=0))
        if without:
            rows = rows[~np.isin(self._ids[rows], np.array(sorted(without), dtype=np.int64))]
        found = (self._found(typed, int(row)) for row in self._likeliest(values[:, rows], firm, rows))
        return sorted(each for each in found if each is not None)

    def _found(self, typed: Sequence[Word], row: int) -> Found | None:
        held = self._held(row)
        how = names.fit(typed, held)
        return None if how is None else Found(how, _in_order_of(held), int(self._ids[row]))

    def _held(self, row: int) -> tuple[Word, ...]:
        numbers, perhaps = self._names.of(row), self._perhaps[self._names.stretch(row)].tolist()
        texts, bare = self._names.texts, self._names.bare
        name = [Word(texts[each], bool(bare[each]), soft) for each, soft in zip(numbers, perhaps, strict=True)]
        return (*name, *(Word(self._towns.texts[each], town=True) for each in self._towns.of(row)))

    def _likeliest(self, values: Floats, firm: Sequence[int], rows: Ints) -> Ints:
        if len(rows) <= COMPARED:
            return rows
        least = np.min(values[firm], axis=0)
        kind = np.where(least >= names.EXACT, 0, np.where(least > names.SPELLED_ALIKE, 1, 2))
        order = np.lexsort((rows, self._names.sizes(rows), -np.sum(values, axis=0), kind))
        return rows[order[:COMPARED]]

    # --- which names have a word like this ---------------------------------------------------------------------------

    def _values(self, typed: Sequence[Word]) -> Floats:
        """For each word typed and each name, how near the nearest of its words comes, or more; 0 where none does."""
        values = np.zeros((len(typed), len(self)), dtype=np.float32)
        for at, word in enumerate(typed):
            for value, rows in sorted(self._near(word), key=lambda each: each[0]):
                values[at][rows] = value
            for rows in self._in_parts(word.text):
                values[at][rows] = names.EXACT
        for run in names.windows(len(typed)):
            for rows in self._names.exactly("".join(typed[at].text for at in run)):
                for at in run:
                    values[at][rows] = names.EXACT
        return values

    def _in_town(self, typed: Sequence[Word]) -> Floats:
        values = np.zeros((len(typed), len(self)), dtype=np.float32)
        for at, word in enumerate(typed):
            if len(word.text) >= names.LEAST_TOWN:
                values[at][self._towns.having_any(self._towns.beginning(word.text))] = names.BEGINNING
            for rows in self._towns.exactly(word.text):
                values[at][rows] = names.EXACT
        return values

    def _near(self, word: Word) -> Iterator[tuple[float, Ints]]:
        column, text = self._names, word.text
        yield from ((value, column.having(number)) for number, value in self._misspelled(text))
        yield from ((names.SPELLED_ALIKE, column.having(number)) for number in self._same_bones(word))
        for group in names.SOUNDS:
            if text in group:
                yield from ((names.SPELLED_ALIKE, rows) for other in group for rows in column.exactly(other))
        beginning = names.BEGINNING if len(text) > 1 else names.INITIAL
        yield beginning, column.having_any(column.beginning(text))
        yield from ((names.HELD_INITIAL, rows) for rows in column.exactly(text[0]))
        yield from ((names.EXACT, rows) for rows in column.exactly(text))

    def _misspelled(self, text: str) -> Iterator[tuple[int, float]]:
        """The numbers of words that are some strokes off, each with its value."""
        allowed = names.strokes(text)
        for length in range(max(1, len(text) - allowed), len(text) + allowed + 1) if allowed else ():
            if length not in self._by_size:
                continue
            texts, numbers = self._by_size[length]
            off = cdist([text], texts, scorer=OSA.distance, score_cutoff=allowed, dtype=np.uint8)[0]
            for at in np.flatnonzero(off <= allowed).tolist():
                if value := names.alike(text, texts[at]):
                    yield numbers[at], value
        if len(text) >= names.LEAST_BEGINNING:
            yield from self._beginning_misspelled(text)

    def _beginning_misspelled(self, text: str) -> Iterator[tuple[int, float]]:
        texts = self._names.texts
        longer = [number for number in self._names.beginning(text[0]) if len(texts[number]) > len(text)]
        if not longer:
            return
        off = np.full(len(longer), 2, dtype=np.uint8)
        for length in (len(text), len(text) + 1):
            cut = [texts[number][:length] for number in longer]
            found = cdist([text], cut, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)[0]
            off = np.minimum(off, found)
        for at in np.flatnonzero(off <= 1).tolist():
            yield longer[at], names.alike(text, texts[longer[at]])

    def _same_bones(self, word: Word) -> Iterator[int]:
        """The numbers of words of the same skeleton, or one that begins the other, where either word is bare."""
        bones = names.skeleton(word.text)
        ends = bones + "{" if len(bones) >= names.LEAST_BONES else bones
        stretches = [(bones, ends), *((bones[:size], bones[:size]) for size in range(names.LEAST_BONES, len(bones)))]
        for first, last in stretches:
            start = bisect_left(self._skeletons, (first, -1))
            stop = bisect_left(self._skeletons, (last, len(self._skeletons)))
            yield from (each for _, each in self._skeletons[start:stop] if word.bare or self._names.bare[each])

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
        found = list(self._names.exactly(text))
        return np.concatenate(found) if found else None


def _in_order_of(words: Iterable[Word]) -> str:
    """What names are put in order by."""
    return " ".join(word.text for word in words if not word.town)


def _grouped_by_size(texts: Sequence[str]) -> Mapping[int, tuple[list[str], list[int]]]:
    grouped: dict[int, tuple[list[str], list[int]]] = {}
    for number, text in enumerate(texts):
        same, numbers = grouped.setdefault(len(text), ([], []))
        same.append(text)
        numbers.append(number)
    return grouped
