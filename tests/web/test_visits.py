"""A patient's pages behind the links in letters: read as often as wanted, decided once, and nothing by opening them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.consultations import answering, rounds
from directory.consultations.drafts import Whom
from directory.consultations.models import Consultation, ConsultationLink, ConsultationRequest
from directory.consultations.terms import Declining, Shared, State, Talk
from directory.credentials.terms import Mode
from directory.crypto import keyring
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.privacy import service as privacy
from tests.web import population, ready, talks
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.population import NOW, Someone
from tests.web.talks import AT, PATIENT, READER

MOST_STATEMENTS = 8


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("visits")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        population.settle(session, [Someone(name="Juniper Underhill", weeks=(0, 42)), Someone(name="Ada Second")])
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


@pytest.fixture
def person(session: Session) -> int:
    return talks.reader(session, "Juniper Underhill")


def state(session: Session, code: str) -> State:
    session.rollback()
    return session.scalars(select(Consultation.state).where(Consultation.code == code)).one()


def accept(session: Session, person: int, code: str) -> str:
    session.rollback()
    answering.accept(session, person, code, AT, how="I ring you at ten.", now=NOW)
    session.commit()
    return talks.link(session)


def decline(session: Session, person: int, code: str) -> str:
    session.rollback()
    answering.decline(session, person, code, Declining.NO_ROOM, now=NOW)
    session.commit()
    return talks.link(session)


def elsewhere(page: Page) -> list[str]:
    """Where one asks somebody else, if it is offered."""
    return [each for each in page.links() if each.startswith("/match")]


def agree(client: Client, session: Session, person: int, code: str) -> str:
    path = accept(session, person, code)
    page = client.get(path)
    client.submit(page, f"{path}/{code}/confirm")
    return talks.link(session)


def test_what_was_sent_is_read_as_text_and_not_kept_by_anybody(client: Client, session: Session, person: int) -> None:
    talks.ask(session, person)
    path = talks.link(session)
    stranger = client.get(path)
    assert "Did you send this?" in stranger.words()
    assert "My legs keep me awake." not in stranger.words()
    assert "Made for" not in stranger.words()
    client.submit(stranger, f"{path}/prove")
    page = client.get(path)
    assert "My legs keep me awake. <script>alert(1)</script> http://sleep.example" in page.words()
    assert not [each for each in page.links() if "sleep.example" in each]
    assert "no-store" in page.response.headers["Cache-Control"]
    assert "noindex" in page.response.headers["X-Robots-Tag"]
    assert PATIENT not in page.text
    assert READER not in page.text


def test_a_patient_reads_all_that_they_sent_and_what_the_others_see_of_it(
    client: Client, session: Session, person: int
) -> None:
    talks.ask(session, person, guardian="Rosa Alvarez", shared=frozenset({Shared.AGE}))
    path = talks.link(session)
    client.submit(client.get(path), f"{path}/prove")
    words = client.get(path).words()
    for each in ("Rosa Alvarez", "+1 212 555 0142", "44 years old"):
        assert each in words


def test_opening_proves_nothing_and_a_button_does(client: Client, session: Session, person: int) -> None:
    talks.ask(session, person)
    path = talks.link(session)
    for _ in range(2):
        page = client.get(path)
    assert session.scalars(select(ConsultationRequest.proved_at)).one() is None
    client.submit(page, f"{path}/prove")
    session.rollback()
    assert session.scalars(select(ConsultationRequest.proved_at)).one() == NOW
    assert "Did you send this?" not in client.get(path).words()


def test_a_yes_is_agreed_in_both_zones_and_then_the_link_only_shows(
    client: Client, session: Session, person: int
) -> None:
    (code,) = talks.ask(session, person)
    path = accept(session, person, code)
    page = client.get(path)
    assert "1:00 PM (Eastern Standard Time)" in page.words()
    assert "10:00 AM (Pacific Standard Time)" in page.words()
    client.submit(page, f"{path}/{code}/confirm")
    assert state(session, code) is State.CONFIRMED
    used = client.get(path)
    assert "This link has done what it was for" in used.words()
    assert "I ring you at ten." in used.words()
    assert not [form for form in used.all("form") if form.get("action", "").endswith("/cancel")]
    client.submit(page, f"{path}/{code}/confirm", status=410)


def test_nothing_is_chosen_for_anybody(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = accept(session, person, code)
    page = client.get(path)
    refused = client.submit(page, f"{path}/{code}/confirm", {f"confirm-{code}-starts": "1999-01-01T00:00:00"}, 422)
    assert "Please choose one of these." in refused.words()
    assert state(session, code) is State.ACCEPTED


def test_other_times_are_proposed_on_the_patients_clock(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = agree(client, session, person, code)
    page, action = client.get(path), f"{path}/{code}/propose"
    day = (NOW + timedelta(days=3)).date().isoformat()
    for typed in ({"day_1": "soon", "at_1": "09:00"}, {"day_1": day, "at_1": "25:61"}, {}):
        fields = {f"propose-{code}-{name}": value for name, value in typed.items()}
        assert client.submit(page, action, fields, 422).errors_at()
    fields = {f"propose-{code}-day_1": day, f"propose-{code}-at_1": "13:00"}
    assert "You asked for another time" not in page.words()
    assert "Times are on the clock of Eastern Time." in page.words()
    one_o_clock = {page.words(each) for each in page.all("option") if each.get("value") == "13:00"}
    assert one_o_clock == {"1:00 PM"}
    client.submit(page, action, fields)
    session.rollback()
    assert talks.letters(session, READER)[-1][0] == "request_other_times"
    assert "You asked for another time, and they have not answered yet: " in client.get(path).words()
    assert state(session, code) is State.CONFIRMED


def test_an_hour_that_a_clock_leaps_over_is_said_at_its_field(
    client: Client, session: Session, person: int, clock: Clock
) -> None:
    (code,) = talks.ask(session, person)
    path = accept(session, person, code)
    fields = {f"propose-{code}-day_1": "2026-11-27", f"propose-{code}-at_1": "09:07"}
    page = client.submit(client.get(path), f"{path}/{code}/propose", fields, 422)
    assert page.errors_at() == {f"propose-{code}-at_1": "Error: Please choose the hour."}


def test_a_message_is_sent_and_the_link_goes_on(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = talks.link(session)
    action = f"{path}/{code}/write"
    assert client.submit(client.get(path), action, {f"write-{code}-text": " "}, 422).errors_at()
    many = "http://a http://b http://c http://d"
    refused = client.submit(client.get(path), action, {f"write-{code}-text": many}, 422)
    assert "too many web addresses" in refused.words()
    client.submit(client.get(path), action, {f"write-{code}-text": "I am on the third floor."})
    assert "I am on the third floor." in client.get(path).words()
    assert talks.letters(session, READER)[-1][0] == "request_message"
    assert "third floor" not in talks.letters(session, READER)[-1][1]


def test_what_is_agreed_is_called_off_and_the_calendar_file_says_so(
    client: Client, session: Session, person: int
) -> None:
    (code,) = talks.ask(session, person)
    path = agree(client, session, person, code)
    file = client.inner.get(f"{path}/{code}/talk.ics")
    assert file.content_type == "text/calendar; charset=utf-8"
    (event_,) = Calendar.from_ical(file.get_data()).walk("VEVENT")
    assert str(event_["summary"]) == "Talk with Juniper Underhill, arranged through Stillpoint"
    client.submit(client.get(path), f"{path}/{code}/cancel")
    assert state(session, code) is State.CANCELLED
    assert "Called off by you." in client.get(path).words()


def test_what_the_practitioner_calls_off_says_so(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = agree(client, session, person, code)
    session.rollback()
    answering.cancel(session, person, code, now=NOW)
    session.commit()
    words = client.get(path).words()
    assert "Called off by the practitioner." in words
    assert "Called off by you." not in words


def test_what_stayed_on_hold_was_called_off_by_neither(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = agree(client, session, person, code)
    session.rollback()
    session.execute(update(Practitioner).where(Practitioner.id == person).values(held_since=NOW))
    found = session.scalars(select(Consultation.id).where(Consultation.code == code)).one()
    rounds.step(session, found, now=AT - timedelta(hours=23))
    session.commit()
    assert "On hold" in client.get(path).words()
    rounds.step(session, found, now=AT)
    session.commit()
    assert "Called off by us: it was still on hold when its time came." in client.get(path).words()


def test_an_agreed_talk_in_person_shows_where_and_no_letter_does(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person, talk=Talk.IN_PERSON)
    street = "100 Burnside Street"
    assert street not in client.get(accept(session, person, code)).words(), "nothing is agreed"
    path = talks.link(session)
    client.submit(client.get(path), f"{path}/{code}/confirm")
    path = talks.link(session)
    assert f"{street}, Portland, 97214" in client.get(path).words()
    assert street not in " ".join(said for _, said in talks.letters(session, PATIENT))
    client.submit(client.get(path), f"{path}/{code}/cancel")
    assert street not in client.get(path).words()


def test_a_talk_by_telephone_has_no_address(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    assert "Burnside Street" not in client.get(agree(client, session, person, code)).words()


def test_of_a_hidden_home_nobody_reads_more_than_the_area(client: Client, session: Session, person: int) -> None:
    talks.hide(session, person)
    (code,) = talks.ask(session, person, talk=Talk.IN_PERSON)
    page = client.get(agree(client, session, person, code))
    assert "About Portland. How to find them, in their own words:" in page.words()
    assert "I ring you at ten." in page.words()
    assert "Burnside Street" not in page.text


def at_home(session: Session, person: int) -> str:
    """Ask this person for a talk at one's home; its code."""
    place = people.places_of(session, person)[0]
    place.home_visit_radius_km = 30.0
    session.flush()
    whom = (Whom(person, place.id, Mode.HOME_VISIT),)
    (code,) = talks.ask(session, person, people=whom, talk=Talk.IN_PERSON, point=(45.5231, -122.6432))
    return code


