"""Commands about tables and reference data: ``stillpoint db …`` and ``stillpoint reference``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import changes, db, migrations
from directory.cli.opening import opened, plain_address
from directory.jurisdictions import service as jurisdictions_service
from directory.practitioners.reference import service as reference_data


@click.group("db")
def database() -> None:
    """The tables: bring them up to date, or ask where they are."""


@database.command()
def upgrade() -> None:
    """Bring the database up to the newest revision. Safe to run twice, and from two machines at once."""
    with opened() as (_config, engine):
        before = migrations.current(engine)
        migrations.upgrade(engine)
        after = migrations.current(engine)
    click.echo(f"The database was at {before or 'nothing'} and is at {after}.")


@database.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Say where the database is; exit 1 when it waits for an upgrade."""
    with opened() as (config, engine):
        waits = migrations.pending(engine)
        now = migrations.current(engine)
    click.echo(
        f"{plain_address(config.database_url)} is at revision {now or 'nothing'}; the newest is {migrations.head()}."
    )
    if waits:
        click.echo("Run: stillpoint db upgrade")
        context.exit(1)


@database.command()
@click.option("-m", "--message", required=True, help="What the revision is for, in a few words.")
def revision(message: str) -> None:
    """For developers: write the revision that leads from the newest one to today's models.

    It is worked out on an empty SQLite database in a temporary folder, so your own data plays no part. Read what it
    wrote: changed CHECK constraints and moves of data are yours to add.
    """
    with tempfile.TemporaryDirectory() as folder:
        engine = db.make_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        try:
            if migrations.revisions():
                migrations.upgrade(engine)
            written = migrations.write_revision(engine, message)
        finally:
            engine.dispose()
    click.echo(f"Wrote {written}")


@click.command()
def reference() -> None:
    """Load or refresh the reference data: jurisdictions, languages, payers. Safe to run again, while the site runs."""
    with opened() as (_config, engine):
        counted = load_reference(engine)
        # A rule that changed may change whom every search shows, so every running process reads everything anew.
        with Session(engine) as session:
            db.writing(session)
            changes.begin_epoch(session)
            session.commit()
    click.echo(", ".join(f"{number} {name}" for name, number in counted.items()) + ".")


def load_reference(engine: Engine) -> dict[str, int]:
    """Bring every table of reference data into line with its file, in one transaction; how many rows each has."""
    with Session(engine) as session:
        db.writing(session)
        counted = {
            "jurisdictions": jurisdictions_service.load(session),
            **reference_data.load_reference(session),
        }
        session.commit()
    return counted
