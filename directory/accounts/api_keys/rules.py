"""How much one may ask, and how it is counted. Pure."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from directory.accounts.rules import subject

PREFIX: Final = "sp_"
"""With which a key begins, so that whoever finds one somewhere knows whose it is."""
_KEY: Final = re.compile(r"sp_[A-Za-z0-9_-]{43}")
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in each window of this length; windows begin at multiples of it since 1970. ``name`` stands in
    the headers of an answer, ``whose`` only in the hash under which is counted."""

    name: str
    whose: str
    most: int
    window: timedelta

    def ends_at(self, now: datetime) -> datetime:
        """When the window ends in which ``now`` lies."""
        seconds = self.window.total_seconds()
        return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)

    def counted_as(self, secret: str, now: datetime) -> tuple[str, datetime]:
        """The row in which this window is counted."""
        ends_at = self.ends_at(now)
        return subject(secret, "api", self.name, self.whose, ends_at.isoformat()), ends_at


def of_key(key_id: int, per_day: int) -> Quota:
    """The quota of a key."""
    return Quota("key", f"{key_id}", per_day, DAY)


def of_network(network: str, per_hour: int) -> Quota:
    """The quota of whoever comes without a key, together with everybody else of their network."""
    return Quota("network", network, per_hour, HOUR)


def new_key() -> str:
    """A key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def is_key(text: str) -> bool:
    """Whether this could be a key of ours."""
    return _KEY.fullmatch(text) is not None
