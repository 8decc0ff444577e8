"""Reminding people: what is due for whom, and the one letter a day that says it.

The letter and the note that it was written are one transaction, so a job that dies midway has neither, and one that
runs twice finds the note.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from directory.accounts.models import Account
from directory.credentials.keeping import letters
from directory.credentials.keeping.letters import Subject
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration
from directory.credentials.rules import declaration_ends
from directory.db import UTCDateTime
from directory.mail import outbox
from directory.mail.letters import Sentence
from directory.practitioners import reminders, still_true
from directory.practitioners.models import PracticePlace, Practitioner, ProfileAttestation, ReminderSent
from directory.practitioners.reminders import ENDING_STEPS, PATIENCE_DAYS, PROFILE_STEPS
from directory.practitioners.terms import AccountStatus

_AHEAD: Final = -min(ENDING_STEPS)
_STATES: Final = (AccountStatus.PUBLISHED, AccountStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something of one person's that may be due, before anybody has looked whether it is."""

    practitioner_id: int
    about: str
    anchor: date
    steps: tuple[int, ...]
    what: Sentence | None
    places: tuple[str, ...] = ()


def perhaps_due(session: Session, *, now: datetime) -> list[int]:
    """Who may have to be written to today; a few statements for everybody."""
    return sorted({each.practitioner_id for each in _things(session, None, today=now.date())})


def remind(session: Session, practitioner_id: int, *, now: datetime) -> bool:
    """Write to this person about everything that is due, in one letter, and note it; whether there was a letter.

    No second letter on the same day. Nobody is written to who has no account that confirmed its address.
    """
    today = now.date()
    account = session.scalars(
        select(Account)
        .join(Practitioner, Practitioner.account_id == Account.id)
        .where(Practitioner.id == practitioner_id, Account.active, Account.confirmed_at.is_not(None))
        .with_for_update()
    ).one_or_none()
    if account is None:
        return False
    notes = session.scalars(select(ReminderSent).where(ReminderSent.practitioner_id == practitioner_id)).all()
    if any(each.sent and each.noted_at.date() == today for each in notes):
        return False
    noted = {each.occasion for each in notes}
    subjects: list[Subject] = []
    rows: list[dict[str, Any]] = []
    for thing in _things(session, [practitioner_id], today=today):
        found = reminders.due(thing.about, thing.anchor, thing.steps, today=today, noted=noted)
        if found.write is not None:
            subjects.append(Subject(found.write, thing.what, thing.places))
            rows.append(_note(practitioner_id, found.write.key, now, sent=True))
        rows += [_note(practitioner_id, each.key, now, sent=False) for each in found.overtaken]
    if rows:
        session.execute(insert(ReminderSent), rows)
    if not subjects:
        return False
    link = f"/practice/still-true/{still_true.token(practitioner_id, now=now)}"
    letter = letters.reminder(subjects, link=link, today=today)
    outbox.send(session, to=account.email, letter=letter, language=account.locale, now=now)
    return True


def _note(practitioner_id: int, key: str, now: datetime, *, sent: bool) -> dict[str, Any]:
    return {"practitioner_id": practitioner_id, "occasion": key, "noted_at": now, "sent": sent}


def _things(session: Session, ids: Collection[int] | None, *, today: date) -> Iterator[_Thing]:
    yield from _profiles(session, ids, today=today)
    yield from _papers(session, ids, today=today)
    yield from _covers(session, ids, today=today)
    yield from _declarations(session, ids, today=today)


