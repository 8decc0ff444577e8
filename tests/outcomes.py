"""Requests whose outcome is asked for, and patients who tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.consultations import service as requests
from directory.consultations.models import Consultation, ConsultationRequest
from directory.consultations.outcomes import service
from directory.consultations.terms import State
from tests.consultations import TUESDAY, draft, letters_to
from tests.factories import NOW, Listed

DAY = timedelta(days=1)
LATER = NOW + 6 * DAY


def asked(session: Session, person: Listed, email: str, *, state: State = State.LAPSED, now: datetime = NOW) -> str:
    """A request from this mailbox that came to this end, its outcome asked for; the token of the letter's link."""
    sent = requests.ask(session, draft(person, email=email), now=now)
    consultation_id = session.scalars(select(Consultation.id).where(Consultation.request_id == sent.request_id)).one()
    agreed = {"starts_at": TUESDAY} if state in (State.HAPPENED, State.CONFIRMED) else {}
    session.execute(
        update(Consultation).where(Consultation.id == consultation_id).values(state=state, closed_at=now, **agreed)
    )
    session.flush()
    session.expire_all()
    assert service.ask(session, consultation_id, now=LATER)
    return letters_to(session, email)[-1][1].split("/outcome/", 1)[1].split('"', 1)[0]


def mailbox_of(session: Session, email: str) -> ConsultationRequest:
    """The request that came from this mailbox."""
    rows = session.scalars(select(ConsultationRequest)).all()
    return next(each for each in rows if each.email_sealed == email)
