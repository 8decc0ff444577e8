"""Tables whose rows are written once: the database itself refuses to change or to remove them, on both engines.

A model says ``protect(Table, refusal="…")``, and the revision that makes the table executes the same ``statements``
written out. A later revision that copies such a table (SQLite's ``batch_alter_table``) makes its triggers anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Table, event


@dataclass(frozen=True, slots=True)
class _Protected:
    name: str
    refusal: str
    once: str | None


_PROTECTED: dict[str, _Protected] = {}


def protect(table: Table, *, refusal: str, once: str | None = None) -> None:
    """Have every database in which this table is made refuse UPDATE, DELETE and TRUNCATE with the words ``refusal``.

    ``once`` is a condition of SQL over ``OLD``: rows may be changed as long as it does not hold. Removing is always
    refused.
    """
    kept = _PROTECTED[table.name] = _Protected(table.name, refusal, once)

    @event.listens_for(table, "after_create")
    def _attach(_table: object, connection: Connection, **_options: object) -> None:
        for statement in _made(kept, connection.dialect.name):
            connection.exec_driver_sql(statement)


def protected() -> frozenset[str]:
    """The names of the tables that are protected, as far as their models are loaded."""
    return frozenset(_PROTECTED)


def statements(table: str, dialect: str) -> tuple[str, ...]:
    """What makes a database of this dialect refuse; a revision says the same."""
    return _made(_PROTECTED[table], dialect)


@contextmanager
def open_to_change(connection: Connection) -> Iterator[None]:
    """Let this transaction replace the rows of every protected table, as putting a backup back does."""
    name = connection.dialect.name
    for kept in _PROTECTED.values():
        for statement in _opened(kept, name):
            connection.exec_driver_sql(statement)
    yield
    for kept in _PROTECTED.values():
        for statement in _closed(kept, name):
            connection.exec_driver_sql(statement)


def _made(kept: _Protected, dialect: str) -> tuple[str, ...]:
    name, refusal = kept.name, kept.refusal
    when = "" if kept.once is None else f" WHEN {kept.once}"
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name}{condition}"
            f" BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for act, condition in (("UPDATE", when), ("DELETE", ""))
        )
    if kept.once is not None:
        when = f" WHEN ({kept.once})"
    refuse = f"EXECUTE FUNCTION {name}_refuse()"
    return (
        (
            f"CREATE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN RAISE EXCEPTION ''{refusal}'' USING ERRCODE = ''restrict_violation''; END'"
        ),
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW{when} {refuse}",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT {refuse}",
    )


def _opened(kept: _Protected, dialect: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return (f"DROP TRIGGER {kept.name}_no_update", f"DROP TRIGGER {kept.name}_no_delete")
    return (f"ALTER TABLE {kept.name} DISABLE TRIGGER USER",)


def _closed(kept: _Protected, dialect: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return _made(kept, dialect)
    return (f"ALTER TABLE {kept.name} ENABLE TRIGGER USER",)
