"""Who fits a search: one statement over the tables finds what the parameters ask for, and the index says who of those
may be shown now. The total is exact without reading anybody; whoever is listed is judged again when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final

import numpy as np
from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from directory.api.fhir import entries
from directory.api.fhir.conditions import Behind, Clause, Condition, Of, Within, all_of
from directory.api.fhir.held import MOST_HELD, Held, Papers, is_of
from directory.api.fhir.outcomes import Issue, Refused
from directory.api.fhir.paging import Bound, Key
from directory.api.fhir.parameters import Search
from directory.api.fhir.prefixes import microseconds_of
from directory.api.fhir.strings import teach
from directory.api.fhir.values import LAST_UPDATED, PAPER_CHECKED, paper_holds
from directory.credentials.models import Credential
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus
from directory.search.index import Bools, Floats, Ints
from directory.search.shown import Shown

MOST_READ: Final = 2_000
"""Of so many people at most papers are looked at one by one."""
MOST_BEHIND: Final = 8
"""So many conditions may be about something else of a person: each is a search of its own."""


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

    def span(self, bound: Bound | None, count: int, *, falling: bool) -> tuple[int, int]:
        """From where to where a page of so many goes, also when the entry that bounds it is gone by now."""
        if bound is None:
            return 0, len(self)
        value, number = bound.key
        before = self.sorted_by > value if falling else self.sorted_by < value
        sooner = self.ids > number if falling else self.ids < number
        passed = before | ((self.sorted_by == value) & (sooner if bound.back else sooner | (self.ids == number)))
        at = int(np.count_nonzero(passed))
        if not bound.back:
            return at, len(self)
        return (max(0, at - count), at) if at else (0, len(self))

    def key(self, position: int) -> Key:
        """By what a page is bounded that begins or ends here."""
        return float(self.sorted_by[position]), int(self.ids[position])


@dataclass(frozen=True, slots=True)
class _Asker:
    """What every step of a search looks at."""

    session: Session
    shown: Shown
    held: Held | None
    now: datetime


@dataclass(frozen=True, slots=True)
class _Fitting:
    """All resources of a type that may be shown, by rising number, and which of them meet some conditions."""

    ids: Ints
    owners: Ints
    kept: Bools
    instants: Floats
    """Of the last change of each, where that was asked for."""
    km: Floats | None
    """How far each is from the nearest point asked about."""
    papers: Papers | None
    """Where the resources are papers: all that may be told of."""


def find(session: Session, search: Search, shown: Shown, held: Held | None = None, *, now: datetime) -> Found:
    """Everybody who fits and may be shown now, in one statement or none, and one more for each thing that is ``held``
    or stands behind another; of papers that only their rules can judge, whose owners are read as well."""
    if sum(each.behind is not None for each in search.conditions) > MOST_BEHIND:
        says = (
            f"at most {MOST_BEHIND} of them may be asked of what refers to a resource, or of one of several addresses"
        )
        raise Refused(Issue("too-costly", says))
    asker = _Asker(session, shown, None if len(shown.places) > MOST_HELD else held, now)
    falling, sort = search.control.sort.startswith("-"), search.control.sort.lstrip("-")
    stamped = sort == "_lastUpdated"
    fitting = _fitting(asker, search.kind.of, search.conditions, stamped=stamped)
    ids, kept, km, by = fitting.ids, fitting.kept, fitting.km, np.zeros(len(fitting.ids))
    if stamped:
        by = fitting.instants
    elif km is not None and sort in ("", "near"):
        by = km
    if fitting.papers is not None:
        kept = _told(asker, fitting.papers, fitting, kept)
    order = _order(ids, by, kept, falling=falling)
    return Found(ids[order], fitting.owners[order], None if km is None else km[order], by[order])


def _fitting(asker: _Asker, of: Of, conditions: Sequence[Condition], *, stamped: bool = False) -> _Fitting:
    """Who meets these conditions; of papers, those of which it is not sure that they are told of as well."""
    session, shown, held, now = asker.session, asker.shown, asker.held, asker.now
    known, dated, asked = _sorted_out(session, conditions, held)
    stamps = held.stamps(session) if held is not None and (dated or stamped) else None
    papers = held.papers(session, now.date()) if held is not None and of is Of.PAPER else None
    judged_on = now.date() if of is Of.PAPER and papers is None else None
    clause = all_of(condition.clause for condition in asked)
    matching: _Matching | None = None
    if clause is not False:
        matching = _matching(session, of, asked, clause, stamped=stamped and stamps is None, judged_on=judged_on)
    if matching is not None and judged_on is not None:
        papers = Papers(matching.ids, matching.owners, matching.sure)
    ids, owners, places = _shown_of(of, papers, shown)
    kept = np.full(len(ids), clause is not False)
    instants = np.zeros(len(ids))
    if matching is not None:
        at, there = _found_in(matching.ids, ids)
        kept &= there
        if len(matching.instants):
            instants = matching.instants[at]
    if stamps is not None:
        instants = stamps.of(owners)
        for change in dated:
            kept &= change.holds(instants)
    for condition, having in known:
        kept &= _found_in(having, _numbers(condition, of, ids, owners))[1]
    km, within = _all_near(conditions, shown)
    kept &= within[places]
    for behind in (condition.behind for condition in conditions):
        if behind is not None:
            having = _people_behind(asker, behind, among=owners[kept])
            kept &= _found_in(having, owners)[1] != behind.lacking
    return _Fitting(ids, owners, kept, instants, None if km is None else km[places], papers)


def _people_behind(asker: _Asker, behind: Behind, *, among: Ints) -> Ints:
    """Those of these people of whose places, or papers that are told of, one meets the condition; rising numbers."""
    fitting = _fitting(asker, behind.of, [behind.condition])
    kept = fitting.kept & np.isin(fitting.owners, among)
    if fitting.papers is not None:
        kept = _told(asker, fitting.papers, fitting, kept, one_is_enough=True)
    return np.unique(fitting.owners[kept])


def _sorted_out(
    session: Session, conditions: Iterable[Condition], held: Held | None
) -> tuple[list[tuple[Condition, Ints]], list[Within], list[Condition]]:
    """The conditions of which it is held who meets them, with their numbers; what is asked of the last change, where
    that is held; and the conditions for the database."""
    known: list[tuple[Condition, Ints]] = []
    dated: list[Within] = []
    asked: list[Condition] = []
    for condition in conditions:
        having = None if held is None else held.having(session, condition)
        if having is not None:
            known.append((condition, having))
        elif held is not None and condition.within is not None and condition.within.column is LAST_UPDATED:
            dated.append(condition.within)
        else:
            asked.append(condition)
    return known, dated, asked


def _numbers(condition: Condition, of: Of, ids: Ints, owners: Ints) -> Ints:
    """The numbers of what has the strings: of the places that are searched for, or of the people they belong to."""
    assert condition.asking is not None  # noqa: S101 -- only such conditions are held
    return ids if of is Of.PLACE and is_of(condition.asking.text) is PracticePlace else owners


def _found_in(numbers: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    """Where each of these stands among the numbers, which rise, and whether it is there."""
    if not len(numbers):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    at: Ints = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    there: Bools = numbers[at] == wanted
    return at, there


def _shown_of(of: Of, papers: Papers | None, shown: Shown) -> tuple[Ints, Ints, Ints]:
    """Numbers of all resources of the type that may be shown, by rising number, whose they are, and where in ``shown``
    the place of each stands. Of papers, those that may be told of."""
    if of is Of.PLACE:
        return shown.places, shown.practitioners, np.arange(len(shown.places))
    people, first = np.unique(shown.practitioners, return_index=True)
    if of is Of.PERSON:
        return people, people, first
    if papers is None:
        return people[:0], people[:0], first[:0]
    at, there = _found_in(people, papers.owners)
    return papers.ids[there], papers.owners[there], first[at[there]]


def _told(asker: _Asker, papers: Papers, fitting: _Fitting, kept: Bools, *, one_is_enough: bool = False) -> Bools:
    """Which of these papers are told of: of those where that is not sure, their owners are read; but where one of each
    owner is enough, not those who have one that is sure."""
    ids, owners = fitting.ids, fitting.owners
    sure = papers.sure[_found_in(papers.ids, ids)[0]] if len(ids) else kept
    doubtful = np.unique(owners[kept & ~sure])
    if one_is_enough:
        doubtful = np.setdiff1d(doubtful, owners[kept & sure])
    if len(doubtful) > MOST_READ:
        raise Refused(Issue("too-costly", "that are too many papers to judge one by one; narrow it down"), status=400)
    numbers = [int(each) for each in doubtful]
    read = entries.read(asker.session, numbers, now=asker.now, rules=asker.shown.rules)
    told = np.array(sorted(filed.id for entry in read.values() for filed in entry.papers), dtype=np.int64)
    found: Bools = kept & (sure | _found_in(told, ids)[1])
    return found


def _all_near(conditions: Iterable[Condition], shown: Shown) -> tuple[Floats | None, Bools]:
    """How far each place is from what the first of these is about, if one is, and which places are near all of it."""
    km: Floats | None = None
    kept = np.ones(len(shown.places), dtype=np.bool_)
    for condition in conditions:
        if condition.near:
            distance, within = _near(condition, shown)
            kept &= within
            km = distance if km is None else km
    return km, kept


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


@dataclass(frozen=True, slots=True)
class _Matching:
    """Numbers of the resources that meet what was asked of them, by rising number."""

    ids: Ints
    instants: Floats
    """Of their last change, in microseconds, where that was asked for."""
    owners: Ints
    sure: Bools
    """Of papers: whose they are, and whether it is sure that they are told of where their owner is shown."""


def _matching(
    session: Session,
    of: Of,
    conditions: Sequence[Condition],
    clause: Clause,
    *,
    stamped: bool,
    judged_on: date | None,
) -> _Matching | None:
    """What the database says of these conditions; ``None`` where it need not be asked."""
    if clause is True and not stamped and judged_on is None and not any(each.accepts for each in conditions):
        return None
    columns: list[Any] = []
    tests = [
        (condition.accepts, [_position(columns, each) for each in condition.columns])
        for condition in conditions
        if condition.accepts is not None
    ]
    behind = len(columns) + 1
    if judged_on is not None:
        columns += [Credential.practitioner_id, paper_holds(judged_on)]
    if stamped:
        columns.append(LAST_UPDATED)
    if of is Of.PLACE and not stamped and all(_is_of_the_place(each) for each in conditions):
        # What is said of places alone needs nobody looked up beside each; that somebody is published, the index knows.
        statement = select(PracticePlace.id, *columns).where(PracticePlace.active)
    else:
        statement = _statement(of, columns)
    if not isinstance(clause, bool):
        statement = statement.where(clause)
    connection = session.connection()
    teach(connection.connection.driver_connection)
    if not columns:
        return _Matching(_all_numbers(session, statement), _NO_FLOATS, _NO_INTS, _NO_BOOLS)
    rows = sorted(_accepted(connection.execute(statement), tests), key=itemgetter(0))
    instants = [microseconds_of(row[-1]) for row in rows] if stamped else []
    papers = judged_on is not None
    return _Matching(
        ids=np.array([row[0] for row in rows], dtype=np.int64),
        instants=np.array(instants, dtype=np.float64),
        owners=np.array([row[behind] for row in rows] if papers else [], dtype=np.int64),
        sure=np.array([row[behind + 1] for row in rows] if papers else [], dtype=np.bool_),
    )


_NO_INTS: Final[Ints] = np.zeros(0, dtype=np.int64)
_NO_FLOATS: Final[Floats] = np.zeros(0)
_NO_BOOLS: Final[Bools] = np.zeros(0, dtype=np.bool_)


def _all_numbers(session: Session, statement: Select[Any]) -> Ints:
    """The numbers that a statement finds, rising, gathered by the database into one text: a row for each of them costs
    many times as much."""
    found = statement.subquery()
    text = session.scalar(select(func.aggregate_strings(cast(found.c.id, String), ",")))
    return np.sort(np.array(text.split(","), dtype=np.int64)) if text else _NO_INTS


def _is_of_the_place(condition: Condition) -> bool:
    """Whether only columns of the place decide: those that are named where strings are compared."""
    if condition.accepts is None:
        return isinstance(condition.clause, bool)
    return all(each.class_ is PracticePlace for each in condition.columns)


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
    return papers.where(published, PAPER_CHECKED)


def _accepted(
    rows: Iterable[Sequence[Any]], tests: Sequence[tuple[Callable[..., bool], list[int]]]
) -> Iterator[Sequence[Any]]:
    for row in rows:
        if all(accepts(*(row[position] for position in positions)) for accepts, positions in tests):
            yield row
