"""Reading who has left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.accounts.rules import email_key
from directory.practitioners.models import Practitioner
from directory.privacy.models import Departure, LegalHold, Tombstone
from directory.privacy.rules import slug_hash


def departure(session: Session, practitioner_id: int) -> Departure | None:
    """When this person left and when they are erased; ``None`` when they did not leave."""
    return session.get(Departure, practitioner_id)


def addresses_of(session: Session, person: Practitioner) -> frozenset[str]:
    """The addresses at which this person gets letters from us, in the spelling by which they are compared."""
    account = None if person.account_id is None else session.get(Account, person.account_id)
    return frozenset(email_key(each) for each in (account.email if account else None, person.email) if each)


def gone_since(session: Session, *, slug: str) -> datetime | None:
    """Since when the profile at this address is gone for good; ``None`` where none ever was, or it is still there."""
    return session.scalar(select(Tombstone.gone_at).where(Tombstone.slug_hash == slug_hash(slug)))


def gone_since_id(session: Session, practitioner_id: int) -> datetime | None:
    """The same for a number that a program holds."""
    return session.scalar(select(Tombstone.gone_at).where(Tombstone.practitioner_id == practitioner_id))


def held(session: Session) -> frozenset[int]:
    """About whom the law makes us keep everything for now."""
    return frozenset(session.scalars(select(LegalHold.practitioner_id)))
