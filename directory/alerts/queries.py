"""Reading saved searches."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from directory.alerts import rules
from directory.alerts.models import SavedSearch
from directory.errors import Gone
from directory.guide.words import N_


def hashed(token: str) -> str:
    """What the secret part of a link is found under."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(session: Session, token: str, *, lock: bool = False) -> SavedSearch:
    """The search behind a link; ``Gone`` where there is none, or none any more."""
    statement = select(SavedSearch).where(SavedSearch.token_hash == hashed(token))
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise Gone(N_("There is no search behind this link. It was stopped, or nobody said yes in time."))
    return row


def to_look_at(session: Session, *, now: datetime) -> Sequence[int]:
    """The numbers of the searches that are due, the one that waits longest first."""
    return session.scalars(
        select(SavedSearch.id)
        .where(
            SavedSearch.confirmed_at.is_not(None),
            # A clock that was set back must not keep a search waiting until it has caught up.
            or_(SavedSearch.looked_at <= now - rules.LOOK_EVERY, SavedSearch.looked_at > now + rules.LOOK_EVERY),
        )
        .order_by(SavedSearch.looked_at, SavedSearch.id)
    ).all()


def everything(session: Session) -> Sequence[SavedSearch]:
    """Every search with its address opened, for an export; addresses are sealed, so each is opened to be compared."""
    return session.scalars(
        select(SavedSearch).order_by(SavedSearch.id).options(undefer(SavedSearch.email_sealed))
    ).all()
