"""Tables of keys and of counters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.crypto import EncryptedText
from directory.db import Base, BigIntId


class ApiKey(Base):
    """A key that the desk gave to somebody. Revoked keys stay, so that it is known who had one."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("per_day BETWEEN 1 AND 10000000", name="per_day"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    """Whose it is and what for."""
    contact_sealed: Mapped[str] = mapped_column(EncryptedText)
    """Where whoever has it is reached."""
    per_day: Mapped[int]
    """How many requests a day, by the calendar of UTC."""
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(4))
    """The last signs of the key, so that two are told apart."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(BigInteger)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(BigInteger)


class ApiUse(Base):
    """How many requests somebody made in one window of time. There is no column for what they asked."""

    __tablename__ = "api_use"
    __table_args__ = (CheckConstraint("used > 0", name="used"),)

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash that is another one in each window, so that no two of them are found to be of one network."""
    ends_at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    used: Mapped[int]
