"""Leaving, coming back, and being erased."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from directory import access_log, audit, changes
from directory.accounts.models import Account, AccountRole
from directory.accounts.rules import email_key
from directory.accounts.terms import Role
from directory.alerts import service as alerts
from directory.cases import views
from directory.cases.models import Case
from directory.cases.terms import State
from directory.complaints import service as complaints
from directory.consultations import keeping as requests
from directory.consultations.feedback import service as feedback
from directory.credentials.decisions import service as decisions
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.store import Store
from directory.credentials.keeping.waiting import is_about
from directory.errors import Conflict, NotFound
from directory.kept import KeptInput
from directory.mail import outbox, suppression
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.privacy import letters, rules
from directory.privacy.models import Departure, LegalHold, Tombstone
from directory.privacy.queries import addresses_of
from directory.privacy.rules import Fate, Leaving
from directory.registries import queries as registers
from directory.registries import service as registries


def leave(session: Session, practitioner_id: int, *, grace_days: int, by: int | None, now: datetime) -> Departure:
    """Hide somebody at once, set the day on which they are erased, and tell them so by mail. Whoever left already keeps
    their day. ``by`` is the account that asks."""
    person = _person(session, practitioner_id)
    held = session.get(Departure, practitioner_id)
    if held is not None:
        return held
    departure = Departure(
        practitioner_id=person.id,
        left_at=now,
        erase_on=rules.erase_on(now.date(), grace_days=grace_days),
        status_before=person.account_status,
    )
    session.add(departure)
    if person.published_at is not None:
        if person.account_status is not AccountStatus.CLOSED:
            person.account_status = AccountStatus.PAUSED
        session.merge(Tombstone(practitioner_id=person.id, slug_hash=rules.slug_hash(person.slug), gone_at=now))
    person.updated_at = now
    changes.record(session, person.id)
    audit.record(session, action="practitioner.left", actor=by, subject=f"practitioner:{person.id}", now=now)
    account = None if person.account_id is None else session.get(Account, person.account_id)
    if account is not None:
        letter = letters.profile_closed(erase_on=departure.erase_on)
        outbox.send(session, to=account.email, letter=letter, language=account.locale, now=now)
    session.flush()
    return departure


def come_back(session: Session, practitioner_id: int, *, by: int | None, now: datetime) -> None:
    """Undo leaving: what was shown is shown again where the rules still allow it. ``Conflict`` when nobody left."""
    person = _person(session, practitioner_id)
    departure = session.get(Departure, practitioner_id)
    if departure is None:
        raise Conflict("This profile has not been closed, so there is nothing to take back.")
    if person.account_status is AccountStatus.PAUSED:
        # A suspension that came in the meantime stays.
        person.account_status = departure.status_before
    person.updated_at = now
    _forget_departure(session, practitioner_id)
    changes.record(session, practitioner_id)
    audit.record(session, action="practitioner.came_back", actor=by, subject=f"practitioner:{person.id}", now=now)
    session.flush()


def place_hold(session: Session, practitioner_id: int, *, reason: str, now: datetime) -> None:
    """Keep this person's data until the hold is lifted, for a reason in law; a second hold replaces the first."""
    _person(session, practitioner_id)
    session.merge(LegalHold(practitioner_id=practitioner_id, placed_at=now, reason_sealed=reason))
    subject = f"practitioner:{practitioner_id}"
    audit.record(session, action="legal_hold.placed", actor=None, subject=subject, reason=reason, now=now)
    session.flush()


