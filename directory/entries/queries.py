"""Reading the ledger: stamps of entries, what changed since when, who is new, and by what an answer is recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Table,
    Tuple,
    and_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory import changes
from directory.changes import SearchChange
from directory.db import UTCDateTime
from directory.entries.models import Entry, EntryLedger, EntryLook, EntryPlace
from directory.glance import Glance
from directory.practitioners.models import PracticePlace, Practitioner

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


def changes_of(session: Session, ids: Collection[int]) -> dict[int, datetime]:
    """When each of these people was last noted as different; whoever is not noted yet is left out."""
    rows = session.execute(select(Entry.practitioner_id, Entry.changed_at).where(Entry.practitioner_id.in_(ids)))
    return {row.practitioner_id: row.changed_at for row in rows}


def newest_change(session: Session, first: int, last: int) -> datetime | None:
    """When any of the people from this number to that was last noted as different or gone; ``None`` where nobody is."""
    between = Entry.practitioner_id.between(first, last)
    found: datetime | None = session.scalar(select(func.max(Entry.changed_at)).where(between))
    return found


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


@dataclass(frozen=True, slots=True)
class Stand:
    """By what an answer about somebody is recognised, and since when it is so: ``None`` where something was changed
    that is not noted yet, such as a rule for everybody, and for somebody who is gone."""

    practitioner_id: int
    tag: str
    changed_at: datetime | None


def stand_of(session: Session, practitioner_id: int, *, now: datetime) -> Stand:
    """A tag that is another one as soon as what is shown of this person may be: in one statement, without reading it.

    Where something was changed and is not noted yet, the change itself stands in for its stamp; and whatever begins a
    new history of changes, such as another rule of a jurisdiction, makes every tag another one.
    """
    found = _stand(session, _OF_ID, practitioner_id, now)
    assert found is not None  # noqa: S101 -- the row is made of the number itself
    return found


def stand_at(session: Session, slug: str, *, now: datetime) -> Stand | None:
    """The same of the person at this address; ``None`` where there is nobody."""
    return _stand(session, _OF_SLUG, slug, now)


def stand_of_place(session: Session, place_id: int, *, now: datetime) -> Stand | None:
    """The same of the person who works, or worked, at this place; ``None`` where there is no such place."""
    return _stand(session, _OF_PLACE, place_id, now)


def tag_of(session: Session, practitioner_id: int, *, now: datetime) -> str:
    """The tag of ``stand_of``."""
    return stand_of(session, practitioner_id, now=now).tag


def standing(session: Session) -> tuple[changes.Position, datetime]:
    """Where the history of changes stands, and the newest stamp of the ledger: one row, read without a session."""
    row = _STANDING.row(session)
    assert row is not None  # noqa: S101 -- it has a row of its own, whatever the tables hold
    *stand, looked_at = row
    return changes.newest(stand), looked_at or _NO_LEDGER


def tag_of_all(session: Session, *, now: datetime) -> str:
    """As ``tag_of``, of everything that is shown of anybody; another one on each day too, for what is told by days."""
    stand = changes.position(session)
    newest, due = session.connection().execute(_OF_ALL, {"now": now}).one()
    return _hashed(stand.token, stand.newest, newest, due, now.date())


def _stand(session: Session, glance: Glance, key: int | str, now: datetime) -> Stand | None:
    row = glance.row(session, key=key, now=now)
    if row is None:
        return None
    practitioner_id, token, looked, changed_at, gone_at, unnoted, overdue = row
    late = None if overdue is None else (overdue, now.date())
    tag = _hashed(practitioner_id, token, changed_at, gone_at, unnoted, late)
    settled = token == looked and gone_at is None and unnoted is None and late is None
    return Stand(practitioner_id, tag, changed_at if settled else None)


def _stands(whom: ColumnElement[int], source: FromClause) -> Select[Any]:
    noted = func.coalesce(select(EntryLedger.seq).scalar_subquery(), 0)
    unnoted = (
        select(func.max(SearchChange.seq))
        .where(SearchChange.seq > noted, SearchChange.practitioner_id == whom)
        .correlate(source)
        .scalar_subquery()
    )
    late = and_(EntryLook.practitioner_id == whom, EntryLook.due_at <= _NOW)
    return (
        select(
            whom,
            select(changes.SearchEpoch.token).scalar_subquery(),
            select(EntryLedger.token).scalar_subquery(),
            Entry.changed_at,
            Entry.gone_at,
            unnoted,
            EntryLook.due_at,
        )
        .select_from(source)
        .outerjoin(Entry, Entry.practitioner_id == whom)
        .outerjoin(EntryLook, late)
    )


_PERSONS: Final = cast("Table", Practitioner.__table__)
_PRACTICES: Final = cast("Table", PracticePlace.__table__)
_NOW: Final = bindparam("now", type_=UTCDateTime())
_ITSELF: Final = select(bindparam("key", type_=BigInteger).label("id")).subquery()
_OF_ID: Final = Glance(_stands(_ITSELF.c.id, _ITSELF))
_OF_SLUG: Final = Glance(_stands(_PERSONS.c.id, _PERSONS).where(_PERSONS.c.slug == bindparam("key")))
_OF_PLACE: Final = Glance(_stands(_PRACTICES.c.practitioner_id, _PRACTICES).where(_PRACTICES.c.id == bindparam("key")))
_STANDING: Final = Glance(changes.NEWEST.add_columns(select(EntryLedger.looked_at).scalar_subquery()))
_OF_ALL: Final = select(
    select(func.max(Entry.changed_at)).scalar_subquery(),
    select(func.max(EntryLook.due_at)).where(EntryLook.due_at <= _NOW).scalar_subquery(),
)


def _hashed(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
