"""The tables that revisions make are those of the models, each revision goes up and down, and starters do not race."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from directory import changes, migrations
from directory.db import make_engine
from directory.errors import Conflict
from directory.paths import MIGRATIONS, PACKAGE
from tests.databases import BOTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import Databases


@pytest.fixture
def empty(fresh_database: str) -> Iterator[Engine]:
    engine = make_engine(fresh_database)
    yield engine
    engine.dispose()


_SHAPES: dict[str, Any] = {}
"""Shapes of SQLite's tables by the words that made them: of fifty steps each one changes a few tables."""


def _shape(engine: Engine) -> dict[str, Any]:
    """Everything with a name that a database knows of its tables."""
    if engine.dialect.name != "sqlite":
        return _read(engine, None)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT tbl_name, group_concat(sql, ';') FROM (SELECT tbl_name, sql FROM sqlite_master"
            " WHERE type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC, name) GROUP BY tbl_name"
        )
        made = {str(name): str(sql) for name, sql in rows if name not in _NOT_OURS}
    unread = [name for name, sql in made.items() if sql not in _SHAPES]
    if unread:
        _SHAPES.update({made[name]: shape for name, shape in _read(engine, unread).items()})
    return {name: _SHAPES[sql] for name, sql in made.items()}


_NOT_OURS = {"alembic_version", "sqlite_sequence"}


def _read(engine: Engine, only: list[str] | None) -> dict[str, Any]:
    look = inspect(engine)
    # One question for all tables, not one for each.
    columns, checks, unique = (
        look.get_multi_columns(filter_names=only),
        look.get_multi_check_constraints(filter_names=only),
        look.get_multi_unique_constraints(filter_names=only),
    )
    keys, foreign, indexes = (
        look.get_multi_pk_constraint(filter_names=only),
        look.get_multi_foreign_keys(filter_names=only),
        look.get_multi_indexes(filter_names=only),
    )
    return {
        str(name): {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in columns[schema, name]],
            "key": keys[schema, name],
            "checks": sorted((c["name"], c["sqltext"]) for c in checks[schema, name]),
            "unique": sorted((c["name"], c["column_names"]) for c in unique[schema, name]),
            "foreign": sorted(
                (c["name"], c["constrained_columns"], c["referred_table"], c["referred_columns"], str(c["options"]))
                for c in foreign[schema, name]
            ),
            "indexes": sorted((i["name"], i["column_names"], i["unique"]) for i in indexes[schema, name]),
        }
        for schema, name in columns
        if name not in _NOT_OURS
    }


@pytest.mark.parametrize("kind", BOTH)
def test_an_upgrade_from_nothing_makes_the_tables_of_the_models(kind: str, databases: Databases) -> None:
    upgraded, modelled = (make_engine(databases.create(kind)) for _ in range(2))
    migrations.upgrade(upgraded)
    migrations.models().create_all(modelled)
    with upgraded.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), migrations.models()) == []
    made, meant = _shape(upgraded), _shape(modelled)
    for table in {*made, *meant}:
        assert made.get(table) == meant.get(table), table
    for engine in (upgraded, modelled):
        engine.dispose()


def test_no_table_is_overlooked() -> None:
    """Every module with a model is loaded by ``models()`` in a process that has loaded nothing else."""
    written = {
        name
        for file in PACKAGE.rglob("*.py")
        for name in re.findall(r'^    __tablename__ = "(\w+)"', file.read_text(), flags=re.MULTILINE)
    }
    script = "from directory import migrations; print(*migrations.models().tables)"
    told = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=300
    ).stdout
    assert set(told.split()) == written


def test_numbers_of_changes_are_never_given_twice(databases: Databases) -> None:
    engine = make_engine(databases.copy("sqlite"))
    with engine.connect() as connection:
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'search_change'"))
    assert "AUTOINCREMENT" in made
    engine.dispose()


def test_each_revision_goes_up_and_down_and_up_again(empty: Engine) -> None:
    shapes = []
    for revision in migrations.revisions():
        migrations.upgrade(empty, revision)
        shapes.append(_shape(empty))
    assert migrations.current(empty) == migrations.head()
    for revision in [*migrations.revisions()[-2::-1], "base"]:
        migrations.downgrade(empty, revision)
        shapes.pop()
        assert _shape(empty) == (shapes[-1] if shapes else {}), revision
    assert migrations.current(empty) is None
    migrations.upgrade(empty)
    assert not migrations.pending(empty)


def test_a_new_database_is_pending_and_begins_a_search_history_once(empty: Engine) -> None:
    assert migrations.pending(empty)
    migrations.upgrade(empty)
    assert not migrations.pending(empty)
    with Session(empty) as session:
        first = changes.position(session)
    migrations.upgrade(empty)
    with Session(empty) as session:
        assert changes.position(session) == first


def test_a_database_of_a_newer_version_is_refused_and_left_alone(upgraded_database: str) -> None:
    newer = make_engine(upgraded_database)
    with newer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for ask in (migrations.pending, migrations.upgrade, lambda engine: migrations.downgrade(engine, "base")):
        with pytest.raises(Conflict, match="9999"):
            ask(newer)
    assert migrations.current(newer) == "9999"
    newer.dispose()


def test_a_revision_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE search_epoch (id integer)"))
    with pytest.raises(Exception, match="search_epoch"):
        migrations.upgrade(empty)
    assert set(inspect(empty).get_table_names()) == {"search_epoch"}


def test_of_several_that_start_at_once_one_upgrades(fresh_database: str) -> None:
    script = (
        "import sys; from directory import migrations; from directory.db import make_engine;"
        "migrations.upgrade(make_engine(sys.argv[1]))"
    )

    def start(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script, fresh_database], check=False, capture_output=True, text=True, timeout=300
        )

    with ThreadPoolExecutor(4) as pool:
        for done in pool.map(start, range(4)):
            assert done.returncode == 0, done.stderr
    engine = make_engine(fresh_database)
    assert not migrations.pending(engine)
    engine.dispose()


def test_foreign_keys_are_on_again_after_an_upgrade(databases: Databases) -> None:
    engine = make_engine(databases.create("sqlite"))
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
    engine.dispose()


def test_a_database_in_memory_can_be_upgraded() -> None:
    engine = make_engine("sqlite://")
    migrations.upgrade(engine)
    assert not migrations.pending(engine)
    engine.dispose()


def test_revisions_speak_plain_sqlalchemy() -> None:
    for file in (MIGRATIONS / "versions").glob("*.py"):
        lines = [line for line in file.read_text().splitlines() if line.startswith(("import ", "from "))]
        assert all(line.split()[1].split(".")[0] in {"__future__", "alembic", "sqlalchemy"} for line in lines), file
