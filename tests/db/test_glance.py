"""A glance says what a session would say, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import BigInteger, Engine, bindparam, column, literal, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.db import UTCDateTime, make_engine
from directory.glance import Glance

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def store(fresh_database: str) -> Iterator[Engine]:
    engine = make_engine(fresh_database, timeout_seconds=1)
    yield engine
    engine.dispose()


def test_a_glance_says_what_a_session_says(store: Engine) -> None:
    at = datetime(2026, 11, 23, 20, 0, 0, 123456, tzinfo=UTC)
    one, number = bindparam("at", type_=UTCDateTime()), bindparam("number", type_=BigInteger)
    glance = Glance(select(one.label("at"), number.label("number"), literal("a%b").label("text")).where(number > 0))
    with Session(store) as session:
        beside = glance.row(session, at=at, number=2**40)
        assert not session.in_transaction()
        session.connection()
        assert glance.row(session, at=at, number=2**40) == beside == (at, 2**40, "a%b")
    with Session(store) as session:
        assert glance.row(session, at=at, number=0) is None


def test_a_glance_at_what_is_not_there_fails_as_any_statement_does(store: Engine) -> None:
    glance = Glance(select(table("nowhere", column("id")).c.id))
    with Session(store) as session, pytest.raises(DBAPIError):
        glance.row(session)
