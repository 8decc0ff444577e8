"""Reading the ledger: stamps of entries, what changed since when, who is new, and by what an answer is recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Tuple, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory import changes
from directory.changes import SearchChange
from directory.entries.models import Entry, EntryLedger, EntryLook, EntryPlace

_NO_LEDGER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The beginning of a ledger that nobody has begun."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Since when the ledger is kept, and its newest stamp: what is stamped later comes after it."""

    began_at: datetime
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the ledger knows of one person."""

    first_shown_at: datetime
    changed_at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A person, or a place, whose entry was noted as different; ``gone_at`` is set where it is to be taken out."""

    id: int
    practitioner_id: int
    changed_at: datetime
    gone_at: datetime | None


def ledger(session: Session) -> Ledger:
    """How far the ledger is."""
    row = session.execute(select(EntryLedger.began_at, EntryLedger.looked_at)).one_or_none()
    return Ledger(_NO_LEDGER, _NO_LEDGER) if row is None else Ledger(*row)


def stamps(session: Session, ids: Collection[int]) -> dict[int, Stamp]:
    """The stamps of these people, in one statement. Whoever is not noted yet bears the ledger's beginning."""
    began = select(EntryLedger.began_at).scalar_subquery()
    rows: Sequence[Any] = session.execute(
        select(Entry.practitioner_id, Entry.first_shown_at, Entry.changed_at, Entry.gone_at, began)
        .select_from(select(literal(1)).subquery())
        .outerjoin(Entry, Entry.practitioner_id.in_(ids))
    ).all()
    beginning = next((row[-1] for row in rows), None) or _NO_LEDGER
    found = {row[0]: Stamp(*row[1:4]) for row in rows if row[0] is not None}
    return {each: found.get(each) or Stamp(beginning, beginning) for each in ids}


def place_stamps(session: Session, place_ids: Collection[int]) -> dict[int, Changed]:
    """What is noted of these places; those at which nobody was ever shown are left out."""
    rows = session.execute(_PLACES.where(EntryPlace.place_id.in_(place_ids)))
    return {row.place_id: Changed(*row) for row in rows}


def changed(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> Sequence[Changed]:
    """Entries shown and gone that were noted as different from ``since`` on and before ``until``, oldest change first;
    those behind ``after`` (its instant and number), at most ``limit``."""
    order = (Entry.changed_at, Entry.practitioner_id)
    return _page(session, _PEOPLE, order, since=since, until=until, after=after, limit=limit)


def gone_places(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> Sequence[Changed]:
    """Places at which nobody is shown any more, as ``changed`` tells of people."""
    order = (EntryPlace.changed_at, EntryPlace.place_id)
    places = _PLACES.where(EntryPlace.gone_at.is_not(None))
    return _page(session, places, order, since=since, until=until, after=after, limit=limit)


_PEOPLE: Any = select(Entry.practitioner_id, Entry.practitioner_id, Entry.changed_at, Entry.gone_at)
_PLACES: Any = select(EntryPlace.place_id, EntryPlace.practitioner_id, EntryPlace.changed_at, EntryPlace.gone_at)


def _page(
    session: Session,
    statement: Select[Any],
    order: tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[int]],
    *,
    since: datetime | None,
    until: datetime | None,
    after: tuple[datetime, int] | None,
    limit: int,
) -> Sequence[Changed]:
    at, number = order
    if since is not None:
        statement = statement.where(at >= since)
    if until is not None:
        statement = statement.where(at < until)
    if after is not None:
        statement = statement.where(_behind(at, number, after))
    return [Changed(*row) for row in session.execute(statement.order_by(at, number).limit(limit))]


def _behind(
    at: InstrumentedAttribute[datetime], number: InstrumentedAttribute[int], after: tuple[datetime, int]
) -> ColumnElement[bool]:
    here: Tuple = tuple_(at, number)
    return here > tuple_(literal(after[0], at.type), literal(after[1], number.type))


def newest_shown(session: Session, *, limit: int) -> Sequence[tuple[int, datetime]]:
    """Who is shown since most recently, with the instant, newest first."""
    statement = select(Entry.practitioner_id, Entry.first_shown_at).where(Entry.gone_at.is_(None))
    newest = statement.order_by(Entry.first_shown_at.desc(), Entry.practitioner_id.desc()).limit(limit)
    return [(practitioner_id, shown_at) for practitioner_id, shown_at in session.execute(newest)]


# --- recognising an answer -------------------------------------------------------------------------------------------


def tag_of(session: Session, practitioner_id: int, *, now: datetime) -> str:
    """A text that is another one as soon as what is shown of this person may be: in one statement, without reading it.

    Where something was changed and is not noted yet, the change itself stands in for its stamp.
    """
    noted = func.coalesce(select(EntryLedger.seq).scalar_subquery(), 0)
    newest = select(func.max(SearchChange.seq)).where(
        SearchChange.seq > noted, SearchChange.practitioner_id == practitioner_id
    )
    due = select(EntryLook.due_at).where(EntryLook.practitioner_id == practitioner_id, EntryLook.due_at <= now)
    mine = Entry.practitioner_id == practitioner_id
    row = session.execute(
        select(
            select(EntryLedger.token).scalar_subquery(),
            select(changes.SearchEpoch.token).scalar_subquery(),
            select(Entry.changed_at).where(mine).scalar_subquery(),
            select(Entry.gone_at).where(mine).scalar_subquery(),
            newest.scalar_subquery(),
            due.scalar_subquery(),
        )
    ).one()
    kept, current, changed_at, gone_at, unnoted, overdue = row
    same_history = "" if kept == current else current
    late = None if overdue is None else (overdue, now.date())
    return _hashed(practitioner_id, same_history, changed_at, gone_at, unnoted, late)


def tag_of_all(session: Session, *, now: datetime) -> str:
    """As ``tag_of``, of everything that is shown of anybody; another one on each day too, for what is told by days."""
    stand = changes.position(session)
    newest, due = session.execute(
        select(
            select(func.max(Entry.changed_at)).scalar_subquery(),
            select(func.max(EntryLook.due_at)).where(EntryLook.due_at <= now).scalar_subquery(),
        )
    ).one()
    return _hashed(stand.token, stand.newest, newest, due, now.date())


def _hashed(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
