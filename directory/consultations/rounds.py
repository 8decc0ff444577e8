"""What happens by itself: reminders, the end of waiting, the gates on the day before, and what is on hold.

Each step looks anew with the request's row held and writes its letters in the same transaction, so that a process which
dies in between, and two which come at once, do nothing twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from directory.consultations import course, post, queries, turns
from directory.consultations.letters import patients, practitioners
from directory.consultations.models import Consultation
from directory.consultations.terms import State
from directory.errors import NotFound


def perhaps_due(session: Session, *, now: datetime) -> list[int]:
    """Whatever may have to be looked at, oldest first; one statement."""
    statement = select(Consultation.id).where(
        or_(
            and_(Consultation.state == State.ASKED, Consultation.asked_at <= now - timedelta(hours=20)),
            and_(Consultation.state.in_((State.ASKED, State.ACCEPTED)), Consultation.due_at <= now),
            and_(
                Consultation.state == State.CONFIRMED,
                Consultation.starts_at <= now + course.REMINDED_BEFORE,
                or_(Consultation.reminded_at.is_(None), Consultation.starts_at <= now),
            ),
            Consultation.state == State.PAUSED,
        )
    )
    return list(session.scalars(statement.order_by(Consultation.id)))


def look_again(session: Session, practitioner_id: int, *, now: datetime) -> int:
    """Run the gates over everything open with somebody who stopped or began to be listed; how much of it was put on
    hold, or goes on."""
    watched = (State.ASKED, State.ACCEPTED, State.CONFIRMED, State.PAUSED)
    ids = session.scalars(
        select(Consultation.id)
        .where(Consultation.practitioner_id == practitioner_id, Consultation.state.in_(watched))
        .order_by(Consultation.id)
    ).all()
    changed = 0
    for each in ids:
        found = queries.one(session, each, lock=True)
        if found.state is State.PAUSED:
            changed += _paused(session, found, now=now)
            continue
        starts = [found.starts_at] if found.starts_at is not None else _named(session, found)
        if course.bar(session, found, [at for at in starts if at > now], now=now) is not None:
            course.pause(session, found, now=now)
            changed += 1
    return changed


def step(session: Session, consultation_id: int, *, now: datetime) -> bool:
    """Do what is due about one of them; whether anything was."""
    try:
        found = queries.one(session, consultation_id, lock=True)
    except NotFound:
        return False
    match found.state:
        case State.ASKED:
            return _asked(session, found, now=now)
        case State.ACCEPTED:
            return _accepted(session, found, now=now)
        case State.CONFIRMED:
            return _confirmed(session, found, now=now)
        case State.PAUSED:
            return _paused(session, found, now=now)
    return False


def _asked(session: Session, found: Consultation, *, now: datetime) -> bool:
    if found.asked_at is None or found.due_at is None:
        return False
    if found.due_at <= now:
        _lapse(session, found, now=now)
        return True
    if found.answered_at is not None:
        return False
    nudges = turns.nudges(found, asked_at=found.asked_at, lapses=found.due_at, now=now)
    if nudges <= found.nudges:
        return False
    found.nudges = nudges
    letter = practitioners.still_waiting(found.code, ends=found.due_at.date())
    post.to_practitioner(session, found.practitioner, letter, now=now)
    session.flush()
    return True


def _lapse(session: Session, found: Consultation, *, now: datetime) -> None:
    course.become(found, State.LAPSED, now=now)
    session.flush()
    waiting = course.ask_next(session, found.request, now=now)
    path = course.fresh_link(session, found.request, now=now)
    letter = patients.silence(found.practitioner.display_name, waiting=waiting, path=path)
    post.to_patient(session, found.request, letter, now=now)
    post.to_practitioner(session, found.practitioner, practitioners.too_late(found.code), now=now)
    session.flush()


def _accepted(session: Session, found: Consultation, *, now: datetime) -> bool:
    """The patient has not chosen: nobody further is asked in their name."""
    if found.due_at is None or found.due_at > now:
        return False
    course.end(session, found, State.LAPSED, by=None, now=now)
    for other in queries.of_request(session, found.request_id):
        if other.state is State.QUEUED:
            course.end(session, other, State.LAPSED, by=None, now=now)
    path = course.fresh_link(session, found.request, now=now)
    post.to_patient(session, found.request, patients.choice_ended(found.practitioner.display_name, path=path), now=now)
    session.flush()
    return True


def _confirmed(session: Session, found: Consultation, *, now: datetime) -> bool:
    starts_at = found.starts_at
    if starts_at is None:
        return False
    if starts_at + timedelta(minutes=found.minutes) <= now:
        course.become(found, State.HAPPENED, now=now)
        session.flush()
        return True
    if found.reminded_at is not None or starts_at - now > course.REMINDED_BEFORE or starts_at <= now:
        return False
    if course.bar(session, found, [starts_at], now=now) is not None:
        course.pause(session, found, now=now)
        return True
    found.reminded_at = now
    session.flush()
    path = course.fresh_link(session, found.request, now=now)
    name = found.practitioner.display_name
    letter = patients.tomorrow(name, post.patients_when(found, starts_at), path=path)
    post.to_patient(session, found.request, letter, now=now)
    letter = practitioners.near(found.code, post.practitioners_when(found, starts_at))
    post.to_practitioner(session, found.practitioner, letter, now=now)
    return True


def _paused(session: Session, found: Consultation, *, now: datetime) -> bool:
    starts = [found.starts_at] if found.starts_at is not None else _named(session, found)
    if not starts or max(starts) <= now:
        _give_up(session, found, now=now)
        return True
    if course.bar(session, found, [each for each in starts if each > now], now=now) is not None:
        return False
    course.resume(session, found, now=now)
    return True


def _named(session: Session, found: Consultation) -> list[datetime]:
    times = queries.times_of(session, found.request_id)
    return [each.starts_at for each in times if each.consultation_id in (None, found.id)]


def _give_up(session: Session, found: Consultation, *, now: datetime) -> None:
    """Its time has come and it is still on hold."""
    if found.paused_from is State.CONFIRMED:
        course.call_off(session, found, by=None, now=now)
        return
    course.end(session, found, State.LAPSED, by=None, now=now)
    waiting = course.ask_next(session, found.request, now=now)
    path = course.fresh_link(session, found.request, now=now)
    letter = patients.no(found.practitioner.display_name, waiting=waiting, path=path)
    post.to_patient(session, found.request, letter, now=now)
    session.flush()
