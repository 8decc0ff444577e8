"""Reading requests: who takes any, what one of the two may see, how quickly somebody answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from directory.accounts.models import Account
from directory.consultations import rules
from directory.consultations.models import (
    Consultation,
    ConsultationMessage,
    ConsultationRequest,
    ConsultationSetting,
    ProposedTime,
)
from directory.consultations.rules import STANDARD, Capacity, Told
from directory.consultations.terms import Closed, Shared, Side, State, Talk
from directory.db import UTCDateTime
from directory.errors import NotFound
from directory.practitioners.models import Practitioner

# --- who takes requests ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether somebody takes a request now, and how they talk."""

    practitioner_id: int
    closed: Closed | None
    until: date | None
    """With ``NOT_NOW``: the first day on which they take requests again."""
    talks: frozenset[Talk]
    minutes: int

    @property
    def open(self) -> bool:
        """Whether a request may be sent."""
        return self.closed is None


def open_to_requests(session: Session, practitioner_ids: Collection[int], *, now: datetime) -> dict[int, Availability]:
    """For each of these people whether they take requests now; one statement for any number. Says nothing of the
    gates: whether they are listed, and for whom, is judged by ``gates.bar``.

    Nobody takes requests whose profile no account keeps, since nobody would read them; people who are made up do.
    """
    if not practitioner_ids:
        return {}
    session.flush()
    asked = {"ids": list(set(practitioner_ids)), "week": now - rules.WEEK, "day": now - rules.DAY}
    found = {}
    for row in session.connection().execute(_TAKING, asked):
        capacity = capacity_of(row if row.stated_at is not None else None)
        why = rules.closed(
            capacity, read=bool(row.reads), waiting=row.waiting, this_week=row.this_week, today=now.date()
        )
        if why is None and row.today >= rules.MOST_A_DAY_TO_ONE:
            why = Closed.FULL
        found[row.id] = Availability(
            practitioner_id=row.id,
            closed=why,
            until=capacity.not_before if why is Closed.NOT_NOW else None,
            talks=capacity.talks,
            minutes=capacity.minutes,
        )
    return found


def _taking() -> Select[Any]:
    """Beside what each of ``ids`` said: how many requests they have open, got within a week, and got within a day."""
    ids = bindparam("ids", expanding=True, type_=Integer)
    lately = Consultation.asked_at > bindparam("week", type_=UTCDateTime())
    counts = (
        select(
            Consultation.practitioner_id,
            _number(Consultation.state.in_(rules.OPEN)).label("waiting"),
            _number(lately).label("this_week"),
            _number(Consultation.asked_at > bindparam("day", type_=UTCDateTime())).label("today"),
        )
        .where(Consultation.practitioner_id.in_(ids), or_(Consultation.state.in_(rules.OPEN), lately))
        .group_by(Consultation.practitioner_id)
        .subquery()
    )
    reads = or_(
        Practitioner.fictional,
        select(Account.id)
        .where(Account.id == Practitioner.account_id, Account.active, Account.confirmed_at.is_not(None))
        .exists(),
    )
    none = literal(0)
    return (
        select(
            Practitioner.id,
            case((reads, 1), else_=0).label("reads"),
            *(each for each in ConsultationSetting.__table__.columns if each.key != "practitioner_id"),
            func.coalesce(counts.c.waiting, none).label("waiting"),
            func.coalesce(counts.c.this_week, none).label("this_week"),
            func.coalesce(counts.c.today, none).label("today"),
        )
        .outerjoin(ConsultationSetting, ConsultationSetting.practitioner_id == Practitioner.id)
        .outerjoin(counts, counts.c.practitioner_id == Practitioner.id)
        .where(Practitioner.id.in_(ids))
    )


def _number(told: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((told, 1), else_=0), type_=Integer)


# Put together once, which takes longer than running it: it is asked for whenever somebody may be written to.
_TAKING = _taking()


