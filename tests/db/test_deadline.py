"""A database that is away, locked, full or silent: every call fails in time, says so, and the pool heals by itself."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from directory import db, deadline
from tests.databases import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

    from tests.databases import Databases


NOT_FOR_EVER = 40
"""Seconds within which what takes one or two of them ends on the busiest machine; without a deadline it never would."""


class Proxy:
    """Stands before PostgreSQL's socket; while ``silent`` it accepts everybody, takes everything, passes nothing on."""

    def __init__(self, behind: str) -> None:
        self._behind = behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open = threading.Event()
        self._open.set()
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def silent(self) -> bool:
        return not self._open.is_set()

    @silent.setter
    def silent(self, value: bool) -> None:
        (self._open.clear if value else self._open.set)()

    def _accept(self) -> None:
        while True:
            try:
                front, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(front,), daemon=True).start()

    def _serve(self, front: socket.socket) -> None:
        self._open.wait()
        back = socket.socket(socket.AF_UNIX)
        back.connect(self._behind)
        self._sockets += [front, back]
        for source, target in ((front, back), (back, front)):
            threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self._open.wait()
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()

    def close(self) -> None:
        self._open.set()
        for each in (self._listener, *self._sockets):
            each.close()


def _through(proxy: Proxy, address: URL) -> str:
    return address.set(host="127.0.0.1", port=proxy.port, query={}).render_as_string(hide_password=False)


def _socket_of(address: URL) -> str:
    folder = str(address.query["host"])
    return str(next(path for path in Path(folder).glob(".s.PGSQL.*") if path.suffix != ".lock"))


@pytest.fixture
def proxy(databases: Databases) -> Iterator[tuple[Proxy, Engine]]:
    url = databases.create(POSTGRESQL)
    proxy = Proxy(_socket_of(make_url(url)))
    engine = db.make_engine(_through(proxy, make_url(url)), timeout_seconds=2)
    yield proxy, engine
    engine.dispose()
    proxy.close()
    databases.drop(url)


@pytest.mark.postgres
def test_a_statement_that_is_never_answered_is_cut_off_and_the_pool_heals(proxy: tuple[Proxy, Engine]) -> None:
    between, engine = proxy
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
        between.silent = True
        began = time.monotonic()
        with pytest.raises(OperationalError, match="cut off") as caught:
            connection.scalar(text("SELECT 2"))
    assert time.monotonic() - began < NOT_FOR_EVER
    assert db.is_unavailable(caught.value)
    between.silent = False
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 3")) == 3


@pytest.mark.postgres
def test_a_commit_and_a_waiting_connection_are_cut_off_too(proxy: tuple[Proxy, Engine]) -> None:
    between, engine = proxy
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE kept (id integer)"))
        between.silent = True
        began = time.monotonic()
        with pytest.raises(OperationalError, match="cut off"):
            connection.commit()
        assert time.monotonic() - began < NOT_FOR_EVER
    between.silent = False
    with engine.connect() as connection:
        connection.scalar(text("SELECT 1"))
    between.silent = True
    began = time.monotonic()
    with pytest.raises(OperationalError) as caught, engine.connect():
        pass
    # The ping of the pooled connection is cut off, then the attempt to make a new one.
    assert time.monotonic() - began < NOT_FOR_EVER
    assert db.is_unavailable(caught.value)
    between.silent = False
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 4")) == 4


@pytest.mark.postgres
def test_a_request_has_one_budget_for_all_it_asks(proxy: tuple[Proxy, Engine]) -> None:
    between, engine = proxy
    patient = db.make_engine(engine.url, timeout_seconds=NOT_FOR_EVER)
    with patient.connect() as connection:
        connection.scalar(text("SELECT 1"))
    between.silent = True
    began = time.monotonic()
    with deadline.within(1.0):
        for _ in range(3):
            with pytest.raises(OperationalError), patient.connect():
                pass
    # psycopg gives every attempt to connect two seconds at least.
    assert time.monotonic() - began < NOT_FOR_EVER
    between.silent = False
    patient.dispose()


def test_a_server_that_accepts_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = db.make_engine(
            f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/none", timeout_seconds=2
        )
        began = time.monotonic()
        with pytest.raises(OperationalError) as caught:
            engine.connect()
        assert time.monotonic() - began < NOT_FOR_EVER
        assert db.is_unavailable(caught.value)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    engine = db.make_engine(f"postgresql+psycopg://nobody@127.0.0.1:{port}/none", timeout_seconds=2)
    with pytest.raises(OperationalError) as caught:
        engine.connect()
    assert db.is_unavailable(caught.value)


@pytest.mark.postgres
def test_a_slow_statement_is_ended_by_the_server_and_a_migration_may_be_slow(databases: Databases) -> None:
    engine = db.make_engine(databases.create(POSTGRESQL), timeout_seconds=1)
    with engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(text("SELECT pg_sleep(20)"))
    assert db.is_unavailable(caught.value)
    with engine.connect() as connection, db.unhurried(connection):
        connection.execute(text("SELECT pg_sleep(2.5)"))
    engine.dispose()


@pytest.mark.postgres
def test_a_server_that_ends_our_connections_is_unavailable_and_then_back(databases: Databases) -> None:
    engine = db.make_engine(databases.create(POSTGRESQL), timeout_seconds=2)
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("SELECT 1"))
    assert db.is_unavailable(caught.value)
    with engine.connect() as connection:
        db.ping(connection)
    engine.dispose()


