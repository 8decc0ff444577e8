"""A database with what other rows refer to, an index, and a count of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from directory.db import make_engine, writing
from directory.search.loader import IndexHolder
from tests.db.search.people import reference


@pytest.fixture
def holder() -> IndexHolder:
    return IndexHolder()


@pytest.fixture
def town(session: Session) -> Session:
    """A session over a database that knows jurisdictions, languages and payers, and nobody."""
    reference(session)
    return session


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    """A database for tests in which several connections really commit."""
    engine = make_engine(upgraded_database, timeout_seconds=10)
    with Session(engine) as session:
        writing(session)
        reference(session)
        session.commit()
    yield engine
    engine.dispose()


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that the session's connection is sent inside the block."""
    sent: list[str] = []
    connection = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)
