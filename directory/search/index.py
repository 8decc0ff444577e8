"""The index in memory: every eligible way to meet a practitioner as a row of numpy columns, sorted so that the rows
near a point are a few slices.

Rows are sorted by latitude band (0.05°) and longitude. All rows of one band inside a circle lie side by side, so a
search cuts a handful of slices by binary search and compares only those. Home visits form a second family with ribbons
of their own, remote consultations a third, sorted by the patient's jurisdiction. Every plain fact is a bit.
``building`` makes tables, ``index_file`` keeps them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final, TypeAlias, get_args, get_type_hints

import numpy as np
import numpy.typing as npt

from directory.credentials.terms import Mode
from directory.geo.distance import MEAN_RADIUS_KM, arc_km, chord_km, ecef
from directory.search import ranking
from directory.search.criteria import Part
from directory.search.tallies import bit_counts, joined, one_each

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Days: TypeAlias = npt.NDArray[np.int32]
Smalls: TypeAlias = npt.NDArray[np.int16]
Bits: TypeAlias = npt.NDArray[np.uint64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Term: TypeAlias = tuple[str, str]

BAND_DEGREES = 0.05
NEVER = 0
ALWAYS = 4_000_000
"""A day ordinal beyond the calendar."""

BAND_STRIDE = 1000.0
FAMILY_STRIDE = 1e8
FAMILIES: Mapping[Mode, int] = {Mode.IN_PERSON: 0, Mode.HOME_VISIT: 1, Mode.REMOTE: 2}
WORD = 64
_KM_PER_DEGREE = 110.5
"""Less than any degree of latitude anywhere, so that a circle never spills over the bands looked at."""
_NEAR_A_POLE = 85.0
_RIM = 1e-9
"""How far, as a share, a squared distance may be off the rim of a circle and still needs a closer look."""
_DAYS_SETTLED = 4
"""For so many days a table remembers what its people are worth; pages of older lists ask for days gone by."""


class Codes:
    """Numbers for strings met so far: time zones, jurisdictions, currencies and filter terms. Only ever grows."""

    def __init__(self, names: Iterable[object] = ()) -> None:
        self._names: list[object] = list(names)
        self._numbers: dict[object, int] = {name: number for number, name in enumerate(self._names)}

    def number(self, name: object) -> int:
        """The number of this name, giving it one if it is new."""
        if name not in self._numbers:
            self._numbers[name] = len(self._names)
            self._names.append(name)
        return self._numbers[name]

    def known(self, name: object) -> int | None:
        """The number of this name, if it was ever met."""
        return self._numbers.get(name)

    def names(self) -> list[object]:
        """All names, by number."""
        return list(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The code books that all tables of one process share."""

    timezones: Codes
    jurisdictions: Codes
    currencies: Codes
    terms: Codes

    @classmethod
    def empty(cls) -> Vocabulary:
        """Code books that know nothing yet."""
        return cls(Codes(), Codes(), Codes(), Codes())


