"""Reading people and places, for those who are about to change them and for the public profile."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.practitioners.drafts import Spoken
from directory.practitioners.models import (
    Language,
    Payer,
    PlaceHours,
    PlacePayer,
    PlaceRemoteJurisdiction,
    PracticePlace,
    Practitioner,
    PractitionerDecline,
    PractitionerLanguage,
    PractitionerProtocol,
    PractitionerTechnique,
    WorkingWay,
)
from directory.practitioners.rules import Interval
from directory.practitioners.terms import AccountStatus, Protocol, Technique
from directory.screening.terms import Condition


def practitioner(session: Session, practitioner_id: int) -> Practitioner:
    """The person with this id; ``NotFound`` otherwise."""
    found = session.get(Practitioner, practitioner_id)
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found


def of_account(session: Session, account_id: int) -> Practitioner | None:
    """The person whose profile this account keeps."""
    return session.scalars(select(Practitioner).where(Practitioner.account_id == account_id)).one_or_none()


def published_without_account(session: Session) -> Practitioner | None:
    """The first fictional person who is published and whose profile nobody keeps yet."""
    return session.scalars(
        select(Practitioner)
        .where(
            Practitioner.fictional,
            Practitioner.account_status == AccountStatus.PUBLISHED,
            Practitioner.account_id.is_(None),
        )
        .order_by(Practitioner.id)
        .limit(1)
    ).first()


def place(session: Session, place_id: int) -> PracticePlace:
    """The practice place with this id; ``NotFound`` otherwise."""
    found = session.get(PracticePlace, place_id)
    if found is None:
        raise NotFound("There is no such practice place.")
    return found


def own_place(session: Session, practitioner_id: int, place_id: int) -> PracticePlace:
    """This person's place of this id, unless they closed it; ``NotFound`` otherwise, also for somebody else's."""
    found = session.get(PracticePlace, place_id) if 0 < place_id <= _LARGEST_ID else None
    if found is None or found.practitioner_id != practitioner_id or not found.active:
        raise NotFound("There is no such practice place.")
    return found


def places_of(session: Session, practitioner_id: int) -> list[PracticePlace]:
    """The places where this person works, oldest first."""
    statement = select(PracticePlace).where(PracticePlace.practitioner_id == practitioner_id, PracticePlace.active)
    return list(session.scalars(statement.order_by(PracticePlace.id)))


def active_places(session: Session, practitioner_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Ids of the places at which these people work, each with the person's, oldest place first."""
    statement = select(PracticePlace.id, PracticePlace.practitioner_id).where(
        PracticePlace.practitioner_id.in_(list(practitioner_ids)), PracticePlace.active
    )
    return [(place_id, owner) for place_id, owner in session.execute(statement.order_by(PracticePlace.id))]


def newest(session: Session, *, limit: int, jurisdiction: str | None = None) -> list[int]:
    """Who was published last, everywhere or at a place in one jurisdiction, the newest first, whether or not they may
    be shown today; one statement."""
    statement = select(Practitioner.id).where(
        Practitioner.account_status == AccountStatus.PUBLISHED, Practitioner.held_since.is_(None)
    )
    if jurisdiction is not None:
        here = exists().where(
            PracticePlace.practitioner_id == Practitioner.id,
            PracticePlace.active,
            PracticePlace.jurisdiction == jurisdiction,
        )
        statement = statement.where(here)
    statement = statement.order_by(Practitioner.published_at.desc(), Practitioner.id.desc()).limit(limit)
    return list(session.scalars(statement))


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


def of_npi(session: Session, npi: str) -> Practitioner | None:
    """The person who has this NPI here."""
    return session.scalars(select(Practitioner).where(Practitioner.npi == npi)).one_or_none()


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


_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody works, no closer than a town; the point is public, and for a hidden home it is an area's."""

    locality: str
    admin1: str | None
    country: str
    jurisdiction: str | None
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


def intervals_of(session: Session, place_id: int) -> tuple[Interval, ...]:
    """Opening hours of one place, Monday first."""
    statement = select(PlaceHours).where(PlaceHours.place_id == place_id)
    rows = session.scalars(statement.order_by(PlaceHours.weekday, PlaceHours.opens))
    return tuple(Interval(row.weekday, row.opens, row.closes) for row in rows)


def remote_of(session: Session, place_id: int) -> frozenset[str]:
    """For patients of which jurisdictions remote consultations are offered from a place."""
    statement = select(PlaceRemoteJurisdiction.jurisdiction).where(PlaceRemoteJurisdiction.place_id == place_id)
    return frozenset(session.scalars(statement))


def stated_payers(session: Session, place_id: int) -> dict[str, date]:
    """Codes of the payers of one place, each with the day on which it was stated."""
    statement = select(PlacePayer.payer_code, PlacePayer.stated_on).where(PlacePayer.place_id == place_id)
    return {code: value for code, value in session.execute(statement)}  # noqa: C416


def payers_in(session: Session, country: str) -> dict[str, str]:
    """Names of the payers of a country by code, in the order of the alphabet."""
    statement = select(Payer.code, Payer.name).where(Payer.country == country).order_by(Payer.name)
    return {code: value for code, value in session.execute(statement)}  # noqa: C416


def languages(session: Session) -> list[Language]:
    """Every language people may ask for, by name."""
    return list(session.scalars(select(Language).order_by(Language.name)))


def spoken_by(session: Session, practitioner_id: int) -> tuple[Spoken, ...]:
    """The languages at this person's work, as they were stated."""
    statement = (
        select(PractitionerLanguage)
        .where(PractitionerLanguage.practitioner_id == practitioner_id)
        .order_by(PractitionerLanguage.language_code, PractitionerLanguage.spoken_by)
    )
    return tuple(Spoken(row.language_code, row.level, row.spoken_by) for row in session.scalars(statement))


def techniques_of(session: Session, practitioner_id: int) -> frozenset[Technique]:
    """How this person works."""
    own = PractitionerTechnique.practitioner_id == practitioner_id
    return frozenset(session.scalars(select(PractitionerTechnique.technique).where(own)))


def declines_of(session: Session, practitioner_id: int) -> frozenset[Condition]:
    """With which conditions this person takes no patients."""
    own = PractitionerDecline.practitioner_id == practitioner_id
    return frozenset(session.scalars(select(PractitionerDecline.condition).where(own)))


def protocols_of(session: Session, practitioner_id: int) -> frozenset[Protocol]:
    """Which written protocols this person declares."""
    own = PractitionerProtocol.practitioner_id == practitioner_id
    return frozenset(session.scalars(select(PractitionerProtocol.protocol).where(own)))


def way_of(session: Session, practitioner_id: int) -> WorkingWay | None:
    """How this person says they work, if they said anything."""
    return session.get(WorkingWay, practitioner_id)
