"""Reading what registers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.geo.names import fold
from directory.practitioners.models import Practitioner
from directory.registries.models import (
    RegistryEntry,
    RegistryImport,
    RegistryLead,
    RegistryReject,
    RegistryRemoval,
    RegistryStaged,
)
from directory.registries.terms import ImportState, Reach, Standing

MOST_FOUND = 50


def entry(session: Session, npi: str) -> RegistryEntry | None:
    """What the register says of this number, whether it is shown or not."""
    return session.get(RegistryEntry, npi)


def is_removed(session: Session, npi: str) -> bool:
    """Whether somebody asked that this number have no page."""
    return session.get(RegistryRemoval, npi) is not None


def profile_of(session: Session, npi: str) -> str | None:
    """The slug of the practitioner of ours who has this number and was published."""
    return session.scalar(
        select(Practitioner.slug).where(Practitioner.npi == npi, Practitioner.published_at.is_not(None))
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The people of a name, the exact ones first; ``more`` says that there were others."""

    entries: Sequence[RegistryEntry]
    more: bool


def of_name(session: Session, family_name: str, region: str) -> Found:
    """People shown with this family name, or one that begins with it, in one state. At most ``MOST_FOUND``."""
    key = fold(family_name)
    if not key:
        return Found((), more=False)
    query = (
        select(RegistryEntry)
        .where(
            RegistryEntry.standing == Standing.SHOWN,
            RegistryEntry.region == region,
            or_(RegistryEntry.name_key == key, RegistryEntry.name_key.startswith(f"{key} ", autoescape=True)),
        )
        .order_by(
            case((RegistryEntry.name_key == key, 0), else_=1),
            RegistryEntry.last_name,
            RegistryEntry.first_name,
            RegistryEntry.npi,
        )
        .limit(MOST_FOUND + 1)
    )
    entries = session.scalars(query).all()
    return Found(entries[:MOST_FOUND], more=len(entries) > MOST_FOUND)


def unfinished(session: Session) -> RegistryImport | None:
    """The import that was begun and neither applied nor given up."""
    return session.scalar(
        select(RegistryImport).where(RegistryImport.state == ImportState.READING).order_by(RegistryImport.id.desc())
    )


def import_of(session: Session, import_id: int) -> RegistryImport:
    """An import; ``NotFound`` when somebody else gave it up."""
    row = session.get(RegistryImport, import_id)
    if row is None:
        raise NotFound("The import was given up by somebody else.")
    return row


def applied(session: Session, sha256: str) -> RegistryImport | None:
    """The newest applied import of this very file."""
    return session.scalar(
        select(RegistryImport)
        .where(RegistryImport.state == ImportState.APPLIED, RegistryImport.sha256 == sha256)
        .order_by(RegistryImport.id.desc())
        .limit(1)
    )


def newest_day(session: Session) -> date | None:
    """The day of the newest file that was applied."""
    return session.scalar(select(func.max(RegistryImport.as_of)).where(RegistryImport.state == ImportState.APPLIED))


def rows_of_newest_full_file(session: Session) -> int | None:
    """How many rows the newest full file had."""
    counts = session.scalar(
        select(RegistryImport.counts)
        .where(RegistryImport.state == ImportState.APPLIED, RegistryImport.reach == Reach.FULL)
        .order_by(RegistryImport.as_of.desc(), RegistryImport.id.desc())
        .limit(1)
    )
    return None if counts is None else int(counts["rows"])


def known_numbers(session: Session) -> set[str]:
    """Every number we hold an entry of."""
    return set(session.scalars(select(RegistryEntry.npi)))


def staged_numbers(session: Session, import_id: int) -> set[str]:
    """Every number that was staged from a file so far."""
    return set(session.scalars(select(RegistryStaged.npi).where(RegistryStaged.import_id == import_id)))


def rejects(session: Session, import_id: int) -> Sequence[RegistryReject]:
    """The rows of a file that were not taken, by line."""
    return session.scalars(
        select(RegistryReject).where(RegistryReject.import_id == import_id).order_by(RegistryReject.line)
    ).all()


def newest_applied(session: Session) -> RegistryImport | None:
    """The newest file that counts."""
    return session.scalar(
        select(RegistryImport)
        .where(RegistryImport.state == ImportState.APPLIED)
        .order_by(RegistryImport.as_of.desc(), RegistryImport.id.desc())
        .limit(1)
    )


def by_standing(session: Session) -> dict[Standing, int]:
    """How many entries there are of each standing."""
    rows = session.execute(select(RegistryEntry.standing, func.count()).group_by(RegistryEntry.standing)).all()
    return {row[0]: row[1] for row in rows}


def removals(session: Session) -> int:
    """How many people were taken out because somebody asked for it."""
    return session.scalar(select(func.count()).select_from(RegistryRemoval)) or 0


def leads(session: Session, npi: str) -> Sequence[RegistryLead]:
    """The licence numbers that somebody gave the register, in its order."""
    return session.scalars(select(RegistryLead).where(RegistryLead.npi == npi).order_by(RegistryLead.slot)).all()
