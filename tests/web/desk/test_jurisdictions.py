"""The switch of a jurisdiction, through the doors of the desk and of the public."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client

REASON = "The register has been down for a week"
PROFILE = "/practitioners/whole-pregnancy"
LIST = "/search?place=97214&radius=40"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[DirectoryApp]:
    (tmp_path / "var").mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        population.settle(session, [each for each in population.people() if each.name == "Whole Pregnancy"])
        session.commit()
    yield create_app(config, engine=engine, clock=lambda: population.NOW)
    engine.dispose()


def test_hidden_with_a_reason_and_shown_again(app: DirectoryApp) -> None:
    desk, visitor = Client(app), Client(app)
    sign_in(desk, email="administrator@example.org", roles=[Role.ADMINISTRATOR])
    assert "1 person fits" in visitor.get(LIST).words()
    page = desk.get("/desk/jurisdictions")
    assert "Oregon" in page.words()
    address = "/desk/jurisdictions/US-OR"
    assert "People it concerns1" in desk.get(address).words()
    refused = desk.submit(desk.get(address), address, {"reason": "", "confirm": "y"}, status=422)
    assert "Please say why." in refused.words()
    visitor.get(PROFILE)
    desk.submit(desk.get(address), address, {"reason": REASON, "confirm": "y"})
    listed = visitor.get(LIST).words()
    assert "We list nobody in Oregon at present." in listed
    assert "1 person fits" not in listed
    gone = visitor.get(PROFILE, status=410).words()
    assert "We list nobody in Oregon at present." in gone
    assert "Whole Pregnancy" not in gone
    assert "We list nobody of this name" in visitor.get("/practitioners?name=Whole+Pregnancy").words()
    for page in (listed, gone):
        assert REASON not in page
    assert REASON in desk.get("/desk/jurisdictions").words()
    desk.submit(desk.get(address), address, {"reason": "It is back", "confirm": "y"})
    assert "1 person fits" in visitor.get(LIST).words()
    visitor.get(PROFILE)


def test_only_administrators_who_proved_who_they_are_turn_it(app: DirectoryApp) -> None:
    verifier, tired = Client(app), Client(app)
    sign_in(verifier, email="verifier@example.org", roles=[Role.VERIFIER])
    verifier.get("/desk/jurisdictions", status=404)
    verifier.get("/desk/jurisdictions/US-OR", status=404)
    sign_in(tired, email="administrator@example.org", roles=[Role.ADMINISTRATOR], fresh=False)
    address = "/desk/jurisdictions/US-OR"
    asked = tired.submit(tired.get(address), address, {"reason": REASON, "confirm": "y"})
    assert "/account/again" in (asked.response.location or "")
    Client(app).get(PROFILE)


def test_what_is_no_jurisdiction_of_ours(app: DirectoryApp) -> None:
    desk = Client(app)
    sign_in(desk, email="administrator@example.org", roles=[Role.ADMINISTRATOR])
    desk.get("/desk/jurisdictions/US-XX", status=404)
    desk.get("/desk/jurisdictions/US-AL", status=409)
