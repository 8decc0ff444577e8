"""The log of an account, which its owner can read, and the same as a line of the site's log, without any address."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from directory.accounts.models import AccountEvent
from directory.accounts.terms import Happening

_log = structlog.get_logger("stillpoint.accounts")


def note(session: Session, account_id: int, happening: Happening, *, now: datetime, device: str = "") -> None:
    """Note what happened to an account, in both places."""
    session.add(AccountEvent(account_id=account_id, at=now, happening=happening, device=device))
    session.flush()
    tell(happening, account_id=account_id)


def tell(happening: Happening, *, account_id: int | None = None) -> None:
    """Note it in the site's log alone: nobody's account is touched, or none is known."""
    _log.info("account", happening=str(happening), account=account_id)
