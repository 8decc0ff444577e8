"""People who sign in, in the browser: made beside the running site, and let in through its own door."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from os import getpid
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from config import Config
from directory import db
from directory.accounts import service
from directory.accounts.terms import Role
from directory.crypto import keyring

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.server import Site

PASSWORD = "a quiet river in november"
_numbers = count(1)


def newcomer(page: Page, site: Site) -> None:
    """Sign in as a practitioner who has just begun to register."""
    email = f"newcomer-{getpid()}-{next(_numbers)}@example.org"
    keyring.install(Config.from_environment({}, cwd=site.database.parent.parent).encryption_keys)
    engine = db.make_engine(f"sqlite:///{site.database}", timeout_seconds=30)
    with Session(engine) as session:
        db.writing(session)
        now = datetime.now(UTC)
        service.create(session, email, roles=[Role.PRACTITIONER], now=now, password=PASSWORD)
        session.commit()
    engine.dispose()
    page.goto("/account/sign-in?next=/registration/who")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Your name, as patients see it").fill("Juniper Underhill")
    page.get_by_role("button", name="Save and go on").click()


def with_a_place(page: Page, site: Site, **typed: str) -> None:
    """A newcomer who gave an address, and looks at its pin."""
    newcomer(page, site)
    address = {
        "What patients call this place": "Fern Rooms",
        "Street and number": "12 Fern Way",
        "Town": "Portland",
        "Postcode or ZIP code": "97214",
    }
    page.goto("/registration/places/new")
    page.get_by_label("Country").select_option("US")
    for label, text in (address | typed).items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Save and go on").click()
