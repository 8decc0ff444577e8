"""The log of an account, which its owner can read, and the same as a line of the site's log, without any address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from directory.accounts.models import AccountEvent, AccountLink
from directory.accounts.terms import Happening, Purpose, Role

_NOBODYS: Final[Mapping[str, object]] = {
    "token_hash": "",
    "purpose": Purpose.REGISTER,
    "email": "nobody@example.org",
    "email_key": "nobody@example.org",
    "role": Role.PATIENT,
    "locale": "en_US",
}

_log = structlog.get_logger("stillpoint.accounts")


def note(session: Session, account_id: int, happening: Happening, *, now: datetime, device: str = "") -> None:
    """Note what happened to an account, in both places."""
    session.add(AccountEvent(account_id=account_id, at=now, happening=happening, device=device))
    session.flush()
    tell(happening, account_id=account_id)


def pretend(session: Session, happening: Happening, *, now: datetime) -> None:
    """Note what happened to nobody's account in the site's log, with as much work as for somebody's."""
    undone = session.begin_nested()
    session.add(AccountLink(**_NOBODYS, made_at=now, expires_at=now))
    session.flush()
    undone.rollback()
    tell(happening)


def tell(happening: Happening, *, account_id: int | None = None) -> None:
    """Note it in the site's log alone: nobody's account is touched, or none is known."""
    _log.info("account", happening=str(happening), account=account_id)
