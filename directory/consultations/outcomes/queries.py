"""Reading outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from directory.accounts.rules import secret_hash
from directory.consultations.models import Consultation, ConsultationRequest
from directory.consultations.outcomes import rules
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.rules import Word
from directory.consultations.outcomes.terms import Contact
from directory.consultations.terms import State
from directory.errors import NotFound
from directory.guide.words import N_

_LONGEST_TOKEN = 100


def due(session: Session, *, now: datetime, limit: int = 500) -> Sequence[int]:
    """Whose patients are to be asked now, by the numbers of the consultations; those longest ago first."""
    asked, met = now - rules.AFTER_ASKING, now - rules.AFTER_MEETING
    return session.scalars(
        select(Consultation.id)
        .join(ConsultationRequest, ConsultationRequest.id == Consultation.request_id)
        .outerjoin(ContactOutcome, ContactOutcome.consultation_id == Consultation.id)
        .where(
            ContactOutcome.id.is_(None),
            ConsultationRequest.erased_at.is_(None),
            or_(
                and_(
                    Consultation.state.in_((State.CONFIRMED, State.HAPPENED)),
                    Consultation.starts_at <= met,
                    Consultation.starts_at > met - rules.TOO_LATE,
                ),
                and_(
                    Consultation.state.in_((State.ASKED, State.LAPSED)),
                    Consultation.asked_at <= asked,
                    Consultation.asked_at > asked - rules.TOO_LATE,
                ),
            ),
        )
        .order_by(Consultation.id)
        .limit(limit)
    ).all()


def by_token(session: Session, token: str, *, lock: bool = False) -> ContactOutcome:
    """What a link in a letter leads to, with whom and where; ``NotFound`` for what was never one of ours."""
    statement = (
        select(ContactOutcome)
        .where(ContactOutcome.token_hash == secret_hash(token))
        .options(
            joinedload(ContactOutcome.practitioner),
            joinedload(ContactOutcome.place),
            joinedload(ContactOutcome.consultation),
        )
    )
    if lock:
        statement = statement.with_for_update(of=ContactOutcome).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none() if token.isascii() and len(token) <= _LONGEST_TOKEN else None
    if found is None:
        raise NotFound(N_("There is nothing behind this link. Perhaps a part of it is missing, or it was erased."))
    return found


def words_about(session: Session, place_id: int, *, now: datetime) -> list[tuple[ContactOutcome, Word]]:
    """What still counts about this place, each row with its word. Whoever decides over them holds the practitioner."""
    rows = session.scalars(
        select(ContactOutcome)
        .where(ContactOutcome.place_id == place_id, ContactOutcome.told_at > now - rules.WITHIN)
        .order_by(ContactOutcome.id)
        .execution_options(populate_existing=True)
    )
    return [(row, word) for row in rows if (word := _word(row)) is not None]


@dataclass(frozen=True, slots=True)
class Tally:
    """What patients said within a year."""

    said: int
    by_contact: dict[Contact, int]


def tally(session: Session, *, now: datetime) -> Tally:
    """What patients told us within the time that counts, everywhere together."""
    found = {
        contact: count
        for contact, count in session.execute(
            select(ContactOutcome.contact, func.count())
            .where(ContactOutcome.told_at > now - rules.KEPT)
            .group_by(ContactOutcome.contact)
        )
        if contact is not None
    }
    return Tally(sum(found.values()), {each: found.get(each, 0) for each in Contact})


def _word(row: ContactOutcome) -> Word | None:
    if row.contact is None or row.told_at is None or row.mailbox is None:
        return None
    return Word(
        contact=row.contact,
        at=row.told_at,
        mailbox=row.mailbox,
        network=row.network or "",
        used=row.case_id is not None,
    )
