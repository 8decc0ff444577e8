"""The index in memory: every eligible way to meet a practitioner as a row of numpy columns, sorted so that the rows
near a point are a few slices.

Rows are sorted by latitude band (0.05°) and longitude. All rows of one band inside a circle lie side by side, so a
search cuts a handful of slices by binary search and compares only those. Home visits form a second family with ribbons
of their own, remote consultations a third, sorted by the patient's jurisdiction. Every plain fact is a bit.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from directory.credentials.terms import Mode
from directory.geo.distance import arc_km, ecef

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bits: TypeAlias = npt.NDArray[np.uint64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Term: TypeAlias = tuple[str, str]

BAND_DEGREES = 0.05
NEVER = 0
ALWAYS = 4_000_000
"""A day ordinal beyond the calendar."""

_BAND_STRIDE = 1000.0
_FAMILY_STRIDE = 1e8
FAMILIES: Mapping[Mode, int] = {Mode.IN_PERSON: 0, Mode.HOME_VISIT: 1, Mode.REMOTE: 2}
_KM_PER_DEGREE = 110.5
"""Less than any degree of latitude anywhere, so that a circle never spills over the bands looked at."""
_WORD = 64
_NEAR_A_POLE = 85.0


@dataclass(frozen=True, slots=True)
class Row:
    """One way to meet one practitioner, before it becomes columns. Days are ordinals; see ``Table``."""

    practitioner: int
    place: int
    mode: Mode
    latitude: float
    longitude: float
    timezone: str
    jurisdiction: str
    first_day: int
    last_day: int
    reach_km: float
    min_age: int
    price: float
    currency: str
    accepting_day: int
    pregnancy_last_day: int
    min_week: int
    max_week: int
    rls_own: float
    rls_own_training: float
    rls_checked: float
    rls_checked_training: float
    training_day: int
    attested_day: int
    pregnancy: float
    certified_until: int
    penalty: float
    terms: frozenset[Term]


_FLOAT_FIELDS = (
    "reach_km",
    "price",
    "rls_own",
    "rls_own_training",
    "rls_checked",
    "rls_checked_training",
    "pregnancy",
    "penalty",
)
_INT_FIELDS = (
    "practitioner",
    "place",
    "first_day",
    "last_day",
    "min_age",
    "accepting_day",
    "pregnancy_last_day",
    "min_week",
    "max_week",
    "training_day",
    "attested_day",
    "certified_until",
)


class Codes:
    """Numbers for strings met so far: time zones, jurisdictions, currencies and filter terms. Only ever grows."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._names: list[object] = []

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