def _whose(ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    """Only people who have an account and a profile that was published, or those among these."""
    conditions: list[ColumnElement[bool]] = [
        Practitioner.account_id.is_not(None),
        Practitioner.account_status.in_(_STATES),
    ]
    return conditions if ids is None else [*conditions, Practitioner.id.in_(ids)]


def _profiles(session: Session, ids: Collection[int] | None, *, today: date) -> Iterator[_Thing]:
    """The places last confirmed on the same day are one thing. A profile that is paused need not be confirmed."""
    newest = func.max(ProfileAttestation.attested_at, type_=UTCDateTime())
    first, last = (
        datetime.combine(today - timedelta(days=days), time(), tzinfo=UTC)
        for days in (max(PROFILE_STEPS) + PATIENCE_DAYS, min(PROFILE_STEPS) - 1)
    )
    statement = (
        select(Practitioner.id, PracticePlace.label, newest)
        .join(PracticePlace, PracticePlace.practitioner_id == Practitioner.id)
        .join(ProfileAttestation, ProfileAttestation.place_id == PracticePlace.id)
        .where(*_whose(ids), PracticePlace.active, Practitioner.account_status == AccountStatus.PUBLISHED)
        .group_by(Practitioner.id, PracticePlace.id, PracticePlace.label)
        .having(and_(newest >= first, newest < last))
        .order_by(PracticePlace.id)
    )
    groups: dict[tuple[int, date], list[str]] = defaultdict(list)
    for practitioner_id, label, at in session.execute(statement):
        groups[practitioner_id, at.date()].append(label)
    for (practitioner_id, anchor), labels in sorted(groups.items()):
        yield _Thing(practitioner_id, "profile", anchor, PROFILE_STEPS, None, tuple(labels))


def _papers(session: Session, ids: Collection[int] | None, *, today: date) -> Iterator[_Thing]:
    """Papers that end, save those whose renewal was handed in already."""
    newer = aliased(Credential)
    statement = (
        select(
            Practitioner.id,
            Credential.id,
            Credential.kind,
            Credential.body,
            Credential.jurisdiction,
            Credential.expires,
        )
        .join(Credential, Credential.practitioner_id == Practitioner.id)
        .where(
            *_whose(ids),
            Credential.given_up_on.is_(None),
            Credential.expires.between(today - timedelta(days=PATIENCE_DAYS), today + timedelta(days=_AHEAD)),
            Credential.id.not_in(select(newer.supersedes_id).where(newer.supersedes_id.is_not(None))),
        )
        .order_by(Credential.id)
    )
    for practitioner_id, key, kind, body, jurisdiction, expires in session.execute(statement):
        if expires is None:
            continue
        what = letters.paper(kind, body=body, jurisdiction=jurisdiction)
        yield _Thing(practitioner_id, f"credential:{key}", expires, ENDING_STEPS, what)


def _covers(session: Session, ids: Collection[int] | None, *, today: date) -> Iterator[_Thing]:
    """Insurance that ends, where none runs longer."""
    longer = aliased(Indemnity)
    statement = (
        select(Practitioner.id, Indemnity.id, Indemnity.expires)
        .join(Indemnity, Indemnity.practitioner_id == Practitioner.id)
        .where(
            *_whose(ids),
            Indemnity.ended_on.is_(None),
            Indemnity.expires.between(today - timedelta(days=PATIENCE_DAYS), today + timedelta(days=_AHEAD)),
            ~select(longer.id)
            .where(
                longer.practitioner_id == Indemnity.practitioner_id,
                longer.ended_on.is_(None),
                or_(
                    longer.expires > Indemnity.expires,
                    and_(longer.expires == Indemnity.expires, longer.id > Indemnity.id),
                ),
            )
            .exists(),
        )
        .order_by(Indemnity.id)
    )
    for practitioner_id, key, expires in session.execute(statement):
        yield _Thing(practitioner_id, f"indemnity:{key}", expires, ENDING_STEPS, Sentence(letters.INDEMNITY))


def _declarations(session: Session, ids: Collection[int] | None, *, today: date) -> Iterator[_Thing]:
    statement = (
        select(Practitioner.id, PregnancyDeclaration.signed_on)
        .join(PregnancyDeclaration, PregnancyDeclaration.practitioner_id == Practitioner.id)
        .where(
            *_whose(ids),
            PregnancyDeclaration.treats,
            # A year and a day or two at most lie between signature and end.
            PregnancyDeclaration.signed_on.between(
                today - timedelta(days=367 + PATIENCE_DAYS), today - timedelta(days=363 - _AHEAD)
            ),
        )
    )
    for practitioner_id, signed_on in session.execute(statement):
        if signed_on is None:
            continue
        ends = declaration_ends(signed_on)
        yield _Thing(practitioner_id, "declaration", ends, ENDING_STEPS, Sentence(letters.DECLARATION))
