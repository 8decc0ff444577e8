"""People who work at the desk: invitations, leaving in one action, and administrators for an emergency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts import queries, rules, service
from directory.accounts.models import Account, AccountLink, AccountSession
from directory.accounts.sessions import begin
from directory.accounts.terms import Factor, Role
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.crypto import keyring, new_key
from directory.desk import staff
from directory.errors import Conflict, NotFound
from directory.mail.models import OutgoingLetter

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


def somebody(session: Session, name: str, *roles: Role) -> Account:
    return service.create(session, f"{name}@example.org", roles=roles, password="a quiet river in november", now=NOW)


def letters(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingLetter.purpose).order_by(OutgoingLetter.id)))


def test_an_invitation_is_a_link_for_two_days_and_once(session: Session) -> None:
    chief = somebody(session, "chief", Role.ADMINISTRATOR)
    service.invite(session, "new@example.org", Role.VERIFIER, by=chief.id, now=NOW)
    link = session.scalars(select(AccountLink)).one()
    assert (link.role, link.expires_at) == (Role.VERIFIER, NOW + timedelta(days=2))
    assert letters(session) == ["invited"]
    assert queries.by_email(session, "new@example.org") is None


def test_whoever_has_an_account_gets_the_role_and_a_letter_and_nobody_gives_one_to_themselves(
    session: Session,
) -> None:
    chief, ann = somebody(session, "chief", Role.ADMINISTRATOR), somebody(session, "ann", Role.PATIENT)
    service.invite(session, "Ann@Example.org", Role.VERIFIER, by=chief.id, now=NOW)
    service.invite(session, "ann@example.org", Role.VERIFIER, by=chief.id, now=NOW)
    assert ann.roles == {Role.PATIENT, Role.VERIFIER}
    assert letters(session) == ["role_given"]
    with pytest.raises(Conflict):
        service.invite(session, "chief@example.org", Role.VERIFIER, by=chief.id, now=NOW)
    with pytest.raises(ValueError, match="by themselves"):
        service.invite(session, "bob@example.org", Role.PRACTITIONER, by=chief.id, now=NOW)


def test_leaving_ends_everything_at_once(session: Session) -> None:
    chief = somebody(session, "chief", Role.ADMINISTRATOR)
    vera, theo = somebody(session, "vera", Role.VERIFIER), somebody(session, "theo", Role.VERIFIER)
    begin(session, vera, device="", now=NOW, second_factor=Factor.TOTP)
    taken = cases.open_for(session, Kind.LICENCE, "credential:1", now=NOW)
    given = cases.open_for(session, Kind.LICENCE, "credential:2", now=NOW)
    cases.take(session, taken.id, by=vera.id, now=NOW)
    given.assigned_to = vera.id
    session.flush()
    (found,) = (each for each in staff.colleagues(session, now=NOW) if each.id == vera.id)
    assert (found.cases, found.second_factor) == (2, False)
    assert staff.leave(session, vera.id, to=theo.id, by=chief.id, now=NOW) == 2
    assert (taken.claimed_by, given.assigned_to) == (None, theo.id)
    assert not vera.active
    assert not vera.roles
    assert not session.scalars(select(AccountSession).where(AccountSession.account_id == vera.id)).all()
    with pytest.raises(NotFound):
        staff.colleague(session, vera.id, now=NOW)


def test_whoever_is_something_else_too_keeps_the_account(session: Session) -> None:
    chief, vera = somebody(session, "chief", Role.ADMINISTRATOR), somebody(session, "vera", Role.VERIFIER, Role.PATIENT)
    staff.leave(session, vera.id, to=None, by=chief.id, now=NOW)
    assert vera.active
    assert vera.roles == {Role.PATIENT}


def test_the_last_administrator_stays_and_nobody_removes_themselves(session: Session) -> None:
    chief, vera = somebody(session, "chief", Role.ADMINISTRATOR), somebody(session, "vera", Role.VERIFIER)
    with pytest.raises(Conflict, match="last administrator"):
        staff.leave(session, chief.id, to=None, by=vera.id, now=NOW)
    with pytest.raises(Conflict):
        staff.leave(session, chief.id, to=None, by=chief.id, now=NOW)


def test_an_emergency_is_loud_and_short_and_counts_for_no_administrator_who_could_be_left(session: Session) -> None:
    chief, ann = somebody(session, "chief", Role.ADMINISTRATOR), somebody(session, "ann", Role.PATIENT)
    service.break_glass(session, ann, reason="nobody can sign in", now=NOW)
    assert letters(session) == ["glass_broken", "glass_broken"]
    (entry,) = audit.about(session, f"account:{ann.id}")
    assert entry.action == "account.break_glass"
    assert audit.told(entry, "nobody can sign in")
    assert queries.administrators(session) == {chief.id}
    end = NOW + rules.EMERGENCY_LIVES
    ann.at(end - timedelta(microseconds=1))
    assert Role.ADMINISTRATOR in ann.roles
    ann.at(end)
    assert ann.roles == {Role.PATIENT}
    assert service.end_emergencies(session, now=end - timedelta(seconds=1)) == 0
    assert service.end_emergencies(session, now=end) == 1
    assert service.end_emergencies(session, now=end) == 0
