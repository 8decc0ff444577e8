"""Reading keys and counters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.api_keys.models import ApiKey, ApiUse
from directory.accounts.api_keys.rules import Quota, is_key, of_key
from directory.accounts.rules import secret_hash
from directory.errors import NotFound


def quota_of(session: Session, key: str) -> Quota | None:
    """What whoever sends this key may ask; ``None`` for one that we never gave or that was revoked."""
    if not is_key(key):
        return None
    row = session.execute(
        select(ApiKey.id, ApiKey.per_day).where(ApiKey.secret_hash == secret_hash(key), ApiKey.revoked_at.is_(None))
    ).one_or_none()
    return None if row is None else of_key(row.id, row.per_day)


def used(session: Session, subject: str, ends_at: datetime) -> int:
    """How many requests are written down for this window."""
    return session.scalar(select(ApiUse.used).where(ApiUse.subject == subject, ApiUse.ends_at == ends_at)) or 0


def keys(session: Session) -> Sequence[ApiKey]:
    """Every key that was ever given, the newest first, those in use before those that are revoked."""
    return session.scalars(select(ApiKey).order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())).all()


def used_today(session: Session, found: Sequence[ApiKey], *, secret: str, now: datetime) -> dict[int, int]:
    """How many requests of today are written down for each of these keys."""
    rows = {of_key(each.id, each.per_day).counted_as(secret, now)[0]: each.id for each in found}
    counted = session.execute(select(ApiUse.subject, ApiUse.used).where(ApiUse.subject.in_(rows)))
    return {each.id: 0 for each in found} | {rows[subject]: number for subject, number in counted}


def key(session: Session, key_id: int) -> ApiKey:
    """One of them, held until the end of the transaction."""
    row = session.get(ApiKey, key_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such key.")
    return row
