"""The time zone of a point, from boundaries that tzfpy carries (timezone-boundary-builder); nobody is asked."""

from __future__ import annotations

import tzfpy


def timezone_at(latitude: float, longitude: float) -> str:
    """The IANA zone at a point in degrees, such as "America/Los_Angeles"; at sea one like "Etc/GMT+4"."""
    return str(tzfpy.get_tz(longitude, latitude)) or "UTC"
