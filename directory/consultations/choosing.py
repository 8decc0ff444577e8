"""What a patient does over the link in a letter, without an account. Each function takes the link's token.

``LinkUsed``, ``LinkEnded`` and ``NotOverThisLink`` say why one does not count, ``WrongState`` that something changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from directory.consultations import booking, course, keeping, links, post, queries, rules, turns, writing
from directory.consultations.letters import patients, practitioners
from directory.consultations.models import Consultation, ConsultationRequest
from directory.consultations.rules import Told
from directory.consultations.terms import Act, Side, State
from directory.errors import Conflict, InvalidInput, NotFound
from directory.guide.words import N_
from directory.screening.terms import PregnancyStatus


class AskAgain(Conflict):
    """The due date has passed: whether there is a pregnancy must be answered again before anything is agreed."""

    code = "ask_again"


def prove(session: Session, token: str, *, now: datetime) -> None:
    """Say that the request is one's own."""
    links.use(session, token, Act.PROVE, now=now)


def disown(session: Session, token: str, *, held: bool = False, now: datetime) -> None:
    """Say that it is not: it is taken back and erased, and nobody is written to but those who had been asked."""
    link = links.use(session, token, Act.DISOWN, now=now)
    keeping.erase(session, link.request_id, held=held, now=now)


def write(session: Session, token: str, code: str, words: str, *, now: datetime) -> Consultation:
    """Write to one of the people asked."""
    found = of_link(session, token, code, Act.WRITE, now=now)
    writing.write(session, found, Side.PATIENT, words, now=now)
    return found


def confirm(
    session: Session,
    token: str,
    code: str,
    starts_at: datetime,
    *,
    again: tuple[PregnancyStatus, date | None] | None = None,
    now: datetime,
) -> Consultation:
    """Agree the time that a practitioner said yes to or offered, or one to which they would like to move.

    ``again`` is what the patient says about pregnancy now, needed once the due date has passed (``AskAgain``). Where
    the gates do not let it be, it goes on hold instead: look at ``state``. ``TimeTaken`` where it is gone.
    """
    found = of_link(session, token, code, Act.CONFIRM, now=now)
    course.must_be(found, State.ACCEPTED, State.CONFIRMED)
    times = queries.times_of(session, found.request_id)
    offered = {each.starts_at for each in queries.times_for(times, found, Side.PRACTITIONER)}
    if found.state is State.ACCEPTED and found.starts_at is not None:
        offered.add(found.starts_at)
    if starts_at not in offered or starts_at <= now:
        raise InvalidInput(N_("That time is not possible any more. Please choose another."), field="starts")
    _ask_again(found.request, again, now=now)
    if course.bar(session, found, [starts_at], now=now) is not None:
        course.pause(session, found, now=now)
        return found
    course.agree(session, found, starts_at, now=now)
    return found


def refuse(session: Session, token: str, code: str, *, now: datetime) -> Consultation:
    """Turn down what was offered; of an agreed talk, leave it at its time."""
    found = of_link(session, token, code, Act.REFUSE, now=now)
    if found.state is State.CONFIRMED and found.starts_at is not None:
        course.forget_times(session, found)
        letter = practitioners.stays(found.code, post.practitioners_when(found, found.starts_at))
        post.to_practitioner(session, found.practitioner, letter, now=now)
        return found
    course.must_be(found, State.ACCEPTED)
    course.end(session, found, State.WITHDRAWN, by=Side.PATIENT, now=now)
    course.ask_next(session, found.request, now=now)
    return found


