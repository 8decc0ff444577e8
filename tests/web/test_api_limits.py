"""How much one may ask: told in every answer, the same for every process, and without a trace of what was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.api_keys import service
from directory.accounts.api_keys.models import ApiUse
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from tests.web import population, ready
from tests.web.client import Client
from tests.web.conftest import Clock

ASKED = "/api/v1/places?text=97214"


@pytest.fixture
def engine(config: Config, tmp_path: Path) -> Iterator[Engine]:
    keyring.install(config.encryption_keys)
    made = ready.with_tables(f"sqlite:///{tmp_path / 'site.db'}")
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _process(config: Config, engine: Engine, clock: Clock, folder: Path, per_hour: int = 25) -> DirectoryApp:
    return create_app(replace(config, var_dir=folder, api_requests_per_hour=per_hour), engine=engine, clock=clock)


@pytest.fixture
def app(config: Config, engine: Engine, clock: Clock, tmp_path: Path) -> DirectoryApp:
    return _process(config, engine, clock, tmp_path)


def _key(engine: Engine, per_day: int = 40) -> str:
    with Session(engine) as session:
        _, secret = service.issue(
            session, name="A charity", contact="it@example.org", per_day=per_day, by=1, now=population.NOW
        )
        session.commit()
    return secret


def test_every_answer_says_how_much_is_left_and_then_when_to_come_back(app: DirectoryApp, clock: Clock) -> None:
    visitor = app.test_client()
    for left in range(24, -1, -1):
        answer = visitor.get(ASKED)
        assert answer.headers["RateLimit-Policy"] == '"network";q=25;w=3600'
        assert answer.headers["RateLimit"] == f'"network";r={left};t=3600'
    refused = visitor.get(ASKED)
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] == "3600"
    assert refused.headers["RateLimit"] == '"network";r=0;t=3600'
    assert visitor.get("/").status_code == 200
    assert visitor.get("/api").status_code == 200
    clock.now += timedelta(minutes=30)
    assert visitor.get(ASKED).headers["Retry-After"] == "1800"
    clock.now += timedelta(minutes=30)
    assert visitor.get(ASKED).status_code == 200


def test_networks_do_not_use_up_each_others(app: DirectoryApp) -> None:
    visitor = app.test_client()
    here, there = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "2001:db8::1"}
    for _ in range(25):
        assert visitor.get(ASKED, environ_overrides=here).status_code == 200
    assert visitor.get(ASKED, environ_overrides=here).status_code == 429
    assert visitor.get(ASKED, environ_overrides=there).headers["RateLimit"].startswith('"network";r=24')
    same_house = {"REMOTE_ADDR": "2001:db8::2"}
    assert visitor.get(ASKED, environ_overrides=same_house).headers["RateLimit"].startswith('"network";r=23')


def test_every_process_knows_what_was_asked_of_the_others(
    app: DirectoryApp, config: Config, engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    one, other = app.test_client(), _process(config, engine, clock, tmp_path).test_client()
    for _ in range(20):
        one.get(ASKED)
    assert other.get(ASKED).headers["RateLimit"] == '"network";r=4;t=3600'


def test_a_key_has_a_quota_of_its_own_until_it_is_revoked(app: DirectoryApp, engine: Engine) -> None:
    secret = _key(engine)
    visitor, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}
    answer = visitor.get(ASKED, headers=headers)
    assert answer.headers["RateLimit-Policy"] == '"key";q=40;w=86400'
    assert answer.headers["RateLimit"].startswith('"key";r=39;')
    assert visitor.get(ASKED).headers["RateLimit"].startswith('"network";r=24')
    for _ in range(39):
        assert visitor.get(ASKED, headers=headers).status_code == 200
    assert visitor.get(ASKED, headers=headers).status_code == 429
    with Session(engine) as session:
        service.revoke(session, 1, by=1, now=population.NOW)
        session.commit()
    assert visitor.get(ASKED, headers=headers).status_code == 401


@pytest.mark.parametrize("sent", ["Bearer", "Bearer sp_" + "x" * 43, "Basic dTpw", "nonsense", "Bearer \x7f", ""])
def test_a_key_that_is_none_of_ours_opens_nothing(app: DirectoryApp, sent: str) -> None:
    answer = app.test_client().get(ASKED, headers={"Authorization": sent})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert "x" * 43 not in answer.get_data(as_text=True)


def test_nothing_is_kept_of_who_asked_what(app: DirectoryApp, engine: Engine, clock: Clock) -> None:
    visitor = app.test_client()
    secret = _key(engine)
    for _ in range(10):
        visitor.get(ASKED, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        visitor.get(ASKED, headers={"Authorization": f"Bearer {secret}"})
    with Session(engine) as session:
        rows = session.scalars(select(ApiUse)).all()
        assert sorted((row.used, row.ends_at) for row in rows) == sorted(
            [(10, population.NOW + timedelta(hours=1)), (10, (population.NOW + timedelta(hours=4)))]
        )
        assert {column.name for column in ApiUse.__table__.columns} == {"subject", "ends_at", "used"}
        held = json.dumps([list(map(str, row)) for row in session.execute(text("SELECT * FROM api_use"))])
        held += json.dumps([list(map(str, row)) for row in session.execute(text("SELECT * FROM api_key"))])
    for told in ("192.0.2.7", "97214", secret, "it@example.org"):
        assert told not in held
    clock.now += timedelta(hours=1)
    for _ in range(10):
        visitor.get(ASKED, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    with Session(engine) as session:
        subjects = set(session.scalars(select(ApiUse.subject)))
        assert len(subjects) == 3, "the same network is another one in the next hour"
        assert service.forget(session, now=clock.now) == 1


def test_the_page_and_the_description_are_not_counted(client: Client) -> None:
    assert "RateLimit" not in client.inner.get("/api").headers
    assert "RateLimit" not in client.inner.get("/api/v1/openapi.json").headers
