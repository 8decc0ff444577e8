"""``stillpoint audit``: whether the log of what was decided is still what was written."""

from __future__ import annotations

import re

import click
from sqlalchemy.orm import Session

from directory import audit as log
from directory import migrations
from directory.cli.opening import opened
from directory.errors import Conflict


class _Head(click.ParamType[log.Head]):
    name = "SEQ:HASH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> log.Head:
        found = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", str(value))
        if found is None:
            self.fail("must be a number, a colon and 64 hexadecimal digits, as this command prints them", param, ctx)
        return log.Head(int(found[1]), found[2])


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