def propose(session: Session, token: str, code: str, starts: Sequence[datetime], *, now: datetime) -> Consultation:
    """Name other times, in answer to an offer or to move an agreed talk, which stands until one of them is chosen."""
    found = of_link(session, token, code, Act.PROPOSE, now=now)
    course.must_be(found, State.ACCEPTED, State.CONFIRMED)
    if not 1 <= len(set(starts)) <= rules.MOST_TIMES:
        raise InvalidInput(N_("Please give one to three times."), field="starts")
    if not all(rules.can_be_agreed(each, now=now) for each in starts):
        raise InvalidInput(
            N_("Please choose times from a few hours ahead to two months ahead, on a quarter of an hour."),
            field="starts",
        )
    course.propose(session, found, Side.PATIENT, starts, now=now)
    if found.state is State.ACCEPTED:
        booking.free(session, found)
        found.starts_at = None
        course.propose(session, found, Side.PRACTITIONER, [], now=now)
        course.become(found, State.ASKED, now=now)
        found.due_at = turns.ends(found.place, limit_hours=found.request.limit_hours, now=now)
    post.to_practitioner(session, found.practitioner, practitioners.answer_times(found.code), now=now)
    session.flush()
    return found


def withdraw(session: Session, token: str, code: str | None = None, *, now: datetime) -> None:
    """Take the request back: from one of the people asked, or from all of them."""
    link = links.use(session, token, Act.WITHDRAW, now=now)
    theirs = queries.of_request(session, link.request_id, lock=True)
    chosen = [each for each in theirs if code in (None, each.code) and _can_be_withdrawn(each)]
    if not chosen:
        raise course.WrongState(N_("This has changed in the meantime. Please look at it again."))
    for each in chosen:
        course.end(session, each, State.WITHDRAWN, by=Side.PATIENT, now=now)
    if code is not None:
        course.ask_next(session, theirs[0].request, now=now)


def cancel(session: Session, token: str, code: str, *, now: datetime) -> Consultation:
    """Call off what was agreed, also while it is on hold."""
    found = of_link(session, token, code, Act.CANCEL, now=now)
    course.must_be_agreed(found)
    course.call_off(session, found, by=Side.PATIENT, now=now)
    return found


def erase(session: Session, token: str, *, held: bool = False, now: datetime) -> bool:
    """End whatever is open and erase what was told and written. ``held``: the law makes us keep it for now, and then
    it is only ended; gives back whether it was erased."""
    link = links.use(session, token, Act.ERASE, now=now)
    return keeping.erase(session, link.request_id, held=held, now=now)


def renew(session: Session, token: str, *, now: datetime) -> None:
    """Send a new link to the mailbox that this one was sent to, whether or not this one still counts."""
    link = links.find(session, token)
    request = session.get_one(ConsultationRequest, link.request_id)
    path = course.fresh_link(session, request, now=now)
    post.to_patient(session, request, patients.new_link(path=path), now=now)


def of_link(session: Session, token: str, code: str, act: Act, *, now: datetime) -> Consultation:
    """The talk of this code, with the link taken for what is to be done about it; ``NotFound``."""
    link = links.use(session, token, act, now=now)
    theirs = queries.of_request(session, link.request_id, lock=True)
    found = next((each for each in theirs if each.code == code), None)
    if found is None:
        raise NotFound("There is no such request.")
    return found


def _can_be_withdrawn(consultation: Consultation) -> bool:
    if consultation.paused_from is State.CONFIRMED:
        return False
    return rules.may_become(consultation.state, State.WITHDRAWN)


def _ask_again(
    request: ConsultationRequest, again: tuple[PregnancyStatus, date | None] | None, *, now: datetime
) -> None:
    if request.facts_sealed is None:
        return
    today = now.astimezone(ZoneInfo(request.timezone)).date()
    told = Told.from_json(request.facts_sealed)
    if not told.must_be_asked_again(today=today):
        return
    if again is None or again[0] is PregnancyStatus.NOT_ANSWERED:
        raise AskAgain(N_("The due date has passed. Please answer the question about pregnancy again."))
    newer = told.with_pregnancy(*again)
    if newer.must_be_asked_again(today=today):
        raise InvalidInput(N_("This day has passed. Please give one that is still to come."), field="due")
    request.facts_sealed = newer.to_json()
