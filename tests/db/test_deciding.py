"""Deciding cases: once, on what was read, by two where it takes two, and with everything that follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import audit, db
from directory.accounts import service as accounts
from directory.accounts.models import Account
from directory.accounts.terms import Role
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.service import AlreadyDecided, TakenByAnother
from directory.cases.terms import Kind, State
from directory.credentials import service as papers
from directory.credentials.control import service as proving
from directory.credentials.control.rules import Call, Source
from directory.credentials.control.terms import Answer, Origin
from directory.credentials.decisions import queries, service
from directory.credentials.decisions.models import Decision, DecisionNote
from directory.credentials.decisions.rules import Reading, Verdict
from directory.credentials.decisions.service import NeedsAnother, OwnRecord
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.edits.terms import EditState
from directory.credentials.evidence.terms import PhotoState
from directory.credentials.models import Credential
from directory.credentials.registration.models import Registration
from directory.credentials.rules import Permit, permits
from directory.credentials.stating import declarations
from directory.credentials.terms import CheckMethod, CredentialStatus, Refusal, Verification
from directory.crypto import keyring, new_key
from directory.desk import deciding
from directory.desk.deciding import Refused
from directory.errors import Conflict, InvalidInput, NotFound
from directory.jurisdictions import queries as jurisdictions
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus
from directory.search import listings
from tests.factories import (
    NOW,
    TODAY,
    Changes,
    Listed,
    licence_draft,
    listed,
    pregnancy_draft,
    reference,
    rls_draft,
)

KEY = new_key()
FIRST, SECOND, THIRD = 901, 902, 903
EXPIRES = TODAY + timedelta(days=365)
READ = Reading(status=CredentialStatus.ACTIVE, raw_status="Active", expires=EXPIRES, name="Juniper Underhill")
SEEN = Verdict(
    outcome=Outcome.VERIFIED,
    method=Method.PRIMARY_SOURCE,
    read_on=TODAY,
    reading=READ,
    identity_match=True,
    source="https://register.example/AC123456",
    took_seconds=90,
)
NOT_SO = Verdict(
    outcome=Outcome.REJECTED, reason_code=ReasonCode.NOT_FOUND, words="The board does not know it.", took_seconds=90
)


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([KEY])


@dataclass(frozen=True)
class Waits:
    """Somebody whose licence waits to be looked at."""

    somebody: Listed
    case: int


def new_licence(session: Session, somebody: Listed, **facts: Any) -> Case:
    """A licence that nobody looked at yet, and the case about it."""
    draft = replace(licence_draft(somebody.id, **facts), check=None)
    row = papers.record(session, draft, now=NOW)
    return cases.open_for(
        session, Kind.LICENCE, f"credential:{row.id}", about=somebody.id, jurisdiction="US-OR", now=NOW
    )


@pytest.fixture
def waits(session: Session) -> Waits:
    reference(session)
    somebody = listed(session, Changes(licence={"check": None}))
    case = cases.open_for(
        session, Kind.LICENCE, f"credential:{somebody.licence_id}", about=somebody.id, jurisdiction="US-OR", now=NOW
    )
    return Waits(somebody, case.id)


def decide(
    session: Session, case_id: int, verdict: Verdict = SEEN, *, by: int = FIRST, now: datetime = NOW
) -> Decision:
    return deciding.decide(session, case_id, verdict, by=by, now=now)


def permit(session: Session, practitioner_id: int, *, now: datetime = NOW) -> Permit:
    rule = jurisdictions.all_rules(session)["US-OR"]
    own = next(iter(listings.read(session, practitioner_ids=[practitioner_id])))
    return permits(own.person, rule, place_id=own.place.id, today=now.date())


def letters(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingLetter.purpose).order_by(OutgoingLetter.id)))


# --- one decision ----------------------------------------------------------------------------------------------------


def test_a_licence_read_at_its_register_is_verified_and_opens_the_gate(session: Session, waits: Waits) -> None:
    assert Refusal.NO_LICENCE in permit(session, waits.somebody.id).refusals
    decision = decide(session, waits.case)
    row = session.get_one(Credential, waits.somebody.licence_id)
    assert (row.verified_on, row.check_method, row.identity_match) == (TODAY, CheckMethod.PRIMARY_SOURCE, True)
    assert (row.raw_status, row.next_check_on) == ("Active", TODAY + timedelta(days=30))
    assert (decision.from_state, decision.to_state, decision.takes_effect) == ("not_checked", "active", True)
    assert permit(session, waits.somebody.id).allowed
    assert session.get_one(Case, waits.case).state is State.CLOSED
    entry = audit.about(session, f"practitioner:{waits.somebody.id}")[0]
    assert (entry.action, entry.from_state, entry.to_state) == ("decision.verified", "not_checked", "active")


def test_the_log_takes_every_state_between_which_decisions_move(session: Session) -> None:
    words = [str(each) for kind in (CredentialStatus, EditState, PhotoState, Verification) for each in kind]
    words += [f"document_only:{each}" for each in CredentialStatus]
    words += [f"{each}{held}" for each in AccountStatus for held in ("", "+held")]
    for word in (*words, "checked:12", "registration_counts", f"holder:{2**63 - 1}"):
        entry = audit.record(
            session, action="a.b", actor=None, subject="practitioner:1", from_state=word, to_state=word, now=NOW
        )
        assert entry.to_state == word


@pytest.mark.parametrize(
    ("reading", "change", "field"),
    [
        (replace(READ, status=None), {}, "status_read"),
        (replace(READ, status=CredentialStatus.UNKNOWN), {}, "status_read"),
        (replace(READ, status=CredentialStatus.SUSPENDED), {"as_read": True}, "status_read"),
        (replace(READ, status=CredentialStatus.PROBATION, conditions="Supervised."), {}, "status_read"),
        (replace(READ, expires=None), {}, "expires_read"),
        (replace(READ, expires=EXPIRES - timedelta(days=1)), {}, "expires_read"),
        (replace(READ, name=""), {}, "name_read"),
        (READ, {"identity_match": None}, "identity_match"),
        (READ, {"identity_match": False}, "identity_match"),
        (replace(READ, name="Juniper Overhill"), {}, "name_reason"),
        (READ, {"source": " "}, "source"),
        (READ, {"read_on": TODAY + timedelta(days=3)}, "read_on"),
    ],
)
def test_what_was_not_read_or_does_not_agree_is_refused_at_its_field(
    session: Session, waits: Waits, reading: Reading, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        decide(session, waits.case, replace(SEEN, reading=reading, **change))
    assert set(refused.value.fields) == {field}
    assert queries.of_case(session, waits.case) == []
    assert not permit(session, waits.somebody.id).allowed


def test_what_the_register_says_instead_is_put_on_record_when_that_is_chosen(session: Session, waits: Waits) -> None:
    sooner = TODAY + timedelta(days=40)
    read = replace(READ, status=CredentialStatus.PROBATION, expires=sooner, conditions="No pregnant patients.")
    decide(session, waits.case, replace(SEEN, reading=read, as_read=True))
    row = session.get_one(Credential, waits.somebody.licence_id)
    assert (row.status, row.expires, row.conditions_text) == (
        CredentialStatus.PROBATION,
        sooner,
        "No pregnant patients.",
    )
    assert row.next_check_on == sooner - timedelta(days=30)


def test_another_name_is_taken_with_a_reason_that_is_kept_sealed(session: Session, waits: Waits) -> None:
    read = replace(READ, name="Juniper Overhill")
    decision = decide(session, waits.case, replace(SEEN, reading=read, name_reason="Maiden name, certificate seen."))
    assert session.get_one(DecisionNote, decision.id).text_sealed == "Maiden name, certificate seen."
    assert permit(session, waits.somebody.id).allowed


def test_a_document_alone_is_recorded_and_leaves_case_and_gate_as_they_are(session: Session, waits: Waits) -> None:
    decide(session, waits.case, replace(SEEN, method=Method.DOCUMENT_ONLY, source=None))
    row = session.get_one(Credential, waits.somebody.licence_id)
    assert row.check_method is CheckMethod.DOCUMENT_ONLY
    assert Refusal.NO_LICENCE in permit(session, waits.somebody.id).refusals
    assert session.get_one(Case, waits.case).state is State.OPEN
    decide(session, waits.case, by=SECOND)
    assert permit(session, waits.somebody.id).allowed


def test_a_document_takes_nothing_from_what_was_read_at_its_source(session: Session) -> None:
    reference(session)
    somebody = listed(session)
    case = cases.open_for(session, Kind.LICENCE, f"credential:{somebody.licence_id}", about=somebody.id, now=NOW)
    with pytest.raises(Refused) as refused:
        decide(session, case.id, replace(SEEN, method=Method.DOCUMENT_ONLY))
    assert "method" in refused.value.fields
    assert permit(session, somebody.id).allowed


def test_a_source_that_is_away_is_no_pass_and_hides_after_two_weeks(session: Session) -> None:
    reference(session)
    somebody = listed(session)
    case = cases.open_for(session, Kind.LICENCE, f"credential:{somebody.licence_id}", about=somebody.id, now=NOW)
    away = Verdict(
        outcome=Outcome.NOT_CHECKED, method=Method.PRIMARY_SOURCE, read_on=TODAY, source="https://register.example"
    )
    decide(session, case.id, away)
    assert session.get_one(Case, case.id).state is State.OPEN
    assert session.get_one(Credential, somebody.licence_id).status is CredentialStatus.UNKNOWN
    assert permit(session, somebody.id, now=NOW + timedelta(days=14)).allowed
    assert not permit(session, somebody.id, now=NOW + timedelta(days=15)).allowed


@pytest.mark.parametrize("identity", [True, False, None])
def test_a_refusal_never_opens_the_gate_whatever_was_read(
    session: Session, waits: Waits, identity: bool | None
) -> None:
    decide(
        session,
        waits.case,
        replace(
            SEEN, outcome=Outcome.REJECTED, reason_code=ReasonCode.WRONG_KIND, words="No.", identity_match=identity
        ),
    )
    assert Refusal.NO_LICENCE in permit(session, waits.somebody.id).refusals


def test_a_revoked_licence_hides_at_once_and_only_two_bring_it_back(session: Session) -> None:
    reference(session)
    somebody = listed(session, Changes(person={"email": "juniper@example.org"}))
    about = {"about": somebody.id, "jurisdiction": "US-OR", "now": NOW}
    subject = f"credential:{somebody.licence_id}"
    case = cases.open_for(session, Kind.LICENCE, subject, **about)
    revoked = replace(NOT_SO, outcome=Outcome.REVOKED, reason_code=ReasonCode.DISCIPLINE, words="The board revoked it.")
    decide(session, case.id, revoked)
    assert Refusal.ORDERED_TO_STOP in permit(session, somebody.id).refusals
    assert letters(session) == ["paper_stopped"]
    again = cases.open_for(session, Kind.LICENCE, subject, **about)
    for outcome in (Outcome.VERIFIED, Outcome.RESTORED):
        # The first who asks is written down, and asking once more changes nothing.
        first = decide(session, again.id, replace(SEEN, outcome=Outcome.RESTORED, as_read=True))
        assert not first.takes_effect
        with pytest.raises(NeedsAnother):
            decide(session, again.id, replace(SEEN, outcome=outcome, as_read=True), now=NOW + timedelta(hours=1))
    assert not permit(session, somebody.id).allowed
    assert queries.waiting_for_second(session, again.id) is first
    with pytest.raises(Refused):
        decide(session, again.id, SEEN, by=SECOND)
    second = decide(session, again.id, replace(SEEN, agrees=True), by=SECOND)
    assert (second.second_of, second.takes_effect, second.outcome) == (first.id, True, Outcome.RESTORED)
    assert permit(session, somebody.id).allowed


def test_who_does_not_agree_leaves_everything_as_it_was(session: Session) -> None:
    reference(session)
    somebody = listed(session)
    deciding.act_on_person(
        session, somebody.id, replace(NOT_SO, outcome=Outcome.REVOKED, reason_code=ReasonCode.SAFETY), by=FIRST, now=NOW
    )
    assert people.practitioner(session, somebody.id).account_status is AccountStatus.SUSPENDED
    restored = Verdict(outcome=Outcome.RESTORED)
    first = deciding.act_on_person(session, somebody.id, restored, by=FIRST, now=NOW)
    assert not first.takes_effect
    assert first.case_id is not None
    with pytest.raises(Refused):
        decide(session, first.case_id, Verdict(outcome=Outcome.RESTORED, agrees=False), by=SECOND)
    decide(session, first.case_id, Verdict(outcome=Outcome.RESTORED, agrees=False, note="Not yet."), by=SECOND)
    assert people.practitioner(session, somebody.id).account_status is AccountStatus.SUSPENDED
    assert queries.agreement(session)[FIRST].disagreed == 1
    again = deciding.act_on_person(session, somebody.id, restored, by=SECOND, now=NOW + timedelta(hours=1))
    assert again.case_id is not None
    decide(session, again.case_id, Verdict(outcome=Outcome.RESTORED, agrees=True), by=FIRST)
    assert permit(session, somebody.id).allowed


def test_a_hold_takes_one_person_and_asks_a_second_to_look(session: Session) -> None:
    reference(session)
    somebody = listed(session)
    held = Verdict(outcome=Outcome.HELD, words="We are looking into something.")
    decision = deciding.act_on_person(session, somebody.id, held, by=FIRST, now=NOW)
    assert decision.takes_effect
    assert Refusal.HELD in permit(session, somebody.id).refusals
    review = session.scalars(select(Case).where(Case.kind == Kind.HOLD_REVIEW)).one()
    assert (review.not_by, review.about) == (FIRST, somebody.id)
    with pytest.raises(Conflict):
        deciding.act_on_person(session, somebody.id, held, by=SECOND, now=NOW)
    deciding.act_on_person(session, somebody.id, Verdict(outcome=Outcome.RELEASED), by=SECOND, now=NOW)
    assert permit(session, somebody.id).allowed


# --- oneself and colleagues ------------------------------------------------------------------------------------------


def verifier(session: Session, email: str) -> Account:
    return accounts.create(session, email, roles={Role.VERIFIER, Role.PRACTITIONER}, now=NOW)


def test_nobody_decides_about_themselves_and_about_a_colleague_two_do(session: Session, waits: Waits) -> None:
    me = verifier(session, "me@example.org")
    publication.give_to(session, waits.somebody.id, me.id, now=NOW)
    with pytest.raises(OwnRecord):
        decide(session, waits.case, by=me.id)
    with pytest.raises(OwnRecord):
        deciding.act_on_person(session, waits.somebody.id, Verdict(outcome=Outcome.HELD, words="x"), by=me.id, now=NOW)
    first = decide(session, waits.case)
    assert decide(session, waits.case) is first
    assert not permit(session, waits.somebody.id).allowed
    with pytest.raises(OwnRecord):
        decide(session, waits.case, replace(SEEN, agrees=True), by=me.id)
    decide(session, waits.case, replace(SEEN, agrees=True), by=SECOND)
    assert permit(session, waits.somebody.id).allowed


def test_a_registration_counts_as_training_when_two_agree(session: Session) -> None:
    reference(session)
    somebody = listed(session)
    papers.declare_pregnancy(
        session, pregnancy_draft(somebody.id, training_hours=0.0, training_verification=Verification.NONE)
    )
    row = declarations.pregnancy_row(session, somebody.id)
    assert row is not None
    row.second_registration = "Midwife, NMC 12A3456B"
    case = cases.open_for(session, Kind.PREGNANCY_DECLARATION, f"pregnancy:{somebody.id}", about=somebody.id, now=NOW)
    counts = replace(SEEN, reading=replace(READ, status=None), second_registration_counts=True)
    decide(session, case.id, counts)
    assert not row.second_registration_counts
    decide(session, case.id, Verdict(outcome=Outcome.VERIFIED, agrees=True), by=SECOND)
    assert row.second_registration_counts


# --- once ------------------------------------------------------------------------------------------------------------


def test_the_same_decision_twice_is_one_and_a_second_person_is_told_it_is_decided(
    session: Session, waits: Waits
) -> None:
    decision = decide(session, waits.case)
    assert decide(session, waits.case) is decision
    with pytest.raises(AlreadyDecided):
        decide(session, waits.case, by=SECOND)
    with pytest.raises(AlreadyDecided):
        decide(session, waits.case, NOT_SO)
    with pytest.raises(NotFound):
        decide(session, 999_999)


def test_what_was_taken_back_or_is_somebody_elses_now_is_not_decided(session: Session, waits: Waits) -> None:
    cases.take(session, waits.case, by=SECOND, now=NOW)
    with pytest.raises(TakenByAnother):
        decide(session, waits.case)
    cases.withdraw(session, Kind.LICENCE, f"credential:{waits.somebody.licence_id}", now=NOW)
    with pytest.raises(AlreadyDecided, match="taken back"):
        decide(session, waits.case)


@pytest.mark.postgres
def test_of_two_who_decide_at_once_one_is_first(upgraded_database: str) -> None:
    if not upgraded_database.startswith("postgresql"):
        pytest.skip("SQLite has one writer at a time, which the other tests see")
    engine = db.make_engine(upgraded_database, timeout_seconds=20)
    with Session(engine) as session:
        db.writing(session)
        reference(session)
        somebody = listed(session, Changes(licence={"check": None}))
        about = {"about": somebody.id, "now": NOW}
        numbers = [
            cases.open_for(session, Kind.LICENCE, f"credential:{somebody.licence_id}", **about).id,
            *(new_licence(session, somebody, number=str(each)).id for each in range(3)),
        ]
        session.commit()

    def send(step: tuple[int, int]) -> str:
        number, by = step
        with Session(engine) as session:
            db.writing(session)
            verdict = SEEN if by % 2 else NOT_SO
            try:
                decide(session, number, verdict, by=by)
            except AlreadyDecided:
                return "late"
            session.commit()
            return "first"

    steps = [(number, by) for number in numbers for by in (FIRST, SECOND, THIRD, 904)]
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(send, steps))
    assert said.count("first") == len(numbers)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == len(numbers)
        assert audit.verify(session).fault is None
    engine.dispose()


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_question_stops_the_clock_until_it_is_answered(session: Session) -> None:
    reference(session)
    somebody = listed(session, Changes(person={"email": "juniper@example.org"}, licence={"check": None}))
    case = cases.open_for(session, Kind.LICENCE, f"credential:{somebody.licence_id}", about=somebody.id, now=NOW)
    due = case.due
    asks = Verdict(outcome=Outcome.MORE_INFORMATION, questions=("Which name is on it?", "Since when?"))
    decide(session, case.id, asks)
    assert len(queries.questions_of(session, somebody.id, open_only=True)) == 2
    decide(session, case.id, asks)
    questions = queries.questions_of_case(session, case.id)
    assert len(questions) == 2
    assert letters(session) == ["claim_question"]
    assert case.waiting_since == NOW
    later = NOW + timedelta(days=5)
    service.answer(session, questions[0].id, "My maiden name.", practitioner_id=somebody.id, now=later)
    assert case.waiting_since == NOW
    with pytest.raises(NotFound):
        service.answer(session, questions[1].id, "x", practitioner_id=somebody.id + 1, now=later)
    service.answer(session, questions[1].id, "2012", practitioner_id=somebody.id, now=later)
    assert (case.waiting_since, case.due) == (None, due + timedelta(days=5))
    with pytest.raises(Conflict):
        service.answer(session, questions[1].id, "2013", practitioner_id=somebody.id, now=later)


# --- second looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("draw", "seconds", "comes_back"), [(0.04, 90, True), (0.05, 19, True), (0.05, 20, False)])
def test_some_decisions_and_all_hasty_ones_come_back(
    session: Session, waits: Waits, draw: float, seconds: int, comes_back: bool
) -> None:
    decision = decide(session, waits.case, replace(SEEN, draw=draw, took_seconds=seconds))
    found = session.scalars(select(Case).where(Case.kind == Kind.SECOND_LOOK)).all()
    assert [each.subject for each in found] == ([f"decision:{decision.id}"] if comes_back else [])


def test_who_disagrees_at_a_second_look_opens_the_question_anew(session: Session, waits: Waits) -> None:
    decision = decide(session, waits.case, replace(SEEN, draw=0.0))
    look = session.scalars(select(Case).where(Case.kind == Kind.SECOND_LOOK)).one()
    no = Verdict(outcome=Outcome.NO_ACTION, agrees=False)
    with pytest.raises(NeedsAnother):
        decide(session, look.id, no)
    with pytest.raises(Refused):
        decide(session, look.id, no, by=SECOND)
    said = decide(session, look.id, replace(no, note="The number is another one."), by=SECOND)
    assert (said.second_of, said.agrees) == (decision.id, False)
    assert (queries.agreement(session)[FIRST].looked_at, queries.agreement(session)[FIRST].disagreed) == (1, 1)
    anew = session.scalars(select(Case).where(Case.kind == Kind.LICENCE, Case.state == State.OPEN)).one()
    assert (anew.subject, anew.not_by, anew.jurisdiction) == (decision.subject, FIRST, "US-OR")
    with pytest.raises(NeedsAnother):
        decide(session, anew.id)


# --- becoming visible ------------------------------------------------------------------------------------------------


def test_the_last_thing_that_was_lacking_publishes_and_says_so(session: Session, waits: Waits) -> None:
    person = people.practitioner(session, waits.somebody.id)
    person.account_status, person.published_at = AccountStatus.DRAFT, None
    person.holder_proved_on, person.email = None, "juniper@example.org"
    session.add(
        Registration(practitioner_id=person.id, begun_at=NOW, submitted_at=NOW, signed_as_sealed="Juniper Underhill")
    )
    session.flush()
    decide(session, waits.case)
    assert (person.account_status, letters(session)) == (AccountStatus.DRAFT, ["claim_confirmed"])
    control = cases.open_for(session, Kind.CONTROL, f"practitioner:{person.id}", about=person.id, now=NOW)
    proof = Verdict(outcome=Outcome.VERIFIED, method=Method.REGISTER_TELEPHONE, read_on=TODAY, source="+1 503 555 0100")
    with pytest.raises(InvalidInput, match="on record") as nothing:
        decide(session, control.id, proof)
    assert nothing.value.field == "method"
    register = Source(origin=Origin.NPPES, name="NPPES", day=TODAY)
    call = Call(source=register, number="+1 503 555 0100", answer=Answer.THEMSELVES, said="It is hers.")
    proving.record_call(session, person.id, call, by=FIRST, now=NOW)
    decide(session, control.id, proof)
    assert (person.account_status, letters(session)[-1]) == (AccountStatus.PUBLISHED, "published")
    assert permit(session, person.id).allowed


def test_an_item_of_a_declaration_is_checked_on_its_own(session: Session) -> None:
    reference(session)
    somebody = listed(session)
    papers.declare_rls(session, rls_draft(somebody.id, Verification.SELF_ATTESTED))
    case = cases.open_for(session, Kind.RLS_CASELOAD, f"rls:{somebody.id}", about=somebody.id, now=NOW)
    by_phone = Verdict(
        outcome=Outcome.VERIFIED,
        method=Method.TELEPHONE,
        read_on=TODAY,
        source="+1 503 555 0100",
        items={"patients": Verification.DOCUMENT_CHECKED},
    )
    with pytest.raises(Refused):
        decide(session, case.id, by_phone)
    decide(session, case.id, replace(by_phone, items={"patients": Verification.INDEPENDENTLY_CONFIRMED}))
    row = declarations.rls_row(session, somebody.id)
    assert row is not None
    assert row.patients_verification is Verification.INDEPENDENTLY_CONFIRMED
    assert row.years_verification is Verification.SELF_ATTESTED
