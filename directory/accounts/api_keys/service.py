"""Giving keys, revoking them, and writing down how many requests were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.api_keys import queries, rules
from directory.accounts.api_keys.meter import Row
from directory.accounts.api_keys.models import ApiKey, ApiUse
from directory.accounts.rules import secret_hash


def issue(session: Session, *, name: str, contact: str, per_day: int, by: int, now: datetime) -> tuple[ApiKey, str]:
    """A new key and its secret, which is told this once: only a hash of it is kept."""
    secret = rules.new_key()
    row = ApiKey(
        name=name,
        contact_sealed=contact,
        per_day=per_day,
        secret_hash=secret_hash(secret),
        ending=secret[-4:],
        made_at=now,
        made_by=by,
    )
    session.add(row)
    session.flush()
    audit.record(session, action="api_key.issued", actor=by, subject=f"api_key:{row.id}", now=now)
    return row, secret


def revoke(session: Session, key_id: int, *, by: int, now: datetime) -> None:
    """Have a key open nothing from now on; one that was revoked stays as it is. ``NotFound``."""
    row = queries.key(session, key_id)
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by = now, by
    audit.record(session, action="api_key.revoked", actor=by, subject=f"api_key:{row.id}", now=now)
    session.flush()


def write(session: Session, counts: Sequence[tuple[Row, int]]) -> list[tuple[Row, int]]:
    """Add these numbers to what is written down; each row with what it holds now."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    found = []
    # In one order, so that two writers never wait for each other.
    for (subject, ends_at), number in sorted(counts):
        statement = insert(ApiUse).values(subject=subject, ends_at=ends_at, used=number)
        added = statement.on_conflict_do_update(
            index_elements=["subject", "ends_at"], set_={"used": ApiUse.used + statement.excluded.used}
        )
        found.append(((subject, ends_at), session.scalars(added.returning(ApiUse.used)).one()))
    return found


def forget(session: Session, *, now: datetime) -> int:
    """Delete the counts of windows that are over; how many."""
    gone = session.execute(delete(ApiUse).where(ApiUse.ends_at <= now))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # of every deletion
