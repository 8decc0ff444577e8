"""What every table shares: the base class with constraint names, column types, and engines for both databases.

SQLite runs in WAL mode with foreign keys on and a busy timeout. pysqlite's own transaction handling is switched off
and BEGIN is emitted here: DEFERRED for readers, IMMEDIATE for whoever said ``writing(session)``, because SQLite
knows no row locks and a reader that turns writer half-way fails at once instead of waiting.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

_WRITING = "stillpoint_writing"
WRITES = {_WRITING: True}
"""Execution options of a connection whose next transaction will write; sessions say ``writing(session)``."""


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only and gives them back in UTC, on databases that know no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def value_enum(enum: type[Enum], *, name: str) -> SqlEnum:
    """A column of this enum, stored by value; ``name`` becomes the CHECK constraint's name."""
    return SqlEnum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=48,
        values_callable=lambda members: [member.value for member in members],
    )


BigIntId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The base of every table; constraints are named so that a migration or an error can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime()}


def engine_options(url: str, *, timeout_seconds: int) -> dict[str, Any]:
    """Keyword arguments for ``create_engine`` that fit this database; the timeout bounds connects, locks and statements."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": timeout_seconds, "check_same_thread": False}}
    return {
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {
            "connect_timeout": timeout_seconds,
            "options": f"-c statement_timeout={timeout_seconds * 1000} -c lock_timeout={timeout_seconds * 1000}"
            " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
            "tcp_user_timeout": timeout_seconds * 1000,
        },
    }


def make_engine(url: str, *, timeout_seconds: int = 5) -> Engine:
    """An engine for this address, ready for use; see the module text for what it sets."""
    engine = create_engine(url, **engine_options(url, timeout_seconds=timeout_seconds))
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Hang the SQLite behaviour onto an engine; on PostgreSQL there is nothing to add."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get(_WRITING) else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")


def writing(session: Session) -> None:
    """Say, before the session's first statement, that this transaction will write; on SQLite it takes the write lock now."""
    session.connection(execution_options=WRITES)


def ping(connection: Connection) -> None:
    """One statement that any living database answers."""
    connection.execute(text("SELECT 1"))
