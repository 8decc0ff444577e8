"""Saving a search: a letter to confirm, a page behind each link, and an end with one press."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from config import Config
from directory.alerts.models import SavedSearch
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from directory.mail import messages
from directory.mail.letters import Worded
from directory.mail.models import OutgoingLetter
from tests.web import population, ready
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.test_search import told

NEW = "/saved/new?place=97214&language=es"


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("saved")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_population(config.database_url)
    yield create_app(config, engine=engine, clock=Clock())
    engine.dispose()


@pytest.fixture
def visitor(app: DirectoryApp) -> Client:
    return Client(app)


@pytest.fixture
def db(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


def save(client: Client, address: str = NEW, *, keep: bool = False, status: int = 303) -> Page:
    fields = {"email": "zoe@example.org"} | ({"keep_facts": "y"} if keep else {})
    return client.submit(client.get(address), "/saved/new", fields, status)


def letter(db: Session) -> Worded:
    statement = select(OutgoingLetter).order_by(OutgoingLetter.id.desc()).limit(1)
    row = db.scalars(statement.options(undefer(OutgoingLetter.text_sealed))).one()
    return Worded.from_json(row.text_sealed or "")


def rows(db: Session) -> list[SavedSearch]:
    db.rollback()
    return list(db.scalars(select(SavedSearch)))


def test_a_list_leads_to_the_form_which_says_what_would_be_saved(visitor: Client) -> None:
    page = visitor.get("/search?place=97214&language=es")
    onward = next(each for each in page.links() if each.startswith("/saved/new"))
    words = visitor.get(onward).words()
    assert "Near 97214 (Portland, Oregon), within 25 miles." in words
    assert "Spanish" in words


def test_only_a_yes_behind_the_letters_link_begins_the_letters(visitor: Client, db: Session) -> None:
    assert "look into your mailbox" in visitor.follow(save(visitor)).words()
    link = letter(db).path
    page = visitor.get(link)
    assert "Yes, write to me" in page.words()
    assert "Nothing about your health is kept with this search." in page.words()
    assert rows(db)[0].confirmed_at is None, "opening the page says nothing"
    answered = visitor.follow(visitor.submit(page, f"{link}/confirm"))
    assert "You said yes on November 23, 2026." in answered.words()
    assert rows(db)[0].confirmed_at == population.NOW
    assert "place=97214" in next(each for each in answered.links() if each.startswith("/search"))


def test_one_press_deletes_everything(visitor: Client, db: Session) -> None:
    save(visitor)
    link = letter(db).path
    gone = visitor.follow(visitor.submit(visitor.get(link), f"{link}/stop"))
    assert "The search is deleted" in gone.words()
    assert rows(db) == []
    gone = visitor.get(link, 410).words()
    assert "There is no search behind this link." in gone
    assert "practitioner’s page" not in gone
    visitor.post(f"{link}/stop", 400, data={})


def test_the_button_of_a_mail_program_stops_them_without_a_page(
    visitor: Client, db: Session, app: DirectoryApp
) -> None:
    save(visitor)
    config = app.extensions["stillpoint"].config
    message = messages.compose(
        letter(db), to="zoe@example.org", mark="a" * 32, written_at=population.NOW, config=config
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = urlsplit(message["List-Unsubscribe"].strip("<>"))
    mail_program = Client(app)
    for _ in range(2):
        mail_program.post(address.path, 204, data={"List-Unsubscribe": "One-Click"})
    assert rows(db) == []


def test_the_health_facts_are_kept_only_where_the_box_is_ticked(visitor: Client, db: Session) -> None:
    assert "keep_facts" not in visitor.get(NEW).text, "nothing was told, so nothing is asked"
    told(visitor, "yes", "20")
    page = visitor.get(NEW)
    assert page.by_id("keep_facts").get("checked") is None
    save(visitor)
    save(visitor, keep=True)
    without, with_facts = rows(db)
    assert (without.facts_sealed, without.facts_consent) == (None, None)
    assert with_facts.facts_consent == "saved-search-facts-1"
    link = letter(db).path
    kept = visitor.get(link)
    assert "Pregnant: yes, 20 weeks today" in kept.words()
    visitor.submit(kept, f"{link}/forget-facts")
    assert rows(db)[1].facts_sealed is None
    assert "pregnan" not in " ".join([*letter(db).paragraphs, letter(db).subject]).lower()


def test_what_was_told_about_somebody_else_is_never_kept(visitor: Client, db: Session) -> None:
    page = visitor.get("/about-you?place=97214")
    visitor.submit(page, "/about-you/someone-else")
    told(visitor, "yes", "20")
    page = visitor.get(NEW)
    assert "keep_facts" not in page.text
    visitor.submit(page, "/saved/new", {"email": "zoe@example.org", "keep_facts": "y"})
    assert rows(db)[0].facts_sealed is None


@pytest.mark.parametrize(
    ("email", "complaint"),
    [
        ("", "Please give your email address."),
        ("zoe", "That is not an email address."),
        ("a@b.c\r\nBcc: d@e.f", "That is not an email address."),
        ("zoe@exa_mple.org", "This is not an email address."),
    ],
)
def test_what_is_no_address_comes_back_as_it_was_typed(
    visitor: Client, db: Session, email: str, complaint: str
) -> None:
    page = visitor.submit(visitor.get(NEW), "/saved/new", {"email": email}, 422)
    assert complaint in page.errors_at()["email"]
    assert rows(db) == []


def test_a_place_that_means_nothing_cannot_be_saved(visitor: Client) -> None:
    for address in ("/saved/new", "/saved/new?place=nowhere at all", "/saved/new?place=97214&radius=x"):
        assert "There is no search to save" in visitor.get(address, 422).words()


def test_a_flood_from_one_network_has_to_wait(visitor: Client) -> None:
    page = visitor.get(NEW)
    for number in range(10):
        visitor.submit(page, "/saved/new", {"email": f"zoe{number}@example.org"})
    page = visitor.submit(page, "/saved/new", {"email": "zoe@example.org"}, 429)
    assert "zoe@example.org" in page.text
    assert int(page.response.headers["Retry-After"]) > 0


def test_the_answer_is_the_same_however_many_searches_a_mailbox_has(visitor: Client, db: Session) -> None:
    answers = {save(visitor).response.headers["Location"] for _ in range(6)}
    assert len(answers) == 1
    assert len(rows(db)) == 3