def lift_hold(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Let erasing go on; ``NotFound`` where there is no hold."""
    held = session.get(LegalHold, practitioner_id)
    if held is None:
        raise NotFound(f"There is no hold on practitioner {practitioner_id}.")
    session.delete(held)
    subject = f"practitioner:{practitioner_id}"
    audit.record(session, action="legal_hold.lifted", actor=None, subject=subject, now=now)
    session.flush()


def due(session: Session, *, today: date, only: int | None = None) -> list[tuple[int, Fate]]:
    """Everybody who left, or one of them, with what is to be done about them today. Nobody is erased while
    a legal hold stands, or while they are held and something is looked into."""
    statement = (
        select(
            Departure.practitioner_id,
            Departure.erase_on,
            Practitioner.account_status,
            or_(LegalHold.practitioner_id.is_not(None), Practitioner.held_since.is_not(None)),
        )
        .join(Practitioner, Practitioner.id == Departure.practitioner_id)
        .outerjoin(LegalHold, LegalHold.practitioner_id == Departure.practitioner_id)
        .order_by(Departure.practitioner_id)
    )
    if only is not None:
        statement = statement.where(Departure.practitioner_id == only)
    fates = []
    for practitioner_id, erase_on, status, hold in session.execute(statement):
        leaving = Leaving(erase_on, shown_again=status is AccountStatus.PUBLISHED, held=hold)
        fates.append((practitioner_id, rules.fate(leaving, today=today)))
    return fates


def erase(session: Session, store: Store, practitioner_id: int, *, now: datetime) -> None:
    """Erase everything of somebody who left: person, places, papers, what they showed, wrote and were written, and
    their account.

    What stays names nobody: the tombstone, the numbers and dates of closed cases, and the audit log, which knows people
    by number only. ``Conflict`` while a legal hold stands; the database itself refuses too.
    """
    person = _person(session, practitioner_id)
    if session.get(LegalHold, practitioner_id) is not None:
        raise Conflict(f"Practitioner {practitioner_id} is under a legal hold.")
    if person.held_since is not None:
        raise Conflict(f"Practitioner {practitioner_id} is held while something is looked into.")
    _close_cases(session, person, now)
    complaints.erase_about(session, practitioner_id, now=now)
    feedback.erase_about(session, practitioner_id, now=now)
    requests.leave(session, practitioner_id, now=now)
    account_id = person.account_id
    _erase_letters(session, person)
    evidence.erase_all(session, store, practitioner_id, now=now)
    decisions.forget(session, practitioner_id)
    access_log.forget_about(session, practitioner_id)
    if person.npi is not None and registers.entry(session, person.npi) is not None:
        # Otherwise the page made from the public register would come back by itself.
        registries.remove(session, person.npi, now=now)
    session.execute(delete(Practitioner).where(Practitioner.id == practitioner_id))
    session.expunge(person)
    if account_id is not None:
        _erase_account(session, account_id)
    changes.record(session, practitioner_id)
    audit.record(session, action="practitioner.erased", actor=None, subject=f"practitioner:{practitioner_id}", now=now)
    session.flush()


def settle(session: Session, store: Store, practitioner_id: int, *, today: date, now: datetime) -> bool:
    """Do what is due about one person who left: erase them, or forget that they left where they are shown again.

    Looks anew, so that two who come at once, or somebody who comes back meanwhile, do no harm.
    """
    what = dict(due(session, today=today, only=practitioner_id)).get(practitioner_id)
    if what is Fate.STAYED:
        _forget_departure(session, practitioner_id)
    elif what is Fate.ERASE:
        erase(session, store, practitioner_id, now=now)
    return what in (Fate.STAYED, Fate.ERASE)


def _close_cases(session: Session, person: Practitioner, now: datetime) -> None:
    mine = is_about(person.id)
    if person.npi is not None:
        mine = or_(mine, Case.subject == f"npi:{person.npi}")
    session.execute(
        update(Case)
        .where(mine, Case.state == State.OPEN)
        .values(state=State.CLOSED, closed_at=now, contact_sealed=None)
        .execution_options(synchronize_session=False)
    )


def _erase_letters(session: Session, person: Practitioner) -> None:
    """Letters to this person that are not forgotten yet. Addresses are sealed, so each is opened to be compared."""
    mine = addresses_of(session, person)
    suppression.forget(session, sorted(mine))
    alerts.erase(session, mine)
    rows = session.execute(
        select(OutgoingLetter.id, OutgoingLetter.recipient_sealed).where(OutgoingLetter.recipient_sealed.is_not(None))
    )
    ids = [letter_id for letter_id, to in rows if to is not None and email_key(to) in mine]
    session.execute(delete(OutgoingLetter).where(OutgoingLetter.id.in_(ids)))


def _erase_account(session: Session, account_id: int) -> None:
    """The account goes too, unless it is more than that of a practitioner: then it only stops being one."""
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        return
    session.execute(delete(KeptInput).where(KeptInput.account_id == account_id))
    views.erase_account(session, account_id)
    if account.roles <= {Role.PRACTITIONER}:
        session.execute(delete(Account).where(Account.id == account_id))
        session.expunge(account)
    else:
        session.execute(
            delete(AccountRole).where(AccountRole.account_id == account_id, AccountRole.role == Role.PRACTITIONER)
        )


def _person(session: Session, practitioner_id: int) -> Practitioner:
    found = session.get(Practitioner, practitioner_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found


def _forget_departure(session: Session, practitioner_id: int) -> None:
    for model in (Departure, Tombstone):
        session.execute(delete(model).where(model.practitioner_id == practitioner_id))
