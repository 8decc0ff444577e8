"""Databases for tests of pages, copied from one that was made once for each worker: all revisions take a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import migrations
from directory.db import make_engine
from tests.web import population


def with_tables(url: str, *, timeout_seconds: int = 5) -> Engine:
    """An engine over a new SQLite database at this address: every table, no rows."""
    return _put(_tables(), url, timeout_seconds)


def with_population(url: str) -> Engine:
    """An engine over a new SQLite database at this address, with everybody of the population."""
    return _put(_populated(), url, 5)


def _put(content: bytes, url: str, timeout_seconds: int) -> Engine:
    engine = make_engine(url, timeout_seconds=timeout_seconds)
    Path(str(engine.url.database)).write_bytes(content)
    return engine


@cache
def _tables() -> bytes:
    engine = make_engine("sqlite://")
    migrations.upgrade(engine)
    return _content(engine)


@cache
def _populated() -> bytes:
    engine = make_engine("sqlite://")
    with engine.connect() as connection:
        connection.connection.driver_connection.deserialize(_tables())  # type: ignore[union-attr]
    with Session(engine) as session:
        population.settle(session)
        session.commit()
    return _content(engine)


def _content(engine: Engine) -> bytes:
    with engine.connect() as connection:
        content: bytes = connection.connection.driver_connection.serialize()  # type: ignore[union-attr]
    engine.dispose()
    return content
