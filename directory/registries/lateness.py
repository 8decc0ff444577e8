"""Registers whose newest file says too little of today, and the letters to the desk that say so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.guide.words import N_
from directory.mail import outbox
from directory.mail.letters import Letter, Link, say
from directory.registries import queries as nppes
from directory.registries.exclusions import queries as exclusions
from directory.registries.exclusions import rules as exclusion_rules
from directory.registries.rosters import queries as rosters

MONTHLY: Final = timedelta(days=35)
"""How old the newest file of a register may be that comes out monthly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A register, and the day of the newest file that we have of it."""

    name: str
    as_of: date | None
    lasts: timedelta
    """How old the file may be."""
    command: str

    def is_late(self, today: date) -> bool:
        """Whether a file was taken once and is too old now."""
        return self.as_of is not None and today - self.as_of > self.lasts

    def period(self, today: date) -> int:
        """Which span after the file this is: everybody is told once in each."""
        return 0 if self.as_of is None else (today - self.as_of) // self.lasts


def sources(session: Session, *, now: datetime) -> list[Source]:
    """Every register and list of which files are taken."""
    found = [
        Source(name="NPPES", as_of=nppes.newest_day(session), lasts=MONTHLY, command="stillpoint import-nppes FILE"),
        Source(
            name="OIG exclusion list",
            as_of=exclusions.state(session, now=now).as_of,
            lasts=exclusion_rules.CHECKED_FOR,
            command="stillpoint import-exclusions FILE",
        ),
    ]
    return found + [
        Source(name=each.board, as_of=each.as_of, lasts=MONTHLY, command="stillpoint import-roster FILE")
        for each in rosters.freshness(session)
    ]


def late(session: Session, *, now: datetime) -> list[Source]:
    """Those of which a newer file is due."""
    return [each for each in sources(session, now=now) if each.is_late(now.date())]


def tell(session: Session, account_id: int, source: Source, *, now: datetime) -> bool:
    """Write to somebody of the desk that a file is too old, once for each file and span; whether that was now.

    ``IntegrityError`` when another process was first.
    """
    account = session.get_one(Account, account_id)
    told = f"{account.fs_uniquifier} {source.name} {source.as_of} {source.period(now.date())}"
    mark = hashlib.sha256(told.encode()).hexdigest()[:32]
    if source.as_of is None or outbox.knows(session, mark):
        return False
    letter = Letter(
        purpose="old_register",
        subject=N_("A file is out of date"),
        paragraphs=(
            say(N_("The newest file of “%(name)s” is of %(day)s."), name=source.name, day=source.as_of),
            N_("Until a newer one is taken in, nobody counts as checked against it."),
            say(
                N_("Somebody with access to the server takes it in with: %(command)s"),
                command=source.command,
            ),
        ),
        link=Link(N_("See how new each file is"), "/desk/figures"),
    )
    outbox.send(session, to=account.email, letter=letter, language=account.locale, now=now, mark=mark)
    return True
