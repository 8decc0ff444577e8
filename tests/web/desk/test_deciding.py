"""Deciding on the desk's pages: empty forms, complaints at their fields, once, and by two where it takes two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from directory import migrations
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials import service as credentials
from directory.credentials.decisions.models import Decision, Question
from directory.credentials.decisions.terms import Outcome
from directory.credentials.models import Credential
from directory.crypto import keyring
from directory.db import make_engine
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from tests.factories import licence_draft
from tests.web import population
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.population import TODAY, Someone

EXPIRES = TODAY + timedelta(days=365)
SEEN = {
    "outcome": "verified",
    "method": "primary_source",
    "read_on": TODAY.isoformat(),
    "source": "https://register.example/1",
    "status_read": "active",
    "expires_read": EXPIRES.isoformat(),
    "name_read": "Juniper Underhill",
    "identity_match": "yes",
}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("deciding")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = make_engine(config.database_url)
    migrations.upgrade(engine)
    with Session(engine) as session:
        population.settle(session, [Someone(name="Juniper Underhill"), Someone(name=population.RTL_NAME)])
        session.commit()
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def db(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def desk(app: DirectoryApp, clock: Clock) -> Client:
    clock.now = population.NOW
    client = Client(app)
    sign_in(client, email="verifier@example.org", roles=(Role.VERIFIER,))
    return client


@pytest.fixture
def colleague(app: DirectoryApp) -> Client:
    client = Client(app)
    sign_in(client, email="colleague@example.org", roles=(Role.VERIFIER,))
    return client


def juniper(db: Session) -> Practitioner:
    return db.scalars(select(Practitioner).where(Practitioner.display_name == "Juniper Underhill")).one()


@pytest.fixture
def case(db: Session) -> Case:
    """A licence of Juniper's that nobody looked at."""
    person = juniper(db)
    number = f"AC{db.scalar(select(func.count()).select_from(Credential))}"
    row = credentials.record(
        db, licence_draft(person.id, check=None, number=number, expires=EXPIRES), now=population.NOW
    )
    found = cases.open_for(
        db, Kind.LICENCE, f"credential:{row.id}", about=person.id, jurisdiction="US-OR", now=population.NOW
    )
    db.commit()
    return found


def form_of(page: Page) -> dict[str, str]:
    """What the form on a page would send by itself: nothing but its token and its stamp, and what was typed before."""
    return {each.get("name", ""): each.get("value", "") for each in page.all("input") if each.get("type") == "hidden"}


def send(client: Client, clock: Clock, address: str, **fields: Any) -> Page:
    """Open the form, think for half a minute, and send it."""
    hidden = form_of(client.get(address))
    clock.now += timedelta(seconds=30)
    return client.post(address, data=hidden | fields)


def test_a_form_begins_empty(desk: Client, case: Case) -> None:
    page = desk.get(f"/desk/cases/{case.id}/decision")
    assert page.status == 200
    for each in page.all("input", "textarea"):
        if each.get("type") in ("radio", "checkbox"):
            assert each.get("checked") is None, each.get("name")
        elif each.get("type") != "hidden":
            assert not each.get("value"), each.get("name")
            assert not (each.text or "").strip(), each.get("name")


def test_what_agrees_is_recorded_and_said(desk: Client, clock: Clock, case: Case, db: Session) -> None:
    page = send(desk, clock, f"/desk/cases/{case.id}/decision", **SEEN)
    assert page.status == 303
    found = db.scalars(select(Decision).where(Decision.case_id == case.id)).one()
    assert (found.outcome, found.took_seconds, found.to_state) == (Outcome.VERIFIED, 30, "active")
    done = desk.get(f"/desk/decided/{found.id}")
    assert done.status == 200
    assert "Confirmed" in done.words()


def test_what_disagrees_comes_back_at_its_field_with_everything_typed(
    desk: Client, clock: Clock, case: Case, db: Session
) -> None:
    wrong = SEEN | {"expires_read": TODAY.isoformat(), "name_read": "Juniper Overhill"}
    page = send(desk, clock, f"/desk/cases/{case.id}/decision", **wrong)
    assert page.status == 422
    assert "not what was claimed" in page.words(page.by_id("expires_read-error"))
    assert "differs" in page.words(page.by_id("name_reason-error"))
    assert page.by_id("name_read").get("value") == "Juniper Overhill"
    assert db.scalar(select(func.count()).select_from(Decision).where(Decision.case_id == case.id)) == 0
    nothing = send(desk, clock, f"/desk/cases/{case.id}/decision")
    assert nothing.status == 422
    assert "Please choose what you decide" in nothing.words()


