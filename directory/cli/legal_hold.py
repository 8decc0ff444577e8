"""``stillpoint legal-hold``: keep somebody's data although they have left, while a complaint or a court needs it."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from directory import db
from directory.cli.opening import opened
from directory.privacy import service


@click.group("legal-hold")
def legal_hold() -> None:
    """Suspend erasing for one person, or let it go on."""


@legal_hold.command("place")
@click.argument("practitioner", type=int)
@click.option("--reason", required=True, help="Why; kept sealed, and erased when the hold is lifted.")
def place(practitioner: int, reason: str) -> None:
    """Erase nothing of PRACTITIONER (a number) until the hold is lifted."""
    with opened() as (_config, engine), Session(engine) as session:
        db.writing(session)
        service.place_hold(session, practitioner, reason=reason, now=datetime.now(UTC))
        session.commit()
    click.echo(f"Nothing of practitioner {practitioner} is erased until the hold is lifted.")


@legal_hold.command("lift")
@click.argument("practitioner", type=int)
def lift(practitioner: int) -> None:
    """Let erasing go on for PRACTITIONER (a number)."""
    with opened() as (_config, engine), Session(engine) as session:
        db.writing(session)
        service.lift_hold(session, practitioner, now=datetime.now(UTC))
        session.commit()
    click.echo(f"The hold on practitioner {practitioner} is lifted.")
