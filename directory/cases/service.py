"""Opening, taking and closing work items."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.orm import Session

from directory.cases import rules
from directory.cases.models import Case, Contact
from directory.cases.terms import Kind, Risk, State
from directory.errors import Conflict, NotFound

SAME_WITHIN: Final = timedelta(days=1)
MOST_OF_ONE_SUBJECT: Final = 5
MOST_A_DAY: Final = 1_000
"""Open cases of one kind in ``SAME_WITHIN``; what comes beyond is refused, so that a flood fills no disk."""

_OPENING_LOCK: Final = 0x57114


class TooMany(Conflict):
    """So many cases were opened in a day that this one waits until tomorrow."""

    code = "too_many_cases"


class AlreadyDecided(Conflict):
    """Somebody else has decided it, or what was asked has been taken back."""

    code = "already_decided"


class TakenByAnother(Conflict):
    """Somebody else works on it at this moment."""

    code = "taken_by_another"


# --- opening ---------------------------------------------------------------------------------------------------------


def open_for(
    session: Session,
    kind: Kind,
    subject: str,
    *,
    now: datetime,
    about: int | None = None,
    jurisdiction: str | None = None,
    risk: Risk | None = None,
    working_days: int = rules.WORKING_DAYS,
    not_by: int | None = None,
) -> Case:
    """The open case about something of somebody who has an account here, opened where there is none.

    There is nothing to seal: who waits, and how to reach them, follows from the subject. One that is open already
    becomes as risky as this and is due no later; a question that waited for the practitioner waits no longer.
    """
    _in_turn(session)
    found = session.scalars(_open(kind, subject).order_by(Case.id).limit(1).with_for_update()).one_or_none()
    due = rules.due_after(now, working_days=working_days)
    urgent = rules.risk_of(kind) if risk is None else risk
    if found is not None:
        found.risk = min(found.risk, urgent)
        found.due = min(found.due, due)
        found.waiting_since = None
        session.flush()
        return found
    case = Case(
        kind=kind,
        subject=subject,
        state=State.OPEN,
        opened_at=now,
        due=due,
        risk=urgent,
        about=about,
        jurisdiction=jurisdiction,
        not_by=not_by,
    )
    session.add(case)
    session.flush()
    return case


def open_case(
    session: Session,
    kind: Kind,
    subject: str,
    contact: Contact,
    *,
    now: datetime,
    about: int | None = None,
    risk: Risk | None = None,
    due: datetime | None = None,
) -> Case:
    """A new case, or the open one of the last day in which the same address asked for the same thing.

    ``TooMany`` when a day's share is used up. ``due`` is two working days from now where it is not given.
    """
    _in_turn(session)
    recent = select(Case).where(Case.kind == kind, Case.state == State.OPEN, Case.opened_at > now - SAME_WITHIN)
    about_it = session.scalars(recent.where(Case.subject == subject).limit(MOST_OF_ONE_SUBJECT)).all()
    for case in about_it:
        if contact.email and case.contact is not None and case.contact.email.casefold() == contact.email.casefold():
            return case
    of_all = session.scalar(select(func.count()).select_from(recent.subquery())) or 0
    if len(about_it) >= MOST_OF_ONE_SUBJECT or of_all >= MOST_A_DAY:
        raise TooMany("So many people wrote about this today that we cannot take another message. Try tomorrow.")
    case = Case(
        kind=kind,
        subject=subject,
        state=State.OPEN,
        opened_at=now,
        due=due or rules.due_after(now),
        risk=rules.risk_of(kind) if risk is None else risk,
        about=about,
        contact_sealed=json.dumps(asdict(contact)),
    )
    session.add(case)
    session.flush()
    return case


# --- working on them -------------------------------------------------------------------------------------------------


def locked(session: Session, case_id: int) -> Case:
    """The case, held until the end of the transaction. ``NotFound``; ``AlreadyDecided`` for one that is closed."""
    case = session.scalars(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        raise NotFound("There is no such case.")
    if case.state is State.CLOSED:
        raise AlreadyDecided("This has been decided already, or what was asked has been taken back.")
    return case


def take(session: Session, case_id: int, *, by: int, now: datetime) -> Case:
    """Let this account work on the case alone for a while; taking it again begins the while anew.

    ``TakenByAnother`` while somebody else does.
    """
    case = locked(session, case_id)
    if rules.is_taken_by_another(case.claimed_by, case.claimed_until, by=by, now=now):
        raise TakenByAnother("Somebody else is working on this case.")
    case.claimed_by, case.claimed_until = by, now + rules.LOCK_LASTS
    session.flush()
    return case


def release(session: Session, case_id: int, *, by: int) -> Case:
    """Let others work on the case again. Nothing changes where it is not this account's."""
    case = locked(session, case_id)
    if case.claimed_by == by:
        case.claimed_by = case.claimed_until = None
        session.flush()
    return case