def test_a_second_person_finds_it_decided(desk: Client, colleague: Client, clock: Clock, case: Case) -> None:
    address = f"/desk/cases/{case.id}/decision"
    hidden = form_of(colleague.get(address))
    assert send(desk, clock, address, **SEEN).status == 303
    late = colleague.post(address, data=hidden | SEEN)
    assert late.status == 409
    assert "verifier@example.org" in late.words()
    assert colleague.get(address).status == 409


def test_a_stamp_that_is_forged_or_missing_counts_as_haste(desk: Client, case: Case, db: Session) -> None:
    address = f"/desk/cases/{case.id}/decision"
    hidden = form_of(desk.get(address)) | {"opened": "x"}
    assert desk.post(address, data=hidden | SEEN).status == 303
    found = db.scalars(select(Decision).where(Decision.case_id == case.id)).one()
    look = db.scalars(select(Case).where(Case.subject == f"decision:{found.id}")).one()
    assert (found.took_seconds, look.kind, look.state) == (0, Kind.SECOND_LOOK, State.OPEN)
    own = desk.get(f"/desk/cases/{look.id}/decision")
    assert "waits" in own.words()


def test_taking_somebody_off_asks_again_who_decides_and_keeps_what_was_typed(
    app: DirectoryApp, desk: Client, clock: Clock, case: Case
) -> None:
    stale = Client(app)
    sign_in(stale, email="verifier@example.org", roles=(Role.VERIFIER,), fresh=False)
    address = f"/desk/cases/{case.id}/decision"
    fields = {"outcome": "revoked", "reason_code": "discipline", "words": "The board revoked it."}
    asked = send(stale, clock, address, **fields)
    assert (asked.status, "/account/again" in asked.response.headers["Location"]) == (303, True)
    back = desk.get(address)
    assert back.words(back.by_id("words")) == "The board revoked it."
    assert send(desk, clock, address, **fields).status == 303


def test_a_question_is_asked_in_place_and_answered_in_place(
    app: DirectoryApp, desk: Client, clock: Clock, case: Case, db: Session
) -> None:
    address = f"/desk/cases/{case.id}/decision"
    asked = send(desk, clock, address, outcome="more_information", question_1="Which <b>name</b> is on it?")
    assert asked.status == 303
    question = db.scalars(select(Question).where(Question.case_id == case.id)).one()
    owner = Client(app)
    sign_in(owner, email="juniper@example.org", practitioner_id=juniper(db).id)
    assert "waits for your answer" in owner.get("/practice").words()
    page = owner.get("/practice/questions")
    assert "Which <b>name</b> is on it?" in page.words()
    hidden = form_of(page)
    empty = owner.post(f"/practice/questions/{question.id}", data=hidden)
    assert empty.status == 422
    name = f"question-{question.id}-answer"
    done = owner.post(f"/practice/questions/{question.id}", data=hidden | {name: "My maiden name."})
    assert done.status == 303
    assert "My maiden name." in owner.get("/practice/questions").words()
    stranger = Client(app)
    other = db.scalars(select(Practitioner).where(Practitioner.display_name == population.RTL_NAME)).one()
    sign_in(stranger, email="salma@example.org", practitioner_id=other.id)
    hidden = form_of(stranger.get("/practice/questions"))
    assert stranger.post(f"/practice/questions/{question.id}", data=hidden | {name: "x"}).status == 404
    db.expire_all()
    assert db.get_one(Case, case.id).waiting_since is None


def test_restoring_after_a_withdrawal_waits_in_sight_for_a_second_person(
    desk: Client, colleague: Client, clock: Clock, db: Session
) -> None:
    person = db.scalars(select(Practitioner).where(Practitioner.display_name == population.RTL_NAME)).one()
    address = f"/desk/people/{person.slug}/decision"
    away = {"outcome": "revoked", "reason_code": "safety", "words": "Withdrawn."}
    assert send(desk, clock, address, **away).status == 303
    db.refresh(person)
    assert person.account_status is AccountStatus.SUSPENDED
    sent = send(desk, clock, address, outcome="restored")
    assert sent.status == 303
    waits = desk.get(sent.response.headers["Location"])
    assert "It waits for a second person" in waits.words()
    first = db.scalars(select(Decision).where(Decision.takes_effect.is_(False))).one()
    form = f"/desk/cases/{first.case_id}/decision"
    assert "waits" in desk.get(form).words()
    assert send(colleague, clock, form, agrees="").status == 422
    assert send(colleague, clock, form, agrees="yes").status == 303
    db.refresh(person)
    assert person.account_status is AccountStatus.PUBLISHED


@pytest.mark.parametrize(
    "address", ["/desk/cases/999999/decision", f"/desk/cases/{10**30}/decision", "/desk/people/nobody/decision"]
)
def test_what_is_not_there_is_not_found(desk: Client, address: str) -> None:
    assert desk.get(address).status == 404
