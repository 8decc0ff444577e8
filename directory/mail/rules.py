"""When a letter is tried again, and when no more."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 2 * 60, 4 * 60, 8 * 60, 12 * 60, 12 * 60, 12 * 60, 12 * 60)
)
"""After the first failed try, after the second, and so on: two and a half days in all."""

MOST_TRIES: Final = len(PAUSES) + 1
GIVE_UP_AFTER: Final = timedelta(days=5)
"""How long a letter waits for a server that is away; what RFC 5321 (4.5.4.1) asks of every sender of mail."""

LEASE: Final = timedelta(minutes=15)
"""How long a letter belongs to the process that took it; far longer than any conversation with a mail server."""

AWAY_PAUSE: Final = timedelta(seconds=30)
"""After the server could not be reached at all. The letter is not at fault, so this is no try."""


def next_try(tries: int, *, now: datetime) -> datetime | None:
    """When to try again after so many failed tries; ``None`` when it is time to give up."""
    return None if tries >= MOST_TRIES else now + PAUSES[max(tries, 1) - 1]


def too_old(created_at: datetime, *, now: datetime) -> bool:
    """Whether a letter that could not be handed over is given up."""
    return now - created_at > GIVE_UP_AFTER


MOST_SOFT: Final = 5
SOFT_WITHIN: Final = timedelta(days=60)
"""So many letters that came back for a reason that may pass, none longer than this after the one before, and an address
counts as out of reach."""

_PERMANENT = re.compile(r"5\.(?:1\.(?!8$)[0-9]+|2\.1|4\.4)")


def nobody_there(status: str) -> bool:
    """Whether an enhanced code (RFC 3463) says that the address is none: no such person, mailbox or domain. What else
    is refused for good, as unwanted mail is, is not the address's fault."""
    return _PERMANENT.fullmatch(status) is not None


def refused_address(code: int, status: str) -> bool:
    """Whether a server that refused the recipient in the conversation said that there is nobody."""
    if status and not status.endswith(".0.0"):
        return nobody_there(status)
    return code in (550, 551, 553)
