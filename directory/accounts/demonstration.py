"""People who sign in to the demonstration. They are marked as fictional, and production lets none of them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from directory.accounts import factors, queries, service
from directory.accounts.models import Account
from directory.accounts.terms import Role

PASSWORD: Final = "a quiet river in november"  # noqa: S105 - known to everybody, and good for nothing elsewhere


@dataclass(frozen=True, slots=True)
class Person:
    """One sign-in."""

    email: str
    roles: tuple[Role, ...]
    totp_key: str = ""
    """The key of the authenticator app; empty for somebody who has none."""


PATIENT: Final = Person("patient@example.org", (Role.PATIENT,))
PRACTITIONER: Final = Person("practitioner@example.org", (Role.PRACTITIONER,), "KRSXG5CTMVRXEZLUKN2XAZLS")
VERIFIER: Final = Person("verifier@example.org", (Role.VERIFIER,), "OZSXE2LGNFSXEX3EMVWW6X3L")
COLLEAGUE: Final = Person("second-verifier@example.org", (Role.VERIFIER,), "ONSWG33OMQWXMZLSNFTGSZLS")
"""Of the verifier, for everything about which two people must agree."""
ADMINISTRATOR: Final = Person("administrator@example.org", (Role.ADMINISTRATOR,), "MFSG22LOL5SGK3LPL5VWK6LT")
PEOPLE: Final[Sequence[Person]] = (PATIENT, PRACTITIONER, VERIFIER, COLLEAGUE, ADMINISTRATOR)


def make(session: Session, *, now: datetime) -> dict[Person, Account]:
    """Make those who are missing; everybody, by person."""
    return {person: queries.by_email(session, person.email) or _make(session, person, now=now) for person in PEOPLE}


def _make(session: Session, person: Person, *, now: datetime) -> Account:
    account = service.create(session, person.email, roles=person.roles, password=PASSWORD, fictional=True, now=now)
    if person.totp_key:
        factors.set_up_totp(session, account, factors.secret_of(person.totp_key), now=now)
    return account
