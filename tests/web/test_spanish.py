"""The way to a request, and everything behind the links in letters to patients, read in Spanish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from config import Config
from directory.app import DirectoryApp, create_app
from directory.consultations import answering
from directory.consultations.models import Consultation, ConsultationRequest
from directory.crypto import keyring
from directory.mail.letters import Worded
from directory.mail.models import OutgoingLetter
from tests.web import ready, talks, telling
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.population import NOW
from tests.web.test_about_you import foreign, in_spanish
from tests.web.test_match import FIELDS, HERE, told, written

WHOLE = "whole-pregnancy"
WORDS = "No duermo."
UNREAD = "Nadie que hable español con fluidez ha leído todavía esta traducción"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[DirectoryApp]:
    (tmp_path / "var").mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_population(config.database_url)
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def visitor(app: DirectoryApp) -> Client:
    """Somebody who has answered about pregnancy and then asked for Spanish."""
    client = Client(app)
    told(client, "yes", "20")
    in_spanish(client, HERE)
    return client


@pytest.fixture
def db(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


def read(*pages: Page) -> None:
    """Each is in Spanish throughout, says that nobody has read the translation, and offers English."""
    for page in pages:
        assert page.root.get("lang") == "es"
        assert foreign(page) == []
        assert UNREAD in page.words()
        assert "Read in English" in page.words()


def newest(db: Session, purpose: str) -> Worded:
    """The last letter of this purpose."""
    db.rollback()
    statement = select(OutgoingLetter).where(OutgoingLetter.purpose == purpose).order_by(OutgoingLetter.id.desc())
    row = db.scalars(statement.limit(1).options(undefer(OutgoingLetter.text_sealed))).one()
    return Worded.from_json(row.text_sealed or "")


def ask(client: Client) -> Page:
    """Send a request to one person, and read what comes next."""
    fields = FIELDS | {"words": WORDS, "name": "María"}
    return client.follow(client.submit(written(client, WHOLE), "/match/write", fields))


def test_a_shortlist_side_by_side(visitor: Client) -> None:
    read(visitor.get("/compare"))
    for slug in (WHOLE, "under-order", "hidden-home", "from-afar"):
        visitor.submit(visitor.get(HERE), "/shortlist/add", {"who": slug})
    read(visitor.get(HERE), visitor.get("/compare?place=97214"), visitor.get("/compare"))
    full = visitor.submit(visitor.get("/practitioners/just-arrived"), "/shortlist/add", status=422)
    read(full)
    visitor.submit(visitor.get("/about-you"), "/about-you/someone-else")
    read(visitor.get(HERE), visitor.get("/match?place=97214"))


def test_the_page_of_a_practitioner_and_the_way_to_it(visitor: Client) -> None:
    read(*(visitor.get(f"/practitioners/{slug}") for slug in (WHOLE, "hidden-home", "from-afar", "just-arrived")))
    read(visitor.get("/practitioners/lapsed-yesterday", 410))
    read(*(visitor.get(f"/practitioners?name={name}") for name in ("whole", "practitioner", "qqqq")))
    read(visitor.get("/practitioners?name=x", 422))


def test_a_request_is_sent_in_spanish_and_the_letter_speaks_it_with_the_english_after_it(
    visitor: Client, db: Session
) -> None:
    read(visitor.get("/match?place=97214"), visitor.get("/match?place=97214&who=nobody"))
    page = written(visitor, WHOLE)
    read(page, visitor.submit(page, "/match/write", {}, 422), visitor.get("/match/write?place=97214", 422))
    sent = ask(visitor)
    read(sent)
    assert "Su solicitud está enviada" in sent.words()
    assert db.scalars(select(ConsultationRequest.locale)).one() == "es"
    letter = newest(db, "talk_requested")
    assert (letter.language, letter.subject) == ("es", "Lo que se envió, y su enlace")
    assert letter.paragraphs[0].startswith("Alguien dio esta dirección y pidió una conversación con Whole Pregnancy")
    assert "Somebody gave this address and asked for a talk with Whole Pregnancy." in letter.closing


def test_everything_behind_the_link(visitor: Client, db: Session, clock: Clock) -> None:
    person = talks.reader(db, "Whole Pregnancy")
    db.commit()
    ask(visitor)
    path = newest(db, "talk_requested").path
    asked = visitor.get(path)
    read(asked)
    visitor.submit(asked, f"{path}/prove")
    code = db.scalars(select(Consultation.code)).one()
    first = talks.AT.replace(hour=18, minute=30)
    db.rollback()
    answering.accept(db, person, code, first, how="", now=NOW)
    db.commit()
    accepted = newest(db, "talk_accepted")
    assert accepted.paragraphs[0] == "Whole Pregnancy puede hablar con usted."
    waiting = visitor.get(accepted.path)
    read(waiting)
    visitor.submit(waiting, f"{accepted.path}/{code}/confirm")
    agreed = newest(db, "talk_agreed")
    assert agreed.entry is not None
    assert agreed.entry.summary == "Conversación con Whole Pregnancy"
    read(visitor.get(agreed.path), visitor.get(accepted.path))
    visitor.submit(visitor.get(agreed.path), f"{agreed.path}/{code}/cancel")
    assert newest(db, "talk_called_off").subject == "Su conversación no tendrá lugar"
    path = newest(db, "talk_called_off").path
    read(visitor.get(path))
    clock.now = NOW + timedelta(days=60)
    ended = visitor.get(path, 410)
    read(ended, visitor.follow(visitor.submit(ended, f"{path}/renew")))


def test_a_search_is_saved_and_stopped(visitor: Client, db: Session) -> None:
    new = "/saved/new?place=97214&language=es"
    page = visitor.get(new)
    read(page, visitor.submit(page, "/saved/new", {"email": "x"}, 422), visitor.get("/saved/new?place=nowhere", 422))
    read(visitor.follow(visitor.submit(page, "/saved/new", {"email": "zoe@example.org", "keep_facts": "y"})))
    letter = newest(db, "saved_search_confirm")
    assert letter.language == "es"
    unsure = visitor.get(letter.path)
    sure = visitor.follow(visitor.submit(unsure, f"{letter.path}/confirm"))
    read(unsure, sure, visitor.follow(visitor.submit(sure, f"{letter.path}/stop")), visitor.get(letter.path, 410))


def test_how_it_went_and_how_the_service_was(tmp_path: Path) -> None:
    with telling.site(tmp_path) as site:
        token, client = site.link("maria@example.org"), site.visitor()
        outcome, feedback = f"/outcome/{token}", f"/feedback/{token}"
        page = in_spanish(client, outcome)
        read(page, client.submit(page, outcome, {"contact": "excellent"}, 422))
        read(client.follow(client.submit(page, outcome, {"contact": "reached"})))
        form = client.get(feedback)
        read(form, client.submit(form, feedback, {"words": "http://sleep.example"}, 422))
        said = client.follow(client.submit(form, feedback, {"listened": "yes", "words": "Amable y puntual."}))
        read(said)
        read(client.follow(client.submit(said, f"{feedback}/take-back")))


def test_the_numbers_to_call_are_said_once(visitor: Client) -> None:
    words = visitor.get("/urgent/talk?place=97214").words()
    assert "988 Suicide & Crisis Lifeline" in words
    assert "988 988" not in words


def test_until_when_an_answer_about_someone_else_stays_is_said_where_it_is_asked(app: DirectoryApp) -> None:
    client = Client(app)
    for path in ("/", HERE, "/match?place=97214"):
        assert "stays in your browser for a day" in client.get(path).words()
    client.submit(client.get("/about-you"), "/about-you/someone-else")
    for path in ("/", HERE, "/match?place=97214"):
        words = client.get(path).words()
        assert "What you answer about someone else stays in this browser until you close it" in words
        assert "for a day" not in words
