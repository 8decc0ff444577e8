"""Requests for tests: a patient, and practitioners whose accounts read what is sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from directory.accounts import service as accounts
from directory.accounts.terms import Role
from directory.consultations import consent, rules
from directory.consultations.drafts import AskDraft, Whom
from directory.consultations.rules import Told
from directory.consultations.terms import Talk
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from directory.screening.terms import PregnancyStatus
from tests.factories import NOW, Changes, Listed, listed

SECRET = "a secret of the site, long enough to be one"
PATIENT = "maria@example.org"
TUESDAY = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""At ten in the morning in Portland; ``NOW`` is noon of the Monday before."""
WEDNESDAY = TUESDAY + timedelta(days=1)
THURSDAY = TUESDAY + timedelta(days=2)


def reader(session: Session, name: str = "Juniper Underhill", changes: Changes | None = None) -> Listed:
    """Somebody who is listed and has an account that reads requests."""
    changes = changes or Changes()
    changes.person = {"display_name": name, "fictional": False} | changes.person
    made = listed(session, changes)
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    account = accounts.create(session, email, roles=(Role.PRACTITIONER,), now=NOW)
    account.confirmed_at = NOW
    session.execute(update(Practitioner).where(Practitioner.id == made.id).values(account_id=account.id))
    session.flush()
    return made


def draft(*people: Listed, **facts: Any) -> AskDraft:
    """A request to these people by telephone, on three mornings."""
    standard = AskDraft(
        people=tuple(Whom(each.id, each.place_id) for each in people),
        talk=Talk.PHONE,
        starts=(TUESDAY, WEDNESDAY, THURSDAY),
        name="Maria",
        email=PATIENT,
        mailbox=rules.mailbox(SECRET, facts.get("email", PATIENT)),
        words="My legs keep me awake.",
        told=Told(pregnancy=PregnancyStatus.NO, age=44),
        timezone="America/Los_Angeles",
        jurisdiction="US-OR",
        consent=consent.CURRENT,
        locale="en_GB",
    )
    return replace(standard, **facts)


def letters_to(session: Session, address: str) -> Sequence[tuple[str, str]]:
    """Purpose and text of every letter to this address, in the order in which they were written."""
    rows = session.scalars(
        select(OutgoingLetter)
        .order_by(OutgoingLetter.id)
        .options(undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed))
    )
    return [(each.purpose, each.text_sealed or "") for each in rows if each.recipient_sealed == address]


def purposes(session: Session, address: str) -> list[str]:
    """What each letter to this address was for."""
    return [purpose for purpose, _ in letters_to(session, address)]


def newest_link(session: Session, address: str = PATIENT) -> str:
    """The token of the link in the newest letter to this address."""
    text = letters_to(session, address)[-1][1]
    return text.split("/visits/", 1)[1].split('"', 1)[0]
