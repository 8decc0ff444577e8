"""The application over a small town of practitioners, on SQLite; the clock stands still unless a test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import Engine

from config import Config
from directory import logs
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from tests.web import population, ready, routes, templates
from tests.web.client import Client

routes.compile_each_once()
templates.compile_each_once()


@dataclass
class Clock:
    """A clock that a test may set."""

    now: datetime = population.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session", autouse=True)
def _quiet_log() -> None:
    """The product's own log, errors only: the library's default draws every exception with all its values."""
    logs.configure("error")


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The settings of a laptop, with keys and database in a folder of this run."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "var").mkdir()
    return Config.from_environment({}, cwd=folder)


@pytest.fixture(scope="session")
def town(config: Config) -> Iterator[Engine]:
    """A database with the population; tests that change it make their own."""
    keyring.install(config.encryption_keys)
    engine = ready.with_population(config.database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def site(config: Config, town: Engine, shared_clock: Clock) -> DirectoryApp:
    """One application for all tests that only read."""
    return create_app(config, engine=town, clock=shared_clock)


@pytest.fixture
def client(site: DirectoryApp, shared_clock: Clock) -> Client:
    """A visitor without any cookie, on the day of the population."""
    shared_clock.now = population.NOW
    return Client(site)
