"""Reading people and places, for those who are about to change them and for the public profile."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.practitioners.models import Language, Payer, PracticePlace, Practitioner


def practitioner(session: Session, practitioner_id: int) -> Practitioner:
    """The person with this id; ``NotFound`` otherwise."""
    found = session.get(Practitioner, practitioner_id)
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found


def of_account(session: Session, account_id: int) -> Practitioner | None:
    """The person whose profile this account keeps."""
    return session.scalars(select(Practitioner).where(Practitioner.account_id == account_id)).one_or_none()


def place(session: Session, place_id: int) -> PracticePlace:
    """The practice place with this id; ``NotFound`` otherwise."""
    found = session.get(PracticePlace, place_id)
    if found is None:
        raise NotFound("There is no such practice place.")
    return found


def anybody(session: Session, *, fictional: bool) -> bool:
    """Whether there is any real, or any fictional, person."""
    return bool(session.scalar(select(exists().where(Practitioner.fictional.is_(fictional)))))


def fictional_ids(session: Session) -> list[int]:
    """Everybody who is made up."""
    return list(session.scalars(select(Practitioner.id).where(Practitioner.fictional)))


def taken_npis(session: Session, npis: Iterable[str]) -> set[str]:
    """Which of these NPIs somebody already has."""
    asked = set(npis)
    return set(session.scalars(select(Practitioner.npi).where(Practitioner.npi.in_(asked)))) if asked else set()


def next_free(session: Session, bases: Collection[str]) -> dict[str, int]:
    """For each of these slugs the number from which on it is free: 1 says that nobody has it without a number."""
    free = dict.fromkeys(bases, 1)
    for base in session.scalars(select(Practitioner.slug).where(Practitioner.slug.in_(bases))):
        numbered = session.scalars(select(Practitioner.slug).where(Practitioner.slug.startswith(f"{base}-")))
        numbers = (re.fullmatch(rf"{re.escape(base)}-(\d{{1,9}})", each) for each in numbered)
        free[base] = max((int(match[1]) for match in numbers if match), default=1) + 1
    return free


def language_codes(session: Session) -> set[str]:
    """Every language people may ask for."""
    return set(session.scalars(select(Language.code)))


def payer_codes(session: Session) -> set[str]:
    """Every payer known."""
    return set(session.scalars(select(Payer.code)))


def by_slug(session: Session, slug: str) -> Practitioner:
    """The person at this address; ``NotFound`` when there is none."""
    found = session.scalars(select(Practitioner).where(Practitioner.slug == slug)).one_or_none()
    if found is None:
        raise NotFound("There is no practitioner at this address.")
    return found


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody works, no closer than a town; the point is public, and for a hidden home it is an area's."""

    locality: str
    admin1: str | None
    country: str
    jurisdiction: str
    latitude: float
    longitude: float


def whereabouts(session: Session, practitioner_id: int) -> list[Whereabouts]:
    """Where this person works, whether or not anybody may be shown there, oldest place first."""
    statement = (
        select(
            PracticePlace.locality,
            PracticePlace.admin1,
            PracticePlace.country,
            PracticePlace.jurisdiction,
            PracticePlace.latitude,
            PracticePlace.longitude,
        )
        .where(PracticePlace.practitioner_id == practitioner_id, PracticePlace.active)
        .order_by(PracticePlace.id)
    )
    return [Whereabouts(*row) for row in session.execute(statement)]
