"""What a practitioner does about requests to them. Each function takes the person and the code of one of theirs;
``NotFound`` for anybody else's, ``WrongState`` where it has changed in the meantime."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from directory.consultations import booking, course, post, queries, rules, writing
from directory.consultations.letters import patients
from directory.consultations.models import Consultation
from directory.consultations.rules import LONGEST_HOW, MOST_TIMES
from directory.consultations.terms import Declining, Side, State
from directory.errors import InvalidInput
from directory.guide.words import N_


def accept(
    session: Session, practitioner_id: int, code: str, starts_at: datetime, *, how: str = "", now: datetime
) -> Consultation:
    """Say yes to one of the patient's times, which is kept for them until they have decided.

    Where the gates do not let it be, it goes on hold instead, and both are told: look at ``state``. ``TimeTaken``
    where that time was given to somebody else; ``InvalidInput`` (``starts``) for a time that nobody named or that is
    too near by now.
    """
    found = _mine(session, practitioner_id, code, State.ASKED)
    named = queries.times_for(queries.times_of(session, found.request_id), found, Side.PATIENT)
    if starts_at not in {each.starts_at for each in named} or not rules.can_be_agreed(starts_at, now=now):
        raise InvalidInput(N_("That time is not possible any more. Please choose another."), field="starts")
    return _say_yes(session, found, [starts_at], how, chosen=starts_at, now=now)


def offer(
    session: Session, practitioner_id: int, code: str, starts: Sequence[datetime], *, how: str = "", now: datetime
) -> Consultation:
    """Say yes, at one of up to three other times, from which the patient chooses."""
    found = _mine(session, practitioner_id, code, State.ASKED)
    _possible(session, found, starts, now=now)
    return _say_yes(session, found, starts, how, chosen=None, now=now)


def decline(session: Session, practitioner_id: int, code: str, why: Declining, *, now: datetime) -> Consultation:
    """Say no; also to take back a yes that the patient has not confirmed. The reason stays between us and them."""
    found = _mine(session, practitioner_id, code, State.ASKED, State.ACCEPTED)
    course.answered(found, now=now)
    course.end(session, found, State.DECLINED, by=Side.PRACTITIONER, now=now)
    found.declining = why
    waiting = course.ask_next(session, found.request, now=now)
    path = course.fresh_link(session, found.request, now=now)
    letter = patients.no(found.practitioner.display_name, waiting=waiting, path=path)
    post.to_patient(session, found.request, letter, now=now)
    session.flush()
    return found


def write(session: Session, practitioner_id: int, code: str, words: str, *, now: datetime) -> Consultation:
    """Write to the patient; a question counts as an answer."""
    found = queries.own(session, practitioner_id, code, lock=True)
    writing.write(session, found, Side.PRACTITIONER, words, now=now)
    return found


def propose_move(
    session: Session, practitioner_id: int, code: str, starts: Sequence[datetime], *, now: datetime
) -> Consultation:
    """Ask whether an agreed talk could be at another time. Until the patient chooses one, it stands."""
    found = _mine(session, practitioner_id, code, State.CONFIRMED)
    _possible(session, found, starts, now=now)
    course.propose(session, found, Side.PRACTITIONER, starts, now=now)
    path = course.fresh_link(session, found.request, now=now)
    letter = patients.other_times(found.practitioner.display_name, path=path)
    post.to_patient(session, found.request, letter, now=now)
    return found


def answer_move(
    session: Session, practitioner_id: int, code: str, starts_at: datetime | None, *, now: datetime
) -> Consultation:
    """Choose one of the times to which the patient would like to move; ``None`` leaves it where it is."""
    found = _mine(session, practitioner_id, code, State.CONFIRMED)
    times = queries.times_of(session, found.request_id)
    named = {each.starts_at for each in times if each.consultation_id == found.id and each.side is Side.PATIENT}
    if not named:
        raise course.WrongState(N_("This has changed in the meantime. Please look at it again."))
    if starts_at is None:
        course.forget_times(session, found)
        path = course.fresh_link(session, found.request, now=now)
        when = post.patients_when(found, found.starts_at or now)
        letter = patients.move_refused(found.practitioner.display_name, when, path=path)
        post.to_patient(session, found.request, letter, now=now)
        return found
    if starts_at not in named or not rules.can_be_agreed(starts_at, now=now):
        raise InvalidInput(N_("That time is not possible any more. Please choose another."), field="starts")
    if course.bar(session, found, [starts_at], now=now) is not None:
        course.pause(session, found, now=now)
        return found
    course.agree(session, found, starts_at, now=now)
    return found


def cancel(session: Session, practitioner_id: int, code: str, *, now: datetime) -> Consultation:
    """Call off what was agreed, also while it is on hold."""
    found = _mine(session, practitioner_id, code, State.CONFIRMED, State.PAUSED)
    course.must_be_agreed(found)
    course.call_off(session, found, by=Side.PRACTITIONER, now=now)
    return found


def _mine(session: Session, practitioner_id: int, code: str, *states: State) -> Consultation:
    found = queries.own(session, practitioner_id, code, lock=True)
    course.must_be(found, *states)
    return found


def _say_yes(
    session: Session,
    found: Consultation,
    starts: Sequence[datetime],
    how: str,
    *,
    chosen: datetime | None,
    now: datetime,
) -> Consultation:
    said = how.strip()
    if len(said) > LONGEST_HOW:
        raise InvalidInput(N_("That is too long. There is room for 500 characters."), field="how")
    course.answered(found, now=now)
    if course.bar(session, found, starts, now=now) is not None:
        course.pause(session, found, now=now)
        return found
    if chosen is not None:
        booking.take(session, found, chosen)
    course.propose(session, found, Side.PRACTITIONER, [] if chosen is not None else starts, now=now)
    course.become(found, State.ACCEPTED, now=now)
    found.how_sealed = said or None
    found.due_at = rules.choose_by(starts, now=now)
    session.flush()
    path = course.fresh_link(session, found.request, now=now)
    when = None if chosen is None else post.patients_when(found, chosen)
    name = found.practitioner.display_name
    letter = patients.yes(name, when=when, choose_by=found.due_at.date(), path=path)
    post.to_patient(session, found.request, letter, now=now)
    return found


def _possible(session: Session, found: Consultation, starts: Sequence[datetime], *, now: datetime) -> None:
    if not 1 <= len(set(starts)) <= MOST_TIMES:
        raise InvalidInput(N_("Please give one to three times."), field="starts")
    if not all(rules.can_be_agreed(each, now=now) for each in starts):
        raise InvalidInput(
            N_("Please choose times from a few hours ahead to two months ahead, on a quarter of an hour."),
            field="starts",
        )
    quarters = [quarter for each in starts for quarter in rules.quarters(each, found.minutes)]
    if booking.taken(session, found.practitioner_id, quarters):
        raise InvalidInput(N_("You have given one of these times to somebody else."), field="starts")
