"""Proving who somebody is: over which way, how often, for how long, and what follows when two say it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import db
from directory.accounts import service as accounts
from directory.accounts.terms import Role
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials.control import queries, service
from directory.credentials.control.models import ControlLetter, ControlProof
from directory.credentials.control.rules import Asking, Call, Seen, Source
from directory.credentials.control.service import Refused
from directory.credentials.control.terms import Answer, Channel, Look, Origin, Paper, Tried
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Method, Outcome
from directory.credentials.registration.models import Registration
from directory.crypto import keyring, new_key
from directory.desk import deciding
from directory.errors import Conflict, Gone
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from tests.factories import NOW, TODAY, Changes, Listed, listed, reference

if TYPE_CHECKING:
    from tests.databases import Databases

VERA = 901
NPPES = Source(origin=Origin.NPPES, name="NPPES 1234567893", day=TODAY)
LINES = ["Juniper Underhill", "12 Fern Way", "Portland OR 97214"]
ASKS = Asking(to="roll@board.example", body="The board", page="https://board.example/contact")
BY_PAPER = Verdict(outcome=Outcome.VERIFIED, method=Method.IDENTITY_CHECK, read_on=TODAY, took_seconds=90)
SEEN = Seen(paper=Paper.PASSPORT, look=Look.VIDEO, on=TODAY, is_them=True)
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def somebody(session: Session) -> Listed:
    reference(session)
    return listed(session)


def keep(session: Session, person: int, email: str = "juniper@fern-rooms.example") -> Practitioner:
    account = accounts.create(session, email, roles=(Role.PRACTITIONER,), now=NOW, password="a quiet river in november")
    row = people.practitioner(session, person)
    row.account_id = account.id
    session.flush()
    return row


def make(session: Session, person: int) -> str:
    return service.make_letter(session, person, NPPES, LINES, by=VERA, now=NOW)


def test_a_code_is_good_once_and_only_its_hash_is_kept(session: Session, somebody: Listed) -> None:
    first = make(session, somebody.id)
    code = make(session, somebody.id)
    assert service.try_code(session, somebody.id, first, now=NOW) is Tried.WRONG
    letter = session.scalars(select(ControlLetter)).one()
    assert code not in (letter.code_hash, letter.told_sealed)
    assert queries.proved_by(session, somebody.id, now=NOW) == frozenset()
    assert service.try_code(session, somebody.id, code.lower(), now=NOW + MONTH - timedelta(seconds=1)) is Tried.RIGHT
    assert service.try_code(session, somebody.id, code, now=NOW) is Tried.RIGHT
    assert session.scalar(select(func.count()).select_from(ControlProof)) == 1
    assert queries.proved_by(session, somebody.id, now=NOW) == {Channel.LETTER_CODE}


def test_after_a_month_or_five_wrong_tries_a_code_is_over(session: Session, somebody: Listed) -> None:
    code = make(session, somebody.id)
    assert service.try_code(session, somebody.id, code, now=NOW + MONTH) is Tried.EXPIRED
    tried = [service.try_code(session, somebody.id, "x", now=NOW) for _ in range(5)]
    assert tried == [Tried.WRONG] * 4 + [Tried.DEAD]
    assert service.try_code(session, somebody.id, code, now=NOW) is Tried.DEAD
    assert service.try_code(session, somebody.id, make(session, somebody.id), now=NOW) is Tried.RIGHT
    assert service.forget(session, kept=MONTH, now=NOW + 3 * MONTH) == 1


def test_a_proof_is_of_the_name_and_the_account_of_that_day(session: Session, somebody: Listed) -> None:
    service.record_look(session, somebody.id, SEEN, by=VERA, now=NOW)
    assert queries.proof_for(session, somebody.id, Channel.IDENTITY_CHECK, now=NOW)
    person = people.practitioner(session, somebody.id)
    name, person.display_name = person.display_name, "Somebody Else"
    assert queries.proof_for(session, somebody.id, Channel.IDENTITY_CHECK, now=NOW) is None
    person.display_name = name
    keep(session, somebody.id)
    assert queries.proof_for(session, somebody.id, Channel.IDENTITY_CHECK, now=NOW) is None
    with pytest.raises(Conflict, match="yourself"):
        service.record_look(session, somebody.id, SEEN, by=person.account_id or 0, now=NOW)


def test_a_number_of_the_applicants_is_put_on_record_and_proves_nothing(session: Session, somebody: Listed) -> None:
    theirs = Source(origin=Origin.APPLICANT, name="", day=None)
    call = Call(source=theirs, number="+1 503 555 0199", answer=Answer.THEMSELVES, said="It is me.")
    assert not service.record_call(session, somebody.id, call, by=VERA, now=NOW).proves
    case = cases.open_for(session, Kind.CONTROL, f"practitioner:{somebody.id}", about=somebody.id, now=NOW)
    verdict = Verdict(
        outcome=Outcome.VERIFIED, method=Method.REGISTER_TELEPHONE, read_on=TODAY, source="NPPES", took_seconds=90
    )
    with pytest.raises(service.InvalidInput, match="on record"):
        deciding.decide(session, case.id, verdict, by=VERA, now=NOW)
    assert case.state is State.OPEN


def test_a_certifier_answers_once_about_what_is_still_so(session: Session, somebody: Listed) -> None:
    with pytest.raises(Conflict, match="Nobody has"):
        service.ask_certifier(session, somebody.id, ASKS, by=VERA, now=NOW)
    person = keep(session, somebody.id)
    near = Asking(to="roll@mail.fern-rooms.example", body="The board", page="https://board.example")
    with pytest.raises(Refused) as refused:
        service.ask_certifier(session, somebody.id, near, by=VERA, now=NOW)
    assert set(refused.value.fields) == {"to"}
    service.ask_certifier(session, somebody.id, ASKS, by=VERA, now=NOW)
    with pytest.raises(Conflict, match="asked already"):
        service.ask_certifier(session, somebody.id, ASKS, by=VERA, now=NOW)
    letter = session.scalars(select(OutgoingLetter)).one()
    token = (letter.text_sealed or "").partition("/control/")[2].partition('"')[0]
    assert person.display_name not in (letter.text_sealed or "")
    with pytest.raises(Gone, match="14 days"):
        service.answer(session, token, confirms=True, now=NOW + timedelta(days=14))
    name, person.display_name = person.display_name, "Somebody Else"
    with pytest.raises(Gone, match="changed"):
        service.question(session, token, now=NOW)
    person.display_name = name
    assert service.answer(session, token, confirms=True, now=NOW).proves
    assert queries.proved_by(session, somebody.id, now=NOW) == {Channel.CERTIFIER_MAILBOX}
    with pytest.raises(Gone):
        service.answer(session, token, confirms=False, now=NOW)


def test_whoever_comes_second_with_the_same_checked_number_is_not_shown_and_neither_is_the_first(
    session: Session,
) -> None:
    reference(session)
    first = listed(session, Changes(licence={"number": "AC777"}, person={"email": "one@example.org"}))
    second = listed(session, Changes(licence={"number": "AC777"}, person={"email": "two@example.org"}))
    people.practitioner(session, second.id).holder_proved_on = None
    service.record_look(session, second.id, SEEN, by=VERA, now=NOW)
    case = cases.open_for(session, Kind.CONTROL, f"practitioner:{second.id}", about=second.id, now=NOW)
    deciding.decide(session, case.id, BY_PAPER, by=VERA, now=NOW)
    rows = [people.practitioner(session, each.id) for each in (first, second)]
    assert [row.held_since for row in rows] == [NOW, NOW]
    dispute = session.scalars(select(Case).where(Case.kind == Kind.DISPUTE)).one()
    assert dispute.subject == f"practitioner:{first.id} by {second.id}"
    assert list(session.scalars(select(OutgoingLetter.purpose))).count("profile_disputed") == 2


def test_a_number_that_somebody_shown_has_is_never_handed_over_silently(session: Session) -> None:
    reference(session)
    npi = "1234567893"
    first, second = listed(session, Changes(person={"npi": npi})), listed(session)
    session.add(Registration(practitioner_id=second.id, begun_at=NOW, npi_claimed=npi))
    case = cases.open_for(session, Kind.PROFILE_CLAIM, f"npi:{npi}", about=second.id, now=NOW)
    verdict = Verdict(
        outcome=Outcome.VERIFIED, method=Method.IDENTITY_CHECK, read_on=TODAY, source="seen", took_seconds=90
    )
    deciding.decide(session, case.id, verdict, by=VERA, now=NOW)
    rows = [people.practitioner(session, each.id) for each in (first, second)]
    assert [(row.npi, row.held_since) for row in rows] == [(npi, NOW), (None, NOW)]
    assert session.scalars(select(Case).where(Case.kind == Kind.DISPUTE)).one().about == second.id


@pytest.mark.postgres
def test_of_ten_guesses_at_once_five_count(databases: Databases) -> None:
    engine = db.make_engine(databases.create("postgresql"))
    from directory import migrations

    migrations.upgrade(engine)
    with Session(engine) as session:
        reference(session)
        somebody = listed(session).id
        make(session, somebody)
        session.commit()

    def guess(number: int) -> Tried:
        with Session(engine) as own:
            db.writing(own)
            tried = service.try_code(own, somebody, f"wrong{number}", now=NOW)
            own.commit()
            return tried

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, range(10)))
    assert sorted(said) == sorted([Tried.WRONG] * 4 + [Tried.DEAD] * 6)
    with Session(engine) as session:
        assert session.scalars(select(ControlLetter.wrong)).one() == 5
    engine.dispose()