@dataclass(frozen=True)
class Table:
    """All rows as columns, sorted by ``key``. Never changed after it is made: a reader keeps what it has."""

    key: Floats
    mode: npt.NDArray[np.int8]
    x: Floats
    y: Floats
    z: Floats
    timezone: Smalls
    jurisdiction: Smalls
    currency: Smalls
    terms: Bits
    """Shape (words, rows): bit ``number % 64`` of word ``number // 64`` says whether the term holds."""
    person: Days
    """A small number for each practitioner, the same on all of their rows; neighbours have close ones."""
    practitioner: Ints
    place: Ints
    first_day: Days
    last_day: Days
    reach_km: Floats
    min_age: Smalls
    price: Floats
    accepting_day: Days
    away_first: Days
    away_last: Days
    pregnancy_last_day: Days
    min_week: Smalls
    max_week: Smalls
    rls_own: Floats
    rls_own_training: Floats
    rls_checked: Floats
    rls_checked_training: Floats
    training_day: Days
    attested_day: Days
    pregnancy: Floats
    certified_until: Days
    penalty: Floats

    def __len__(self) -> int:
        return len(self.key)

    @cached_property
    def largest_reach_km(self) -> float:
        """How far anybody travels for a home visit."""
        return float(self.reach_km.max(initial=0.0))

    @cached_property
    def last_away(self) -> int:
        """The last day on which anybody is known to be away."""
        return int(self.away_last.max(initial=NEVER))

    @cached_property
    def people(self) -> int:
        """One more than the largest number in ``person``."""
        return int(self.person.max(initial=-1)) + 1

    @property
    def nbytes(self) -> int:
        """Bytes of all columns."""
        return sum(getattr(self, each.name).nbytes for each in fields(self))

    def sound(self) -> bool:
        """Whether the columns fit together and the key is in order: what every search takes for granted."""
        lengths = {getattr(self, each.name).shape[-1] for each in fields(self)}
        return (
            lengths == {len(self.key)}
            and bool(np.all(self.key[:-1] <= self.key[1:]))
            and int(self.person.min(initial=0)) >= 0
        )

    # --- places ----------------------------------------------------------------------------------------------------

    def near(self, mode: Mode, latitude: float, longitude: float, radius_km: float) -> tuple[Ints, Floats]:
        """Rows of this family within the radius, with the square of the straight line through the earth, in km²;
        ``km`` bends it back onto the ground."""
        slices = self._slices(_ribbons(FAMILIES[mode], latitude, longitude, radius_km))
        if not slices:
            return np.empty(0, dtype=np.int64), np.empty(0)
        squared = np.zeros(sum(stop - start for start, stop in slices))
        for column, origin in zip((self.x, self.y, self.z), ecef(latitude, longitude), strict=True):
            off = np.concatenate([column[start:stop] for start, stop in slices])
            if len(off) != len(squared):
                raise IndexError("a column of the index is too short")
            off -= origin
            off *= off
            squared += off
        rows = np.concatenate([np.arange(start, stop) for start, stop in slices])
        if radius_km >= math.pi * MEAN_RADIUS_KM:
            return rows, squared
        limit = chord_km(radius_km) ** 2
        inside = squared <= limit * (1 + _RIM)
        rows, squared = rows[inside], squared[inside]
        rim = squared > limit * (1 - _RIM)
        if rim.any():
            kept = ~rim
            kept[rim] = km(squared[rim]) <= radius_km
            rows, squared = rows[kept], squared[kept]
        return rows, squared

    def _slices(self, ranges: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
        starts = self.key.searchsorted([low for low, _ in ranges], side="left").tolist()
        stops = self.key.searchsorted([high for _, high in ranges], side="right").tolist()
        return [(start, stop) for start, stop in zip(starts, stops, strict=True) if start < stop]

    def remote(self, jurisdiction: int) -> Ints:
        """Rows of remote consultations for patients in this jurisdiction."""
        start = FAMILIES[Mode.REMOTE] * FAMILY_STRIDE + jurisdiction
        low, high = np.searchsorted(self.key, [start, start + 1])
        return np.arange(low, high)

    # --- facts -----------------------------------------------------------------------------------------------------

    def holds(self, rows: Ints, numbers: Collection[int]) -> Bools:
        """For each row, whether any of these terms holds."""
        masks: dict[int, int] = {}
        for number in numbers:
            masks[number // WORD] = masks.get(number // WORD, 0) | 1 << number % WORD
        found = np.zeros(len(rows), dtype=np.bool_)
        for word, mask in masks.items():
            if word < len(self.terms):
                found |= (self.terms[word][rows] & np.uint64(mask)) != 0
        return found

    def settled(self, day: int) -> dict[Part, ranking.Values]:
        """What every row is worth on this day in the parts in which all patients are equal; see ``ranking``."""
        known = self._settled.get(day)
        if known is None:
            standing = ranking.Standing(**{each.name: getattr(self, each.name) for each in fields(ranking.Standing)})
            known = ranking.settled(standing, day=day)
            # Threads may work the same day out twice; what they put here is equal.
            for old in list(self._settled)[: 1 - _DAYS_SETTLED]:
                self._settled.pop(old, None)
            self._settled[day] = known
        return known

    @cached_property
    def _settled(self) -> dict[int, dict[Part, ranking.Values]]:
        return {}

    # --- people ----------------------------------------------------------------------------------------------------

    def are_among(self, rows: Ints, others: Ints) -> Bools:
        """For each row, whether its practitioner has one of the other rows too."""
        seen = np.zeros(self.people, dtype=np.bool_)
        seen[self.person[others]] = True
        return seen[self.person[rows]]

    def head_count(self, rows: Ints) -> int:
        """How many different practitioners these rows belong to."""
        return int(np.count_nonzero(one_each(self.person[rows], self.people)[0]))

    def term_counts(self, rows: Ints) -> Ints:
        """For each term number, how many different practitioners among these rows hold it at one of them."""
        return bit_counts(joined(self.terms[:, rows], self.person[rows], self.people))


COLUMN_TYPES: Final[Mapping[str, np.dtype[Any]]] = {
    name: np.dtype(get_args(get_args(hint)[1])[0]) for name, hint in get_type_hints(Table).items()
}
"""What each column holds, as its annotation says."""


def km(squared_chord: Floats) -> Floats:
    """Kilometres over the ground for what ``Table.near`` gives."""
    return arc_km(np.sqrt(squared_chord))


def key_of(family: npt.NDArray[np.int8], latitude: Floats, longitude: Floats, jurisdiction: npt.NDArray[Any]) -> Floats:
    """What rows are sorted by: the family, then the band and the longitude, or for remote rows the jurisdiction."""
    placed = np.floor((latitude + 90.0) / BAND_DEGREES) * BAND_STRIDE + (longitude + 180.0) % 360.0
    within: Floats = np.where(family == FAMILIES[Mode.REMOTE], jurisdiction, placed)
    return family * FAMILY_STRIDE + within


def _ribbons(family: int, latitude: float, longitude: float, radius_km: float) -> list[tuple[float, float]]:
    """Key ranges that together hold every point of the family within the radius, and a little more."""
    reach = radius_km / _KM_PER_DEGREE + 1e-9
    south, north = max(-90.0, latitude - reach), min(90.0, latitude + reach)
    bands = range(math.floor((south + 90.0) / BAND_DEGREES), math.floor((north + 90.0) / BAND_DEGREES) + 1)
    base = family * FAMILY_STRIDE
    width = _longitude_reach(latitude, reach)
    if width >= 180.0:
        return [(base + bands.start * BAND_STRIDE, base + bands.stop * BAND_STRIDE)]
    west, east = (longitude + 180.0 - width) % 360.0, (longitude + 180.0 + width) % 360.0
    spans = [(west, east)] if west <= east else [(west, 360.0), (0.0, east)]
    return [
        (base + band * BAND_STRIDE + low, base + band * BAND_STRIDE + high) for band in bands for low, high in spans
    ]


def _longitude_reach(latitude: float, reach_degrees: float) -> float:
    """How many degrees of longitude a circle spans to each side; all 180 when it comes near a pole."""
    if abs(latitude) + reach_degrees >= _NEAR_A_POLE:
        return 180.0
    sine = math.sin(math.radians(reach_degrees)) / math.cos(math.radians(latitude))
    # Geodetic and spherical latitude differ by at most 0.2 degrees; a hundredth more than covers it.
    return min(180.0, math.degrees(math.asin(min(1.0, sine))) * 1.01 + 1e-9)
