"""What happens to a talk, whoever makes it happen: it goes on hold, is agreed, is called off, ends, or the next in the
order is asked. Whoever calls holds the request's row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory.consultations import booking, gates, links, post, queries, rules, turns
from directory.consultations.gates import Asking
from directory.consultations.letters import parts, patients, practitioners
from directory.consultations.models import Consultation, ConsultationRequest, ProposedTime
from directory.consultations.rules import Told
from directory.consultations.terms import Bar, Purpose, Side, State
from directory.errors import Conflict
from directory.guide.words import N_
from directory.jurisdictions import queries as jurisdictions
from directory.mail.letters import Entry, Standing
from directory.search import listings

REMINDED_BEFORE: Final = timedelta(hours=24)
AGREED_LATE: Final = timedelta(hours=30)
"""A talk that is agreed so shortly before needs no reminder, and its gates were run a moment ago."""


class WrongState(Conflict):
    """It is in another state than the asker saw."""

    code = "wrong_state"


def become(consultation: Consultation, state: State, *, now: datetime, by: Side | None = None) -> None:
    """Go on to this state; ``WrongState`` where that cannot follow."""
    if not rules.may_become(consultation.state, state):
        raise WrongState(N_("This has changed in the meantime. Please look at it again."))
    consultation.paused_from = consultation.state if state is State.PAUSED else None
    consultation.state = state
    if state in rules.OVER:
        consultation.closed_at, consultation.closed_by = now, by


def must_be(consultation: Consultation, *states: State) -> None:
    """``WrongState`` where it is in none of these."""
    if consultation.state not in states:
        raise WrongState(N_("This has changed in the meantime. Please look at it again."))


def is_agreed(consultation: Consultation) -> bool:
    """Whether a time is agreed, also where it is on hold."""
    return State.CONFIRMED in (consultation.state, consultation.paused_from)


def must_be_agreed(consultation: Consultation) -> None:
    """``WrongState`` where no time is agreed."""
    if not is_agreed(consultation):
        raise WrongState(N_("This has changed in the meantime. Please look at it again."))


def answered(consultation: Consultation, *, now: datetime) -> None:
    """Note that the practitioner has said something, the first time."""
    if consultation.answered_at is None:
        consultation.answered_at = now


def fresh_link(session: Session, request: ConsultationRequest, *, now: datetime) -> str:
    """A link for whatever may be decided about this request as it stands."""
    theirs = queries.of_request(session, request.id)
    agreed = [each for each in theirs if is_agreed(each)]
    if agreed:
        return links.make(session, request, Purpose.MEETING, now=now, until=agreed[0].starts_at)
    accepted = any(each.state is State.ACCEPTED for each in theirs)
    return links.make(session, request, Purpose.ANSWER if accepted else Purpose.REQUEST, now=now)


# --- gates -----------------------------------------------------------------------------------------------------------


def bar(session: Session, consultation: Consultation, starts: Sequence[datetime], *, now: datetime) -> Bar | None:
    """What stands against this talk now. A list that was closed since then does not: they have been asked already."""
    request = consultation.request
    listing = next(listings.read(session, place_ids=[consultation.place_id]), None)
    if listing is None or listing.practitioner.id != consultation.practitioner_id or request.facts_sealed is None:
        return Bar.NOT_LISTED
    point = None if request.point_sealed is None else json.loads(request.point_sealed)
    asking = Asking(
        mode=consultation.mode,
        talk=request.talk,
        told=Told.from_json(request.facts_sealed),
        starts=starts,
        timezone=request.timezone,
        jurisdiction=request.jurisdiction,
        point=None if point is None else (point[0], point[1]),
        waitlist_ok=True,
    )
    return gates.bar(listing, asking, jurisdictions.all_rules(session), now=now)


def pause(session: Session, consultation: Consultation, *, now: datetime) -> None:
    """Put it on hold, and tell both without saying whose paper or fact it was."""
    was_agreed = consultation.state is State.CONFIRMED
    become(consultation, State.PAUSED, now=now)
    session.flush()
    path = fresh_link(session, consultation.request, now=now)
    mine, theirs = _entries(consultation, Standing.PAUSED) if was_agreed else (None, None)
    name = consultation.practitioner.display_name
    post.to_patient(session, consultation.request, patients.on_hold(name, calendar=mine, path=path), now=now)
    post.to_practitioner(
        session, consultation.practitioner, practitioners.held(consultation.code, calendar=theirs), now=now
    )
    session.flush()


def resume(session: Session, consultation: Consultation, *, now: datetime) -> None:
    """Let what was on hold go on as it was."""
    before = consultation.paused_from or State.ASKED
    become(consultation, before, now=now)
    if before is State.ASKED:
        turns.begin(consultation, consultation.place, limit_hours=consultation.request.limit_hours, now=now)
    elif before is State.ACCEPTED:
        consultation.due_at = rules.choose_by([consultation.starts_at] if consultation.starts_at else [], now=now)
    session.flush()
    path = fresh_link(session, consultation.request, now=now)
    agreed = before is State.CONFIRMED
    mine, theirs = _entries(consultation, Standing.AGREED) if agreed else (None, None)
    name = consultation.practitioner.display_name
    post.to_patient(session, consultation.request, patients.goes_on(name, calendar=mine, path=path), now=now)
    letter = practitioners.free_again(consultation.code, calendar=theirs)
    post.to_practitioner(session, consultation.practitioner, letter, now=now)
    session.flush()


# --- agreeing and calling off ----------------------------------------------------------------------------------------


def agree(session: Session, consultation: Consultation, starts_at: datetime, *, now: datetime) -> None:
    """Agree this time, the first one or another. Everybody else who was asked is told that it went elsewhere."""
    booking.take(session, consultation, starts_at)
    if consultation.state is not State.CONFIRMED:
        become(consultation, State.CONFIRMED, now=now)
    consultation.due_at = None
    consultation.reminded_at = now if starts_at - now < AGREED_LATE else None
    forget_times(session, consultation)
    session.flush()
    for other in queries.of_request(session, consultation.request_id):
        if other.id != consultation.id and other.state in rules.UNDER_WAY:
            end(session, other, State.ELSEWHERE, by=Side.PATIENT, now=now)
    mine, theirs = _entries(consultation, Standing.AGREED)
    path = fresh_link(session, consultation.request, now=now)
    when = post.patients_when(consultation, starts_at)
    letter = patients.agreed(consultation.practitioner.display_name, when, calendar=mine, path=path)
    post.to_patient(session, consultation.request, letter, now=now)
    when = post.practitioners_when(consultation, starts_at)
    letter = practitioners.set_for(consultation.code, when, calendar=theirs)
    post.to_practitioner(session, consultation.practitioner, letter, now=now)
    session.flush()


def call_off(session: Session, consultation: Consultation, *, by: Side | None, now: datetime) -> None:
    """Call off what was agreed, and take the entries out of both calendars."""
    if consultation.starts_at is None:
        raise WrongState(N_("This has changed in the meantime. Please look at it again."))
    become(consultation, State.CANCELLED, now=now, by=by)
    booking.free(session, consultation)
    forget_times(session, consultation)
    mine, theirs = _entries(consultation, Standing.CALLED_OFF)
    session.flush()
    path = fresh_link(session, consultation.request, now=now)
    letter = patients.called_off(consultation.practitioner.display_name, calendar=mine, path=path)
    post.to_patient(session, consultation.request, letter, now=now)
    when = post.practitioners_when(consultation, consultation.starts_at)
    letter = practitioners.off(consultation.code, when, calendar=theirs)
    post.to_practitioner(session, consultation.practitioner, letter, now=now)
    session.flush()


def end(session: Session, consultation: Consultation, state: State, *, by: Side | None, now: datetime) -> None:
    """End what was not agreed, give its time back, and tell the practitioner where they had been asked."""
    was_asked = consultation.state is not State.QUEUED
    become(consultation, state, now=now, by=by)
    booking.free(session, consultation)
    session.flush()
    if was_asked and by is not Side.PRACTITIONER:
        post.to_practitioner(session, consultation.practitioner, practitioners.not_needed(consultation.code), now=now)


def ask_next(session: Session, request: ConsultationRequest, *, now: datetime) -> int:
    """Ask whoever is next in the order, past those who take none or must not be asked now. Gives back how many people
    the patient still waits for."""
    theirs = queries.of_request(session, request.id)
    waiting = [each for each in theirs if each.state in (State.ASKED, State.ACCEPTED)]
    for each in theirs:
        if waiting or each.state is not State.QUEUED:
            continue
        open_now = queries.open_to_requests(session, [each.practitioner_id], now=now)[each.practitioner_id].open
        starts = [time.starts_at for time in queries.times_of(session, request.id) if time.consultation_id is None]
        if not open_now or bar(session, each, starts, now=now) is not None:
            end(session, each, State.LAPSED, by=None, now=now)
            continue
        turns.begin(each, each.place, limit_hours=request.limit_hours, now=now)
        session.flush()
        letter = practitioners.asked(each.code, answer_by=turns.answer_by(each, now).date())
        post.to_practitioner(session, each.practitioner, letter, now=now)
        waiting = [each]
    return len(waiting)


def forget_times(session: Session, consultation: Consultation) -> None:
    """Drop what was proposed about this talk alone: it is answered."""
    mine = ProposedTime.consultation_id == consultation.id
    session.execute(delete(ProposedTime).where(mine).execution_options(synchronize_session="fetch"))


def propose(
    session: Session, consultation: Consultation, side: Side, starts: Sequence[datetime], *, now: datetime
) -> None:
    """Keep these as the times of this side, in place of what it said before."""
    mine = (ProposedTime.consultation_id == consultation.id) & (ProposedTime.side == side)
    session.execute(delete(ProposedTime).where(mine).execution_options(synchronize_session="fetch"))
    session.add_all(
        ProposedTime(
            request_id=consultation.request_id,
            consultation_id=consultation.id,
            side=side,
            starts_at=each,
            minutes=consultation.minutes,
            proposed_at=now,
        )
        for each in sorted(set(starts))
    )
    session.flush()


def _entries(consultation: Consultation, standing: Standing) -> tuple[Entry, Entry]:
    """For the patient's calendar and the practitioner's; the next ones will be newer."""
    found = entries(consultation, standing)
    consultation.sequence += 1
    return found


def entries(consultation: Consultation, standing: Standing) -> tuple[Entry, Entry]:
    """The same without counting."""
    starts_at = consultation.starts_at
    if starts_at is None:
        raise WrongState("There is no time yet.")

    def one(name: str | None) -> Entry:
        return parts.entry(
            uid=consultation.uid,
            sequence=consultation.sequence,
            starts_at=starts_at,
            minutes=consultation.minutes,
            name=name,
            standing=standing,
        )

    return one(consultation.practitioner.display_name), one(None)


def in_calendar(consultation: Consultation, side: Side) -> Entry:
    """What stands in this side's calendar, to be saved once more. ``WrongState`` where nothing is agreed."""
    must_be(consultation, State.CONFIRMED, State.PAUSED, State.CANCELLED, State.HAPPENED)
    standing = {State.PAUSED: Standing.PAUSED, State.CANCELLED: Standing.CALLED_OFF}.get(consultation.state)
    found = entries(consultation, standing or Standing.AGREED)[0 if side is Side.PATIENT else 1]
    return replace(found, sequence=max(0, found.sequence - 1))
