"""Where one is listed, and saying that all is still true: signed in, or over the link of a letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials import service as credentials
from directory.credentials.models import Credential
from directory.crypto import keyring
from directory.practitioners import still_true
from directory.practitioners.models import PracticePlace, Practitioner, ProfileAttestation
from directory.practitioners.terms import Accepting
from tests.factories import licence_draft
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client
from tests.web.conftest import Clock
from tests.web.population import NOW, TODAY, Someone

LISTED = "/practice/listed"
CONFIRM = "/practice/confirm"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("keeping")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    people = [
        Someone(name="Juniper Underhill", weeks=(0, 42), place={"home_visit_radius_km": 20.0}),
        Someone(name="Lapsed Licence", expires=TODAY + timedelta(days=1)),
        Someone(name="Nobody Sees", published=False),
        Someone(name="Stopped Here", suspended=True),
    ]
    with Session(engine) as session:
        population.settle(session, people)
        session.commit()
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def session(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


@pytest.fixture
def client(app: DirectoryApp) -> Client:
    return Client(app)


def person_of(session: Session, name: str = "Juniper Underhill") -> int:
    return session.scalars(select(Practitioner.id).where(Practitioner.display_name == name)).one()


def words_of(session: Session) -> int:
    session.rollback()  # what the application has committed since is only seen by a new transaction
    return session.scalar(select(func.count()).select_from(ProfileAttestation)) or 0


def link(session: Session, name: str = "Juniper Underhill", *, days: int = 0) -> str:
    token = still_true.token(person_of(session, name), now=NOW + timedelta(days=days))
    return f"/practice/still-true/{token}"


# --- where one is listed ---------------------------------------------------------------------------------------------


def test_the_table_says_for_each_way_of_meeting_where_one_is_listed(client: Client, session: Session) -> None:
    sign_in(client, practitioner_id=person_of(session))
    page = client.get(LISTED)
    rows = [page.words(each) for each in page.all("tr")][1:]
    assert [row.partition(" Listed")[0] for row in rows] == ["At the practice", "Home visits", "For pregnant patients"]
    assert all("Stays listed until" in row for row in rows)
    assert "no-store" in page.response.headers["Cache-Control"]


def test_what_is_not_listed_has_one_reason_and_a_way_to_mend_it(client: Client, session: Session, clock: Clock) -> None:
    clock.now = NOW + timedelta(days=3)
    sign_in(client, practitioner_id=person_of(session, "Lapsed Licence"))
    page = client.get(LISTED)
    (row,) = [page.words(each) for each in page.all("tr") if "At the practice" in page.words(each)]
    assert "Not listed The paper you have for here is past its date. Go to licenses" in row


def test_a_paper_that_waits_says_for_what(client: Client, session: Session) -> None:
    person_id = person_of(session)
    draft = licence_draft(person_id, jurisdiction="US-WA", number="W1", check=None)
    paper = credentials.record(session, draft, now=NOW)
    session.commit()
    sign_in(client, practitioner_id=person_id)
    assert (
        "Washington: acupuncture license Saved on November 23, 2026. No check has begun yet."
        in client.get(LISTED).words()
    )
    cases.open_for(session, Kind.LICENCE, f"credential:{paper.id}", now=NOW)
    session.commit()
    assert "With us since November 23, 2026; we look at it by November 25, 2026." in client.get(LISTED).words()


def test_the_page_takes_five_statements_beside_those_that_find_who_asks(
    client: Client, app: DirectoryApp, session: Session
) -> None:
    sign_in(client, practitioner_id=person_of(session))
    client.get(LISTED)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    client.get(LISTED)
    event.remove(app.database.engine, "before_cursor_execute", note)
    about_the_asker = [each for each in sent if "FROM account" in each]
    assert len(sent) - len(about_the_asker) <= 5, sent


@pytest.mark.parametrize("path", [LISTED, CONFIRM])
def test_only_who_has_signed_in_and_has_a_profile_sees_it(client: Client, path: str) -> None:
    assert client.get(path, status=303).response.headers["Location"].startswith("/account/sign-in")
    sign_in(client, email="no-profile@example.org")
    client.get(path, status=404)


def test_one_person_sees_nothing_of_another(client: Client, session: Session) -> None:
    sign_in(client, practitioner_id=person_of(session, "Lapsed Licence"))
    other = session.scalars(select(PracticePlace.id).where(PracticePlace.practitioner_id == person_of(session))).one()
    page = client.get(CONFIRM)
    fields = page.fields(page.form(CONFIRM))
    fields[f"place-{other}-taking"] = "closed"
    client.post(CONFIRM, 303, data=fields)
    session.rollback()
    row = session.get(PracticePlace, other)
    assert row is not None
    assert row.accepting is not Accepting.CLOSED


# --- all still true --------------------------------------------------------------------------------------------------


def test_opening_the_link_changes_nothing_and_its_one_button_does(
    client: Client, session: Session, clock: Clock
) -> None:
    address = link(session, days=80)
    clock.now = NOW + timedelta(days=81)
    before = words_of(session)
    page = client.get(address)
    assert words_of(session) == before
    buttons = [each for each in page.all("button") if each.get("type") == "submit"]
    assert len(buttons) == 1
    words = page.words()
    for said in ("Juniper Underhill", "Burnside Clinic", "valid to", "Yes, all of it is still true"):
        assert said in words
    client.post(address, 303, data=page.fields(page.form(address)))
    assert words_of(session) == before + 1
    again = client.get(address).words()
    assert "All of it was confirmed on February 12, 2027" in again


def test_a_replayed_post_confirms_nothing_again(client: Client, session: Session) -> None:
    address = link(session)
    page = client.get(address)
    fields = page.fields(page.form(address))
    client.post(address, 303, data=fields)
    once = words_of(session)
    client.post(address, 303, data=fields)
    assert words_of(session) == once


def test_whether_new_patients_are_taken_is_asked_and_not_presumed(client: Client, session: Session) -> None:
    place = session.scalars(select(PracticePlace).where(PracticePlace.practitioner_id == person_of(session))).one()
    address = link(session)
    page = client.get(address)
    fields = page.fields(page.form(address))
    name = f"place-{place.id}-taking"
    assert name not in fields
    fields[name] = "yes"
    client.post(address, 303, data=fields)
    session.rollback()
    assert (place.accepting, place.accepting_confirmed_on) == (Accepting.YES, TODAY)


def test_an_answer_that_is_none_comes_back_and_confirms_nothing(client: Client, session: Session) -> None:
    place_id = session.scalars(
        select(PracticePlace.id).where(PracticePlace.practitioner_id == person_of(session))
    ).one()
    address = link(session)
    page = client.get(address)
    before = words_of(session)
    fields = page.fields(page.form(address))
    fields[f"place-{place_id}-taking"] = "perhaps"
    assert client.post(address, 422, data=fields).errors_at()
    assert words_of(session) == before


def test_links_that_are_altered_old_or_of_nobody_say_so(client: Client, session: Session, clock: Clock) -> None:
    address = link(session)
    assert "not one of ours" in client.get(address[:-4], status=404).words()
    client.get("/practice/still-true/nonsense", status=404)
    client.get(link(session, "Nobody Sees"), status=410)
    client.get(link(session, "Stopped Here"), status=410)
    clock.now = NOW + timedelta(days=61)
    assert "has ended" in client.get(address, status=410).words()


def test_signed_in_one_confirms_without_a_link(client: Client, session: Session) -> None:
    sign_in(client, practitioner_id=person_of(session))
    before = words_of(session)
    page = client.get(CONFIRM)
    answer = client.post(CONFIRM, 303, data=page.fields(page.form(CONFIRM)))
    assert answer.response.headers["Location"] == LISTED
    assert words_of(session) == before + 1


def test_who_was_never_published_goes_on_registering_instead(client: Client, session: Session) -> None:
    sign_in(client, practitioner_id=person_of(session, "Nobody Sees"))
    assert client.get(CONFIRM, status=303).response.headers["Location"] == "/registration"
    assert "not published yet" in client.get(LISTED).words()


def test_a_lost_licence_hides_only_its_own_place(client: Client, session: Session) -> None:
    person_id = person_of(session)
    credentials.record(session, licence_draft(person_id, jurisdiction="US-WA", number="W1"), now=NOW)
    place = session.scalars(select(PracticePlace).where(PracticePlace.practitioner_id == person_id)).one()
    copy = {c.key: getattr(place, c.key) for c in PracticePlace.__table__.columns if c.key != "id"}
    new = PracticePlace(**(copy | {"label": "Vancouver Rooms", "jurisdiction": "US-WA", "home_visit_radius_km": 0.0}))
    session.add(new)
    session.flush()
    session.add(ProfileAttestation(practitioner_id=person_id, place_id=new.id, attested_at=NOW))
    session.commit()
    sign_in(client, practitioner_id=person_id)
    assert "Not listed" not in client.get(LISTED).words()
    session.query(Credential).filter(Credential.number == "W1").update({"expires": TODAY - timedelta(days=2)})
    session.commit()
    page = client.get(LISTED)
    sections = {each.get("aria-labelledby"): page.words(each) for each in page.all("section")}
    assert "Not listed" not in sections[f"place-{place.id}"]
    assert "Not listed" in sections[f"place-{new.id}"]


# --- away ------------------------------------------------------------------------------------------------------------

AWAY = "/practice/away"


def test_an_absence_is_said_shown_and_taken_back(client: Client, session: Session) -> None:
    person_id = person_of(session)
    place = session.scalars(select(PracticePlace.id).where(PracticePlace.practitioner_id == person_id)).one()
    first, last = f"place-{place}-first", f"place-{place}-last"
    sign_in(client, practitioner_id=person_id)
    client.submit(client.get(AWAY), AWAY, {first: "2026-11-20", last: "2026-12-03"})
    assert "You are away until December 3, 2026." in client.get(LISTED).words()
    assert "Away until December 3, 2026" in client.get("/practitioners/juniper-underhill").words()
    client.submit(client.get(AWAY), AWAY, {first: "", last: ""})
    assert "Away until" not in client.get("/practitioners/juniper-underhill").words()


@pytest.mark.parametrize(
    ("first", "last", "at"),
    [
        ("2026-12-03", "2026-12-01", "last"),
        ("2026-12-03", "", "last"),
        ("", "2026-12-03", "first"),
        ("2026-10-03", "2026-11-03", "last"),
        ("2026-12-03", "2029-12-03", "last"),
        ("tomorrow", "2026-12-03", "first"),
    ],
)
def test_days_that_cannot_be_are_told_at_their_field_and_kept(
    client: Client, session: Session, first: str, last: str, at: str
) -> None:
    person_id = person_of(session)
    place = session.scalars(select(PracticePlace.id).where(PracticePlace.practitioner_id == person_id)).one()
    sign_in(client, practitioner_id=person_id)
    given = {f"place-{place}-first": first, f"place-{place}-last": last}
    page = client.submit(client.get(AWAY), AWAY, given, status=422)
    assert list(page.errors_at()) == [f"place-{place}-{at}"]
    assert page.fields(page.form(AWAY))[f"place-{place}-first"] == first
