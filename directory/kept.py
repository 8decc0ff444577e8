"""What somebody had typed when they had to sign in again, until they send it or a day has passed.

It is sealed, belongs to one account and one page, and is shown to nobody else. An account is named by its number and
not by a key of its table, so that this stands below it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId

KEPT_FOR: Final = timedelta(days=1)
LONGEST_PATH: Final = 200
LEFT_OUT: Final = frozenset({"csrf_token", "password", "new_password", "code"})
"""Never kept, whatever the page."""


class KeptInput(Base):
    """The fields of one form."""

    __tablename__ = "kept_input"

    account_id: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(String(LONGEST_PATH), primary_key=True)
    kept_at: Mapped[datetime]
    fields_sealed: Mapped[str] = mapped_column(EncryptedText)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Names and values in the order in which they were sent."""
        return [(name, value) for name, value in json.loads(self.fields_sealed)]


def keep(
    session: Session, account_id: int, path: str, fields: Iterable[tuple[str, str]], *, now: datetime
) -> KeptInput | None:
    """Keep these fields in place of whatever was kept of this page; ``None`` for an address too long to be ours."""
    if len(path) > LONGEST_PATH:
        return None
    row = session.get(KeptInput, (account_id, path))
    if row is None:
        row = KeptInput(account_id=account_id, path=path)
        session.add(row)
    row.kept_at = now
    row.fields_sealed = json.dumps([(name, value) for name, value in fields if name not in LEFT_OUT])
    session.flush()
    return row


def kept(session: Session, account_id: int, path: str, *, now: datetime) -> KeptInput | None:
    """What was kept of this page, unless it is too old."""
    return session.scalars(
        select(KeptInput).where(
            KeptInput.account_id == account_id, KeptInput.path == path, KeptInput.kept_at > now - KEPT_FOR
        )
    ).one_or_none()


def drop(session: Session, account_id: int, path: str) -> None:
    """It was sent, or is not wanted."""
    session.execute(delete(KeptInput).where(KeptInput.account_id == account_id, KeptInput.path == path))


def drop_old(session: Session, *, now: datetime) -> int:
    """Erase what nobody came back for; how many there were."""
    old = select(KeptInput.account_id).where(KeptInput.kept_at <= now - KEPT_FOR)
    number = len(session.scalars(old).all())
    session.execute(delete(KeptInput).where(KeptInput.kept_at <= now - KEPT_FOR))
    return number