def test_sqlite_locked_by_another_process_gives_up_after_the_timeout(databases: Databases) -> None:
    url = databases.create(SQLITE)
    engine = db.make_engine(url, timeout_seconds=1)
    with engine.connect() as connection:
        db.ping(connection)
    other = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with Session(engine) as session, pytest.raises(OperationalError) as caught:
        db.writing(session)
    assert 0.9 < time.monotonic() - began < NOT_FOR_EVER
    assert db.is_unavailable(caught.value)
    other.execute("ROLLBACK")
    other.close()
    with Session(engine) as session:
        db.writing(session)
    engine.dispose()


def test_a_removed_sqlite_file_is_missed_not_made_anew_and_found_again(databases: Databases) -> None:
    url = databases.create(SQLITE)
    file = Path(str(make_url(url).database))
    engine = db.make_engine(url, timeout_seconds=1)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (id integer)")
        connection.commit()
    away = file.rename(file.with_suffix(".away"))
    for _ in range(2):
        with pytest.raises(OperationalError) as caught, engine.connect():
            pass
        assert db.is_unavailable(caught.value)
    assert not file.exists()
    away.rename(file)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM kept").scalar() == 0
    engine.dispose()


def test_an_overwritten_sqlite_file_is_unavailable(databases: Databases) -> None:
    url = databases.create(SQLITE)
    Path(str(make_url(url).database)).write_bytes(b"not a database at all" * 500)
    engine = db.make_engine(url, timeout_seconds=1)
    with pytest.raises(DBAPIError) as caught, engine.connect():
        pass
    assert db.is_unavailable(caught.value)


def test_a_full_disk_is_unavailable(databases: Databases) -> None:
    engine = db.make_engine(databases.create(SQLITE), timeout_seconds=1)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (words text)")
        connection.exec_driver_sql("PRAGMA max_page_count=4")
        with pytest.raises(OperationalError, match="full") as caught:
            connection.execute(text("INSERT INTO kept VALUES (:words)"), {"words": "x" * 100_000})
    assert db.is_unavailable(caught.value)
    engine.dispose()


def test_sqlite_work_ends_with_the_request(databases: Databases) -> None:
    engine = db.make_engine(databases.create(SQLITE), timeout_seconds=1)
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    began = time.monotonic()
    with engine.connect() as connection, deadline.within(0.5), pytest.raises(OperationalError) as caught:
        connection.execute(endless)
    assert time.monotonic() - began < NOT_FOR_EVER
    assert db.is_unavailable(caught.value)
    engine.dispose()


def test_what_keeps_coming_is_read_to_its_end_however_long_it_takes() -> None:
    with deadline.within(0.0):
        assert deadline.passed()
        rows = deadline.while_they_come(range(5), seconds=60, each=2)
        assert (next(rows), deadline.passed()) == (0, False)
        assert list(rows) == [1, 2, 3, 4]
    assert not deadline.passed()


def test_what_has_ceased_to_come_is_not_waited_for(databases: Databases) -> None:
    engine = db.make_engine(databases.create(SQLITE), timeout_seconds=1)
    three = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i <= 3")
    with engine.connect() as connection, deadline.within(60.0), pytest.raises(OperationalError) as caught:
        list(deadline.while_they_come(connection.execute(three), seconds=0.2, each=1))
    assert db.is_unavailable(caught.value)
    engine.dispose()


def test_a_mistake_of_ours_is_not_called_unavailable(fresh_database: str) -> None:
    engine = db.make_engine(fresh_database)
    with engine.connect() as connection:
        with pytest.raises((ProgrammingError, OperationalError)) as caught:
            connection.execute(text("SELECT nothing FROM nowhere"))
        assert not db.is_unavailable(caught.value)
        connection.rollback()
        connection.execute(text("CREATE TABLE kept (id integer PRIMARY KEY)"))
        connection.execute(text("INSERT INTO kept VALUES (1)"))
        with pytest.raises(IntegrityError) as broken:
            connection.execute(text("INSERT INTO kept VALUES (1)"))
        assert not db.is_unavailable(broken.value)
    assert not db.is_unavailable(ValueError())
    assert db.is_unavailable(PoolTimeout())
    engine.dispose()


def test_no_value_of_a_statement_stands_in_its_error(fresh_database: str) -> None:
    engine = db.make_engine(fresh_database)
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT :words FROM nowhere"), {"words": "twelve weeks"})
    assert "twelve weeks" not in str(caught.value)
    engine.dispose()


_FORK = """
import os, sys
from directory import db
engine = db.make_engine(sys.argv[1], timeout_seconds=5)
def ask():
    with engine.connect() as connection:
        db.ping(connection)
        return connection.connection.dbapi_connection
first = ask()
child = os.fork()
if child == 0:
    os._exit(0 if ask() is not first else 1)
_, status = os.waitpid(child, 0)
ask()
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_a_forked_process_never_speaks_over_its_parents_connections(fresh_database: str) -> None:
    # In a process of its own: this one has threads, which a fork would leave behind.
    subprocess.run([sys.executable, "-c", _FORK, fresh_database], check=True, timeout=300)
