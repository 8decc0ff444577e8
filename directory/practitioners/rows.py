"""Writing rows: many at once, and that somebody was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from directory import changes
from directory.practitioners.models import Practitioner


def insert_all(session: Session, model: type, rows: Sequence[Mapping[str, object]]) -> None:
    """New rows of one table; none where there are none."""
    if rows:
        session.execute(insert(model), rows)


def touch(session: Session, row: Practitioner, now: datetime) -> None:
    """Somebody was changed at this moment, and is read again by whoever keeps a copy."""
    row.updated_at = now
    session.flush()
    changes.record(session, row.id)
