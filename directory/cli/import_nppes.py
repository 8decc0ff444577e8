"""``stillpoint import-nppes``: taking in the data file of the United States register of health care numbers."""

from __future__ import annotations

import csv
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory import db, downloads, migrations
from directory.cli.opening import opened
from directory.cli.refused import FileRefused
from directory.downloads import BrokenFile, Download
from directory.errors import Conflict
from directory.registries import queries, reading, rules, service
from directory.registries.crosscheck import crosscheck
from directory.registries.models import RegistryImport
from directory.registries.nppes import Counts
from directory.registries.service import Applied, OlderFile
from directory.registries.terms import Reach

_LOCK = 0x57113
_SECONDS_BETWEEN_LINES = 10.0


@click.command("import-nppes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--full/--partial",
    default=None,
    help="Whether people whom the file does not name are gone from the register. Without it the file's name says.",
)
@click.option("--allow-older", is_flag=True, help="Take a file older than the newest; it adds and replaces nothing.")
@click.option(
    "--rejects",
    "rejects_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows that were not taken to this file, as CSV.",
)
def import_nppes(file: Path, *, full: bool | None, allow_older: bool, rejects_file: Path | None) -> None:
    """Take in the acupuncturists of an NPPES data file: npidata_pfile_….csv, plain, as .gz, or in the register's .zip.

    Nobody in it is listed or found by a search: each gets a page that says that nothing was checked. The whole file is
    read before anything changes, and then all of it counts at once. Stopped on the way, the command goes on where it
    was when it is run again. A file that is broken, or older than the newest taken, changes nothing (exit code 2).
    """
    reach = None if full is None else (Reach.FULL if full else Reach.PARTIAL)
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        try:
            with _alone(engine):
                taken = take_in(engine, file, reach=reach, allow_older=allow_older, now=datetime.now(UTC))
        except (BrokenFile, OlderFile) as error:
            raise FileRefused(str(error)) from error
        for line in _summary(taken):
            click.echo(line)
        if rejects_file is not None:
            count = write_rejects(engine, taken.import_id, rejects_file)
            click.echo(f"{count:,} rows are named in {rejects_file}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a file; ``applied`` is ``None`` for one that was taken before."""

    import_id: int
    file_name: str
    as_of: date | None
    applied_at: datetime | None
    reach: Reach
    counts: Counts
    applied: Applied | None


def take_in(engine: Engine, file: Path, *, reach: Reach | None, allow_older: bool, now: datetime) -> Taken:
    """Read the whole file into the staging table, some rows to a transaction, and apply it in one.

    ``BrokenFile`` and ``OlderFile`` leave everything as it was; whatever else stops it leaves what was read so far to
    go on from.
    """
    with Progress("Looking at the file", file.stat().st_size) as progress:
        sha256 = downloads.fingerprint(file, progress=progress.at)
    with Session(engine) as session:
        before = queries.applied(session, sha256)
        if before is not None:
            return _taken(before, None)
    with downloads.opened(file, choose=reading.data_file) as download:
        import_id = _begin(engine, download, sha256=sha256, reach=reach, allow_older=allow_older, now=now)
        try:
            _stage(engine, download, import_id, today=now.date())
            return _apply(engine, import_id, allow_older=allow_older, now=now)
        except (BrokenFile, OlderFile):
            with _writing(engine) as session:
                service.give_up(session, import_id)
            raise


def _begin(
    engine: Engine, download: Download, *, sha256: str, reach: Reach | None, allow_older: bool, now: datetime
) -> int:
    name = rules.named(download.name)
    if name is not None and name.last > now.date() + timedelta(days=1):
        raise BrokenFile(f"{download.name} names a day that has not come: {name.last.isoformat()}.")
    with _writing(engine) as session:
        if name is not None and not allow_older:
            service.must_not_be_older(session, name.last)
        row = service.begin(
            session,
            sha256=sha256,
            file_name=download.name,
            reach=reach or (name.reach if name else Reach.PARTIAL),
            as_of=None if name is None else name.last,
            now=now,
        )
        if row.read_to:
            click.echo(f"Going on at line {row.next_line:,}, where this file was left.", err=True)
        return row.id


def _stage(engine: Engine, download: Download, import_id: int, *, today: date) -> None:
    with Session(engine) as session:
        row = queries.import_of(session, import_id)
        begin, dated = service.checkpoint(row), row.as_of is not None
        known, seen = queries.known_numbers(session), queries.staged_numbers(session, import_id)
    with Progress("Reading", download.size, rows_before=begin.counts.rows if begin else 0) as progress:
        for batch in reading.read(download, known=known, seen=seen, today=today, begin=begin, dated=dated):
            with _writing(engine) as session:
                service.stage(session, import_id, batch)
            progress.at(download.position, rows=batch.at.counts.rows)


def _apply(engine: Engine, import_id: int, *, allow_older: bool, now: datetime) -> Taken:
    with Session(engine) as session:
        db.writing(session)
        with db.unhurried(session.connection()):
            applied = service.apply(session, import_id, allow_older=allow_older, now=now)
            crosscheck(session, now=now)
            session.commit()
        return _taken(queries.import_of(session, import_id), applied)


def _taken(row: RegistryImport, applied: Applied | None) -> Taken:
    return Taken(
        import_id=row.id,
        file_name=row.file_name,
        as_of=row.as_of,
        applied_at=row.applied_at,
        reach=row.reach,
        counts=Counts(**{name: row.counts.get(name, 0) for name in Counts.__slots__}),
        applied=applied,
    )


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        db.writing(session)
        yield session
        session.commit()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep a second import out until this one ends, however it ends; ``Conflict`` where one is under way."""
    refusal = Conflict("Another import is under way. Wait until it has ended.", code="import_under_way")
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
                raise refusal
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        return
    # The folder and not the file: closing the file would drop the locks that SQLite holds on it.
    folder = os.open(Path(engine.url.database or ".").parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield
    finally:
        os.close(folder)


class Progress:
    """How far a file has been read: a bar on a terminal, otherwise a line now and then."""

    def __init__(self, label: str, size: int, *, rows_before: int = 0) -> None:
        """``rows_before`` were read before this reading began, and say nothing about its speed."""
        self._label = label
        self._size = max(size, 1)
        self._rows_before = rows_before
        self._began = self._said = time.monotonic()
        self._position = 0
        self._rows = 0
        self._bar: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self._bar = click.progressbar(
                length=self._size, label=self._label, file=sys.stderr, item_show_func=lambda _: self._speed()
            )
            self._bar.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        # Also after a failure: the bar hides the terminal's cursor until it ends.
        if self._bar is not None:
            if raised[0] is None:
                self._bar.update(self._size - self._position, self._size)
            self._bar.__exit__(*raised)

    def at(self, position: int, *, rows: int = 0) -> None:
        """So many bytes of the file are read, which held so many rows."""
        step, self._position, self._rows = position - self._position, position, rows
        if self._bar is not None:
            self._bar.update(step, position)
        elif time.monotonic() - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            left = (self._said - self._began) * (self._size - position) / max(position, 1)
            told = (f"{self._label}: {100 * position // self._size} %", self._speed(), f"about {left:.0f} s left")
            click.echo(", ".join(each for each in told if each), err=True)

    def _speed(self) -> str:
        if not self._rows:
            return ""
        seconds = max(time.monotonic() - self._began, 0.001)
        return f"{self._rows:,} rows, {(self._rows - self._rows_before) / seconds:,.0f} a second"


def _summary(taken: Taken) -> Iterator[str]:
    counts, applied = taken.counts, taken.applied
    if applied is None:
        yield f"{taken.file_name}, of {taken.as_of}, was taken already, on {taken.applied_at:%Y-%m-%d}."
        yield "Nothing was changed."
        return
    whole = "the full file" if taken.reach is Reach.FULL else "a part of the register"
    yield f"{taken.file_name}, {whole} as of {taken.as_of}:"
    yield (
        f"  read: {counts.rows:,} rows: {counts.people:,} people, {counts.acupuncturists:,} of them acupuncturists;"
        f" {counts.organisations:,} organisations, passed over; {counts.deactivated:,} deactivated numbers;"
        f" {counts.rejected:,} rows that cannot be used"
    )
    yield (
        f"  now: {applied.new:,} new, {applied.changed:,} changed, {applied.back:,} back, {applied.unchanged:,}"
        f" unchanged, {applied.taken_down:,} taken down, {applied.removed:,} left out because they asked for it"
    )
    if applied.absent:
        yield f"  {applied.absent:,} people are not named in it any more; their pages are gone, and come back with them"
    if counts.rejected:
        yield "  Which rows and why: run the same command again with --rejects FILE"


def write_rejects(engine: Engine, import_id: int, file: Path) -> int:
    """Write which rows of a file were not taken, and why; how many they are."""
    with Session(engine) as session:
        rows = queries.rejects(session, import_id)
        with file.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(["line", "npi", "reason"])
            table.writerows([row.line, row.npi or "", row.flaw.reason] for row in rows)
    return len(rows)
