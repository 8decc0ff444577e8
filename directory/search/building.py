"""Tables of the index from rows, and from an older table with some people's rows exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from directory.credentials.terms import Mode
from directory.geo.distance import ecef
from directory.search.index import COLUMN_TYPES, FAMILIES, WORD, Bits, Codes, Table, Term, Vocabulary, key_of


class Row(NamedTuple):
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
    away_first: int
    away_last: int
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


_CODED = {"timezone": "timezones", "jurisdiction": "jurisdictions", "currency": "currencies"}


def build(rows: Iterable[Row], vocabulary: Vocabulary) -> Table:
    """A table of these rows."""
    return arranged(_columns(rows, vocabulary))


def arranged(columns: Mapping[str, npt.NDArray[Any]]) -> Table:
    """A table of these columns: all but ``person``, in any order of rows."""
    order = np.lexsort((columns["place"], columns["key"]))
    columns = {name: column[..., order] for name, column in columns.items()}
    # Numbered as they come in the sorted table, so that neighbours have close numbers.
    _, first, member = np.unique(columns["practitioner"], return_index=True, return_inverse=True)
    numbers = np.empty(len(first), dtype=COLUMN_TYPES["person"])
    numbers[np.argsort(first)] = np.arange(len(first))
    return Table(person=numbers[member], **columns)


def with_changes(table: Table, gone: Iterable[int], rows: Iterable[Row], vocabulary: Vocabulary) -> Table:
    """The table without the rows of these practitioners and with the given ones instead."""
    added = build(rows, vocabulary)
    keep = np.flatnonzero(~np.isin(table.practitioner, np.fromiter(gone, dtype=np.int64)))
    at = np.searchsorted(table.key[keep], added.key, side="right")
    source = np.insert(keep, at, len(table) + np.arange(len(added)))
    high = max(len(table.terms), len(added.terms))
    ours = {each.name: getattr(table, each.name) for each in fields(Table)}
    ours["terms"] = _widened(table.terms, high)
    theirs = {each.name: getattr(added, each.name) for each in fields(Table)}
    theirs |= {"terms": _widened(added.terms, high), "person": _known_as(added, table)}
    return Table(**{name: np.concatenate([ours[name], theirs[name]], axis=-1)[..., source] for name in ours})


def _columns(rows: Iterable[Row], vocabulary: Vocabulary) -> dict[str, npt.NDArray[Any]]:
    """Every column but ``person``, in the order of the rows."""
    given = dict(zip(Row._fields, zip(*rows, strict=True), strict=False)) or dict.fromkeys(Row._fields, ())
    latitude = np.array(given.pop("latitude"), dtype=np.float64)
    longitude = np.array(given.pop("longitude"), dtype=np.float64)
    terms = _packed(given.pop("terms"), vocabulary.terms)
    given["mode"] = tuple(FAMILIES[mode] for mode in given["mode"])
    for name, codes in _CODED.items():
        book: Codes = getattr(vocabulary, codes)
        given[name] = tuple(book.number(each) for each in given[name])
    columns = {name: np.array(values, dtype=COLUMN_TYPES[name]) for name, values in given.items()}
    x, y, z = ecef(latitude, longitude)
    key = key_of(columns["mode"], latitude, longitude, columns["jurisdiction"])
    return columns | {"key": key, "x": x, "y": y, "z": z, "terms": terms}


def _packed(held: Sequence[frozenset[Term]], terms: Codes) -> Bits:
    """The terms of each row as a column of bits."""
    sizes = [len(each) for each in held]
    numbers = np.array([terms.number(term) for each in held for term in each], dtype=np.int64)
    row = np.repeat(np.arange(len(held)), sizes)
    packed = np.zeros((max(1, -(-len(terms) // WORD)), len(held)), dtype=np.uint64)
    np.bitwise_or.at(packed, (numbers // WORD, row), np.uint64(1) << (numbers % WORD).astype(np.uint64))
    return packed


def _known_as(added: Table, table: Table) -> npt.NDArray[np.int32]:
    """The numbers that the practitioners of these rows have in the table, or new ones."""
    people, member = np.unique(added.practitioner, return_inverse=True)
    there = np.flatnonzero(np.isin(table.practitioner, people))
    known = dict(zip(table.practitioner[there].tolist(), table.person[there].tolist(), strict=True))
    for each in people.tolist():
        known.setdefault(each, table.people + len(known))
    return np.array([known[each] for each in people.tolist()], dtype=np.int32)[member]


def _widened(terms: Bits, high: int) -> Bits:
    return np.concatenate([terms, np.zeros((high - len(terms), terms.shape[1]), dtype=np.uint64)])
