"""Two profiles side by side, and what comes of the two answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.crypto import keyring
from directory.desk.duplicates import service
from directory.practitioners.publication import service as publication
from directory.privacy import service as privacy
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client
from tests.web.population import Someone

TWINS = [
    Someone(name=population.RTL_NAME, person={"words": "One of two"}),
    Someone(name=population.RTL_NAME, person={"website": "https://example.org/other"}),
]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[DirectoryApp]:
    (tmp_path / "var").mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        population.settle(session, TWINS)
        service.ask_about_pairs(session, now=population.NOW)
        session.commit()
    yield create_app(config, engine=engine, clock=lambda: population.NOW)
    engine.dispose()


def asked(app: DirectoryApp) -> str:
    with Session(app.database.engine) as session:
        case = session.scalars(select(Case.id).where(Case.kind == Kind.DUPLICATE)).one()
    return f"/desk/duplicates/{case}"


def verifier(app: DirectoryApp) -> Client:
    client = Client(app)
    sign_in(client, email="verifier@example.org", roles=[Role.VERIFIER])
    return client


def test_one_person_has_one_address_and_the_other_leads_to_it(app: DirectoryApp) -> None:
    address, desk, visitor = asked(app), verifier(app), Client(app)
    page = desk.get(address)
    assert "the same name" in page.words()
    assert "a town in common" in page.words()
    assert "One of two" in page.words()
    refused = desk.submit(page, f"{address}/merge", {"words": "2"}, status=422)
    assert "Please choose which profile stays." in refused.words()
    desk.submit(page, f"{address}/merge", {"into": "1", "website": "2", "confirm": "y"})
    slugs = [each.removeprefix("/practitioners/") for each in page.links() if each.startswith("/practitioners/")]
    moved = visitor.get(f"/practitioners/{slugs[1]}", status=301)
    assert (moved.response.location or "").endswith(f"/practitioners/{slugs[0]}")
    kept = visitor.get(f"/practitioners/{slugs[0]}")
    assert "https://example.org/other" in kept.links()
    desk.get(address, status=409)
    with Session(app.database.engine) as session:
        publication.suspend(session, 1, now=population.NOW)
        session.commit()
    visitor.get(f"/practitioners/{slugs[1]}", status=301)
    visitor.get(f"/practitioners/{slugs[0]}", status=410)


def test_two_people_stay_two(app: DirectoryApp) -> None:
    address, desk = asked(app), verifier(app)
    desk.submit(desk.get(address), f"{address}/two", {"two-note": "Father and daughter"})
    desk.get(address, status=409)
    with Session(app.database.engine) as session:
        assert service.ask_about_pairs(session, now=population.NOW) == 0


def test_whoever_is_leaving_is_not_merged(app: DirectoryApp) -> None:
    with Session(app.database.engine) as session:
        privacy.leave(session, 2, grace_days=30, by=None, now=population.NOW)
        session.commit()
    address, desk = asked(app), verifier(app)
    refused = desk.submit(desk.get(address), f"{address}/merge", {"into": "1", "confirm": "y"}, status=422)
    assert "One of the two is leaving" in refused.words()


def test_nobody_else_sees_it(app: DirectoryApp) -> None:
    address, own = asked(app), Client(app)
    sign_in(own, practitioner_id=1)
    own.get(address, status=404)
    verifier(app).get("/desk/duplicates/99999", status=404)
