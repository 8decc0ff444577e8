"""Fictional people who can sign in: one of each role, and one published practitioner who belongs to one of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from directory.accounts import demonstration
from directory.practitioners import queries as people
from directory.practitioners.publication import service as publication


def make(session: Session, *, now: datetime) -> None:
    """Make those who are missing, and give the practitioner's account a published profile where it has none."""
    made = demonstration.make(session, now=now)
    account = made[demonstration.PRACTITIONER]
    if people.of_account(session, account.id) is None:
        free = people.published_without_account(session)
        if free is not None:
            publication.give_to(session, free.id, account.id, now=now)


def told(address: str) -> list[str]:
    """What whoever tries the site out should know, line by line."""
    who = ", ".join(each.email.partition("@")[0] for each in demonstration.PEOPLE)
    return [
        f"Sign in as {who} (each …@example.org) with the password: {demonstration.PASSWORD}",
        f"Codes of their authenticator apps: {address}/account/demo",
    ]
