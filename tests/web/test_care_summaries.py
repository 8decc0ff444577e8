"""A summary, handed to the one with whom a talk is agreed: read signed in, for a time, taken back with one press."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from config import Config
from directory.access_log import AccessEntry
from directory.app import DirectoryApp, create_app
from directory.consultations import answering, choosing, keeping, links
from directory.consultations.models import Consultation, ConsultationRequest, SharedSummary
from directory.consultations.summaries import service as summaries
from directory.consultations.terms import Act, State
from directory.crypto import keyring
from directory.privacy import export
from tests.unit.care.test_handing import a_summary
from tests.web import population, ready, talks
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.population import NOW, Someone
from tests.web.talks import AT, READER

MAKER = "/care/summary"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("summaries")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        population.settle(session, [Someone(name="Juniper Underhill", weeks=(0, 42))])
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
def client(app: DirectoryApp) -> Client:
    return Client(app)


@pytest.fixture
def practitioner(app: DirectoryApp, person: int) -> Client:
    found = Client(app)
    sign_in(found, email=READER, practitioner_id=person)
    return found


class Agreed:
    """An agreed talk, and where both sides look at it."""

    def __init__(self, session: Session, person: int) -> None:
        (self.code,) = talks.ask(session, person)
        session.rollback()
        answering.accept(session, person, self.code, AT, how="I ring you.", now=NOW)
        session.commit()
        choosing.confirm(session, talks.link(session).rpartition("/")[2], self.code, AT, now=NOW)
        session.commit()
        self.visit = talks.link(session)
        self.maker = f"{MAKER}/{self.visit.rpartition('/')[2]}/{self.code}"
        self.revoke = f"{self.visit}/{self.code}/revoke"
        self.read = f"/practice/requests/{self.code}/summary"


@pytest.fixture
def agreed(session: Session, person: int) -> Agreed:
    return Agreed(session, person)


def sent(**more: Any) -> dict[str, str]:
    return {"content": json.dumps(a_summary()), "lasts": "week", "agree": "y"} | more


def hand_over(client: Client, agreed: Agreed, **more: Any) -> Page:
    return client.submit(client.get(agreed.maker), agreed.maker, sent(**more))


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(SharedSummary)) or 0


def test_it_is_read_signed_in_as_text_and_with_its_end(
    client: Client, practitioner: Client, agreed: Agreed, session: Session
) -> None:
    assert hand_over(client, agreed).status == 303
    client.get(agreed.read, 303)
    page = practitioner.get(agreed.read)
    assert "Pramipexole" in page.words()
    assert "May I stand up?" in page.words()
    assert "no answer yet" in page.words()
    assert "<script>alert(1)</script>" in page.words()
    assert not [each for each in page.all("script") if not each.get("src")]
    assert "30 November 2026" in page.words() or "November 30, 2026" in page.words()
    assert "no-store" in page.response.headers["Cache-Control"]
    assert agreed.read in practitioner.get(f"/practice/requests/{agreed.code}").links()
    session.rollback()
    noted = session.scalars(select(AccessEntry).where(AccessEntry.what == "summary.read")).one()
    assert noted.subject.startswith("consultation:")


def test_it_lies_sealed(client: Client, agreed: Agreed, session: Session) -> None:
    hand_over(client, agreed)
    session.rollback()
    (held,) = session.execute(text("SELECT content_sealed FROM shared_summary")).one()
    assert "Pramipexole" not in held


def test_the_letter_says_only_that_something_is_there(client: Client, agreed: Agreed, session: Session) -> None:
    hand_over(client, agreed)
    purpose, words = talks.letters(session, READER)[-1]
    assert purpose == "request_summary"
    assert "Pramipexole" not in words
    assert f"/practice/requests/{agreed.code}" in words


@pytest.mark.parametrize(
    ("lasts", "lives"),
    [("talk", AT - NOW + timedelta(days=1)), ("week", timedelta(days=7)), ("month", timedelta(days=30))],
)
def test_it_is_erased_when_its_time_is_over_and_not_before(
    client: Client, agreed: Agreed, session: Session, lasts: str, lives: timedelta
) -> None:
    hand_over(client, agreed, lasts=lasts)
    session.rollback()
    session.scalars(select(Consultation)).one().state = State.HAPPENED
    session.flush()
    assert summaries.forget(session, now=NOW + lives - timedelta(minutes=1)) == 0
    assert summaries.forget(session, now=NOW + lives) == 1


def test_it_is_gone_for_the_reader_before_any_job_ran(
    client: Client, practitioner: Client, agreed: Agreed, session: Session
) -> None:
    hand_over(client, agreed)
    session.rollback()
    lies = session.scalars(select(SharedSummary)).one()
    lies.shared_at = NOW - timedelta(days=7)
    session.commit()
    page = practitioner.get(agreed.read, 410)
    assert "Pramipexole" not in page.text
    assert agreed.read not in practitioner.get(f"/practice/requests/{agreed.code}").links()


def test_one_press_takes_it_back_also_over_a_link_that_has_decided(
    client: Client, practitioner: Client, agreed: Agreed, session: Session
) -> None:
    hand_over(client, agreed)
    page = client.get(agreed.visit)
    assert "You handed a summary over." in page.words()
    client.submit(page, agreed.revoke)
    assert count(session) == 0
    practitioner.get(agreed.read, 410)
    hand_over(client, agreed)
    session.rollback()
    links.use(session, agreed.visit.rpartition("/")[2], Act.PROPOSE, now=NOW)
    session.commit()
    client.submit(client.get(agreed.visit), agreed.revoke)
    assert count(session) == 0


def test_a_newer_one_takes_the_place_of_the_older(
    client: Client, practitioner: Client, agreed: Agreed, session: Session
) -> None:
    hand_over(client, agreed)
    hand_over(client, agreed, content=json.dumps(a_summary() | {"medicines": [], "words": "Only this."}))
    assert count(session) == 1
    words = practitioner.get(agreed.read).words()
    assert "Only this." in words
    assert "Pramipexole" not in words
    assert "Only this." in client.get(agreed.maker).words()


def test_nothing_is_handed_over_without_a_word_and_a_time(client: Client, agreed: Agreed, session: Session) -> None:
    page = client.get(agreed.maker)
    for more, said in (
        ({"agree": ""}, "Nothing was handed over"),
        ({"lasts": ""}, "Please choose how long"),
        ({"lasts": "for ever"}, "Please choose how long"),
        ({"content": ""}, "Look at what would be handed over first"),
        ({"content": "[" * 5000}, "could not be read as a summary"),
        ({"content": "x" * 45_000}, "too long"),
    ):
        again = client.submit(page, agreed.maker, sent(**more), 422)
        assert said in again.words()
        assert again.text.count("Juniper Underhill")
    assert count(session) == 0
    kept = client.submit(page, agreed.maker, sent(agree=""), 422)
    assert "Pramipexole" in next(each.get("value", "") for each in kept.all("input") if each.get("name") == "content")


def test_every_choice_begins_unticked(client: Client, agreed: Agreed) -> None:
    page = client.get(agreed.maker)
    assert not [each for each in page.all("input") if each.get("checked") is not None]


def test_only_an_agreed_talk_takes_one(client: Client, session: Session, person: int, agreed: Agreed) -> None:
    page = client.get(agreed.maker)
    session.rollback()
    session.execute(text("UPDATE consultation SET state = 'cancelled'"))
    session.commit()
    client.get(agreed.maker, 410)
    client.submit(page, agreed.maker, sent(), 410)
    assert count(session) == 0


def test_somebody_else_finds_nothing(client: Client, app: DirectoryApp, agreed: Agreed, session: Session) -> None:
    hand_over(client, agreed)
    client.get(f"{MAKER}/none-of-ours/{agreed.code}", 404)
    client.get(agreed.maker + "x", 404)


def test_on_hold_it_is_not_read_and_not_erased(
    client: Client, practitioner: Client, agreed: Agreed, session: Session
) -> None:
    hand_over(client, agreed)
    session.rollback()
    session.execute(text("UPDATE consultation SET state = 'paused', paused_from = 'confirmed'"))
    session.commit()
    practitioner.get(agreed.read, 410)
    assert summaries.forget(session, now=NOW) == 0


def test_called_off_it_is_erased(client: Client, practitioner: Client, agreed: Agreed, session: Session) -> None:
    hand_over(client, agreed)
    page = client.get(agreed.visit)
    client.submit(page, f"{agreed.visit}/{agreed.code}/cancel")
    practitioner.get(agreed.read, 410)
    session.rollback()
    assert summaries.forget(session, now=NOW) == 1


def test_erasing_the_request_erases_it_and_a_hold_keeps_it(
    client: Client, agreed: Agreed, session: Session, person: int
) -> None:
    hand_over(client, agreed)
    session.rollback()
    assert summaries.forget(session, held={person}, now=NOW + timedelta(days=60)) == 0
    token = agreed.visit.rpartition("/")[2]
    summaries.revoke(session, token, agreed.code, held=True, now=NOW)
    session.commit()
    assert count(session) == 1
    assert session.scalars(select(SharedSummary)).one().revoked_at == NOW
    keeping.erase(session, session.scalars(select(ConsultationRequest.id)).one(), held=False, now=NOW)
    session.commit()
    assert count(session) == 0


def test_it_is_no_part_of_the_practitioners_own_data(
    client: Client, agreed: Agreed, session: Session, person: int
) -> None:
    hand_over(client, agreed)
    session.rollback()
    told = export.document(session, person, now=NOW)
    assert "Pramipexole" not in json.dumps(told)


def test_it_goes_with_the_practitioner(client: Client, agreed: Agreed, session: Session, person: int) -> None:
    hand_over(client, agreed)
    session.rollback()
    keeping.leave(session, person, now=NOW)
    session.commit()
    assert count(session) == 0


def test_a_pdf_is_made_and_nothing_kept(client: Client, session: Session) -> None:
    page = client.get(MAKER)
    fields = page.fields(page.form(f"{MAKER}/pdf"))
    fields.setlist("content", [json.dumps(a_summary())])
    answer = client.inner.post(f"{MAKER}/pdf", data=fields, base_url=client.base)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert "no-store" in answer.headers["Cache-Control"]
    foreign = a_summary() | {"words": "Ночью"}
    refused = client.submit(page, f"{MAKER}/pdf", {"content": json.dumps(foreign)}, 422)
    assert "Print it with your browser" in refused.words()
    assert count(session) == 0


def test_without_scripts_the_page_names_what_can_be_printed(client: Client) -> None:
    assert {"/care/bring", "/care/questions", "/care/letter"} <= set(client.get(MAKER).links())


def test_the_talk_that_is_moved_takes_its_summary_along(
    client: Client, agreed: Agreed, session: Session, person: int
) -> None:
    hand_over(client, agreed, lasts="talk")
    session.rollback()
    session.execute(text("UPDATE consultation SET starts_at = :at"), {"at": AT + timedelta(days=20)})
    session.commit()
    assert summaries.forget(session, now=AT + timedelta(days=20)) == 0
