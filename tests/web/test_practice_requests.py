"""Requests as a practitioner reads and answers them: signed in with a second factor, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from config import Config
from directory.access_log import AccessEntry
from directory.app import DirectoryApp, create_app
from directory.consultations import choosing, queries
from directory.consultations.models import Consultation
from directory.consultations.terms import Declining, Order, Shared, Side, State, Talk
from directory.crypto import keyring
from directory.mail import suppression
from directory.mail.models import Why
from directory.practitioners.models import PracticePlace, Practitioner
from directory.screening.terms import Concern, Condition, PregnancyStatus
from tests.web import population, ready, talks
from tests.web.accounts import sign_in
from tests.web.client import Client
from tests.web.conftest import Clock
from tests.web.population import NOW, Someone
from tests.web.talks import AT, PATIENT, READER

REQUESTS = "/practice/requests"
MOST_STATEMENTS = 12
"""Of a page: who is signed in takes three of them, the access log one."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("requests")
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
def person(session: Session) -> int:
    found = talks.reader(session, "Juniper Underhill")
    session.commit()
    return found


@pytest.fixture
def client(app: DirectoryApp, person: int) -> Client:
    client = Client(app)
    sign_in(client, email=READER, practitioner_id=person)
    return client


def one(session: Session, code: str) -> Consultation:
    session.rollback()
    return session.scalars(select(Consultation).where(Consultation.code == code)).one()


def confirmed(client: Client, session: Session, person: int, **facts: Any) -> str:
    (code,) = talks.ask(session, person, **facts)
    path = f"{REQUESTS}/{code}"
    client.submit(client.get(path), f"{path}/accept", {"accept-starts": AT.isoformat(), "accept-how": "I ring."})
    token = talks.link(session).rpartition("/")[2]
    choosing.confirm(session, token, code, AT, now=NOW)
    session.commit()
    return path


