"""Taking reports and appeals, settling them, and forgetting what people wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, undefer

from directory import audit
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.service import TooMany
from directory.cases.terms import Kind, State
from directory.complaints import letters, queries, rules
from directory.complaints.models import Appeal, Complaint
from directory.complaints.terms import Field, Result
from directory.credentials.decisions import queries as decisions
from directory.errors import Conflict, InvalidInput, NotFound
from directory.guide.words import N_
from directory.mail import outbox

_REPORTING_LOCK = 0x57115


# --- reports ---------------------------------------------------------------------------------------------------------


def report(
    session: Session,
    field: Field,
    words: str,
    *,
    about: int | None,
    email: str = "",
    whom: str = "",
    jurisdiction: str | None = None,
    language: str,
    harm_hours: int,
    now: datetime,
) -> Complaint:
    """Take a report and open its case; the same report sent twice is one.

    ``about`` is the practitioner whom it is about; ``whom`` says it in words where it did not begin at a profile.
    ``InvalidInput`` names the field; ``TooMany`` when a day's share is used up.
    """
    said = words.strip()
    if not said:
        raise InvalidInput(N_("Please write what happened."), field="text")
    if len(said) > rules.LONGEST_TEXT:
        raise InvalidInput(N_("That is too long. There is room for 4,000 characters."), field="text")
    to = outbox.address(email) if email.strip() else None
    _in_turn(session)
    again = _same(session, about, field, said, now=now)
    if again is not None:
        return again
    _bound(session, about, now=now)
    row = Complaint(
        practitioner_id=about,
        field=field,
        text_sealed=said,
        whom_sealed=whom.strip()[: rules.LONGEST_WHOM] or None,
        email_sealed=to,
        language=language,
        reported_at=now,
    )
    session.add(row)
    session.flush()
    case = cases.open_for(
        session,
        rules.kind_of(field),
        f"complaint:{row.id}",
        about=about,
        jurisdiction=jurisdiction,
        risk=rules.risk_of(field),
        now=now,
    )
    case.due = rules.due(field, harm_hours=harm_hours, now=now)
    row.case_id = case.id
    session.flush()
    return row


def choose(session: Session, complaint_id: int, result: Result) -> None:
    """Note what the reporter is to hear when the case is decided."""
    row = queries.complaint(session, complaint_id)
    if row.decided_at is None:
        row.result = result
        session.flush()


def settle(session: Session, row: Complaint, result: Result, *, erased_after_days: int, now: datetime) -> None:
    """Write down what came of it, and tell whoever reported it, where they left an address. Once."""
    if row.decided_at is not None:
        return
    row.result, row.decided_at = result, now
    if row.email_sealed:
        letter = letters.outcome(result, erased_after_days=erased_after_days)
        outbox.send(session, to=row.email_sealed, letter=letter, language=row.language, now=now)
    session.flush()


def forget(session: Session, *, kept: timedelta, now: datetime) -> int:
    """Erase what reporters wrote, and their addresses, so long after the answer; how many."""
    old = select(Complaint).where(Complaint.decided_at <= now - kept, Complaint.text_sealed.is_not(None))
    rows = session.scalars(old.with_for_update()).all()
    for row in rows:
        row.text_sealed = row.whom_sealed = row.email_sealed = None
    session.flush()
    return len(rows)


def erase_about(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Close what is open about somebody who is erased; their reports and appeals go with their row."""
    mine = [f"complaint:{each}" for each in _ids(session, Complaint, practitioner_id)]
    mine += [f"appeal:{each}" for each in _ids(session, Appeal, practitioner_id)]
    session.execute(
        update(Case)
        .where(Case.subject.in_(mine), Case.state == State.OPEN)
        .values(state=State.CLOSED, closed_at=now, contact_sealed=None, claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )


# --- appeals ---------------------------------------------------------------------------------------------------------


def appeal(session: Session, practitioner_id: int, decision_id: int, words: str, *, by: int, now: datetime) -> Appeal:
    """A practitioner says that they do not agree. ``NotFound`` for a decision that is not theirs to appeal; one appeal
    for each decision, and the same words again are the same appeal."""
    said = words.strip()
    known = session.scalars(
        select(Appeal).where(Appeal.decision_id == decision_id).options(undefer(Appeal.text_sealed))
    )
    found = known.one_or_none()
    if found is not None and found.practitioner_id == practitioner_id:
        if found.text_sealed == said:
            return found
        raise Conflict(N_("You have answered this decision already."))
    if decision_id not in {each.decision.id for each in queries.appealable(session, practitioner_id)}:
        raise NotFound("There is no such decision.")
    if not said:
        raise InvalidInput(N_("Please write why you do not agree."), field="text")
    if len(said) > rules.LONGEST_TEXT:
        raise InvalidInput(N_("That is too long. There is room for 4,000 characters."), field="text")
    row = Appeal(practitioner_id=practitioner_id, decision_id=decision_id, text_sealed=said, made_at=now)
    session.add(row)
    session.flush()
    decision = decisions.decision(session, decision_id)
    cases.open_for(
        session,
        Kind.APPEAL,
        f"appeal:{row.id}",
        about=practitioner_id,
        not_by=decision.decided_by,
        now=now,
    )
    audit.record(session, action="decision.appealed", actor=by, subject=f"practitioner:{practitioner_id}", now=now)
    return row


# --- steps -----------------------------------------------------------------------------------------------------------


def _same(session: Session, about: int | None, field: Field, said: str, *, now: datetime) -> Complaint | None:
    recent = (
        select(Complaint)
        .where(Complaint.practitioner_id == about, Complaint.field == field)
        .where(Complaint.reported_at > now - rules.SAME_WITHIN, Complaint.decided_at.is_(None))
        .options(undefer(Complaint.text_sealed))
        .order_by(Complaint.id.desc())
        .limit(rules.MOST_OF_ONE_A_DAY)
    )
    return next((each for each in session.scalars(recent) if each.text_sealed == said), None)


def _bound(session: Session, about: int | None, *, now: datetime) -> None:
    recent = select(func.count()).select_from(Complaint).where(Complaint.reported_at > now - rules.SAME_WITHIN)
    of_one = 0 if about is None else session.scalar(recent.where(Complaint.practitioner_id == about)) or 0
    if of_one >= rules.MOST_OF_ONE_A_DAY or (session.scalar(recent) or 0) >= rules.MOST_A_DAY:
        raise TooMany("So many people wrote about this today that we cannot take another message. Try tomorrow.")


def _ids(session: Session, model: type[Complaint] | type[Appeal], practitioner_id: int) -> list[int]:
    return list(session.scalars(select(model.id).where(model.practitioner_id == practitioner_id)))


def _in_turn(session: Session) -> None:
    """Two that come at once would not see each other's report. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _REPORTING_LOCK})
