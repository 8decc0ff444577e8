"""Keeping and forgetting what geocoding servers answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.geo.answers import Answer
from directory.geo.models import GeocodeCache
from directory.geo.queries import KEPT


def remember(session: Session, answer: Answer, *, now: datetime) -> None:
    """Keep an answer, in place of an older one. Two workers may keep the same one at once."""
    facts = {
        "provider": answer.provider,
        "latitude": answer.spot.latitude if answer.spot else None,
        "longitude": answer.spot.longitude if answer.spot else None,
        "precision": answer.spot.precision if answer.spot else None,
        "fetched_at": now,
    }
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(GeocodeCache).values(key=answer.key, **facts)
    session.execute(statement.on_conflict_do_update(index_elements=[GeocodeCache.key], set_=facts))
    session.flush()


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete every answer that is too old to be used again."""
    session.execute(delete(GeocodeCache).where(GeocodeCache.fetched_at < now - KEPT))
    session.flush()
