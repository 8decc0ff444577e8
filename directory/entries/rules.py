"""What of a listing is public, recognised by a digest, and when time alone may change it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

from directory.credentials.rules import Person, turning_days

_NOT_SHOWN: Final = frozenset(
    {"account_id", "account_status", "created_at", "email", "held", "held_since", "published_at", "updated_at"}
)
"""Facts of a listing that nobody is shown."""

STEP: Final = timedelta(microseconds=1)

_LAST_DAY: Final = date(9999, 1, 1)
"""Beyond it the calendar may end before an instant can be told."""


def digest(shown: Iterable[object]) -> str:
    """SHA-256 of what is shown, the same in every process and on every database."""
    text = json.dumps([_plain(each) for each in shown], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(now: datetime, *, newest: datetime) -> datetime:
    """The instant to note a change with: now, and later than every one given before, also when a clock was set back."""
    return max(now, newest + STEP)


def next_turn(
    person: Person, *, late_days: Iterable[int], zone: str, now: datetime, also: Iterable[date] = ()
) -> datetime | None:
    """The first instant after ``now`` at which time alone may change whether this person is shown, or what is said of
    their papers: the beginning of a day in this time zone. ``also`` are other days on which something is said anew."""
    there, first = ZoneInfo(zone), now.date() - timedelta(days=1)
    days = {*also, *(day for late in set(late_days) for day in turning_days(person, late_days=late))}
    turns = (datetime.combine(day, time(), tzinfo=there).astimezone(UTC) for day in days if first <= day < _LAST_DAY)
    return min((turn for turn in turns if turn > now), default=None)


def _plain(value: Any) -> Any:  # noqa: PLR0911 -- one line for each kind of value
    """The value as JSON can say it, sets and mappings in one order."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if _is_shown(each.name)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(value[key]) for key in sorted(value, key=str) if _is_shown(key)}
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(each) for each in value), key=str)
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    raise TypeError(f"a digest knows no {type(value).__name__}")


def _is_shown(name: object) -> bool:
    return name not in _NOT_SHOWN
