"""The link in a letter with which somebody says "all still true" without signing in, and what it is worth.

It is sealed with the process's keys, so nobody else can make one; it opens nothing but this one question, and counts
until that was answered or for 60 days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.crypto import keyring
from directory.db import UTCDateTime
from directory.errors import Gone, NotFound
from directory.practitioners import queries, service
from directory.practitioners.models import PracticePlace, Practitioner, ProfileAttestation
from directory.practitioners.premises import service as premises
from directory.practitioners.terms import Accepting, AccountStatus

VALID: Final = timedelta(days=60)
_PURPOSE: Final = "still-true"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, and since when."""

    practitioner_id: int
    at: datetime


def token(practitioner_id: int, *, now: datetime) -> str:
    """The secret part of the link."""
    return keyring.seal(f"{_PURPOSE}:{practitioner_id}:{int(now.timestamp())}").rstrip("=")


_WITHOUT_PROFILE: Final = (AccountStatus.SUSPENDED, AccountStatus.CLOSED)


def read(sealed: str, *, now: datetime) -> Asked:
    """Who is asked. ``NotFound`` for what we did not seal for this, ``Gone`` when it is too old."""
    plain = keyring.open(sealed + "=" * (-len(sealed) % 4)) if sealed.isascii() else None
    purpose, _, rest = (plain or "").partition(":")
    practitioner_id, _, at = rest.partition(":")
    if purpose != _PURPOSE or not (practitioner_id.isdecimal() and at.isdecimal()):
        raise NotFound("This link is not one of ours. Perhaps a part of it is missing: copy all of it from the letter.")
    asked = Asked(int(practitioner_id), datetime.fromtimestamp(int(at), tz=UTC))
    if now - asked.at > VALID:
        raise Gone("This link has ended: one in a letter counts for 60 days. Use a newer letter, or sign in.")
    return asked


def whose(session: Session, asked: Asked) -> Practitioner:
    """The person who is asked. ``Gone`` where there is no profile any more of which anything could be true."""
    found = session.get(Practitioner, asked.practitioner_id)
    if found is None or found.published_at is None or found.account_status in _WITHOUT_PROFILE:
        raise Gone("There is no profile for this link any more.")
    return found


def answered_at(session: Session, asked: Asked) -> datetime | None:
    """When "all still true" was said of every place since this was asked; ``None`` while some place waits."""
    newest = func.max(ProfileAttestation.attested_at, type_=UTCDateTime())
    rows = session.execute(
        select(PracticePlace.id, newest)
        .outerjoin(ProfileAttestation, ProfileAttestation.place_id == PracticePlace.id)
        .where(PracticePlace.practitioner_id == asked.practitioner_id, PracticePlace.active)
        .group_by(PracticePlace.id)
    ).all()
    newest_of: list[datetime | None] = [at for _, at in rows]
    said = [at for at in newest_of if at is not None and at >= asked.at]
    return min(said) if rows and len(said) == len(rows) else None


def confirm(session: Session, practitioner_id: int, taking: Mapping[int, Accepting | None], *, now: datetime) -> None:
    """Say that all is still true of every place, and, where it was answered, whether new patients are taken there.

    ``taking`` has an answer, or none, for each place; places of somebody else are ``NotFound``.
    """
    own = {place_id for place_id, _ in queries.active_places(session, [practitioner_id])}
    if not own >= taking.keys():
        raise NotFound("There is no such practice place.")
    service.attest(session, practitioner_id, now=now)
    for place_id, answer in taking.items():
        if answer is not None:
            premises.set_accepting(session, place_id, answer, today=now.date())
