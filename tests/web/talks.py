"""A request for a talk in a small town, and what both sides were written about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from directory.accounts import queries as accounts
from directory.accounts import service as making
from directory.accounts.terms import Role
from directory.consultations import consent, rules, service
from directory.consultations.drafts import AskDraft, Whom
from directory.consultations.models import Consultation
from directory.consultations.rules import Told
from directory.consultations.terms import Talk
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.practitioners.premises import service as premises
from directory.screening.terms import PregnancyStatus
from tests.web.population import NOW

PATIENT, READER = "maria@example.org", "reader@example.org"
AT = datetime.combine(NOW.date() + timedelta(days=2), NOW.timetz().replace(hour=18, minute=0))
"""Wednesday, ten in the morning in Portland and one in the afternoon in New York."""
NAME = "Maria <b>Ruiz</b>"
WORDS = "My legs keep me awake. <script>alert(1)</script> http://sleep.example"


def reader(session: Session, name: str) -> int:
    """An account that reads the requests to this person."""
    person = session.scalars(select(Practitioner).where(Practitioner.display_name == name)).one()
    account = accounts.by_email(session, READER) or making.create(session, READER, roles=(Role.PRACTITIONER,), now=NOW)
    account.confirmed_at = NOW
    session.execute(update(Practitioner).where(Practitioner.id == person.id).values(account_id=account.id))
    session.flush()
    return person.id


def ask(session: Session, *practitioner_ids: int, **facts: Any) -> list[str]:
    """Ask these people; the codes under which each of them finds it."""
    standard = AskDraft(
        people=tuple(Whom(each, people.places_of(session, each)[0].id) for each in practitioner_ids),
        talk=Talk.PHONE,
        starts=(AT, AT + timedelta(hours=1)),
        name=NAME,
        email=PATIENT,
        mailbox=rules.mailbox("a secret of the site, long enough", PATIENT),
        telephone="+1 212 555 0142",
        words=WORDS,
        told=Told(pregnancy=PregnancyStatus.NO, age=44),
        timezone="America/New_York",
        jurisdiction="US-OR",
        consent=consent.CURRENT,
        locale="en_GB",
    )
    asked = service.ask(session, replace(standard, **facts), now=NOW)
    statement = select(Consultation.code).where(Consultation.request_id == asked.request_id)
    codes = list(session.scalars(statement.order_by(Consultation.position)))
    session.commit()
    return codes


def hide(session: Session, practitioner_id: int) -> None:
    """Make the practice of this person a home whose address nobody sees."""
    premises.hide_place(session, people.places_of(session, practitioner_id)[0].id)
    session.commit()


def letters(session: Session, address: str) -> list[tuple[str, str]]:
    """Purpose and text of each letter to this address."""
    session.rollback()
    rows = session.scalars(
        select(OutgoingLetter)
        .order_by(OutgoingLetter.id)
        .options(undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed))
    )
    return [(each.purpose, each.text_sealed or "") for each in rows if each.recipient_sealed == address]


def link(session: Session) -> str:
    """Where the newest letter to the patient leads."""
    text = letters(session, PATIENT)[-1][1]
    return "/visits/" + text.split("/visits/", 1)[1].split('"', 1)[0]
