"""The registration: left and resumed, saved step by step, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.cli.import_nppes import take_in
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.edits.terms import EditState
from directory.credentials.models import Credential
from directory.credentials.registration.models import PrefilledField, Registration
from directory.crypto import keyring
from directory.kept import KeptInput
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from tests import nppes
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock

WHO = "/registration/who"
ANSWERS = {"display_name": "Juniper Underhill", "profession": "acupuncturist"}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("registering")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_population(config.database_url)
    take_in(engine, nppes.write(folder / nppes.WEEK, [nppes.person(7)]), reach=None, allow_older=False, now=clock.now)
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def session(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


_count = iter(range(1, 1000))


@pytest.fixture
def member(app: DirectoryApp, clock: Clock) -> Client:
    """Somebody new, signed in as a practitioner who has not begun."""
    clock.now = population.NOW
    client = Client(app)
    sign_in(client, email=f"member{next(_count)}@example.org")
    return client


def begun(client: Client, **answers: str) -> Page:
    """Save the first step; where it leads."""
    return client.submit(client.get(WHO), WHO, ANSWERS | answers)


def mine(session: Session, client: Client) -> Practitioner:
    """The person whom this client's account keeps: the newest."""
    return session.scalars(select(Practitioner).order_by(Practitioner.id.desc()).limit(1)).one()


def publish(session: Session, person: Practitioner, clock: Clock) -> None:
    person.published_at = clock.now
    session.commit()


def test_it_is_for_people_who_signed_in_as_practitioners(app: DirectoryApp, clock: Clock) -> None:
    stranger = Client(app)
    assert stranger.get("/registration", 303).response.headers["Location"].startswith("/account/sign-in")
    patient = Client(app)
    sign_in(patient, email="patient@example.org", roles=["patient"])
    patient.get("/registration", 404)


def test_it_begins_with_one_link_and_goes_on_where_somebody_stopped(member: Client) -> None:
    page = member.get("/registration")
    assert "Begin" in page.words()
    assert WHO in page.links()
    page = member.submit(member.get(WHO), WHO, ANSWERS | {"then": "leave"})
    assert page.response.headers["Location"] == "/registration"
    page = member.follow(page)
    assert "Go on: Education" in page.words()
    assert member.get(WHO).by_id("display_name").get("value") == "Juniper Underhill"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("display_name", ""),
        ("display_name", "123"),
        ("display_name", "x" * 201),
        ("npi", "1234567890"),
        ("website", "javascript:alert(1)"),
        ("website", "https://"),
        ("website", "https://user:secret@example.org"),
        ("email", "nobody"),
        ("min_patient_age", "200"),
        ("min_patient_age", "young"),
        ("profession", "wizard"),
        ("gender", "x"),
    ],
)
def test_what_cannot_be_used_comes_back_as_it_was_typed(member: Client, field: str, typed: str) -> None:
    page = member.submit(member.get(WHO), WHO, ANSWERS | {"website": "example.org/me", field: typed}, 422)
    assert field in page.errors_at()
    if field not in ("profession", "gender"):
        assert page.by_id(field).get("value") == typed
    if field != "website":
        assert "example.org/me" in (page.by_id("website").get("value") or "")
    assert "Begin" in member.get("/registration").words()


def test_the_same_form_sent_twice_is_saved_once(member: Client, session: Session) -> None:
    page = member.get(WHO)
    for _ in range(2):
        member.submit(page, WHO, ANSWERS | {"display_name": "Sent Twice"})
    assert len(session.scalars(select(Practitioner).where(Practitioner.display_name == "Sent Twice")).all()) == 1


def test_the_second_of_two_windows_is_told_what_changed_and_loses_nothing(member: Client, session: Session) -> None:
    begun(member)
    first, second = member.get(WHO), member.get(WHO)
    member.submit(first, WHO, {"website": "https://first.example.org"})
    page = member.submit(second, WHO, {"website": "https://second.example.org"}, 409)
    told = page.words(page.by_id("meanwhile"))
    assert "Stored: https://first.example.org" in told
    assert "You typed: https://second.example.org" in told
    assert page.by_id("website").get("value") == "https://second.example.org"
    member.submit(page, WHO)
    session.rollback()
    assert mine(session, member).website == "https://second.example.org"


def test_what_was_typed_when_the_session_ended_is_given_back(
    app: DirectoryApp, member: Client, clock: Clock, session: Session
) -> None:
    page = member.get(WHO)
    clock.now = population.NOW + timedelta(days=3)
    answer = member.submit(page, WHO, ANSWERS | {"display_name": "Kept Name"})
    assert answer.response.headers["Location"].startswith("/account/sign-in?next=/registration/who")
    kept = session.scalars(select(KeptInput)).one()
    assert "Kept Name" not in str(session.connection().exec_driver_sql("SELECT fields_sealed FROM kept_input").all())
    again = Client(app)
    sign_in(again, email=_email_of(session, kept.account_id))
    page = again.get(WHO)
    assert "We kept what you had typed" in page.words()
    assert page.by_id("display_name").get("value") == "Kept Name"
    again.submit(page, WHO)
    session.rollback()
    assert session.scalars(select(KeptInput)).all() == []
    assert mine(session, again).display_name == "Kept Name"


def test_what_was_kept_is_nobody_elses(app: DirectoryApp, member: Client, clock: Clock, session: Session) -> None:
    page = member.get(WHO)
    clock.now = population.NOW + timedelta(days=3)
    member.submit(page, WHO, ANSWERS | {"display_name": "Somebody's"})
    other = Client(app)
    sign_in(other, email=f"member{next(_count)}@example.org")
    assert "Somebody's" not in other.get(WHO).text


