"""Who looked at what of somebody's, and when: for the people looked at, and for whoever asks whether it was needed.

Not chained as the audit log is, and forgotten in time: looking changes nothing. People are numbers here too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningDelete

from directory.db import Base, BigIntId

_WHAT: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_SUBJECT: Final = re.compile(r"[a-z][a-z0-9_]*:[A-Za-z0-9_-]+")

COMMAND: Final = 0
"""The number of no account: whoever has the server's command line looked."""


class AccessEntry(Base):
    """One look of somebody of the desk at something of somebody else."""

    __tablename__ = "access_entry"

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[int] = mapped_column(BigInteger)
    """The account of whoever looked, or ``COMMAND``."""
    what: Mapped[str] = mapped_column(String(60))
    """Such as ``evidence.read``."""
    subject: Mapped[str] = mapped_column(String(80))
    """Such as ``evidence:12``."""
    about: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The practitioner whose it is, where it is one of ours."""


def note(
    session: Session, *, actor: int, what: str, subject: str, now: datetime, about: int | None = None
) -> AccessEntry:
    """Note that this account looked at ``subject``, which is of the practitioner ``about``.

    ``ValueError`` unless ``what`` is words joined by ``_`` and ``.`` and ``subject`` a kind and a number or code, so
    that no name or address is written.
    """
    if not _WHAT.fullmatch(what) or not _SUBJECT.fullmatch(subject):
        raise ValueError("a look names what was done such as evidence.read and a subject such as evidence:12")
    entry = AccessEntry(at=now, actor=actor, what=str(what), subject=subject, about=about)
    session.add(entry)
    session.flush()
    return entry


def about(session: Session, practitioner_id: int) -> Sequence[AccessEntry]:
    """Every look at something of this practitioner that is not forgotten, the oldest first."""
    looks = select(AccessEntry).where(AccessEntry.about == practitioner_id).order_by(AccessEntry.id)
    return session.scalars(looks).all()


def forget(session: Session, *, kept: timedelta, now: datetime) -> int:
    """Delete what is older than ``kept``; how many rows."""
    gone: ReturningDelete[Any] = delete(AccessEntry).where(AccessEntry.at <= now - kept).returning(AccessEntry.id)
    return len(session.execute(gone).all())


def forget_about(session: Session, practitioner_id: int) -> None:
    """Delete every look at something of somebody who is erased."""
    session.execute(delete(AccessEntry).where(AccessEntry.about == practitioner_id))
