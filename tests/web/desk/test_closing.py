"""Practising no longer: said at the desk or by oneself, and told in quiet words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from directory.practitioners import queries as people
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client
from tests.web.conftest import Clock

PROFILE = "/practitioners/whole-pregnancy"
DESK = "/desk/people/whole-pregnancy/closing"
DAY = population.TODAY.isoformat()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[DirectoryApp]:
    (tmp_path / "var").mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        population.settle(session, [each for each in population.people() if each.name == "Whole Pregnancy"])
        session.commit()
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


def verifier(app: DirectoryApp, email: str) -> Client:
    client = Client(app)
    sign_in(client, email=email, roles=[Role.VERIFIER])
    return client


def test_a_death_is_told_without_a_reason_and_for_a_year_only(app: DirectoryApp, clock: Clock) -> None:
    desk, visitor = verifier(app, "one@example.org"), Client(app)
    page = desk.get(DESK)
    refused = desk.submit(page, DESK, {"on": DAY}, status=422)
    assert "Please choose one." in refused.words()
    late = {"why": "died", "on": (population.TODAY + timedelta(days=9)).isoformat()}
    assert "today at the latest" in desk.submit(page, DESK, late, status=422).words()
    desk.submit(page, DESK, {"why": "died", "on": DAY})
    gone = visitor.get(PROFILE, status=410).words()
    assert "This person practices no longer" in gone
    assert "Whole Pregnancy" not in gone
    assert "died" not in gone.casefold()
    assert "They have died" in desk.get(DESK).words()
    clock.now += timedelta(days=366)
    assert "This person is not listed at the moment" in visitor.get(PROFILE, status=410).words()


def test_two_of_the_desk_take_it_back(app: DirectoryApp) -> None:
    one, two = verifier(app, "one@example.org"), verifier(app, "two@example.org")
    one.submit(one.get(DESK), DESK, {"why": "retired", "on": DAY})
    back = "/desk/people/whole-pregnancy/reopen"
    assert "Please say why." in one.submit(one.get(DESK), back, {"reason": ""}, status=422).words()
    one.submit(one.get(DESK), back, {"reason": "Somebody else of this name"})
    assert "It waits for somebody else" in one.get(DESK).words()
    assert "With your word the profile is open again" in two.get(DESK).words()
    two.submit(two.get(DESK), back, {"reason": "I called them"})
    assert "Close the profile" in two.get(DESK).words()
    assert "This person is not listed at the moment" in Client(app).get(PROFILE, status=410).words()


def test_a_practitioner_says_so_themselves(app: DirectoryApp) -> None:
    with Session(app.database.engine) as session:
        person = people.by_slug(session, "whole-pregnancy").id
    own = Client(app)
    sign_in(own, practitioner_id=person)
    page = own.get("/practice/no-longer")
    assert "Please tick this box" in own.submit(page, "/practice/no-longer", {"on": DAY}, status=422).words()
    own.submit(page, "/practice/no-longer", {"on": DAY, "confirm": "y"})
    assert "Your profile is closed since" in own.get("/practice/no-longer").words()
    assert "because you practice no longer" in own.get("/practice").words()
    Client(app).get(PROFILE, status=410)
    own.get(DESK, status=404)
