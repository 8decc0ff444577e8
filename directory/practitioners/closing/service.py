"""Closing a profile for good, and opening one that was closed by mistake.

Nothing is deleted and nobody is told why. Whoever is closed is shown nowhere and gets no reminders; what waited about
them at the desk stands still, save what concerns other people's safety.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit, changes
from directory.accounts.models import Account
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.errors import Conflict, InvalidInput, NotFound
from directory.mail import outbox
from directory.practitioners.closing import letters, rules
from directory.practitioners.closing.models import PractitionerClosing
from directory.practitioners.closing.terms import Closing
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus

STANDS_STILL: Final = (
    Kind.CONTROL,
    Kind.LICENCE,
    Kind.CERTIFICATION,
    Kind.EDUCATION,
    Kind.INDEMNITY,
    Kind.TRAINING,
    Kind.RLS_CASELOAD,
    Kind.PREGNANCY_DECLARATION,
    Kind.PHOTO,
    Kind.SENSITIVE_EDIT,
    Kind.PLAUSIBILITY,
)
"""What the desk need not look at while somebody is closed: nothing rests on it. Complaints and holds go on."""


def close(
    session: Session,
    practitioner_id: int,
    why: Closing,
    *,
    on: date,
    by: int | None,
    now: datetime,
    tell: bool = False,
) -> PractitionerClosing:
    """Close the profile of somebody who practises no longer since this day; who is closed stays as they were closed.

    ``tell`` writes one neutral letter to the account, where there is one. ``NotFound``; ``InvalidInput`` for a day that
    is still to come.
    """
    person = _locked(session, practitioner_id)
    there = session.get(PractitionerClosing, practitioner_id)
    if there is not None:
        return there
    if not rules.may_be_the_day(on, today=now.date()):
        raise InvalidInput("Please give the day from which on it holds, today at the latest.", field="on")
    row = PractitionerClosing(
        practitioner_id=person.id,
        why=why,
        closed_on=on,
        noted_at=now,
        noted_by=by,
        status_before=person.account_status,
    )
    session.add(row)
    _become(session, person, AccountStatus.CLOSED, now)
    for case in _open_about(session, practitioner_id, STANDS_STILL):
        cases.wait_for_answer(session, case, now=now)
    for case in _open_about(session, practitioner_id, (Kind.CLOSING,)):
        cases.end(session, case, now=now)
    audit.record(session, action="practitioner.closed", actor=by, subject=f"practitioner:{person.id}", now=now)
    account = session.get(Account, person.account_id) if tell and person.account_id is not None else None
    if account is not None:
        outbox.send(session, to=account.email, letter=letters.profile_ended(), language=account.locale, now=now)
    session.flush()
    return row


def reopen(session: Session, practitioner_id: int, *, by: int | None, now: datetime) -> None:
    """Take a closing back: the profile is as it was before, where it was shown hidden until its holder says that all is
    still true. Whoever calls this has seen to it that two people agree. ``Conflict`` where nothing is closed."""
    person = _locked(session, practitioner_id)
    row = session.get(PractitionerClosing, practitioner_id)
    if row is None:
        raise Conflict("This profile is not closed.")
    shown_before = row.status_before is AccountStatus.PUBLISHED
    session.delete(row)
    if person.account_status is AccountStatus.CLOSED:
        _become(session, person, AccountStatus.PAUSED if shown_before else row.status_before, now)
    for case in _open_about(session, practitioner_id, STANDS_STILL):
        cases.answered(session, case, now=now)
    audit.record(session, action="practitioner.reopened", actor=by, subject=f"practitioner:{person.id}", now=now)
    session.flush()


def _become(session: Session, person: Practitioner, status: AccountStatus, now: datetime) -> None:
    person.account_status = status
    person.updated_at = now
    changes.record(session, person.id)


def _locked(session: Session, practitioner_id: int) -> Practitioner:
    found = session.get(Practitioner, practitioner_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found


def _open_about(session: Session, practitioner_id: int, kinds: tuple[Kind, ...]) -> list[Case]:
    mine = select(Case).where(Case.about == practitioner_id, Case.state == State.OPEN, Case.kind.in_(kinds))
    return list(session.scalars(mine.order_by(Case.id).with_for_update()))
