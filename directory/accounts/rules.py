"""What decides about accounts: one spelling of an address, how long a session lives, how often something may be tried.

Sources of the limits: NIST SP 800-63B, OWASP ASVS 5.0 chapters V6 and V7, and what PyPI (warehouse/config.py) and
GOV.UK Notify (app/config.py) do; read on 26 November 2026.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from directory.accounts.terms import Action, Purpose, Role, Scope

OFFERED_AT_REGISTRATION: Final = frozenset({Role.PATIENT, Role.PRACTITIONER})
"""What somebody may become by registering; everything else is granted by an administrator."""

LINK_LIVES: Final[Mapping[Purpose, timedelta]] = {
    Purpose.REGISTER: timedelta(hours=24),
    Purpose.RECOVER: timedelta(minutes=30),
    Purpose.CHANGE_EMAIL: timedelta(hours=2),
    Purpose.KEEP_EMAIL: timedelta(days=7),
}
INVITATION_LIVES: Final = timedelta(days=2)
EMERGENCY_LIVES: Final = timedelta(hours=4)
"""How long somebody is an administrator because nobody else could act."""
CHALLENGE_LIVES: Final = timedelta(minutes=5)
PENDING_LIVES: Final = timedelta(minutes=15)
"""Between the password and the second factor."""
SETTING_UP_LIVES: Final = timedelta(minutes=30)
"""Between being shown a new secret and typing its first code."""
DEVICE_LIVES: Final = timedelta(days=400)
LOG_LIVES: Final = timedelta(days=400)
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly it is known when a session was last used."""

RECOVERY_CODES: Final = 10
_CODE_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that are mistaken for one another. 16 of 31 are 79 bits."""
CODE_LENGTH: Final = 16


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


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within a time; beyond them, one whenever ``then_every`` has passed, or none where that is unset."""

    most: int
    within: timedelta
    then_every: timedelta | None = None


TRIES: Final[Mapping[tuple[Action, Scope], Limit]] = {
    (Action.SIGN_IN, Scope.PAIR): Limit(8, timedelta(minutes=15)),
    (Action.SIGN_IN, Scope.NETWORK): Limit(40, timedelta(minutes=15)),
    (Action.SIGN_IN, Scope.ACCOUNT): Limit(40, timedelta(hours=24), then_every=timedelta(minutes=1)),
    (Action.SECOND_FACTOR, Scope.PAIR): Limit(8, timedelta(minutes=15)),
    (Action.SECOND_FACTOR, Scope.ACCOUNT): Limit(24, timedelta(hours=24), then_every=timedelta(minutes=5)),
    (Action.REGISTER, Scope.NETWORK): Limit(20, timedelta(hours=1)),
    (Action.REGISTER, Scope.ACCOUNT): Limit(3, timedelta(hours=6)),
    (Action.RECOVER, Scope.NETWORK): Limit(20, timedelta(hours=1)),
    (Action.RECOVER, Scope.ACCOUNT): Limit(3, timedelta(hours=6)),
    (Action.CHANGE_EMAIL, Scope.ACCOUNT): Limit(3, timedelta(hours=6)),
    (Action.CHALLENGE, Scope.NETWORK): Limit(60, timedelta(minutes=15)),
    (Action.REPORT, Scope.NETWORK): Limit(10, timedelta(hours=1)),
    (Action.REPORT_HARM, Scope.NETWORK): Limit(10, timedelta(hours=1)),
    (Action.ASK_FOR_TALK, Scope.NETWORK): Limit(10, timedelta(hours=1)),
    (Action.ASK_FOR_LINK, Scope.NETWORK): Limit(20, timedelta(hours=1)),
    (Action.ASK_FOR_LINK, Scope.ACCOUNT): Limit(3, timedelta(hours=6)),
}
"""Nobody can lock somebody else out: a pair is blocked for its own network only, and what counts for the whole account
slows down browsers that have never signed in to it, and no others."""

ATTEMPTS_KEPT: Final = max(limit.within for limit in TRIES.values())


def wait(times: Sequence[datetime], limit: Limit, *, now: datetime) -> timedelta:
    """How long whoever made these tries must wait before the next one; nothing when they need not."""
    counted = sorted(each for each in times if now - limit.within < each <= now)
    if len(counted) < limit.most:
        return timedelta(0)
    over = counted[-limit.most] + limit.within - now
    if limit.then_every is None:
        return over
    return max(timedelta(0), min(over, counted[-1] + limit.then_every - now))


def subject(secret: str, *parts: str) -> str:
    """Whose tries are counted, as a hash that nobody makes without our secret: an address is soon guessed."""
    return hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def network(remote: str | None) -> str:
    """The network of a visitor: an IPv4 address, or the 64 bits of an IPv6 address that one household shares."""
    try:
        address = ip_address((remote or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if address.version == 6 and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address) if address.version == 4 else str(ip_network(f"{address}/64", strict=False))


def code_key(typed: str) -> str:
    """A recovery code as it is stored and compared, however it was typed."""
    return "".join(sign for sign in typed.casefold() if sign in _CODE_SIGNS)


def code_signs() -> str:
    """What recovery codes are made of."""
    return _CODE_SIGNS


def written_code(key: str) -> str:
    """A recovery code as it is shown: in groups of four."""
    return "-".join(key[at : at + 4] for at in range(0, len(key), 4))


_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Browser and system of a ``User-Agent`` as ``Firefox/Windows``, either left out where it is not known."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser}/{system}".strip("/")


def would_leave_nobody(administrators: Collection[int], leaving: int) -> bool:
    """Whether nobody could run the site any more once this account is no administrator."""
    return set(administrators) == {leaving}


_WAY_BACK = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")


def is_way_back(path: str) -> bool:
    """Whether this is a path of our own site, to which somebody may be sent after signing in: no host, no query."""
    return _WAY_BACK.fullmatch(path) is not None and not set("?#") & set(path)
