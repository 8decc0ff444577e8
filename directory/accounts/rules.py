"""What decides about accounts: one spelling of an address, and how long a session lives."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta


def email_key(email: str) -> str:
    """The address in the one spelling under which it is found: no space around it, normal form, small letters."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def secret_hash(secret: str) -> str:
    """How a long random secret is stored: SHA-256 is enough for what nobody can guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives."""

    idle: timedelta
    """Without a request."""
    absolute: timedelta
    """From signing in, whatever happens."""


def is_live(*, began_at: datetime, last_seen_at: datetime, limits: Limits, now: datetime) -> bool:
    """Whether a session may still be used. The last instant of a limit is already beyond it."""
    return now - last_seen_at < limits.idle and now - began_at < limits.absolute


def is_fresh(proved_at: datetime, *, within: timedelta, now: datetime) -> bool:
    """Whether somebody proved who they are so recently that a sensitive change may be made."""
    return now - proved_at < within