def capacity_of(setting: Any | None) -> Capacity:
    """What somebody said about how many requests they take; the standard where they said nothing."""
    if setting is None:
        return STANDARD
    offered = {Talk.PHONE: setting.phone, Talk.VIDEO: setting.video, Talk.IN_PERSON: setting.in_person}
    return Capacity(
        most_open=setting.most_open,
        most_a_week=setting.most_a_week,
        talks=frozenset(talk for talk, offers in offered.items() if offers),
        minutes=setting.minutes,
        not_before=setting.not_before,
    )


def setting(session: Session, practitioner_id: int) -> ConsultationSetting | None:
    """What this person said about it, if anything."""
    return session.get(ConsultationSetting, practitioner_id)


@dataclass(frozen=True, slots=True)
class SentLately:
    """A request that came within a day."""

    request_id: int
    created_at: datetime
    erased: bool


def sent_lately(session: Session, mailbox: str, *, now: datetime) -> list[SentLately]:
    """Every request that came from this mailbox within a day, the oldest first."""
    session.flush()
    rows = session.connection().execute(_LATELY, {"mailbox": mailbox, "since": now - rules.DAY})
    return [SentLately(number, created_at, erased_at is not None) for number, created_at, erased_at in rows]


_LATELY = (
    select(ConsultationRequest.id, ConsultationRequest.created_at, ConsultationRequest.erased_at)
    .where(
        ConsultationRequest.email_hash == bindparam("mailbox"),
        ConsultationRequest.created_at > bindparam("since"),
    )
    .order_by(ConsultationRequest.id)
)


# --- how quickly -----------------------------------------------------------------------------------------------------


def median_reply(session: Session, practitioner_ids: Collection[int], *, now: datetime) -> dict[int, timedelta]:
    """How long each of these takes to answer, by the median of a year; nobody with fewer than three is in it.

    A request that was let lapse counts with the time that passed, where the patient's mailbox was real: silence must
    not look better than a late answer, and nobody can worsen a figure with addresses that are not theirs.
    """
    since = now - rules.MEDIAN_WITHIN
    rows = session.execute(
        select(Consultation.practitioner_id, Consultation.asked_at, Consultation.answered_at, Consultation.closed_at)
        .join(ConsultationRequest, ConsultationRequest.id == Consultation.request_id)
        .where(
            Consultation.practitioner_id.in_(set(practitioner_ids)),
            Consultation.asked_at > since,
            or_(
                Consultation.answered_at.is_not(None),
                (Consultation.state == State.LAPSED) & ConsultationRequest.proved_at.is_not(None),
            ),
        )
    )
    spans: dict[int, list[timedelta]] = {}
    for practitioner_id, asked_at, answered_at, closed_at in rows:
        end = answered_at or closed_at
        if asked_at is not None and end is not None:
            spans.setdefault(practitioner_id, []).append(end - asked_at)
    middles = {key: rules.median(found) for key, found in spans.items()}
    return {key: middle for key, middle in middles.items() if middle is not None}


# --- one request -----------------------------------------------------------------------------------------------------

_SEALED = (
    ConsultationRequest.name_sealed,
    ConsultationRequest.email_sealed,
    ConsultationRequest.telephone_sealed,
    ConsultationRequest.guardian_sealed,
    ConsultationRequest.point_sealed,
    ConsultationRequest.facts_sealed,
    ConsultationRequest.shared_sealed,
    ConsultationRequest.words_sealed,
)


def _whole() -> Select[Consultation]:
    """Consultations with everything that is shown of one."""
    return select(Consultation).options(
        joinedload(Consultation.request).options(*(undefer(each) for each in _SEALED)),
        joinedload(Consultation.practitioner),
        joinedload(Consultation.place),
        undefer(Consultation.how_sealed),
    )


def of_request(session: Session, request_id: int, *, lock: bool = False) -> list[Consultation]:
    """Everybody whom one request went to, in its order, with everything that is shown."""
    statement = _whole().where(Consultation.request_id == request_id).order_by(Consultation.position)
    if lock:
        _lock(session, request_id)
        statement = statement.execution_options(populate_existing=True)
    return list(session.scalars(statement))


