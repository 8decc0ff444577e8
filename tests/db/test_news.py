"""What registers and the exclusion list say is decided once: of the paper where it is one, or of the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials.decisions.rules import Reading, Verdict
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.models import Credential
from directory.credentials.terms import CredentialStatus
from directory.crypto import keyring, new_key
from directory.desk import deciding
from directory.desk.deciding import Refused
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from tests.factories import NOW, TODAY, Changes, Listed, listed, reference

BY = 901
READ = Reading(
    status=CredentialStatus.REVOKED, raw_status="Revoked", expires=TODAY + timedelta(days=365), name="Juniper Underhill"
)
TAKEN = Verdict(
    outcome=Outcome.REVOKED,
    method=Method.ROSTER_FILE,
    read_on=TODAY,
    source="or_2026_11.csv",
    reading=READ,
    identity_match=True,
    reason_code=ReasonCode.DISCIPLINE,
    words="The board has revoked it.",
    took_seconds=90,
)
NOTHING = Verdict(outcome=Outcome.NO_ACTION, note="Another person.", took_seconds=90)
OFF = Verdict(outcome=Outcome.SUSPENDED, reason_code=ReasonCode.DISCIPLINE, words="On the list.", took_seconds=90)


@pytest.fixture
def somebody(session: Session) -> Listed:
    keyring.install([new_key()])
    reference(session)
    return listed(session, Changes(person={"email": "ada@example.org"}))


def _case(session: Session, somebody: Listed, kind: Kind, subject: str) -> Case:
    return cases.open_for(session, kind, subject, about=somebody.id, now=NOW)


def _person(session: Session, somebody: Listed) -> tuple[AccountStatus, bool]:
    row = session.get_one(Practitioner, somebody.id)
    return row.account_status, row.held_since is not None


def test_news_of_a_licence_is_decided_of_the_licence_on_what_is_read(session: Session, somebody: Listed) -> None:
    case = _case(session, somebody, Kind.REGISTER_NEWS, f"credential:{somebody.licence_id}")
    with pytest.raises(Refused) as refused:
        deciding.decide(session, case.id, replace(TAKEN, method=None, source=None), by=BY, now=NOW)
    assert set(refused.value.fields) == {"method"}
    assert not {Outcome.NOT_CHECKED, Outcome.RELEASED} & set(deciding.rules.outcomes(deciding.claim(session, case)))
    decision = deciding.decide(session, case.id, TAKEN, by=BY, now=NOW)
    row = session.get_one(Credential, somebody.licence_id)
    assert (row.status, row.raw_status, row.verified_on) == (CredentialStatus.REVOKED, "Revoked", TODAY)
    assert (decision.from_state, decision.to_state) == ("active", "revoked")
    assert _person(session, somebody) == (AccountStatus.PUBLISHED, False)
    assert case.state is State.CLOSED
    assert len(session.scalars(select(OutgoingLetter)).all()) == 1


def test_what_is_still_in_force_is_recorded_with_its_new_last_day(session: Session, somebody: Listed) -> None:
    case = _case(session, somebody, Kind.REGISTER_NEWS, f"credential:{somebody.licence_id}")
    until = TODAY + timedelta(days=700)
    read = replace(READ, status=CredentialStatus.ACTIVE, raw_status="Active", expires=until)
    seen = replace(
        TAKEN, outcome=Outcome.VERIFIED, reading=read, reason_code=None, words="", name_reason="Maiden name."
    )
    with pytest.raises(Refused) as refused:
        deciding.decide(session, case.id, seen, by=BY, now=NOW)
    assert set(refused.value.fields) == {"expires_read"}
    deciding.decide(session, case.id, replace(seen, as_read=True), by=BY, now=NOW)
    assert session.get_one(Credential, somebody.licence_id).expires == until


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.EXCLUSION, "exclusion:1-abcdef-number"),
        (Kind.REGISTER_NEWS, "npi_deactivated:2004498111-20261101"),
        (Kind.REGISTER_NEWS, "npi_name:2004498111-0123456789abcdef"),
    ],
)
def test_other_news_is_decided_of_the_person(session: Session, somebody: Listed, kind: Kind, subject: str) -> None:
    case = _case(session, somebody, kind, subject)
    assert deciding.rules.methods(deciding.claim(session, case)) == ()
    decision = deciding.decide(session, case.id, OFF, by=BY, now=NOW)
    assert (decision.from_state, decision.to_state) == ("published", "suspended_by_admin")
    assert _person(session, somebody) == (AccountStatus.SUSPENDED, False)
    assert len(session.scalars(select(OutgoingLetter)).all()) == 1


def test_a_hold_hides_the_person_and_has_to_be_looked_at_by_another(session: Session, somebody: Listed) -> None:
    for number, (kind, subject) in enumerate(
        [(Kind.EXCLUSION, "exclusion:1-a-name"), (Kind.REGISTER_NEWS, f"credential:{somebody.licence_id}")]
    ):
        case = _case(session, somebody, kind, subject)
        session.get_one(Practitioner, somebody.id).held_since = None
        deciding.decide(session, case.id, replace(OFF, outcome=Outcome.HELD, reason_code=None), by=BY + number, now=NOW)
        assert _person(session, somebody) == (AccountStatus.PUBLISHED, True)
    looks = session.scalars(select(Case.subject).where(Case.kind == Kind.HOLD_REVIEW, Case.state == State.OPEN)).all()
    assert set(looks) == {f"practitioner:{somebody.id}"}
    assert session.get_one(Credential, somebody.licence_id).status is CredentialStatus.ACTIVE


@pytest.mark.parametrize("kind", [Kind.EXCLUSION, Kind.REGISTER_NEWS])
def test_no_action_changes_nothing_and_writes_to_nobody(session: Session, somebody: Listed, kind: Kind) -> None:
    subject = "exclusion:1-a-name" if kind is Kind.EXCLUSION else f"credential:{somebody.licence_id}"
    case = _case(session, somebody, kind, subject)
    before = session.get_one(Credential, somebody.licence_id).verified_on
    decision = deciding.decide(session, case.id, NOTHING, by=BY, now=NOW)
    assert (decision.from_state == decision.to_state, case.state) == (True, State.CLOSED)
    assert session.get_one(Credential, somebody.licence_id).verified_on == before
    assert _person(session, somebody) == (AccountStatus.PUBLISHED, False)
    assert session.scalars(select(OutgoingLetter)).all() == []


def test_a_question_leaves_the_case_open_and_its_clock_standing(session: Session, somebody: Listed) -> None:
    case = _case(session, somebody, Kind.EXCLUSION, "exclusion:1-a-name")
    ask = Verdict(outcome=Outcome.MORE_INFORMATION, questions=("Were you born in 1961?",), took_seconds=90)
    deciding.decide(session, case.id, ask, by=BY, now=NOW)
    assert (case.state, case.waiting_since) == (State.OPEN, NOW)
