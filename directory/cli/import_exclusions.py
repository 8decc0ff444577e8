"""``stillpoint import-exclusions``: taking in the monthly file of the United States exclusion list (LEIE)."""

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
from directory.cli.opening import opened
from directory.cli.refused import FileRefused
from directory.downloads import BrokenFile
from directory.registries.exclusions import queries, reading, rules, service
from directory.registries.exclusions.reading import Contents
from directory.registries.exclusions.service import OlderList, Screened


@click.command("import-exclusions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the list. Without it the file's name says, or else its newest exclusion.",
)
@click.option("--allow-shorter", is_flag=True, help="Take a list that is much shorter than the one before.")
def import_exclusions(file: Path, *, as_of: datetime | None, allow_shorter: bool) -> None:
    """Take in the exclusion list, UPDATED.csv, plain, as .gz or .zip, and compare everybody here with it.

    A number in common opens an urgent case at the desk, a name alone a question; neither hides anybody. A file that is
    broken, or older than the newest taken, changes nothing (exit code 2). A file that was taken before is not read
    again; everybody is compared again.
    """
    now = datetime.now(UTC)
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        try:
            taken = take_in(
                engine, file, as_of=None if as_of is None else as_of.date(), allow_shorter=allow_shorter, now=now
            )
        except (BrokenFile, OlderList) as error:
            raise FileRefused(str(error)) from error
        for line in _summary(taken, now.date()):
            click.echo(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a file; ``contents`` and ``taken`` are ``None`` for one that was taken before."""

    file_name: str
    as_of: date
    contents: Contents | None
    taken: service.Taken | None
    screened: Screened


def take_in(engine: Engine, file: Path, *, as_of: date | None, allow_shorter: bool, now: datetime) -> Done:
    """Read a whole file and make it the list, and compare everybody with it, in one transaction.

    ``BrokenFile`` and ``OlderList`` leave everything as it was.
    """
    sha256 = downloads.fingerprint(file)
    with Session(engine) as session:
        before = queries.taken(session, sha256)
        known = None if before is None else (before.file_name, before.as_of)
    if known is not None:
        with _writing(engine) as session:
            return Done(
                file_name=known[0],
                as_of=known[1],
                contents=None,
                taken=None,
                screened=service.screen(session, now=now),
            )
    with downloads.opened(file, choose=reading.data_file) as download:
        name, contents = download.name, reading.read(download)
    day = as_of or reading.day_in_name(name) or reading.day_in_name(file.name) or contents.newest
    if day is None:
        raise BrokenFile(f"{name} holds nothing that dates it. Say of which day it is, with --as-of.")
    day = day if as_of is not None else min(day, now.date())
    if day > now.date():
        raise BrokenFile(f"{name} would be of a day that has not come: {day.isoformat()}.")
    with _writing(engine) as session:
        taken = service.take_in(
            session, contents, sha256=sha256, file_name=name, as_of=day, now=now, allow_shorter=allow_shorter
        )
        screened = service.screen(session, now=now)
    return Done(file_name=name, as_of=day, contents=contents, taken=taken, screened=screened)


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        db.writing(session)
        with db.unhurried(session.connection()):
            yield session
            session.commit()


def _summary(done: Done, today: date) -> Iterator[str]:
    if done.contents is None or done.taken is None:
        yield f"{done.file_name}, of {done.as_of}, was taken already, and nothing in the list was changed."
    else:
        contents, taken = done.contents, done.taken
        yield f"{done.file_name}, the exclusion list as of {done.as_of}:"
        yield (
            f"  read: {contents.rows:,} rows, {contents.twice:,} of them twice; {contents.odd_numbers:,} with a number"
            " that is no NPI, which counts as none"
        )
        yield f"  now: {taken.new:,} new, {taken.gone:,} gone, {taken.unchanged:,} unchanged"
    screened = done.screened
    yield (
        f"  compared with {screened.people:,} people here: {screened.by_number:,} by number, {screened.by_name:,} by"
        f" name alone; {screened.opened:,} new cases for the desk. Nobody was hidden."
    )
    age = (today - done.as_of).days
    if age > rules.CHECKED_FOR.days:
        yield f"  This list is {age:,} days old: nobody counts as checked against it until a newer one is taken."
