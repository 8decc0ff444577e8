"""Letters to the two sides of a talk: to whom, in which language, and with which link."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.consultations.letters.parts import When
from directory.consultations.models import Consultation, ConsultationRequest
from directory.mail import outbox, suppression
from directory.mail.letters import Letter
from directory.practitioners.models import Practitioner


def to_patient(session: Session, request: ConsultationRequest, letter: Letter, *, now: datetime) -> None:
    """Write to whoever sent this request; to nobody once it is erased."""
    if request.email_sealed is not None:
        outbox.lay_in(session, to=request.email_sealed, letter=letter, language=request.locale, now=now)


def to_practitioner(session: Session, practitioner: Practitioner, letter: Letter, *, now: datetime) -> None:
    """Write to the account that keeps this profile; to nobody where none does."""
    account = None if practitioner.account_id is None else session.get(Account, practitioner.account_id)
    if account is not None and account.active and account.confirmed_at is not None:
        outbox.lay_in(session, to=account.email, letter=letter, language=account.locale, now=now)


def reaches_patient(session: Session, request: ConsultationRequest) -> bool:
    """Whether letters still go to whoever sent this request."""
    return request.email_sealed is not None and suppression.of(session, request.email_sealed) is None


def patients_when(consultation: Consultation, at: datetime) -> When:
    """A time as the patient reads it."""
    return When(at, consultation.request.timezone, consultation.place.timezone)


def practitioners_when(consultation: Consultation, at: datetime) -> When:
    """A time as the practitioner reads it."""
    return When(at, consultation.place.timezone, consultation.request.timezone)
