"""``stillpoint keys``: making secrets, and moving everything that is sealed to a new one."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from cryptography.fernet import InvalidToken
from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, Text, func, select, tuple_, type_coerce, update

from directory import db, migrations
from directory.cli.opening import opened
from directory.credentials.evidence.store import Store
from directory.crypto import EncryptedText, keyring, new_key
from directory.errors import NotFound

_BATCH = 200


@click.group()
def keys() -> None:
    """Make keys, or move what is sealed in the database to a new key."""


@keys.command()
def new() -> None:
    """Print a fresh SECRET_KEY and ENCRYPTION_KEYS, as .env takes them. Nothing is stored."""
    click.echo(f"SECRET_KEY={secrets.token_urlsafe(48)}")
    click.echo(f"ENCRYPTION_KEYS={new_key()}")


@keys.command()
@click.pass_context
def rotate(context: click.Context) -> None:
    """Seal everything anew with the first of ENCRYPTION_KEYS, while the site runs. Run it again if it was stopped."""
    with opened() as (config, engine):
        store = Store(config.evidence_dir)
        total = how_many(engine) + sum(1 for _ in store.names())
        with click.progressbar(
            length=total, label="Sealing anew", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            outcome = reseal(engine, progress=bar.update)
            reseal_files(store, outcome, progress=bar.update)
    click.echo(f"{outcome.resealed} values were sealed anew, {outcome.already} were sealed with the first key already.")
    if outcome.unopened:
        click.echo("No key in ENCRYPTION_KEYS opens these; nothing was done to them:", err=True)
        for line in outcome.unopened:
            click.echo(f"  {line}", err=True)
        context.exit(1)
    click.echo("The other keys are not needed any more.")


@dataclass(slots=True)
class Outcome:
    """What a rotation found and did; ``unopened`` names table, key and column, or a file."""

    resealed: int = 0
    already: int = 0
    unopened: list[str] = field(default_factory=list)


def sealed_columns() -> list[Column[Any]]:
    """Every encrypted column of every table."""
    return [
        column
        for table in migrations.models().sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    ]


def how_many(engine: Engine) -> int:
    """How many sealed values the database holds; ``Conflict`` when its tables are not up to date."""
    with engine.connect() as connection:
        migrations.must_be_at_head(connection)
        return sum(connection.scalar(select(func.count(column))) or 0 for column in sealed_columns())


def reseal(engine: Engine, *, progress: Callable[[int], None]) -> Outcome:
    """Seal every value with the first key, some rows to a transaction, so that a stop loses and blocks little."""
    outcome = Outcome()
    for column in sealed_columns():
        table: Table = column.table
        last: Sequence[Any] | None = None
        while True:
            with engine.connect().execution_options(**db.WRITES) as connection, connection.begin():
                last, number = _reseal_some(connection, table, column, last, outcome)
            if last is None:
                break
            progress(number)
    return outcome


def reseal_files(store: Store, outcome: Outcome, *, progress: Callable[[int], None]) -> None:
    """Seal every file of the store with the first key, one at a time; each is whole at any moment."""
    for name in store.names():
        progress(1)
        try:
            sealed = store.read_sealed(name).decode("ascii", "replace")
        except NotFound:
            # It was erased meanwhile.
            continue
        if keyring.newest(sealed):
            outcome.already += 1
            continue
        try:
            fresh = keyring.reseal(sealed)
        except (InvalidToken, UnicodeError):
            outcome.unopened.append(f"file {name}")
            continue
        store.write_sealed(name, fresh.encode("ascii"))
        outcome.resealed += 1


def _reseal_some(
    connection: Connection, table: Table, column: Column[Any], after: Sequence[Any] | None, outcome: Outcome
) -> tuple[Sequence[Any] | None, int]:
    key = list(table.primary_key.columns)
    stored: ColumnElement[str] = type_coerce(column, Text)
    query = select(*key, stored).where(column.is_not(None)).order_by(*key).limit(_BATCH)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    rows = connection.execute(query).all()
    for row in rows:
        *at, sealed = row
        if keyring.newest(sealed):
            outcome.already += 1
            continue
        try:
            fresh = keyring.reseal(sealed)
        except (InvalidToken, UnicodeError):
            shown = ", ".join(f"{one.name} {value}" for one, value in zip(key, at, strict=True))
            outcome.unopened.append(f"{table.name} {shown}: {column.name}")
            continue
        # Somebody may have written a newer value since, and that one is sealed with the first key already.
        unchanged = [one == value for one, value in zip(key, at, strict=True)] + [stored == sealed]
        connection.execute(update(table).where(*unchanged).values({column: type_coerce(fresh, Text)}))
        outcome.resealed += 1
    return (rows[-1][:-1] if rows else None), len(rows)
