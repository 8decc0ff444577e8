"""The page that says how true the directory is, and the calls behind one of its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.accuracy import service
from directory.accuracy.models import ContactTest
from directory.accuracy.terms import Reached
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from directory.practitioners.models import PracticePlace
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client
from tests.web.conftest import Clock


@pytest.fixture
def engine(config: Config, tmp_path: Path) -> Iterator[Engine]:
    keyring.install(config.encryption_keys)
    engine = ready.with_population(f"sqlite:///{tmp_path / 'site.db'}")
    with Session(engine) as session:
        session.execute(update(PracticePlace).values(telephone="503 555 0142"))
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def app(config: Config, engine: Engine, tmp_path: Path) -> DirectoryApp:
    return create_app(replace(config, var_dir=tmp_path), engine=engine, clock=Clock())


def test_the_figures_come_from_a_measurement_and_from_calls(app: DirectoryApp, engine: Engine) -> None:
    visitor, verifier = Client(app), Client(app)
    assert "Nothing has been measured yet" in visitor.get("/accuracy").words()
    assert visitor.inner.get("/accuracy/figures.json").json["measured_on"] is None
    with Session(engine) as session:
        assert service.draw(session, now=population.NOW) > 2
        session.commit()
    sign_in(verifier, email="vera@example.org", roles=[Role.VERIFIER])
    page = verifier.get("/desk/calls")
    action = next(each.get("action", "") for each in page.all("form") if "/desk/calls/" in each.get("action", ""))
    refused = verifier.submit(page, action, {"outcome": "nobody knows"}, status=422)
    assert refused.words().count("Say what became of the call.") == 2, "at the top, and at the call"
    verifier.submit(page, action, {}, status=422)
    verifier.submit(page, action, {"outcome": Reached.PRACTICE})
    with Session(engine) as session:
        assert session.scalars(select(ContactTest.outcome).where(ContactTest.outcome.is_not(None))).all() == [
            Reached.PRACTICE
        ]
        service.measure(session, now=population.NOW)
        session.commit()
    told = visitor.inner.get("/accuracy/figures.json").json
    assert told["measured_on"] == population.TODAY.isoformat()
    assert told["everywhere"]["calls"] == 1
    assert told["everywhere"]["reached_share"] is None
    assert told["everywhere"]["listed"] >= population.CROWD
    assert set(told["everywhere"]) == set(told["definitions"])
    assert {"US-OR"} <= {each["jurisdiction"] for each in told["jurisdictions"]}
    assert "Oregon" in visitor.get("/accuracy").words()


def test_a_practitioner_calls_nobody(app: DirectoryApp) -> None:
    client = Client(app)
    sign_in(client)
    assert client.get("/desk/calls", status=404)
