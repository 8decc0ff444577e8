"""What the ledger of entries says of resources: whose they are, when they changed, and which are to be taken out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from directory.api.fhir.resources import AT_A_PLACE, PAPER, PERSON
from directory.changes import SearchChange, SearchEpoch
from directory.credentials.models import Credential
from directory.db import UTCDateTime
from directory.entries.models import Entry as Noted
from directory.entries.models import EntryLedger, EntryLook, EntryPlace
from directory.entries.queries import Changed
from directory.glance import Glance
from directory.practitioners.models import PracticePlace, Practitioner
from directory.privacy import queries as privacy


@dataclass(frozen=True, slots=True)
class Gone:
    """The numbers of what a person had and has no more, with when each place went."""

    places: Mapping[int, datetime]
    papers: tuple[int, ...]


def owner(session: Session, kind: str, number: int) -> int | None:
    """The person to whom a resource belongs, or once did; ``None`` where nobody knows of such a one."""
    if kind == PERSON:
        return number
    if kind == PAPER:
        return session.scalar(select(Credential.practitioner_id).where(Credential.id == number))
    here = session.scalar(select(PracticePlace.practitioner_id).where(PracticePlace.id == number))
    if here is not None:
        return here
    return session.scalar(select(EntryPlace.practitioner_id).where(EntryPlace.place_id == number))


def was_shown(session: Session, kind: str, number: int, person: int) -> bool:
    """Whether something that is not shown was so once. What nobody ever saw must not be told apart from nothing."""
    if kind in AT_A_PLACE:
        return session.scalar(select(EntryPlace.place_id).where(EntryPlace.place_id == number)) is not None
    if kind == PAPER and not _once_checked(session, number):
        return False
    if session.scalar(select(Noted.practitioner_id).where(Noted.practitioner_id == person)) is not None:
        return True
    published = select(Practitioner.published_at).where(Practitioner.id == person)
    return session.scalar(published) is not None or privacy.gone_since_id(session, person) is not None


def _once_checked(session: Session, number: int) -> bool:
    return session.scalar(select(Credential.verified_on).where(Credential.id == number)) is not None


def settled(session: Session, kind: str, number: int, *, now: datetime) -> datetime | None:
    """The stamp of a resource that is shown, where nothing has happened to its person since that the ledger does not
    know; else ``None``. One statement, and nobody is read for it."""
    statement = _SETTLED_PLACE if kind in AT_A_PLACE else _SETTLED_PAPER if kind == PAPER else _SETTLED_PERSON
    found = statement.row(session, number=number, now=now)
    return None if found is None else found[0]


def _settled(person: Any) -> Glance:
    later = select(SearchChange.seq).where(
        SearchChange.practitioner_id == Noted.practitioner_id, SearchChange.seq > EntryLedger.seq
    )
    due = select(EntryLook.due_at).where(
        EntryLook.practitioner_id == Noted.practitioner_id, EntryLook.due_at <= bindparam("now", type_=UTCDateTime())
    )
    return Glance(
        select(Noted.changed_at)
        .join(EntryLedger, literal(True))
        .join(SearchEpoch, SearchEpoch.token == EntryLedger.token)
        .where(Noted.practitioner_id == person, Noted.gone_at.is_(None))
        .where(~later.correlate(EntryLedger, Noted).exists(), ~due.correlate(Noted).exists())
    )


_NUMBER: Final = bindparam("number", type_=BigInteger())
_SETTLED_PERSON: Final = _settled(_NUMBER)
_SETTLED_PLACE: Final = _settled(
    select(EntryPlace.practitioner_id)
    .where(EntryPlace.place_id == _NUMBER, EntryPlace.gone_at.is_(None))
    .scalar_subquery()
)
_SETTLED_PAPER: Final = _settled(
    select(Credential.practitioner_id)
    .where(Credential.id == _NUMBER, Credential.verified_on.is_not(None))
    .scalar_subquery()
)


def moved(
    session: Session, *, since: datetime | None, until: datetime, before: tuple[datetime, int] | None, limit: int
) -> Sequence[Changed]:
    """People whose entries were noted as different between these instants, both included, the newest change first;
    ``before`` is where the page ahead ended, that person included."""
    statement = select(Noted.practitioner_id, Noted.changed_at, Noted.gone_at).where(Noted.changed_at <= until)
    if since is not None:
        statement = statement.where(Noted.changed_at >= since)
    if before is not None:
        here = tuple_(Noted.changed_at, Noted.practitioner_id)
        statement = statement.where(
            here <= tuple_(literal(before[0], Noted.changed_at.type), literal(before[1], Noted.practitioner_id.type))
        )
    newest = statement.order_by(Noted.changed_at.desc(), Noted.practitioner_id.desc()).limit(limit)
    return [Changed(person, person, at, gone_at) for person, at, gone_at in session.execute(newest)]


def gone(session: Session, people: Collection[int]) -> dict[int, Gone]:
    """What these people had: places noted as gone, and every paper that was ever checked; two statements. Which of the
    papers are still told of is for whoever has read the people."""
    places: dict[int, dict[int, datetime]] = {each: {} for each in people}
    papers: dict[int, list[int]] = {each: [] for each in people}
    statement = select(EntryPlace.practitioner_id, EntryPlace.place_id, EntryPlace.changed_at)
    for person, place, at in session.execute(
        statement.where(EntryPlace.practitioner_id.in_(people), EntryPlace.gone_at.is_not(None)).order_by(
            EntryPlace.place_id
        )
    ):
        places[person][place] = at
    checked = or_(Credential.verified_on.is_not(None), Credential.check_method.is_not(None))
    for person, paper in session.execute(
        select(Credential.practitioner_id, Credential.id)
        .where(Credential.practitioner_id.in_(people), checked)
        .order_by(Credential.id)
    ):
        papers[person].append(paper)
    return {each: Gone(places[each], tuple(papers[each])) for each in people}


def shown_after(session: Session, last: int, *, since: datetime | None, limit: int) -> Sequence[int]:
    """Numbers of people above ``last`` who may be shown, or only of those who changed since then; in order. Who of
    them is shown is decided when they are read."""
    statement = select(Practitioner.id).where(Practitioner.id > last, Practitioner.published_at.is_not(None))
    if since is not None:
        statement = statement.join(Noted, Noted.practitioner_id == Practitioner.id).where(Noted.changed_at >= since)
    return session.scalars(statement.order_by(Practitioner.id).limit(limit)).all()


def changed_after(session: Session, last: int, *, since: datetime, limit: int) -> Sequence[int]:
    """Numbers of people above ``last`` who changed since then, also of those who are gone; in order."""
    statement = select(Noted.practitioner_id).where(Noted.practitioner_id > last, Noted.changed_at >= since)
    return session.scalars(statement.order_by(Noted.practitioner_id).limit(limit)).all()
