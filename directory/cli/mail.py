"""``stillpoint mail``: letters that came back, and addresses to which nothing is sent any more."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from directory import db
from directory.cli.opening import opened
from directory.errors import DomainError
from directory.mail import bounces, suppression


@click.group()
def mail() -> None:
    """Letters that came back, and addresses that they do not reach."""


@mail.command()
def bounced() -> None:
    """Read one report that a letter came back from standard input, as a mail server writes it (RFC 3464).

    For the mail system to pipe the mailbox of SMTP_FROM into. Whatever is no report about a letter of ours changes
    nothing; the exit code is 0 all the same, so that no report is made of it in turn.
    """
    now = datetime.now(UTC)
    try:
        found = bounces.read(sys.stdin.buffer.read(bounces.MOST_BYTES + 1))
        if found is None:
            click.echo("The letter is late or has arrived. Nothing was changed.")
            return
        with opened() as (_config, engine), Session(engine) as session:
            db.writing(session)
            news = suppression.bounced(session, found.mark, status=found.status, for_good=found.for_good, now=now)
            session.commit()
    except DomainError as error:
        click.echo(f"{error} Nothing was changed.", err=True)
        return
    click.echo("Noted." if news else "This was known already.")


@mail.command()
@click.option("--lift", "address", help="Let letters go to this address again.")
def suppressed(address: str | None) -> None:
    """List the addresses to which nothing is sent, since when and why."""
    with opened() as (_config, engine), Session(engine) as session:
        if address is not None:
            db.writing(session)
            suppression.lift(session, address)
            session.commit()
            click.echo("Letters go there again.")
            return
        rows = suppression.suppressed(session)
        for row in rows:
            click.echo(f"{row.suppressed_at:%Y-%m-%d}  {row.why:8}  {row.status:8}  {row.address_sealed}")
        if not rows:
            click.echo("Letters reach everybody, as far as we know.")
