"""Writing counts down and forgetting old ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.figures.models import SearchAppearance
from directory.figures.rules import KEEP_DAYS, Count
from directory.practitioners.models import Practitioner


def write(session: Session, counts: Mapping[tuple[int, date], Count]) -> None:
    """Add these counts to what the days already hold: two statements, however many there are.

    Whoever has left in the meantime is passed over. Rows are taken in one order, so that two writers never wait for
    each other.
    """
    asked = sorted({practitioner_id for practitioner_id, _ in counts})
    known = set(session.scalars(select(Practitioner.id).where(Practitioner.id.in_(asked))))
    rows = [
        {
            "practitioner_id": practitioner_id,
            "day": day,
            "appearances": count.appearances,
            "sum_of_rank": count.sum_of_rank,
            "apart": count.apart,
            "views": count.views,
        }
        for (practitioner_id, day), count in sorted(counts.items(), key=lambda each: each[0])
        if practitioner_id in known
    ]
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(SearchAppearance)
    added = {
        name: getattr(SearchAppearance, name) + statement.excluded[name]
        for name in ("appearances", "sum_of_rank", "apart", "views")
    }
    session.execute(
        statement.on_conflict_do_update(index_elements=["practitioner_id", "day"], set_=added),
        rows,
    )


def forget_old(session: Session, *, today: date, keep_days: int = KEEP_DAYS) -> int:
    """Erase the counts of days longer ago than this; how many rows went."""
    gone = session.execute(delete(SearchAppearance).where(SearchAppearance.day < today - timedelta(days=keep_days)))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # of every deletion