def test_nobody_reads_requests_without_a_second_factor(app: DirectoryApp, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    visitor, weak = Client(app), Client(app)
    sign_in(weak, email=READER, practitioner_id=person, second_factor=False)
    for path in (REQUESTS, f"{REQUESTS}/{code}", f"{REQUESTS}/{code}/talk.ics"):
        assert "/account/sign-in" in visitor.get(path, 303).response.headers["Location"]
        assert "/account/second-factor" in weak.get(path, 303).response.headers["Location"]
    weak.get(f"{REQUESTS}/taking")


def test_what_was_told_is_shown_as_text_and_only_what_was_ticked(client: Client, session: Session, person: int) -> None:
    told = talks.Told(
        pregnancy=PregnancyStatus.NO, age=44, conditions=frozenset({Condition.ANTICOAGULANT, Condition.EPILEPSY})
    )
    (code,) = talks.ask(session, person, told=told, shared=frozenset({Shared.CONDITIONS}))
    page = client.get(f"{REQUESTS}/{code}")
    words = page.words()
    assert "Maria <b>Ruiz</b>" in words
    assert "<script>alert(1)</script> http://sleep.example" in words
    assert not [each for each in page.links() if "sleep.example" in each]
    assert "Takes a blood thinner" in words
    assert "44 years" not in words
    assert "pregnant" not in words
    assert PATIENT not in page.text
    assert "555" not in words, "a number is for a talk that is agreed"
    assert "no-store" in page.response.headers["Cache-Control"]


def test_public_holidays_are_left_out_and_the_next_one_is_named(client: Client, session: Session, person: int) -> None:
    words = client.get(REQUESTS).words()
    assert "Saturdays, Sundays and public holidays do not count." in words
    assert "the next public holiday we leave out is 26 November 2026" in words.replace("November 26,", "26 November")
    place = session.scalars(select(PracticePlace).where(PracticePlace.practitioner_id == person)).one()
    place.country, place.admin1, place.jurisdiction = "FR", None, None
    session.commit()
    assert "we do not know the public holidays there" in client.get(REQUESTS).words()


def test_concerns_and_needles_are_said_in_words_where_they_were_ticked(
    client: Client, session: Session, person: int
) -> None:
    told = talks.Told(
        pregnancy=PregnancyStatus.NO,
        age=44,
        conditions=frozenset({Condition.EPILEPSY}),
        concerns=frozenset({Concern.NEEDLE_NERVES, Concern.CANCER}),
    )
    (one_of_them,) = talks.ask(session, person, told=told, shared=frozenset({Shared.NEEDLES}))
    (all_of_it,) = talks.ask(
        session, person, told=told, words="Another.", shared=frozenset({Shared.HEALTH, Shared.NEEDLES})
    )
    words = client.get(f"{REQUESTS}/{one_of_them}").words()
    assert "Nervous of needles, or fainted once" in words
    assert "Cancer" not in words
    assert "Has epilepsy" not in words
    page = client.get(f"{REQUESTS}/{all_of_it}")
    said = ["Has epilepsy", "Cancer, now or before", "Nervous of needles, or fainted once"]
    assert [page.words(each) for each in page.all("li") if page.words(each) in said] == said


def test_a_talk_that_is_called_off_says_by_whom(client: Client, session: Session, person: int) -> None:
    path = confirmed(client, session, person)
    client.submit(client.get(path), f"{path}/cancel")
    for page in (path, REQUESTS):
        assert "Called off by you" in client.get(page).words()
    other = confirmed(client, session, person, words="Another.")
    choosing.cancel(session, talks.link(session).rpartition("/")[2], other.rpartition("/")[2], now=NOW)
    session.commit()
    assert "Called off by the patient" in client.get(other).words()


def test_an_agreed_talk_in_person_shows_where(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person, talk=Talk.IN_PERSON)
    street = "100 Burnside Street"
    assert street not in client.get(f"{REQUESTS}/{code}").words(), "nothing is agreed"
    by_telephone = confirmed(client, session, person, words="Another.")
    assert street not in client.get(by_telephone).words()
    client.submit(client.get(by_telephone), f"{by_telephone}/cancel")
    in_person = confirmed(client, session, person, talk=Talk.IN_PERSON, words="And another.")
    assert f"{street}, Portland" in client.get(in_person).words()


def test_of_a_hidden_home_the_area_is_shown_and_who_says_the_rest(
    client: Client, session: Session, person: int
) -> None:
    talks.hide(session, person)
    path = confirmed(client, session, person, talk=Talk.IN_PERSON)
    page = client.get(path)
    assert "About Portland. The other side reads this, and what you wrote to them." in page.words()
    assert "Burnside Street" not in page.text


def test_whoever_reads_leaves_an_entry(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    client.get(f"{REQUESTS}/{code}")
    session.rollback()
    found = [(each.what, each.subject) for each in session.scalars(select(AccessEntry))]
    assert found == [("request.read", f"consultation:{one(session, code).id}")]


def test_nobody_elses_request_is_there(client: Client, session: Session, person: int) -> None:
    ada = session.scalars(select(Practitioner.id).where(Practitioner.display_name == "Ada Second")).one()
    (theirs,) = talks.ask(session, ada)
    (mine,) = talks.ask(session, person, words="Another.")
    client.get(f"{REQUESTS}/{theirs}", 404)
    client.get(f"{REQUESTS}/{theirs}/talk.ics", 404)
    page = client.get(f"{REQUESTS}/{mine}")
    token = page.fields(page.form(f"{REQUESTS}/{mine}/write"))["csrf_token"]
    for act in ("accept", "offer", "decline", "write", "move", "moved", "stay", "cancel"):
        client.post(f"{REQUESTS}/{theirs}/{act}", 404, data={"csrf_token": token})
    assert one(session, theirs).state is State.ASKED
    assert "Maria" in client.get(REQUESTS).words()


def test_a_request_whose_turn_has_not_come_is_not_there(client: Client, session: Session, person: int) -> None:
    ada = session.scalars(select(Practitioner.id).where(Practitioner.display_name == "Ada Second")).one()
    _, code = talks.ask(session, ada, person, order=Order.IN_ORDER, limit_hours=24)
    client.get(f"{REQUESTS}/{code}", 404)
    assert "Nothing waits at the moment." in client.get(REQUESTS).words()


def test_a_yes_a_calendar_and_a_number_to_ring(client: Client, session: Session, person: int) -> None:
    path = confirmed(client, session, person)
    page = client.get(path)
    assert "+1 212 555 0142" in page.words()
    assert "10:00 AM (Pacific Standard Time); for the other side" in page.words()
    file = client.inner.get(f"{path}/talk.ics")
    (entry,) = Calendar.from_ical(file.get_data()).walk("VEVENT")
    assert str(entry["summary"]) == "Talk, arranged through Stillpoint"
    assert str(entry["attendee"]) == f"mailto:{READER}"
    client.submit(page, f"{path}/cancel")
    assert one(session, path.rpartition("/")[2]).state is State.CANCELLED
    assert "555" not in client.get(path).words()


def test_other_times_are_offered_on_the_practices_clock(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = f"{REQUESTS}/{code}"
    day = (NOW + timedelta(days=3)).date().isoformat()
    page = client.get(path)
    assert client.submit(page, f"{path}/offer", {"offer-day_1": day}, 422).errors_at()
    assert client.submit(page, f"{path}/offer", {"offer-day_1": "1999-01-01", "offer-at_1": "09:00"}, 422).errors_at()
    client.submit(page, f"{path}/offer", {"offer-day_1": day, "offer-at_1": "15:30", "offer-how": "Join me."})
    found = one(session, code)
    offered = queries.times_for(queries.times_of(session, found.request_id), found, Side.PRACTITIONER)
    assert [each.starts_at.isoformat() for each in offered] == ["2026-11-26T23:30:00+00:00"]
    assert "Waits for the other side to decide" in client.get(path).words()


def test_a_no_has_a_reason_that_stays_here(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    path = f"{REQUESTS}/{code}"
    assert client.submit(client.get(path), f"{path}/decline", status=422).errors_at()
    client.submit(client.get(path), f"{path}/decline", {"decline-why": "not_for_me"})
    assert one(session, code).declining is Declining.NOT_FOR_ME
    assert "It is not what I do" not in talks.letters(session, PATIENT)[-1][1]
    assert "You said no" in client.get(path).words()


def test_a_time_that_is_gone_is_said_and_nothing_is_lost(client: Client, session: Session, person: int) -> None:
    confirmed(client, session, person)
    (code,) = talks.ask(session, person, words="Another.")
    path = f"{REQUESTS}/{code}"
    fields = {"accept-starts": AT.isoformat(), "accept-how": "Ring me."}
    page = client.submit(client.get(path), f"{path}/accept", fields, 409)
    assert "That time is taken by now." in page.words()
    assert "Ring me." in page.text
    assert one(session, code).state is State.ASKED


def test_a_talk_is_moved_when_both_agree(client: Client, session: Session, person: int) -> None:
    path = confirmed(client, session, person)
    code = path.rpartition("/")[2]
    token = talks.link(session).rpartition("/")[2]
    other = AT + timedelta(hours=5)
    choosing.propose(session, token, code, [other], now=NOW)
    session.commit()
    page = client.get(path)
    assert "They would like to move it" in page.words()
    client.submit(page, f"{path}/moved", {"moving-starts": other.isoformat()})
    assert one(session, code).starts_at == other
    day = (NOW + timedelta(days=4)).date().isoformat()
    client.submit(client.get(path), f"{path}/move", {"move-day_1": day, "move-at_1": "11:15"})
    assert talks.letters(session, PATIENT)[-1][0] == "talk_move_asked"
    client.submit(client.get(path), f"{path}/write", {"message-text": "See you then."})
    assert "See you then." in client.get(path).words()


def test_a_mailbox_that_takes_no_letters_is_said(client: Client, session: Session, person: int) -> None:
    (code,) = talks.ask(session, person)
    suppression.note(session, PATIENT, status="5.1.1", for_good=True, why=Why.BOUNCED, now=NOW)
    session.commit()
    assert "does not take our letters" in client.get(f"{REQUESTS}/{code}").words()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"most_open": "0"}, "most_open"),
        ({"most_open": "many"}, "most_open"),
        ({"most_a_week": "99"}, "most_a_week"),
        ({"minutes": "20"}, "minutes"),
        ({"not_before": "soon"}, "not_before"),
        ({"talks": "telepathy"}, "talks"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client: Client, typed: dict[str, str], field: str) -> None:
    page = client.submit(client.get(f"{REQUESTS}/taking"), f"{REQUESTS}/taking", typed, 422)
    assert field in page.errors_at()


def test_how_many_one_takes_is_kept_and_shown_again(client: Client, session: Session, person: int) -> None:
    fields = {"most_open": "2", "most_a_week": "", "talks": "video", "minutes": "45", "not_before": "2026-12-24"}
    client.submit(client.get(f"{REQUESTS}/taking"), f"{REQUESTS}/taking", fields)
    session.rollback()
    found = queries.capacity_of(queries.setting(session, person))
    assert (found.most_open, found.most_a_week, found.minutes) == (2, None, 45)
    assert [each.value for each in found.talks] == ["video"]
    assert client.get(f"{REQUESTS}/taking").by_id("not_before").get("value") == "2026-12-24"


def test_pages_take_few_statements(client: Client, app: DirectoryApp, session: Session, person: int) -> None:
    codes = [talks.ask(session, person, words=f"Number {number}")[0] for number in range(3)]
    statements: list[str] = []
    event.listen(app.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    client.get(REQUESTS)
    assert len(statements) <= MOST_STATEMENTS, statements
    statements.clear()
    client.get(f"{REQUESTS}/{codes[0]}")
    assert len(statements) <= MOST_STATEMENTS, statements


def test_a_profile_says_how_soon_somebody_answers_once_it_is_known(
    client: Client, session: Session, person: int, clock: Clock
) -> None:
    for number in range(3):
        (code,) = talks.ask(session, person, words=f"Number {number}", mailbox=str(number))
        clock.now = NOW + timedelta(minutes=40 * (number + 1))
        path = f"{REQUESTS}/{code}"
        assert "Usually answers" not in client.get("/practitioners/juniper-underhill").words()
        client.submit(client.get(path), f"{path}/decline", {"decline-why": "no_room"})
    assert "for a talk within 2 hours." in client.get("/practitioners/juniper-underhill").words()


def test_the_first_page_says_how_many_wait(client: Client, session: Session, person: int) -> None:
    assert "for a talk wait" not in client.get("/practice").words()
    talks.ask(session, person)
    assert "1 request for a talk waits for your answer." in client.get("/practice").words()
