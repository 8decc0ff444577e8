"""The mailbox of development."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Config
from directory import db
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring, new_key
from directory.mail import outbox
from directory.mail.letters import Letter, Link, say
from tests.web import population, ready
from tests.web.client import Client

LETTER = Letter(
    purpose="confirm_address",
    subject="Please confirm this address",
    paragraphs=(say("Hello %(name)s.", name="Zoë <b>O’Neill</b>"), "Somebody gave this address to us."),
    link=Link("Look at who we are", "/about"),
    closing=("If it was not you, do nothing.",),
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[DirectoryApp]:
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    yield create_app(config, engine=engine, clock=lambda: population.NOW)
    engine.dispose()


def _write(app: DirectoryApp, *to: str) -> None:
    with Session(app.database.engine) as session:
        db.writing(session)
        for each in to:
            outbox.send(session, to=each, letter=LETTER, language="en_GB", now=population.NOW)
        session.commit()


def test_before_the_first_letter_it_says_how_to_get_one(app: DirectoryApp) -> None:
    page = Client(app).get("/mailbox")
    assert "No letter yet" in page.words()
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_letters_stand_the_newest_first_and_their_button_works(app: DirectoryApp) -> None:
    _write(app, "first@example.org", "second@example.org")
    client = Client(app)
    page = client.get("/mailbox")
    assert page.text.index("second@example.org") < page.text.index("first@example.org")
    newest = next(link for link in page.links() if link.startswith("/mailbox/"))
    letter = client.get(newest)
    assert "second@example.org" in letter.words()
    assert "Hello Zoë <b>O’Neill</b>." in letter.words(letter.by_id("letter"))
    assert letter.by_id("letter").get("lang") == "en-GB"
    (button,) = letter.by_id("letter").iter("a")
    assert button.get("href") == "/about"
    client.get("/about")


def test_a_letter_that_is_not_there_or_erased_is_not_found(app: DirectoryApp) -> None:
    client = Client(app)
    client.get("/mailbox/1", 404)
    _write(app, "a@example.org")
    client.get("/mailbox/1")
    with Session(app.database.engine) as session:
        db.writing(session)
        taken = outbox.take(session, now=population.NOW)
        assert taken is not None
        outbox.handed_over(session, taken, now=population.NOW)
        outbox.forget(session, kept=population.NOW - population.NOW, now=population.NOW)
        session.commit()
    client.get("/mailbox/1", 404)
    assert "No letter yet" in client.get("/mailbox").words()


@pytest.mark.parametrize("address", ["/mailbox/0", "/mailbox/99999999999999999999", "/mailbox/x", "/mailbox/-1"])
def test_a_number_that_is_none_is_not_found(app: DirectoryApp, address: str) -> None:
    Client(app).get(address, 404)


def test_production_has_no_mailbox(app: DirectoryApp, tmp_path: Path) -> None:
    _write(app, "a@example.org")
    config = Config.from_environment(
        {
            "STILLPOINT_ENV": "production",
            "SECRET_KEY": "s" * 40,
            "ENCRYPTION_KEYS": new_key(),
            "DATABASE_URL": str(app.database.engine.url),
            "SITE_URL": "https://directory.example.org",
            "TRUSTED_HOSTS": "directory.example.org",
            "OPERATOR_NAME": "The Trust",
            "OPERATOR_EMAIL": "hello@directory.example.org",
            "OPERATOR_ADDRESS": "1 Example Street",
            "SMTP_HOST": "mail.example.org",
            "SMTP_FROM": "hello@directory.example.org",
        },
        cwd=tmp_path,
    )
    client = Client(create_app(config, engine=app.database.engine), base="https://directory.example.org")
    for address in ("/mailbox", "/mailbox/1"):
        client.get(address, 404)