def test_an_old_token_keeps_what_was_typed(member: Client, session: Session) -> None:
    page = member.get(WHO)
    data = {**page.fields(page.form(WHO)).to_dict(), "display_name": "Old Token", "csrf_token": "stale"}
    answer = member.post(WHO, 303, data=data)
    assert answer.response.headers["Location"] == WHO
    assert member.get(WHO).by_id("display_name").get("value") == "Old Token"
    stranger = member.post(WHO, 400, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert "was open for a long time" in stranger.words()


def test_a_register_offers_value_by_value_what_it_knows(member: Client, session: Session) -> None:
    npi = nppes.npi(7)
    page = member.follow(begun(member, npi=npi))
    assert "What the national register says of you" in page.words()
    names = [each.get("name") for each in page.all("input") if each.get("type") == "radio"]
    choices = {str(name): "take" if str(name).startswith("licence") else "leave" for name in names}
    member.submit(page, "/registration/who/register", {}, 422)
    member.submit(page, "/registration/who/register", choices)
    person = mine(session, member)
    assert person.display_name == "Juniper Underhill"
    decided = {each.field: each for each in session.scalars(select(PrefilledField))}
    assert decided.keys() == choices.keys()
    assert {each.source for each in decided.values()} == {"NPPES"}
    taken = [name for name, choice in choices.items() if choice == "take"]
    papers = session.scalars(select(Credential).where(Credential.practitioner_id == person.id)).all()
    assert len(papers) == len(taken) > 0
    assert all(each.verified_on is None for each in papers)
    assert member.get("/registration/who/register", 303)


def test_a_number_somebody_has_already_blocks_nobody_and_is_looked_into(member: Client, session: Session) -> None:
    holder = session.scalars(select(Practitioner).where(Practitioner.published_at.is_not(None)).limit(1)).one()
    holder.npi = "1558598797"
    session.commit()
    begun(member, npi="1558598797")
    page = member.get("/registration/who/same")
    assert "Somebody here has your NPI" in page.words()
    person = mine(session, member)
    assert person.npi is None
    assert session.get_one(Registration, person.id).npi_claimed == "1558598797"
    kinds = session.scalars(select(Case.kind).where(Case.subject == "npi:1558598797")).all()
    assert list(kinds) == [Kind.PROFILE_CLAIM]
    holder.npi = None
    session.commit()


def test_handing_in_says_what_is_missing(member: Client) -> None:
    begun(member)
    page = member.get("/registration/review")
    told = page.words(page.by_id("lacking"))
    for missing in ("at least one license", "indemnity insurance", "at least one place", "whether you see pregnant"):
        assert missing in told
    assert "Hand it in" not in page.words()


def test_changes_to_a_published_profile_wait_and_can_be_taken_back(
    member: Client, session: Session, clock: Clock
) -> None:
    begun(member)
    person = mine(session, member)
    publish(session, person, clock)
    page = member.submit(member.get(WHO), WHO, {"website": "https://new.example.org", "min_patient_age": "12"})
    assert page.response.headers["Location"] == "/registration"
    session.rollback()
    assert (person.website, person.min_patient_age) == (None, 12)
    wish = session.scalars(select(ProposedEdit).where(ProposedEdit.practitioner_id == person.id)).one()
    assert wish.after == {"website": "https://new.example.org"}
    told = session.scalars(select(OutgoingLetter).where(OutgoingLetter.purpose == "profile_change_wished")).all()
    assert [each.recipient_sealed for each in told] == [_email_of(session, person.account_id or 0)]
    page = member.follow(page)
    assert "Changes that wait" in page.words()
    assert member.get(WHO).by_id("website").get("value") == "https://new.example.org"
    stranger = Client(member.app)
    sign_in(stranger, email=f"member{next(_count)}@example.org")
    begun(stranger)
    token = stranger.get(WHO).fields(stranger.get(WHO).form(WHO))["csrf_token"]
    stranger.post(f"/registration/changes/{wish.id}/withdraw", 404, data={"csrf_token": token})
    member.submit(page, f"/registration/changes/{wish.id}/withdraw")
    session.rollback()
    assert wish.state is EditState.WITHDRAWN
    assert "Changes that wait" not in member.get("/registration").words()


def test_what_was_checked_is_not_changed_without_a_second_factor(
    app: DirectoryApp, member: Client, session: Session, clock: Clock
) -> None:
    begun(member)
    person = mine(session, member)
    publish(session, person, clock)
    alone = Client(app)
    sign_in(alone, email=_email_of(session, person.account_id or 0), second_factor=False)
    alone.submit(alone.get(WHO), WHO, {"min_patient_age": "16"})
    page = alone.submit(alone.get(WHO), WHO, {"display_name": "Juniper Overhill"})
    assert page.response.headers["Location"].startswith("/account/second-factor?next=")
    session.rollback()
    assert (person.display_name, person.min_patient_age) == ("Juniper Underhill", 16)
    assert session.scalars(select(ProposedEdit).where(ProposedEdit.practitioner_id == person.id)).all() == []
    assert alone.get(WHO).by_id("display_name").get("value") == "Juniper Overhill"


def test_words_that_claim_a_result_are_refused_with_the_reason(member: Client, session: Session) -> None:
    begun(member)
    page = member.submit(
        member.get("/registration/words"), "/registration/words", {"words": "I cure restless legs."}, 422
    )
    assert "cure" in page.errors_at()["words"]
    assert "I cure restless legs." in page.words(page.by_id("words"))
    member.submit(page, "/registration/words", {"words": "I have seen 30 people with restless legs since 2019."})
    session.rollback()
    assert mine(session, member).words.startswith("I have seen 30")


def _email_of(session: Session, account_id: int) -> str:
    (email,) = session.connection().exec_driver_sql(f"SELECT email FROM account WHERE id = {account_id}").one()
    return str(email)
