"""``stillpoint import-roster``: taking in what a board publishes of its licensees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import db, downloads, migrations
from directory.cli.import_nppes import Progress
from directory.cli.opening import opened
from directory.cli.refused import FileRefused
from directory.downloads import BrokenFile
from directory.registries.rosters import queries, reading, service
from directory.registries.rosters.layouts import BY_JURISDICTION
from directory.registries.rosters.models import RosterFile
from directory.registries.rosters.reading import Roster
from directory.registries.rosters.service import OlderFile
from directory.registries.rosters.terms import Flaw


@click.command("import-roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day the board published the file, YYYY-MM-DD. Without it: today.",
)
@click.option("--shrunk", is_flag=True, help="Take it though it names far fewer licences than the file before.")
def import_roster(file: Path, *, as_of: datetime | None, shrunk: bool) -> None:
    """Take in the roster of a board: California, Colorado, Connecticut, Delaware, Florida, Illinois, Maryland or
    Washington, as the board publishes it, plain, as .gz or alone in a .zip.

    The board is known by the header of the file, never by its name. The whole file is read before anything changes,
    and then all of it counts at once. It changes no paper of anybody: what it says of our practitioners' licences that
    was not known opens a case at the desk. A file that is broken, or older than the newest of its board, changes
    nothing (exit code 2). The same file again changes nothing either.
    """
    now = datetime.now(UTC)
    day = now.date() if as_of is None else as_of.date()
    if day > now.date():
        raise FileRefused(f"{day.isoformat()} has not come yet.")
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        try:
            taken = take_in(engine, file, as_of=day, shrunk=shrunk, now=now)
        except (BrokenFile, OlderFile) as error:
            raise FileRefused(str(error)) from error
        for line in _summary(taken):
            click.echo(line)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file; ``already`` says that it was taken before and nothing was done."""

    file: RosterFile
    already: bool


def take_in(engine: Engine, file: Path, *, as_of: date, shrunk: bool, now: datetime) -> Taken:
    """Read the whole file and apply it in one transaction. ``BrokenFile`` and ``OlderFile`` leave everything as it was,
    except that the refusal is noted."""
    sha256 = downloads.fingerprint(file)
    with Session(engine, expire_on_commit=False) as session:
        before = queries.taken_already(session, sha256)
        if before is not None:
            return Taken(before, already=True)
    roster: Roster | None = None
    try:
        with (
            downloads.opened(file, choose=reading.data_file) as download,
            Progress("Reading", download.size) as progress,
        ):
            roster = reading.read(download, progress=lambda rows: progress.at(download.position, rows=rows))
        with _writing(engine) as session, db.unhurried(session.connection()):
            row = service.apply(
                session, roster, sha256=sha256, file_name=file.name, as_of=as_of, now=now, shrunk=shrunk
            )
    except (BrokenFile, OlderFile) as error:
        with _writing(engine) as session:
            service.refuse(
                session,
                sha256=sha256,
                file_name=file.name,
                as_of=as_of,
                jurisdiction=None if roster is None else roster.layout.jurisdiction,
                refusal=str(error),
                now=now,
            )
        raise
    return Taken(row, already=False)


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        db.writing(session)
        yield session
        session.commit()


def _summary(taken: Taken) -> Iterator[str]:
    row, counts = taken.file, taken.file.counts
    if taken.already:
        yield f"{row.file_name}, of {row.as_of}, was taken already, on {row.taken_at:%Y-%m-%d}."
        yield "Nothing was changed."
        return
    yield f"{row.file_name}, {BY_JURISDICTION[row.jurisdiction or ''].board}, as of {row.as_of}:"
    yield (
        f"  read: {counts['rows']:,} rows: {counts['licences']:,} licences; {counts['passed_over']:,} of other"
        f" professions and of organisations, passed over; {counts['rejected']:,} rows that cannot be used"
    )
    yield (
        f"  now: {counts['new']:,} new, {counts['changed']:,} changed, {counts['back']:,} back,"
        f" {counts['unchanged']:,} unchanged, {counts['gone']:,} not named any more"
    )
    yield f"  {counts['news']:,} papers of practitioners here have news; each has a case at the desk"
    for each in row.rejects:
        yield f"  line {each['line']:,} was not taken: {Flaw(each['flaw']).words}"
