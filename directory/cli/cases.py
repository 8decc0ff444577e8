"""``stillpoint cases``: what waits for the people who run the site."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from directory import db, migrations
from directory.cases import service as work
from directory.cases.models import Contact
from directory.cli.opening import opened


@click.group("cases", invoke_without_command=True)
@click.option("--contacts", is_flag=True, help="Also open what people wrote: their name, address and message.")
@click.pass_context
def cases(context: click.Context, *, contacts: bool) -> None:
    """List the open cases, what is due first. Without --contacts nothing about anybody is opened."""
    if context.invoked_subcommand is not None:
        return
    now = datetime.now(UTC)
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        with Session(engine) as session:
            waiting = work.open_cases(session)
            for case in waiting:
                late = "  OVERDUE" if case.due < now else ""
                click.echo(
                    f"{case.id}  {case.kind}  {case.subject}  opened {case.opened_at:%Y-%m-%d %H:%M}"
                    f"  due {case.due:%Y-%m-%d %H:%M}{late}"
                )
                if contacts and case.contact is not None:
                    _tell(case.contact)
    click.echo(f"{len(waiting)} open. Times are UTC." if waiting else "Nothing is open.")


def _tell(contact: Contact) -> None:
    for name, value in (
        ("name", contact.name),
        ("e-mail", contact.email),
        ("reach", contact.reach),
        ("message", contact.note),
    ):
        for number, line in enumerate(value.splitlines()):
            # What somebody typed must not steer the terminal of whoever reads it.
            shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
            click.echo(f"    {name if number == 0 else '':8} {shown}")


@cases.command("close")
@click.argument("number", type=int)
def close(number: int) -> None:
    """Close the case NUMBER. What the person wrote is erased; the number, kind, subject and dates stay."""
    with opened() as (_config, engine), Session(engine) as session:
        db.writing(session)
        case = work.close(session, number, now=datetime.now(UTC))
        session.commit()
        click.echo(f"Case {case.id} is closed, and what was written in it is erased.")
