"""Reading what geocoding servers answered before."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from directory.geo.answers import Answer, Spot
from directory.geo.models import GeocodeCache

KEPT = timedelta(days=90)
KEPT_WHEN_UNKNOWN = timedelta(days=1)


def answer(session: Session, key: str, *, now: datetime) -> Answer | None:
    """The answer under this key, unless it is older than 90 days, or than one day where nothing was found."""
    row = session.get(GeocodeCache, key)
    if row is None:
        return None
    if row.latitude is None or row.longitude is None or row.precision is None:
        spot, kept = None, KEPT_WHEN_UNKNOWN
    else:
        spot, kept = Spot(row.latitude, row.longitude, row.precision), KEPT
    return Answer(row.key, row.provider, spot) if now - row.fetched_at <= kept else None