def let_go_of_all(session: Session, *, by: int, to: int | None = None) -> int:
    """Free whatever this account took, and give what was assigned to it to ``to``, or to nobody; how many cases."""
    theirs = select(Case).where(Case.state == State.OPEN, (Case.claimed_by == by) | (Case.assigned_to == by))
    rows = session.scalars(theirs.with_for_update()).all()
    for case in rows:
        if case.claimed_by == by:
            case.claimed_by = case.claimed_until = None
        if case.assigned_to == by:
            case.assigned_to = to
    session.flush()
    return len(rows)


def wait_for_answer(session: Session, case: Case, *, now: datetime) -> None:
    """The practitioner was asked something: the clock stands until they answer, and nobody holds the case."""
    case.waiting_since = now
    case.claimed_by = case.claimed_until = None
    session.flush()


def answered(session: Session, case: Case, *, now: datetime) -> None:
    """The practitioner answered: the case is due so much later as it waited for them."""
    if case.waiting_since is not None:
        case.due = max(case.due + (now - case.waiting_since), rules.due_after(now, working_days=1))
        case.waiting_since = None
        session.flush()


# --- closing ---------------------------------------------------------------------------------------------------------


def end(session: Session, case: Case, *, now: datetime) -> None:
    """Close a case that is held; what the person wrote is erased."""
    case.state, case.closed_at, case.contact_sealed = State.CLOSED, now, None
    case.claimed_by = case.claimed_until = case.waiting_since = None
    session.flush()


def close(session: Session, case_id: int, *, now: datetime) -> Case:
    """Close a case; what the person wrote is erased. ``NotFound`` where there is none that is open."""
    try:
        case = locked(session, case_id)
    except AlreadyDecided:
        raise NotFound(f"There is no open case {case_id}.") from None
    end(session, case, now=now)
    return case


def withdraw(session: Session, kind: Kind, subject: str, *, now: datetime) -> None:
    """Close whatever waits about this: what was asked has been taken back."""
    for case in session.scalars(_open(kind, subject).with_for_update()).all():
        end(session, case, now=now)


def erase_account(session: Session, account_id: int) -> None:
    """Forget an account in every case, closed ones too."""
    for column in (Case.claimed_by, Case.assigned_to, Case.not_by):
        values = {column: None} | ({Case.claimed_until: None} if column is Case.claimed_by else {})
        session.execute(update(Case).where(column == account_id).values(values))


def open_cases(session: Session) -> Sequence[Case]:
    """Everything that waits, what is due first."""
    return session.scalars(select(Case).where(Case.state == State.OPEN).order_by(Case.due, Case.id)).all()


def _open(kind: Kind, subject: str) -> Select[Case]:
    return select(Case).where(Case.kind == kind, Case.subject == subject, Case.state == State.OPEN)


def _in_turn(session: Session) -> None:
    """Two that come at once would not see each other's case. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _OPENING_LOCK})
