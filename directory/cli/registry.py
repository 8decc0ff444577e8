"""``stillpoint registry``: what was taken from registers, and bringing somebody back who was taken out."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from directory import db, migrations
from directory.cli.opening import opened
from directory.cli.registry_check import check
from directory.registries import queries, service
from directory.registries.terms import Standing

_WORDS = {
    Standing.SHOWN: "have a page",
    Standing.DEACTIVATED: "have a number that was deactivated",
    Standing.OTHER_WORK: "do not say any more that they are acupuncturists",
    Standing.ABSENT: "were not named in a full file",
}


@click.group("registry")
def registry() -> None:
    """What registers say: how much of it is here, and whom somebody took out."""


registry.add_command(check)


@registry.command()
def status() -> None:
    """Say which file was taken last and how many people it left here."""
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        with Session(engine) as session:
            newest, unfinished = queries.newest_applied(session), queries.unfinished(session)
            counted, removed = queries.by_standing(session), queries.removals(session)
            if newest is None:
                click.echo("No file was taken yet. Run: stillpoint import-nppes FILE")
            else:
                click.echo(f"The newest file is {newest.file_name}, of {newest.as_of}.")
            if unfinished is not None:
                click.echo(f"{unfinished.file_name} was left at line {unfinished.next_line:,}; run its import again.")
            for standing, words in _WORDS.items():
                click.echo(f"{counted.get(standing, 0):>8,} {words}")
            click.echo(f"{removed:>8,} were taken out because somebody asked for it")


@registry.command()
@click.argument("npi")
def readmit(npi: str) -> None:
    """Let the next full file bring NPI back, which somebody took out: for the person themselves, or after a prank."""
    with opened() as (_config, engine), Session(engine) as session:
        db.writing(session)
        service.readmit(session, npi)
        session.commit()
    click.echo(f"{npi} comes back with the next full file that names it.")
