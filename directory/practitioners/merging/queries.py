"""Reading which profiles went into others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.practitioners.merging.models import PractitionerMerge
from directory.practitioners.models import Practitioner

_LONGEST_CHAIN = 10


def slug_hash(slug: str) -> str:
    """What is kept of an address that leads on."""
    return hashlib.sha256(slug.encode()).hexdigest()


def leads_to(session: Session, slug: str) -> int | None:
    """The number of the person to whom an old address leads, whether or not they are still there."""
    into = session.scalar(
        select(PractitionerMerge.into_id)
        .where(PractitionerMerge.slug_hash == slug_hash(slug))
        .order_by(PractitionerMerge.id.desc())
        .limit(1)
    )
    return None if into is None else stays(session, into)


def stays(session: Session, practitioner_id: int) -> int:
    """The number under which this person is kept today, after however many merges."""
    for _ in range(_LONGEST_CHAIN):
        into = session.scalar(select(PractitionerMerge.into_id).where(PractitionerMerge.from_id == practitioner_id))
        if into is None:
            break
        practitioner_id = into
    return practitioner_id


def slug_of(session: Session, practitioner_id: int) -> str | None:
    """The address of this person; ``None`` for one who is erased."""
    return session.scalar(select(Practitioner.slug).where(Practitioner.id == practitioner_id))


def earlier_numbers(session: Session, practitioner_id: int) -> Sequence[int]:
    """The numbers of the profiles that went into this one: decisions and the log keep speaking of them."""
    found: list[int] = []
    waiting = [practitioner_id]
    while waiting and len(found) < _LONGEST_CHAIN:
        rows = session.scalars(select(PractitionerMerge.from_id).where(PractitionerMerge.into_id.in_(waiting))).all()
        waiting = list(rows)
        found += waiting
    return sorted(found)


def merges_into(session: Session, practitioner_id: int) -> Sequence[PractitionerMerge]:
    """Each profile that went into this one, the newest first."""
    mine = select(PractitionerMerge).where(PractitionerMerge.into_id == practitioner_id)
    return session.scalars(mine.order_by(PractitionerMerge.id.desc())).all()
