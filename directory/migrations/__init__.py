"""From an empty database to today's tables, one revision at a time, on both databases.

A revision speaks plain SQLAlchemy and never imports a model, because models move on and revisions do not. A whole
upgrade is one transaction under a lock, so of several processes that start together one upgrades and the others find
the work done, and a revision that fails half-way leaves the tables as they were, on SQLite too.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.orm import Session

from directory import changes, db
from directory.db import Base
from directory.errors import Conflict
from directory.paths import MIGRATIONS, PACKAGE

_MODULES_WITH_TABLES = ("directory.access_log", "directory.audit", "directory.changes", "directory.kept")
"""Tables that belong to no feature; a feature's stand in its ``models``."""

_UPGRADE_LOCK = 0x57112
_LOCK_PATIENCE_SECONDS = 120


def models() -> MetaData:
    """Today's tables, with every feature's models loaded."""
    for name in _MODULES_WITH_TABLES:
        importlib.import_module(name)
    for file in sorted(PACKAGE.rglob("models.py")):
        importlib.import_module(".".join(("directory", *file.relative_to(PACKAGE).with_suffix("").parts)))
    return Base.metadata


def revisions() -> list[str]:
    """Every revision this code knows, the oldest first."""
    return [each.revision for each in _scripts().walk_revisions()][::-1]


def head() -> str:
    """The newest revision this code knows."""
    newest = _scripts().get_current_head()
    if newest is None:
        raise LookupError("there are no revisions")
    return newest


def revision_of(connection: Connection) -> str | None:
    """The revision of the database behind this connection, ``None`` when it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def must_be_at_head(connection: Connection) -> str:
    """The newest revision, where the database is; ``Conflict`` when it is at another."""
    found = revision_of(connection)
    _must_be_known(found)
    if found != head():
        raise Conflict("The database is not up to date. Run: stillpoint db upgrade", code="migrations_pending")
    return head()


def current(engine: Engine) -> str | None:
    """The revision the database is at, or ``None`` when it has no tables of ours."""
    with engine.connect() as connection:
        return revision_of(connection)


def pending(engine: Engine) -> bool:
    """Whether the database needs an upgrade; ``Conflict`` when it is newer than this code."""
    found = current(engine)
    _must_be_known(found)
    return found != head()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to this revision. A new search history begins with whatever an upgrade to the head changed.

    ``Conflict`` when the database is at a revision this code does not know.
    """
    with _alone(engine) as connection:
        before = revision_of(connection)
        _must_be_known(before)
        command.upgrade(_config(connection), revision)
        after = revision_of(connection)
        if after != before and after == head():
            with Session(connection) as session:
                changes.begin_epoch(session)
                session.commit()


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to this revision, ``"base"`` for none. What the newer revisions stored is lost."""
    with _alone(engine) as connection:
        _must_be_known(revision_of(connection))
        command.downgrade(_config(connection), revision)


def write_revision(engine: Engine, message: str) -> Path:
    """Write the revision that leads from the head to today's models; ``engine`` is a throw-away database at the head.

    Autogeneration sees tables, columns, keys and indexes. It does not see a changed CHECK: those are written by hand,
    and the test that compares an upgraded database with the models names each one forgotten.
    """
    models()
    number = len(revisions()) + 1
    with _alone(engine) as connection:
        written = command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04}")
    if written is None or isinstance(written, list):
        raise LookupError("Alembic wrote no revision")
    return Path(written.path)


def _config(connection: Connection | None = None) -> Config:
    config = Config(stdout=io.StringIO())
    # ConfigParser would take a percent sign in the path for an interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _must_be_known(revision: str | None) -> None:
    if revision is None:
        return
    try:
        _scripts().get_revision(revision)
    except CommandError as error:
        raise Conflict(
            f"The database is at revision {revision}, which this version of the program does not know."
            " Use the version that made it, or a newer one.",
            code="unknown_revision",
        ) from error


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction that no other upgrade can share, with all the time it needs."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _sqlite_alone(connection):
                yield connection
        else:
            with connection.begin(), db.unhurried(connection):
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_LOCK_PATIENCE_SECONDS * 1000}")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
                yield connection


@contextmanager
def _sqlite_alone(connection: Connection) -> Iterator[None]:
    # Recreating a table drops the old one, and with foreign keys on that would delete the rows that point at it. The
    # switch works outside a transaction only, so the keys are checked as a whole before the commit.
    raw: Any = connection.connection.driver_connection
    (patience,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout={_LOCK_PATIENCE_SECONDS * 1000}")
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.execution_options(**db.WRITES).begin(), db.unhurried(connection):
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise Conflict(f"The upgrade would leave rows in {broken[0][0]} that point at nothing.")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute(f"PRAGMA busy_timeout={patience}")
