"""Asking patients whether it worked, taking their word, and what follows where several say the same."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.accounts.rules import secret_hash
from directory.complaints import service as complaints
from directory.complaints.terms import Field
from directory.consultations import post
from directory.consultations import queries as consultations
from directory.consultations.models import ConsultationRequest
from directory.consultations.outcomes import letters, queries, rules
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.terms import Contact
from directory.errors import Conflict
from directory.guide.words import N_
from directory.practitioners.models import Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.terms import Accepting

_HARM_HOURS: Final = 24
"""Reports about a number are not about harm, so this decides nothing."""

_FIELDS: Final = {
    Contact.NO_ANSWER: Field.TELEPHONE,
    Contact.WRONG_NUMBER: Field.TELEPHONE,
    Contact.NOT_TAKING: Field.ACCEPTING,
}
_SAID: Final = {
    Contact.NO_ANSWER: "got no answer",
    Contact.WRONG_NUMBER: "found that a number or an address in the entry is somebody else's",
    Contact.NOT_TAKING: "were told that no new patients are taken",
}


class TooLate(Conflict):
    """The link is too old for a word."""

    code = "link_ended"


def path(token: str) -> str:
    """Where the link in the letter leads."""
    return f"/outcome/{token}"


def ask(session: Session, consultation_id: int, *, now: datetime) -> bool:
    """Ask the patient of this consultation whether it worked, where that is due and was not done; whether it was."""
    found = consultations.one(session, consultation_id, lock=True)
    known = session.scalar(select(ContactOutcome.id).where(ContactOutcome.consultation_id == consultation_id))
    due = rules.is_due(found.state, request_sent=found.asked_at, starts_at=found.starts_at, now=now)
    if known is not None or not due or not post.reaches_patient(session, found.request):
        return False
    token = secrets.token_urlsafe(32)
    session.add(
        ContactOutcome(
            consultation_id=found.id,
            practitioner_id=found.practitioner_id,
            place_id=found.place_id,
            jurisdiction=found.place.jurisdiction,
            token_hash=secret_hash(token),
            asked_at=now,
        )
    )
    session.flush()
    post.to_patient(
        session, found.request, letters.question(found.practitioner.display_name, path=path(token)), now=now
    )
    return True


def is_open(outcome: ContactOutcome, *, now: datetime) -> bool:
    """Whether a word may still be given or changed over its link."""
    return now < outcome.asked_at + rules.ANSWERED_WITHIN


def tell(session: Session, token: str, contact: Contact, *, network: str, now: datetime) -> ContactOutcome:
    """Take the word of whoever has the link, once for each person they asked; telling it again changes it.

    ``network`` is a keyed hash of where it comes from. ``NotFound``; ``TooLate`` when the link has ended, and
    ``Conflict`` where a case was opened over the word already.
    """
    found = queries.by_token(session, token)
    # Two who say the same at once would each see one word: whoever it is about is held first, then the word.
    person = session.get_one(Practitioner, found.practitioner_id, with_for_update=True)
    row = queries.by_token(session, token, lock=True)
    if not is_open(row, now=now):
        raise TooLate(N_("This link has ended. Thank you all the same."))
    if row.contact is contact:
        return row
    if row.case_id is not None:
        raise Conflict(N_("Somebody looks into it already, so this cannot be changed any more. Thank you."))
    request = session.get_one(ConsultationRequest, row.consultation.request_id)
    request.proved_at = request.proved_at or now
    row.contact, row.told_at, row.mailbox, row.network = contact, now, request.email_hash, network
    session.flush()
    if contact in rules.AGAINST:
        _weigh(session, row, person, now=now)
    return row


def forget(session: Session, *, now: datetime) -> int:
    """Erase who said it when a word counts no longer, and the word itself a year on; how many rows."""
    old = select(ContactOutcome.id).where(
        ContactOutcome.told_at <= now - rules.WITHIN, ContactOutcome.mailbox.is_not(None)
    )
    nameless = session.scalars(old).all()
    session.execute(
        update(ContactOutcome)
        .where(ContactOutcome.id.in_(nameless))
        .values(mailbox=None, network=None)
        .execution_options(synchronize_session=False)
    )
    ended = (ContactOutcome.told_at <= now - rules.KEPT) | (
        ContactOutcome.contact.is_(None) & (ContactOutcome.asked_at <= now - rules.KEPT)
    )
    gone = session.scalars(select(ContactOutcome.id).where(ended)).all()
    session.execute(
        delete(ContactOutcome).where(ContactOutcome.id.in_(gone)).execution_options(synchronize_session=False)
    )
    return len({*nameless, *gone})


def _weigh(session: Session, row: ContactOutcome, person: Practitioner, *, now: datetime) -> None:
    """Where enough different people contradict the entry: have somebody look, and tell the practitioner."""
    place = row.place
    words = queries.words_about(session, place.id, now=now)
    for contact in sorted(rules.contradicted([word for _, word in words], now=now)):
        report = complaints.report(
            session,
            _FIELDS[contact],
            f"After a request of their own, different people {_SAID[contact]}"
            f" ({place.label}, within {rules.WITHIN.days} days). They did not write this themselves.",
            about=person.id,
            jurisdiction=place.jurisdiction,
            language="en_GB",
            harm_hours=_HARM_HOURS,
            now=now,
        )
        for each, word in words:
            if word.contact is contact and not word.used:
                each.case_id = report.case_id
        if contact is Contact.NOT_TAKING and place.accepting is Accepting.YES:
            premises.doubt_accepting(session, place.id)
        post.to_practitioner(session, person, letters.unlike_the_entry(contact), now=now)
    session.flush()
