"""What every table shares: the base class with constraint names, column types, and engines for both databases.

PostgreSQL is given a timeout for connecting, for each statement and each lock, and is cut off (``directory.deadline``)
when it keeps none of them. SQLite runs in WAL mode with foreign keys on and a busy timeout, and
who writes waits in line (``directory.writers``). pysqlite's own transaction handling is switched off and BEGIN is
emitted here: DEFERRED for readers, IMMEDIATE for whoever said ``writing(session)``, because SQLite knows no row locks
and a reader that turns writer half-way fails at once instead of waiting. No connection outlives a fork: two
processes that speak over one would hear each other's answers.
"""

from __future__ import annotations

import math
import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
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
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import SingletonThreadPool, StaticPool
from sqlalchemy.types import TypeDecorator

from directory import deadline, writers

_COMMIT_LOCK = 0x57111

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
    """Keyword arguments for ``create_engine`` that fit this database; it bounds connects, locks, statements.

    What a statement was given never stands in an error or a log line: it may be somebody's health facts.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "hide_parameters": True,
            "connect_args": {
                "timeout": timeout_seconds,
                "check_same_thread": False,
                "factory": writers.Connection,
            },
        }
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "pool_timeout": timeout_seconds,
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
    """Hang the behaviour of SQLite, or the deadline of PostgreSQL, onto an engine made with ``engine_options``."""
    if not isinstance(engine.pool, (SingletonThreadPool, StaticPool)):
        _forkable.add(engine)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


_forkable: weakref.WeakSet[Engine] = weakref.WeakSet()
"""Engines over a server or a file; a database in memory lives in its one connection, which must stay."""


def _close_before_a_fork() -> None:
    for engine in list(_forkable):
        engine.dispose()


def _forget_after_a_fork() -> None:
    for engine in list(_forkable):
        engine.dispose(close=False)


os.register_at_fork(before=_close_before_a_fork, after_in_child=_forget_after_a_fork)


def _prepare_sqlite(engine: Engine) -> None:
    file = None if engine.url.database in (None, "", ":memory:") else Path(engine.url.database)
    seen: set[tuple[int, int]] = set()
    line = None if file is None else writers.Line()

    def identity() -> tuple[int, int] | None:
        try:
            found = None if file is None else file.stat()
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None

    @event.listens_for(engine, "do_connect")
    def _expect(_dialect: Dialect, _record: object, _arguments: object, _options: object) -> None:
        # SQLite would make an empty database where one was removed, and everybody would write into it.
        if seen and identity() is None:
            gone = sqlite3.OperationalError("unable to open database file")
            gone.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise gone

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.line = line
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.set_progress_handler(deadline.passed, _STEPS_BETWEEN_LOOKS)
        found = identity()
        record.info[_FILE] = found
        if found is not None:
            seen.add(found)

    @event.listens_for(engine, "checkout")
    def _still_there(_connection: object, record: Any, _proxy: object) -> None:
        # An open connection would go on with a file that was removed or replaced, unseen by everybody else.
        if file is not None and identity() != record.info.get(_FILE):
            raise DisconnectionError("the database file is not the one that was opened")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(_WRITING):
            connection.exec_driver_sql("BEGIN DEFERRED")
            return
        own: Any = connection.connection.driver_connection
        with own.impatient() as patience:
            allowed = deadline.left(patience)
            if not own.begin_writing(patience if allowed is None else min(patience, allowed)):
                # SQLite says itself what stands in the way.
                connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: object, arguments: list[Any], options: dict[str, Any]) -> Any:
        driver = dialect.loaded_dbapi
        patience = options["connect_timeout"]
        allowed = deadline.left(patience)
        if allowed == 0.0:
            raise driver.OperationalError("no time is left to connect to the database")
        options["connect_timeout"] = math.ceil(patience if allowed is None else allowed)
        connection = dialect.connect(*arguments, **options)
        deadline.watch(connection, seconds=patience + deadline.MARGIN_SECONDS, lost=driver.OperationalError)
        return connection


_FILE = "stillpoint_file"
_STEPS_BETWEEN_LOOKS = 100_000  # of SQLite's virtual machine: some milliseconds
_SQLITE_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
# Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, database does not exist,
# conflict with another transaction, resources and disk, locks, operator and timeouts, system.
_POSTGRESQL_UNAVAILABLE = ("08", "3D", "40", "53", "55P03", "57", "58", "25P03", "25P04")


def is_unavailable(error: BaseException) -> bool:
    """Whether this error says that the database is away, locked, full or too slow, and asking again may help."""
    if isinstance(error, (PoolTimeout, DisconnectionError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    original = error.orig
    if isinstance(original, sqlite3.Error):
        # The low byte is the plain code, the rest of an extended code says more about it.
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in _SQLITE_UNAVAILABLE
    state = getattr(original, "sqlstate", None)
    if state is None:
        return isinstance(error, (OperationalError, InterfaceError))
    return str(state).startswith(_POSTGRESQL_UNAVAILABLE)


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """Let the statements of this connection's transaction take as long as they need."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    with deadline.unhurried():
        yield


def writing(session: Session) -> None:
    """Say, before the session's first statement, that it will write; on SQLite this takes the write lock now."""
    session.connection(execution_options=WRITES)


def is_writing(session: Session) -> bool:
    """Whether the session's transaction was begun by ``writing``, so that what it sees may never be committed."""
    return bool(session.connection().get_execution_options().get(_WRITING))


def commit_in_order(session: Session) -> None:
    """Wait until every transaction that came here before has ended; commits that follow are in the order of this call.

    For whoever numbers rows just before the commit. It is the last lock a transaction takes, and the same for all of
    them, so that no two wait for each other. SQLite has one writer at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _COMMIT_LOCK})


def ping(connection: Connection) -> None:
    """One statement that any living database answers."""
    connection.execute(text("SELECT 1"))
