"""Since when somebody is shown, and when what is shown was last changed, as the ledger of entries has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.entries import queries as entries
from directory.practitioners.models import Practitioner


@dataclass(frozen=True, slots=True)
class Since:
    """Two instants."""

    listed: datetime
    changed: datetime


def of(session: Session, people: Iterable[Practitioner]) -> dict[int, Since]:
    """Those of these people, in one statement. Whoever came a moment ago and is not noted yet was listed when their
    profile was published."""
    known = {person.id: person for person in people}
    found = {}
    for practitioner_id, stamp in entries.stamps(session, known).items():
        published = known[practitioner_id].published_at or known[practitioner_id].created_at
        listed = max(stamp.first_shown_at, published)
        found[practitioner_id] = Since(listed, max(stamp.changed_at, listed))
    return found
