"""``stillpoint audit``: whether the log of what was decided is still what was written, and a copy about somebody."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from directory import audit as log
from directory import db, migrations
from directory.cli.opening import opened
from directory.desk import record
from directory.errors import Conflict


class _Head(click.ParamType[log.Head]):
    name = "SEQ:HASH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> log.Head:
        found = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", str(value))
        if found is None:
            self.fail("must be a number, a colon and 64 hexadecimal digits, as this command prints them", param, ctx)
        return log.Head(int(found[1]), found[2])


class _Practitioner(click.ParamType[int]):
    name = "practitioner:NUMBER"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"practitioner:([1-9][0-9]{0,17})", str(value))
        if found is None:
            self.fail("must name a practitioner by number, such as practitioner:12", param, ctx)
        return int(found[1])


@click.group()
def audit() -> None:
    """Check the log of what was decided and by whom."""


@audit.command()
@click.option("--expect", type=_Head(), help="What an earlier check printed; misses entries that were cut off since.")
def verify(expect: log.Head | None) -> None:
    """Read the whole log and check that every entry is the one that was written, and that none is missing.

    Note down the line it prints, on another machine: with --expect, the next check also sees whether the newest entries
    were cut off.
    """
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        with Session(engine) as session:
            verdict = log.verify(session, expected=expect)
    if verdict.fault is not None:
        where = "" if verdict.fault.seq is None else f" at entry {verdict.fault.seq}"
        raise Conflict(f"The audit log does not hold{where}: {verdict.fault.why}.", code="audit_broken")
    click.echo(f"{verdict.entries} entries, all as they were written.")
    if verdict.head is not None:
        click.echo(f"{verdict.head.seq}:{verdict.head.hash}")


@audit.command()
@click.option("--about", type=_Practitioner(), required=True, help="Whom it is about, such as practitioner:12.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file, for you alone; else it is printed.",
)
def export(about: int, out: Path | None) -> None:
    """Copy what was noted and decided about a practitioner, for them or for a court, as lines of JSON.

    The first line says how the rest is checked. Reasons stand in it in words as far as they were not erased: hand it
    to nobody else. That it was made stands in the access log.
    """
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        with Session(engine) as session:
            db.writing(session)
            lines = [
                json.dumps(each, ensure_ascii=False) for each in record.export(session, about, now=datetime.now(UTC))
            ]
            session.commit()
    text = "".join(f"{each}\n" for each in lines)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be made: {error.strerror}.") from error
    with os.fdopen(file, "w", encoding="utf-8") as writing:
        writing.write(text)
    click.echo(f"{len(lines)} lines in {out}.")