def test_a_visit_at_home_shows_no_address_of_the_practice(client: Client, session: Session, person: int) -> None:
    code = at_home(session, person)
    assert "Burnside Street" not in client.get(agree(client, session, person, code)).words()


def test_after_a_no_somebody_else_can_be_asked(client: Client, session: Session, person: int) -> None:
    told = talks.Told(pregnancy=talks.PregnancyStatus.MAYBE, age=31)
    (code,) = talks.ask(session, person, told=told)
    assert elsewhere(client.get(talks.link(session))) == []
    page = client.get(decline(session, person, code))
    assert elsewhere(page) == ["/match"]
    client.get("/match")


def test_after_silence_somebody_else_can_be_asked(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    session.rollback()
    found = session.scalars(select(Consultation.id).where(Consultation.code == code)).one()
    rounds.step(session, found, now=NOW + timedelta(days=4))
    session.commit()
    assert state(session, code) is State.LAPSED
    assert elsewhere(client.get(talks.link(session))) == ["/match"]


def test_nobody_else_is_offered_while_somebody_is_still_asked(client: Client, session: Session, person: int) -> None:
    ada = session.scalars(select(Practitioner.id).where(Practitioner.display_name == "Ada Second")).one()
    first, _ = talks.ask(session, person, ada)
    assert elsewhere(client.get(decline(session, person, first))) == []


def test_the_place_of_a_visit_at_home_is_kept_for_whoever_sent_it_and_no_stranger(
    client: Client, session: Session, person: int
) -> None:
    path = decline(session, person, at_home(session, person))
    stranger = client.get(path)
    assert elsewhere(stranger) == ["/match"]
    assert "45.52" not in stranger.text
    client.submit(stranger, f"{path}/prove")
    (onwards,) = elsewhere(client.get(path))
    assert parse_qs(urlsplit(onwards).query) == {
        "place": ["45.52, -122.64"],
        "home_visit": ["yes"],
        "been": ["juniper-underhill"],
    }
    assert "Where are you?" not in client.get(onwards).words()


def test_whoever_asks_somebody_else_keeps_their_place_and_picks_and_leaves_out_who_said_no(
    client: Client, session: Session, person: int
) -> None:
    ada = session.scalars(select(Practitioner).where(Practitioner.display_name == "Ada Second")).one()
    for slug in ("juniper-underhill", ada.slug):
        client.submit(client.get("/search?place=97214"), "/shortlist/add", {"who": slug})
    (code,) = talks.ask(session, person, point=(45.5145, -122.643))
    path = decline(session, person, code)
    client.submit(client.get(path), f"{path}/prove")
    (onwards,) = elsewhere(client.get(path))
    assert parse_qs(urlsplit(onwards).query) == {
        "place": ["45.51, -122.64"],
        "been": ["juniper-underhill"],
        "who": [ada.slug],
    }
    answered = client.follow(client.submit(client.get(onwards), "/match/about-you", {"pregnancy": "no"}))
    boxes = [each for each in answered.all("input") if each.get("name") == "who"]
    assert [(each.get("value"), each.get("checked") is not None) for each in boxes] == [(ada.slug, True)]


def test_a_refused_form_is_read_in_another_language_on_its_own_page(
    client: Client, session: Session, person: int
) -> None:
    (code,) = talks.ask(session, person)
    path = accept(session, person, code)
    page = client.submit(client.get(path), f"{path}/{code}/confirm", {f"confirm-{code}-starts": "x"}, 422)
    assert client.submit(page, "/about-you/language", {"language": "es"}).response.headers["Location"] == path


def test_it_is_taken_back_from_one_and_from_all(client: Client, session: Session, person: int) -> None:
    ada = session.scalars(select(Practitioner.id).where(Practitioner.display_name == "Ada Second")).one()
    first, second = talks.ask(session, person, ada)
    path = talks.link(session)
    client.submit(client.get(path), f"{path}/{second}/withdraw")
    assert (state(session, first), state(session, second)) == (State.ASKED, State.WITHDRAWN)
    client.submit(client.get(path), f"{path}/renew")
    path = talks.link(session)
    client.submit(client.get(path), f"{path}/withdraw")
    assert state(session, first) is State.WITHDRAWN
    assert talks.letters(session, READER)[-1][0] == "request_over"


def test_everything_is_erased(client: Client, session: Session, person: int) -> None:
    talks.ask(session, person)
    path = talks.link(session)
    after = client.follow(client.submit(client.get(path), f"{path}/erase"))
    assert "It is erased" in after.words()
    client.get(path, 404)
    session.rollback()
    assert session.scalars(select(ConsultationRequest)).one().erased_at == NOW


def test_whoever_did_not_send_it_says_so_with_one_button(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = talks.link(session)
    client.submit(client.get(path), f"{path}/disown")
    assert state(session, code) is State.WITHDRAWN
    client.get(path, 404)


def test_under_a_legal_hold_it_is_ended_and_said_to_be_kept(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    privacy.place_hold(session, person, reason="A court asked.", now=NOW)
    session.commit()
    path = talks.link(session)
    client.follow(client.submit(client.get(path), f"{path}/erase"))
    assert state(session, code) is State.WITHDRAWN
    assert session.scalars(select(ConsultationRequest)).one().erased_at is None


def test_a_link_that_has_ended_shows_nothing_and_sends_a_new_one_to_the_same_mailbox(
    client: Client, session: Session, person: int, clock: Clock
) -> None:
    talks.ask(session, person)
    path = talks.link(session)
    clock.now = NOW + timedelta(days=46)
    page = client.get(path, 410)
    assert "Maria" not in page.words()
    client.submit(page, f"{path}/renew")
    assert talks.letters(session, PATIENT)[-1][0] == "talk_new_link"
    client.get(talks.link(session))
    for _ in range(2):
        client.submit(page, f"{path}/renew")
    assert client.submit(page, f"{path}/renew", status=429).response.headers["Retry-After"]


def test_no_link_leads_anywhere_else(client: Client, session: Session, person: int) -> None:
    talks.ask(session, person)
    path = talks.link(session)
    client.get(path + "x", 404)
    client.get("/visits/none-of-ours", 404)
    client.get("/visits/" + "x" * 400, 404)
    client.get(f"{path}/none-of-ours/talk.ics", 404)
    page = client.get(path)
    token = page.fields(page.form(f"{path}/prove"))["csrf_token"]
    client.post(f"{path}/none-of-ours/cancel", 409, data={"csrf_token": token})
    client.post(f"{path}/none-of-ours/write", 422, data={"csrf_token": token})


def test_the_question_is_asked_again_after_the_due_date(
    client: Client, session: Session, person: int, clock: Clock
) -> None:
    told = talks.Told(pregnancy=talks.PregnancyStatus.YES, due=NOW.date(), age=31)
    (code,) = talks.ask(session, person, told=told, starts=(AT + timedelta(days=1),))
    session.rollback()
    answering.accept(session, person, code, AT + timedelta(days=1), now=NOW)
    session.commit()
    clock.now = NOW + timedelta(days=1, hours=12)
    path = talks.link(session)
    page, action = client.get(path), f"{path}/{code}/confirm"
    assert "The due date you gave has passed." in page.words()
    assert client.submit(page, action, status=422).errors_at()
    client.submit(page, action, {f"confirm-{code}-pregnancy": "postpartum"})
    assert state(session, code) is State.CONFIRMED


def test_a_page_takes_few_statements(client: Client, app: DirectoryApp, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = accept(session, person, code)
    statements: list[str] = []
    event.listen(app.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    client.get(path)
    assert len(statements) <= MOST_STATEMENTS, statements
    assert session.scalars(select(ConsultationLink.used_at)).all() == [None, None]


def test_what_is_kept_of_a_request_is_said_before_anybody_sends_one(client: Client) -> None:
    words = client.get("/about/privacy").words()
    assert "A request for a talk, if you send one" in words
    assert "90 days after the talk" in words
