"""Deciding on the desk's pages: empty forms, complaints at their fields, once, and by two where it takes two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials import service as credentials
from directory.credentials.decisions import rules
from directory.credentials.decisions.models import Decision, Question
from directory.credentials.decisions.rules import Claim
from directory.credentials.decisions.terms import Outcome
from directory.credentials.models import Credential
from directory.credentials.terms import CredentialStatus
from directory.crypto import keyring
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.web.forms.desk.deciding import DecisionForm, in_outline
from tests.examples import examples
from tests.factories import licence_draft
from tests.web import population, ready
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
    engine = ready.with_tables(config.database_url)
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


def send(client: Client, clock: Clock, address: str, status: int = 303, **fields: str) -> Page:
    """Open the form, think for half a minute, and send it."""
    page = client.get(address)
    clock.now += timedelta(seconds=30)
    return client.submit(page, address, fields, status)


def test_a_form_begins_empty(desk: Client, case: Case) -> None:
    address = f"/desk/cases/{case.id}/decision"
    for each in desk.get(address).form(address).iter():
        if each.tag not in ("input", "textarea"):
            continue
        if each.get("type") in ("radio", "checkbox"):
            assert each.get("checked") is None, each.get("name")
        elif each.get("type") != "hidden":
            assert not each.get("value"), each.get("name")
            assert not (each.text or "").strip(), each.get("name")


def test_what_agrees_is_recorded_and_said(desk: Client, clock: Clock, case: Case, db: Session) -> None:
    send(desk, clock, f"/desk/cases/{case.id}/decision", **SEEN)
    found = db.scalars(select(Decision).where(Decision.case_id == case.id)).one()
    assert (found.outcome, found.took_seconds, found.to_state) == (Outcome.VERIFIED, 30, "active")
    done = desk.get(f"/desk/decided/{found.id}")
    assert "Confirmed" in done.words()


def test_what_disagrees_comes_back_at_its_field_with_everything_typed(
    desk: Client, clock: Clock, case: Case, db: Session
) -> None:
    wrong = SEEN | {"expires_read": TODAY.isoformat(), "name_read": "Juniper Overhill"}
    page = send(desk, clock, f"/desk/cases/{case.id}/decision", 422, **wrong)
    assert set(page.errors_at()) == {"expires_read", "name_reason"}
    assert "not what was claimed" in page.errors_at()["expires_read"]
    assert page.by_id("name_read").get("value") == "Juniper Overhill"
    assert db.scalar(select(func.count()).select_from(Decision).where(Decision.case_id == case.id)) == 0
    nothing = send(desk, clock, f"/desk/cases/{case.id}/decision", 422)
    assert set(nothing.errors_at()) == {"outcome"}


def test_a_second_person_finds_it_decided(desk: Client, colleague: Client, clock: Clock, case: Case) -> None:
    address = f"/desk/cases/{case.id}/decision"
    opened = colleague.get(address)
    send(desk, clock, address, **SEEN)
    late = colleague.submit(opened, address, SEEN, 409)
    assert "verifier@example.org" in late.words()
    colleague.get(address, 409)


def test_a_stamp_that_is_forged_or_missing_counts_as_haste(desk: Client, case: Case, db: Session) -> None:
    address = f"/desk/cases/{case.id}/decision"
    desk.submit(desk.get(address), address, SEEN | {"opened": "x"})
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
    assert "/account/again" in asked.response.headers["Location"]
    back = desk.get(address)
    assert back.words(back.by_id("words")) == "The board revoked it."
    assert "/desk/decided/" in desk.submit(back, address, {"words": fields["words"]}).response.headers["Location"]


def test_a_question_is_asked_in_place_and_answered_in_place(
    app: DirectoryApp, desk: Client, clock: Clock, case: Case, db: Session
) -> None:
    address = f"/desk/cases/{case.id}/decision"
    send(desk, clock, address, outcome="more_information", question_1="Which <b>name</b> is on it?")
    question = db.scalars(select(Question).where(Question.case_id == case.id)).one()
    owner = Client(app)
    sign_in(owner, email="juniper@example.org", practitioner_id=juniper(db).id)
    assert "waits for your answer" in owner.get("/practice").words()
    page = owner.get("/practice/questions")
    assert "Which <b>name</b> is on it?" in page.words()
    name, target = f"question-{question.id}-answer", f"/practice/questions/{question.id}"
    assert set(owner.submit(page, target, status=422).errors_at()) == {name}
    stranger = Client(app)
    other = db.scalars(select(Practitioner).where(Practitioner.display_name == population.RTL_NAME)).one()
    sign_in(stranger, email="salma@example.org", practitioner_id=other.id)
    token = dict(stranger.get("/practice/export").fields(stranger.get("/practice/export").form("/practice/export")))
    stranger.post(target, 404, data={"csrf_token": token["csrf_token"], name: "x"})
    owner.submit(page, target, {name: "My maiden name."})
    assert "My maiden name." in owner.get("/practice/questions").words()
    db.rollback()
    assert db.get_one(Case, case.id).waiting_since is None


def test_restoring_after_a_withdrawal_waits_in_sight_for_a_second_person(
    app: DirectoryApp, desk: Client, colleague: Client, clock: Clock, db: Session
) -> None:
    person = db.scalars(select(Practitioner).where(Practitioner.display_name == population.RTL_NAME)).one()
    address = f"/desk/people/{person.slug}/decision"
    away = {"outcome": "revoked", "reason_code": "safety", "words": "Withdrawn."}
    send(desk, clock, address, **away)
    db.rollback()
    owner = Client(app)
    sign_in(owner, email="withdrawn@example.org", practitioner_id=person.id)
    assert "/practice/appeal" in owner.get("/practice/questions").links()
    assert "Withdrawn." in owner.get("/practice/appeal").words()
    db.refresh(person)
    assert person.account_status is AccountStatus.SUSPENDED
    sent = send(desk, clock, address, outcome="restored")
    waits = desk.get(sent.response.headers["Location"])
    assert "It waits for a second person" in waits.words()
    db.rollback()
    first = db.scalars(select(Decision).where(Decision.takes_effect.is_(False))).one()
    form = f"/desk/cases/{first.case_id}/decision"
    assert "waits" in desk.get(form).words()
    send(colleague, clock, form, 422)
    send(colleague, clock, form, agrees="yes")
    db.rollback()
    db.refresh(person)
    assert person.account_status is AccountStatus.PUBLISHED


@pytest.mark.parametrize(
    "address", ["/desk/cases/999999/decision", f"/desk/cases/{10**30}/decision", "/desk/people/nobody/decision"]
)
def test_what_is_not_there_is_not_found(desk: Client, address: str) -> None:
    desk.get(address, 404)


def test_news_of_a_licence_is_decided_on_what_the_register_says(db: Session, desk: Client, clock: Clock) -> None:
    person = juniper(db)
    row = credentials.record(db, licence_draft(person.id, number="AC-NEWS", expires=EXPIRES), now=population.NOW)
    about = f"credential:{row.id}"
    case = cases.open_for(db, Kind.REGISTER_NEWS, about, about=person.id, jurisdiction="US-OR", now=population.NOW)
    db.commit()
    address = f"/desk/cases/{case.id}/decision"
    against = SEEN | {
        "outcome": "suspended",
        "reason_code": "not_in_force",
        "words": "The register says that it is suspended.",
    }
    refused = send(desk, clock, address, 422, **against)
    assert set(refused.errors_at()) == {"status_read"}
    done = send(desk, clock, address, **(against | {"status_read": "suspended"}))
    assert "/desk/decided/" in done.response.headers["Location"]
    db.expire_all()
    assert db.get_one(Credential, row.id).status is CredentialStatus.SUSPENDED
    assert db.get_one(Case, case.id).state is State.CLOSED


CLAIMS = st.builds(
    Claim,
    kind=st.sampled_from([kind for kind in Kind if kind in rules.OUTCOMES]),
    name=st.sampled_from([None, "Juniper Underhill"]),
    name_on_record=st.sampled_from([None, "Juniper Old"]),
    status=st.sampled_from([None, CredentialStatus.ACTIVE, CredentialStatus.PROBATION]),
    dated=st.booleans(),
    expires=st.sampled_from([None, EXPIRES]),
    read_at_source=st.booleans(),
    has_conditions=st.booleans(),
    covers_pregnancy=st.sampled_from([None, True, False]),
    items=st.frozensets(st.sampled_from(sorted(rules.ITEM_LEVELS))),
    trained=st.booleans(),
    second_registration=st.booleans(),
)


@given(CLAIMS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(120))
def test_what_is_asked_depends_on_the_outline_of_a_claim_and_not_on_whose_it_is(
    app: DirectoryApp, claim: Claim
) -> None:
    with app.test_request_context("/desk"):
        asked = []
        for each in (claim, in_outline(claim)):
            form = DecisionForm(formdata=None, meta={"csrf": False})
            form.shape(each)
            asked.append([str(field()) for field in form])
    assert asked[0] == asked[1]
    assert EXPIRES.isoformat() not in "".join(asked[0])
    assert "Juniper" not in "".join(asked[0])


def test_an_empty_form_is_drawn_for_each_language(app: DirectoryApp, desk: Client, case: Case) -> None:
    drawn = []
    for language in ("en-US", "en-GB", "en-US"):
        answer = desk.inner.get(f"/desk/cases/{case.id}", base_url=desk.base, headers={"Accept-Language": language})
        drawn.append(answer.get_data(as_text=True).partition('name="status_read"')[2].partition("</select>")[0])
    assert "active" in drawn[0]
    assert drawn[0] == drawn[2] != drawn[1]