@dataclass(frozen=True, slots=True)
class Table:
    """All rows as columns, sorted by ``key``. Never changed after it is made: a reader keeps what it has."""

    key: Floats
    mode: npt.NDArray[np.int8]
    x: Floats
    y: Floats
    z: Floats
    timezone: Ints
    jurisdiction: Ints
    currency: Ints
    terms: Bits
    """Shape (words, rows): bit ``number % 64`` of word ``number // 64`` says whether the term holds."""
    practitioner: Ints
    place: Ints
    first_day: Ints
    last_day: Ints
    reach_km: Floats
    min_age: Ints
    price: Floats
    accepting_day: Ints
    pregnancy_last_day: Ints
    min_week: Ints
    max_week: Ints
    rls_own: Floats
    rls_own_training: Floats
    rls_checked: Floats
    rls_checked_training: Floats
    training_day: Ints
    attested_day: Ints
    pregnancy: Floats
    certified_until: Ints
    penalty: Floats

    def __len__(self) -> int:
        return len(self.key)

    @property
    def largest_reach_km(self) -> float:
        """How far anybody travels for a home visit."""
        return float(self.reach_km.max(initial=0.0))

    def sound(self) -> bool:
        """Whether the columns fit together and the key is in order: what every search takes for granted."""
        lengths = {getattr(self, each.name).shape[-1] for each in fields(self)}
        return lengths == {len(self.key)} and bool(np.all(self.key[:-1] <= self.key[1:]))

    def near(self, mode: Mode, latitude: float, longitude: float, radius_km: float) -> tuple[Ints, Floats]:
        """Rows of this family within the radius, with their straight-line distance in kilometres."""
        rows = _gather(self.key, _ribbons(FAMILIES[mode], latitude, longitude, radius_km))
        x, y, z = ecef(latitude, longitude)
        chord = np.sqrt((self.x[rows] - x) ** 2 + (self.y[rows] - y) ** 2 + (self.z[rows] - z) ** 2)
        km = arc_km(chord)
        inside = km <= radius_km
        return rows[inside], km[inside]

    def remote(self, jurisdiction: int) -> Ints:
        """Rows of remote consultations for patients in this jurisdiction."""
        start = FAMILIES[Mode.REMOTE] * _FAMILY_STRIDE + jurisdiction
        low, high = np.searchsorted(self.key, [start, start + 1])
        return np.arange(low, high)

    def holds(self, rows: Ints, numbers: Collection[int]) -> Bools:
        """For each row, whether any of these terms holds."""
        masks: dict[int, int] = {}
        for number in numbers:
            masks[number // _WORD] = masks.get(number // _WORD, 0) | 1 << number % _WORD
        found = np.zeros(len(rows), dtype=np.bool_)
        for word, mask in masks.items():
            if word < len(self.terms):
                found |= (self.terms[word][rows] & np.uint64(mask)) != 0
        return found

    def term_counts(self, rows: Ints) -> Ints:
        """For each term number, how many different practitioners among these rows hold it at one of them."""
        if len(rows) == 0:
            return np.zeros(len(self.terms) * _WORD, dtype=np.int64)
        people = self.practitioner[rows]
        order = np.argsort(people, kind="stable")
        starts = np.flatnonzero(np.diff(people[order], prepend=-1))
        held = np.bitwise_or.reduceat(self.terms[:, rows[order]], starts, axis=1)
        octets = np.ascontiguousarray(held.T).astype("<u8").view(np.uint8).reshape(len(starts), -1)
        counts: Ints = np.unpackbits(octets, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
        return counts


def build(rows: Sequence[Row], vocabulary: Vocabulary) -> Table:
    """A table of these rows."""
    latitude = np.array([row.latitude for row in rows], dtype=np.float64)
    longitude = np.array([row.longitude for row in rows], dtype=np.float64)
    jurisdiction = np.array([vocabulary.jurisdictions.number(row.jurisdiction) for row in rows], dtype=np.int64)
    family = np.array([FAMILIES[row.mode] for row in rows], dtype=np.int8)
    x, y, z = ecef(latitude, longitude)
    columns: dict[str, Any] = {
        name: np.array([getattr(row, name) for row in rows], dtype=np.float64) for name in _FLOAT_FIELDS
    }
    columns |= {name: np.array([getattr(row, name) for row in rows], dtype=np.int64) for name in _INT_FIELDS}
    bits = _pack([[vocabulary.terms.number(term) for term in row.terms] for row in rows], len(vocabulary.terms))
    places = _band(latitude) * _BAND_STRIDE + _turned(longitude)
    table = Table(
        key=(
            family.astype(np.float64) * _FAMILY_STRIDE + np.where(family == FAMILIES[Mode.REMOTE], jurisdiction, places)
        ).astype(np.float64),
        mode=family,
        x=x,
        y=y,
        z=z,
        timezone=np.array([vocabulary.timezones.number(row.timezone) for row in rows], dtype=np.int64),
        jurisdiction=jurisdiction,
        currency=np.array([vocabulary.currencies.number(row.currency) for row in rows], dtype=np.int64),
        terms=bits,
        **columns,
    )
    return _sorted(table)


def with_changes(table: Table, gone: Iterable[int], rows: Sequence[Row], vocabulary: Vocabulary) -> Table:
    """The table without the rows of these practitioners and with the given ones instead."""
    keep = np.flatnonzero(~np.isin(table.practitioner, np.fromiter(gone, dtype=np.int64)))
    added = build(rows, vocabulary)
    words = max(len(table.terms), len(added.terms))
    joined = {
        each.name: np.concatenate([getattr(table, each.name)[..., keep], getattr(added, each.name)], axis=-1)
        for each in fields(Table)
        if each.name != "terms"
    }
    terms = np.concatenate([_widened(table.terms[:, keep], words), _widened(added.terms, words)], axis=1)
    return _sorted(Table(terms=terms, **joined))


def _sorted(table: Table) -> Table:
    order = np.lexsort((table.place, table.key))
    return replace(table, **{each.name: getattr(table, each.name)[..., order] for each in fields(Table)})


def _pack(numbers: Sequence[Sequence[int]], size: int) -> Bits:
    words = max(1, -(-size // _WORD))
    packed = np.zeros((words, len(numbers)), dtype=np.uint64)
    for column, held in enumerate(numbers):
        for number in held:
            packed[number // _WORD, column] |= np.uint64(1 << number % _WORD)
    return packed


def _widened(terms: Bits, words: int) -> Bits:
    return np.concatenate([terms, np.zeros((words - len(terms), terms.shape[1]), dtype=np.uint64)])


def _band(latitude: Floats) -> Floats:
    banded: Floats = np.floor((latitude + 90.0) / BAND_DEGREES)
    return banded


def _turned(longitude: Floats) -> Floats:
    turned: Floats = (longitude + 180.0) % 360.0
    return turned


def _ribbons(family: int, latitude: float, longitude: float, radius_km: float) -> list[tuple[float, float]]:
    """Key ranges that together hold every point of the family within the radius, and a little more."""
    reach = radius_km / _KM_PER_DEGREE + 1e-9
    south, north = max(-90.0, latitude - reach), min(90.0, latitude + reach)
    bands = range(math.floor((south + 90.0) / BAND_DEGREES), math.floor((north + 90.0) / BAND_DEGREES) + 1)
    width = _longitude_reach(latitude, reach)
    base = family * _FAMILY_STRIDE
    if width >= 180.0:
        return [(base + bands.start * _BAND_STRIDE, base + bands.stop * _BAND_STRIDE)]
    west, east = (longitude + 180.0 - width) % 360.0, (longitude + 180.0 + width) % 360.0
    spans = [(west, east)] if west <= east else [(west, 360.0), (0.0, east)]
    return [
        (base + band * _BAND_STRIDE + low, base + band * _BAND_STRIDE + high) for band in bands for low, high in spans
    ]


def _longitude_reach(latitude: float, reach_degrees: float) -> float:
    """How many degrees of longitude a circle spans to each side; all 180 when it comes near a pole."""
    if abs(latitude) + reach_degrees >= _NEAR_A_POLE:
        return 180.0
    sine = math.sin(math.radians(reach_degrees)) / math.cos(math.radians(latitude))
    # Geodetic and spherical latitude differ by at most 0.2 degrees; a hundredth more than covers it.
    return min(180.0, math.degrees(math.asin(min(1.0, sine))) * 1.01 + 1e-9)


def _gather(key: Floats, ranges: Sequence[tuple[float, float]]) -> Ints:
    lows = np.searchsorted(key, [low for low, _ in ranges], side="left")
    highs = np.searchsorted(key, [high for _, high in ranges], side="right")
    lengths = np.maximum(highs - lows, 0)
    total = int(lengths.sum())
    if total == 0:
        return np.empty(0, dtype=np.int64)
    starts = np.repeat(lows - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    rows: Ints = np.arange(total) + starts
    return rows
