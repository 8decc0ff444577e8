"""What one writes to the other. A letter only says that there is something to read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from directory.consultations import course, post, queries, rules
from directory.consultations.letters import patients, practitioners
from directory.consultations.models import Consultation, ConsultationMessage
from directory.consultations.terms import Side, State
from directory.errors import Conflict, InvalidInput
from directory.guide.words import N_

QUIET: Final = timedelta(minutes=10)
"""So soon after another message of the same side no further letter is sent."""


class TooManyMessages(Conflict):
    """So much was written about one talk that it is better talked about."""

    code = "too_many_messages"


def write(session: Session, consultation: Consultation, side: Side, words: str, *, now: datetime) -> None:
    """Keep a message and tell the other side that it is there. The same words sent twice are one message.

    ``InvalidInput`` (field ``text``); ``WrongState`` where the talk is over or the practitioner not asked yet.
    """
    course.must_be(consultation, State.ASKED, State.ACCEPTED, State.CONFIRMED, State.PAUSED)
    said = checked(words)
    earlier = [each for each in queries.messages_of(session, [consultation.id]) if each.side is side]
    before = earlier[-1] if earlier else None
    if before is not None and before.text_sealed == said and now - before.sent_at < QUIET:
        return
    if len(earlier) >= rules.MOST_MESSAGES:
        raise TooManyMessages(N_("Enough is written here. Please talk about the rest."))
    session.add(ConsultationMessage(consultation_id=consultation.id, side=side, text_sealed=said, sent_at=now))
    if side is Side.PRACTITIONER:
        course.answered(consultation, now=now)
        _give_time(consultation, now=now)
    session.flush()
    if before is not None and now - before.sent_at < QUIET:
        return
    if side is Side.PATIENT:
        post.to_practitioner(session, consultation.practitioner, practitioners.written(consultation.code), now=now)
    else:
        path = course.fresh_link(session, consultation.request, now=now)
        letter = patients.message(consultation.practitioner.display_name, path=path)
        post.to_patient(session, consultation.request, letter, now=now)


def checked(words: str) -> str:
    """The words, when they can be sent; ``InvalidInput`` (field ``text``) otherwise."""
    said = words.strip()
    if not said:
        raise InvalidInput(N_("Please write a few words."), field="text")
    if len(said) > rules.LONGEST_MESSAGE:
        raise InvalidInput(N_("That is too long. There is room for 2,000 characters."), field="text")
    if rules.too_many_links(said):
        raise InvalidInput(N_("There are too many web addresses in this."), field="text")
    return said


def _give_time(consultation: Consultation, *, now: datetime) -> None:
    """Whoever asked a question waits for its answer: what is due moves on with it."""
    if consultation.state is State.ASKED and consultation.due_at is not None:
        consultation.due_at = max(consultation.due_at, now + rules.CHOOSING)
