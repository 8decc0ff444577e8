"""Reading somebody's own counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.figures import rules
from directory.figures.models import SearchAppearance
from directory.figures.rules import WEEKS_TOLD, Count, Week


def weeks(session: Session, practitioner_id: int, *, today: date, count: int = WEEKS_TOLD) -> Sequence[Week]:
    """The last weeks of this person, oldest first, small numbers left out."""
    found = session.execute(
        select(
            SearchAppearance.day,
            SearchAppearance.appearances,
            SearchAppearance.sum_of_rank,
            SearchAppearance.apart,
            SearchAppearance.views,
        ).where(
            SearchAppearance.practitioner_id == practitioner_id,
            SearchAppearance.day >= rules.first_day_told(today, weeks=count),
        )
    )
    return rules.by_week(((day, Count(*numbers)) for day, *numbers in found), today=today, weeks=count)
