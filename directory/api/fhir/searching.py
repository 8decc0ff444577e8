"""Who fits a search: one statement over the tables finds what the parameters ask for, and the index says who of those
may be shown now. The total is exact without reading anybody; whoever is listed is judged again when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, Final

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory.api.fhir.kinds import Of
from directory.api.fhir.paging import Key
from directory.api.fhir.parameters import Search
from directory.api.fhir.sources import Clause, Condition, all_of, teach
from directory.api.fhir.values import LAST_UPDATED, PAPER_SHOWN
from directory.credentials.models import Credential
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus
from directory.search.index import Bools, Floats, Ints
from directory.search.shown import Shown

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Everybody who fits, in order."""

    ids: Ints
    owners: Ints
    """The practitioner of each."""
    km: Floats | None
    """How far each is from the nearest point asked about."""
    sorted_by: Floats
    """By what they are sorted before their number decides; all alike where nothing does."""

    def __len__(self) -> int:
        return len(self.ids)

    def after(self, key: Key | None, *, falling: bool) -> int:
        """The position behind what the page before ended with, also when that is gone by now."""
        if key is None:
            return 0
        value, number = key
        before = self.sorted_by > value if falling else self.sorted_by < value
        alike = (self.sorted_by == value) & (self.ids >= number if falling else self.ids <= number)
        return int(np.count_nonzero(before | alike))

    def key(self, position: int) -> Key:
        """What a page that ends here hands on."""
        return float(self.sorted_by[position]), int(self.ids[position])


def find(session: Session, search: Search, shown: Shown, *, now: datetime) -> Found:
    """Everybody who fits and may be shown now, in one statement or none."""
    ids, owners, places = _visible(session, search, shown)
    kept = np.ones(len(ids), dtype=np.bool_)
    km: Floats | None = None
    for condition in search.conditions:
        if condition.near:
            distance, within = _near(condition, shown)
            kept &= within[places]
            km = distance[places] if km is None else km
    clause = all_of(condition.clause for condition in search.conditions)
    stamped = search.control.sort.lstrip("-") == "_lastUpdated"
    by = np.zeros(len(ids))
    if clause is False:
        kept[:] = False
    elif clause is not True or stamped or any(each.accepts for each in search.conditions):
        matching, instants = _matching(session, search, clause, stamped=stamped)
        at = np.searchsorted(matching, ids)
        there = np.zeros(len(ids), dtype=np.bool_)
        inside = at < len(matching)
        there[inside] = matching[at[inside]] == ids[inside]
        kept &= there
        if stamped and len(matching):
            by = instants[np.minimum(at, len(matching) - 1)]
    if km is not None and search.control.sort in ("", "near"):
        by = km
    order = _order(ids, by, kept, falling=search.control.sort.startswith("-"))
    return Found(ids[order], owners[order], None if km is None else km[order], by[order])


def _visible(session: Session, search: Search, shown: Shown) -> tuple[Ints, Ints, Ints]:
    """Numbers of all resources of the type that may be shown, by rising number, whose they are, and where in ``shown``
    the place of each stands."""
    if search.kind.of is Of.PLACE:
        return shown.places, shown.practitioners, np.arange(len(shown.places))
    people, first = np.unique(shown.practitioners, return_index=True)
    if search.kind.of is Of.PERSON or not len(people):
        return people, people, first
    papers = session.execute(_statement(Of.PAPER, [Credential.practitioner_id])).all()
    found = np.array(sorted((int(number), int(owner)) for number, owner in papers), dtype=np.int64).reshape(-1, 2)
    at = np.minimum(np.searchsorted(people, found[:, 1]), len(people) - 1)
    theirs = people[at] == found[:, 1]
    return found[theirs, 0], found[theirs, 1], first[at[theirs]]


def _near(condition: Condition, shown: Shown) -> tuple[Floats, Bools]:
    """How far each place is from the nearest of these points, and whether it is near enough to one of them."""
    nearest = np.full(len(shown.places), np.inf)
    within = np.zeros(len(shown.places), dtype=np.bool_)
    for point in condition.near:
        km = shown.km_from(point.latitude, point.longitude)
        within |= km <= point.km
        nearest = np.minimum(nearest, km)
    return nearest, within


def _order(ids: Ints, by: Floats, kept: Bools, *, falling: bool) -> Ints:
    rows = np.flatnonzero(kept)
    order: Ints = rows[np.lexsort((ids[rows], by[rows]))]
    return order[::-1] if falling else order


def _matching(session: Session, search: Search, clause: Clause, *, stamped: bool) -> tuple[Ints, Floats]:
    """Numbers of the resources that fit, by rising number, with the instants of their last change where asked for."""
    columns: list[Any] = []
    tests: list[tuple[Callable[..., bool], list[int]]] = []
    for condition in search.conditions:
        if condition.accepts is not None:
            tests.append((condition.accepts, [_position(columns, each) for each in condition.columns]))
    statement = _statement(search.kind.of, [*columns, LAST_UPDATED] if stamped else columns)
    if clause is not True:
        statement = statement.where(clause)
    teach(session.connection().connection.driver_connection)
    rows = sorted(_accepted(session.execute(statement), tests), key=itemgetter(0))
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    instants = [(row[-1] - _EPOCH) / _STEP for row in rows] if stamped else []
    return ids, np.array(instants, dtype=np.float64)


def _position(columns: list[Any], column: Any) -> int:
    """Where this column stands in a row, behind the number; it is asked for where it was not."""
    for position, each in enumerate(columns):
        if each is column:
            return position + 1
    columns.append(column)
    return len(columns)


def _statement(of: Of, columns: Sequence[Any]) -> Select[Any]:
    """The number of each resource that might be shown, and these columns of the same row."""
    published = Practitioner.account_status == AccountStatus.PUBLISHED
    if of is Of.PERSON:
        return select(Practitioner.id, *columns).where(published)
    if of is Of.PLACE:
        people = select(PracticePlace.id, *columns).join(Practitioner, PracticePlace.practitioner_id == Practitioner.id)
        return people.where(published, PracticePlace.active)
    papers = select(Credential.id, *columns).join(Practitioner, Credential.practitioner_id == Practitioner.id)
    return papers.where(published, PAPER_SHOWN)


def _accepted(
    rows: Iterable[Sequence[Any]], tests: Sequence[tuple[Callable[..., bool], list[int]]]
) -> Iterator[Sequence[Any]]:
    for row in rows:
        if all(accepts(*(row[position] for position in positions)) for accepts, positions in tests):
            yield row