def one(session: Session, consultation_id: int, *, lock: bool = False) -> Consultation:
    """This one, with everything that is shown; ``NotFound``. Locked, nobody else does anything about its request."""
    statement = _whole().where(Consultation.id == consultation_id)
    if lock:
        request_id = session.scalar(select(Consultation.request_id).where(Consultation.id == consultation_id))
        _lock(session, request_id or 0)
        statement = statement.execution_options(populate_existing=True)
    found: Consultation | None = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("There is no such request.")
    return found


def _lock(session: Session, request_id: int) -> None:
    """Have everybody wait who wants to do something about the same request."""
    session.execute(
        select(ConsultationRequest.id).where(ConsultationRequest.id == request_id).with_for_update()
    ).one_or_none()


def own(session: Session, practitioner_id: int, code: str, *, lock: bool = False) -> Consultation:
    """The request of this code to this person; ``NotFound`` for anybody else's, and for one whose turn has not come."""
    found = session.execute(
        select(Consultation.id, Consultation.state).where(
            Consultation.code == code, Consultation.practitioner_id == practitioner_id
        )
    ).one_or_none()
    if found is None or not rules.can_be_read(found.state):
        raise NotFound("There is no such request.")
    return one(session, found.id, lock=lock)


def of_practitioner(session: Session, practitioner_id: int, *, limit: int = 100) -> list[Consultation]:
    """Requests to this person: those that wait for them first, then what is agreed, then the newest of the rest."""
    turn = case(
        (Consultation.state == State.ASKED, 0),
        (Consultation.state.in_((State.ACCEPTED, State.PAUSED)), 1),
        (Consultation.state == State.CONFIRMED, 2),
        else_=3,
    )
    statement = (
        select(Consultation)
        .options(
            joinedload(Consultation.request).undefer(ConsultationRequest.name_sealed),
            joinedload(Consultation.place),
        )
        .where(Consultation.practitioner_id == practitioner_id, Consultation.state != State.QUEUED)
        .order_by(turn, func.coalesce(Consultation.starts_at, Consultation.due_at), Consultation.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def waiting_for(session: Session, practitioner_id: int) -> int:
    """How many requests wait for an answer of this person."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Consultation)
            .where(Consultation.practitioner_id == practitioner_id, Consultation.state == State.ASKED)
        )
        or 0
    )


def times_of(session: Session, request_id: int) -> list[ProposedTime]:
    """Every time that was proposed and still stands, earliest first."""
    statement = select(ProposedTime).where(ProposedTime.request_id == request_id)
    return list(session.scalars(statement.order_by(ProposedTime.starts_at, ProposedTime.id)))


def times_for(times: Iterable[ProposedTime], consultation: Consultation, side: Side) -> list[ProposedTime]:
    """Those that this side proposed about this talk: the newest words, or the patient's first ones for everybody."""
    mine = [each for each in times if each.consultation_id == consultation.id and each.side is side]
    if mine or side is Side.PRACTITIONER:
        return mine
    return [each for each in times if each.consultation_id is None]


def messages_of(session: Session, consultation_ids: Sequence[int]) -> list[ConsultationMessage]:
    """What was written about these talks, oldest first."""
    statement = (
        select(ConsultationMessage)
        .where(ConsultationMessage.consultation_id.in_(consultation_ids))
        .order_by(ConsultationMessage.sent_at, ConsultationMessage.id)
        .options(undefer(ConsultationMessage.text_sealed))
    )
    return list(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class Revealed:
    """What of a patient's facts the people asked may see; ``None`` and empty where it was not shared or is erased."""

    told: Told
    shared: frozenset[Shared]


def revealed(request: ConsultationRequest) -> Revealed | None:
    """What the practitioner sees of the facts; nothing that was not ticked."""
    if request.facts_sealed is None or request.shared_sealed is None:
        return None
    told = Told.from_json(request.facts_sealed)
    shared = frozenset(Shared(each) for each in json.loads(request.shared_sealed))
    return Revealed(told.shown(shared), shared)
