"""Reports at the desk: settled, held, looked at by a second person, appealed and heard, through the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases.models import Case
from directory.cases.rules import due_after
from directory.cases.terms import Kind, State
from directory.complaints import service as complaints
from directory.complaints.terms import Field
from directory.credentials.decisions.models import Question
from directory.crypto import keyring
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from directory.privacy.models import LegalHold
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.population import NOW, Someone

WORDS = "He would not stop, although I asked him to."
REPORTER = "somebody@example.org"
TOLD = "We are looking into how a visit went."
HOLDER = "juniper@example.org"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("complaints")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        population.settle(session, [Someone(name="Juniper Underhill")])
        session.commit()
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def db(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


@pytest.fixture
def person(db: Session) -> Practitioner:
    """Juniper, read and let go of, so that no reading holds the database."""
    found = db.scalars(select(Practitioner)).one()
    db.expunge(found)
    db.rollback()
    return found


def verifier(app: DirectoryApp, name: str) -> Client:
    client = Client(app)
    sign_in(client, email=f"{name}@example.org", roles=(Role.VERIFIER,))
    return client


def holder(app: DirectoryApp, person: Practitioner) -> Client:
    client = Client(app)
    sign_in(client, email=HOLDER, practitioner_id=person.id)
    return client


def reported(db: Session, person: Practitioner, field: Field = Field.HARM) -> int:
    row = complaints.report(db, field, WORDS, about=person.id, email=REPORTER, language="en_GB", harm_hours=24, now=NOW)
    db.commit()
    case_id = row.case_id
    db.rollback()
    assert case_id is not None
    return case_id


def waiting(db: Session, kind: Kind) -> int:
    db.rollback()
    found = db.scalars(select(Case.id).where(Case.kind == kind, Case.state == State.OPEN)).one()
    db.rollback()
    return found


def settle(client: Client, clock: Clock, case_id: int, status: int = 303, **fields: str) -> Page:
    page = client.get(f"/desk/reports/{case_id}")
    clock.now += timedelta(seconds=60)
    return client.submit(page, f"/desk/reports/{case_id}", fields, status)


def decide(client: Client, clock: Clock, case_id: int, status: int = 303, **fields: str) -> Page:
    page = client.get(f"/desk/cases/{case_id}")
    clock.now += timedelta(seconds=60)
    return client.submit(page, f"/desk/cases/{case_id}/decision", fields, status)


def letters_to(db: Session, address: str) -> list[tuple[str, str]]:
    db.rollback()
    rows = select(OutgoingLetter).order_by(OutgoingLetter.id)
    found = db.scalars(rows.options(undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed)))
    letters = [(each.purpose, each.text_sealed or "") for each in found if each.recipient_sealed == address]
    db.rollback()
    return letters


def test_a_report_stands_on_the_page_of_its_case_and_its_answer_is_heard(
    app: DirectoryApp, clock: Clock, db: Session, person: Practitioner
) -> None:
    desk, case_id = verifier(app, "first"), reported(db, person, Field.PRICES)
    page = desk.get(f"/desk/cases/{case_id}")
    assert WORDS in page.words()
    assert f"/desk/reports/{case_id}" in page.text
    assert f"/desk/cases/{case_id}/decision" not in page.text, "what the reporter hears is chosen on the other page"
    page = settle(desk, clock, case_id, 422, result="hidden", note="Rang the practice.")
    assert set(page.errors_at()) == {"words"}
    assert "Rang the practice.</textarea>" in page.text
    done = desk.follow(settle(desk, clock, case_id, result="corrected", note="Rang the practice."))
    assert "Rang the practice." in done.words()
    ((purpose, text),) = letters_to(db, REPORTER)
    assert purpose == "report_outcome"
    assert "has been corrected" in text
    assert WORDS not in text
    settle_again = desk.get(f"/desk/reports/{case_id}")
    assert "This is settled." in settle_again.words()
    desk.get("/desk/reports/999999", 404)
    holder(app, person).get(f"/desk/reports/{case_id}", 404)


def test_asking_the_practitioner_waits_and_shows_them_the_question_alone(
    app: DirectoryApp, clock: Clock, db: Session, person: Practitioner
) -> None:
    desk, case_id = verifier(app, "first"), reported(db, person, Field.ACCESS)
    page = settle(desk, clock, case_id, 422, result="ask")
    assert set(page.errors_at()) == {"question"}
    settle(desk, clock, case_id, result="ask", question="How many steps lead to your door?")
    assert letters_to(db, REPORTER) == []
    assert db.scalars(select(Question)).one().practitioner_id == person.id
    db.rollback()
    words = holder(app, person).get("/practice/questions").words()
    assert "How many steps lead to your door?" in words
    assert WORDS not in words


def test_one_hides_a_second_confirms_and_a_third_hears_the_appeal(
    app: DirectoryApp, clock: Clock, db: Session, person: Practitioner
) -> None:
    case_id = reported(db, person)
    first, second, third = (verifier(app, name) for name in ("first", "second", "third"))
    owner = holder(app, person)
    settle(first, clock, case_id, result="hidden", words=TOLD, keep="y")
    Client(app).get(f"/practitioners/{person.slug}", 410)
    assert db.scalars(select(LegalHold)).one().practitioner_id == person.id
    db.rollback()
    assert "not shown for now" in letters_to(db, REPORTER)[0][1]

    review = waiting(db, Kind.HOLD_REVIEW)
    page = first.get(f"/desk/cases/{review}")
    assert "You decided this before" in page.words()
    assert TOLD in page.words()
    decide(second, clock, review, outcome="held", words="We have not heard everybody yet.", reason_code="other")

    assert "/practice/appeal" in owner.get("/practice").text
    assert "/practice/appeal" in owner.get("/practice/questions").text
    page = owner.submit(owner.get("/practice/appeal"), "/practice/appeal", {"text": ""}, 422)
    assert set(page.errors_at()) == {"text"}
    page = owner.follow(owner.submit(page, "/practice/appeal", {"text": "It was not so."}))
    assert "You answered on" in page.words()

    appeal = waiting(db, Kind.APPEAL)
    page = second.get(f"/desk/cases/{appeal}")
    assert "You decided this before" in page.words()
    page = third.get(f"/desk/cases/{appeal}")
    assert "It was not so." in page.words()
    decide(third, clock, appeal, outcome="released")
    assert "Nothing was decided against you." in owner.get("/practice/appeal").words()
    Client(app).get(f"/practitioners/{person.slug}")

    told = "".join(text for _, text in letters_to(db, HOLDER))
    for address in ("/practice", "/practice/questions", "/practice/appeal", "/practice/listed"):
        told += owner.get(address).text
    answer = owner.submit(owner.get("/practice/export"), "/practice/export", {}, 200)
    told += answer.response.get_data(as_text=True)
    assert TOLD in told
    assert "It was not so." in told
    for secret in (WORDS, REPORTER):
        assert secret not in told


def test_a_hold_that_nobody_reviewed_within_two_working_days_is_overdue(
    app: DirectoryApp, clock: Clock, db: Session, person: Practitioner
) -> None:
    settle(verifier(app, "first"), clock, reported(db, person), result="hidden", words=TOLD)
    review = waiting(db, Kind.HOLD_REVIEW)
    due = db.get_one(Case, review).due
    db.rollback()
    assert due == due_after(clock.now)
    for late, shown in ((timedelta(minutes=-1), False), (timedelta(minutes=1), True)):
        clock.now = due + late
        second = verifier(app, "second")
        line = f'id="case-{review}"'
        assert line in second.get("/desk?state=open").text
        assert (line in second.get("/desk?state=overdue").text) is shown
        page = second.get(f"/desk/cases/{review}")
        assert ("This should have been looked at before now." in page.words()) is shown
    Client(app).get(f"/practitioners/{person.slug}", 410)
