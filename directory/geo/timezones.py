"""The time zone of a point, from boundaries that tzfpy carries (timezone-boundary-builder), and the names of zones."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

import tzfpy


def timezone_at(latitude: float, longitude: float) -> str:
    """The IANA zone at a point in degrees, such as "America/Los_Angeles"; at sea one like "Etc/GMT+4"."""
    return str(tzfpy.get_tz(longitude, latitude)) or "UTC"


@cache
def is_zone(name: str) -> bool:
    """Whether this is the name of an IANA zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
