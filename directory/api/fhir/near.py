"""``near``: a point, and how far around it (https://hl7.org/fhir/R4/location.html#search, UCUM units)."""

from __future__ import annotations

import re
from typing import Final

from directory.api.fhir.conditions import Near
from directory.api.fhir.escapes import plain, split
from directory.api.fhir.outcomes import invalid
from directory.geo.distance import KM_PER_MILE, MEAN_RADIUS_KM
from directory.search.criteria import DEFAULT_RADIUS_KM

UCUM: Final = "http://unitsofmeasure.org"
KM_IN: Final = {
    "km": 1.0,
    "m": 0.001,
    "dm": 0.0001,
    "cm": 0.00001,
    "mm": 0.000001,
    "Mm": 1000.0,
    "hm": 0.1,
    "[mi_i]": KM_PER_MILE,
    "[mi_us]": 6336 / 3937,
    "[nmi_i]": 1.852,
    "[yd_i]": 0.0009144,
    "[ft_i]": 0.0003048,
    "[ft_us]": 1.2 / 3937,
}
"""Kilometres in one of each unit of length that UCUM names and a client may have."""

ALL_ROUND_KM: Final = MEAN_RADIUS_KM * 3.2
"""Farther than any two points on earth are apart."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,9}(\.\d{1,18})?([eE][+-]?\d{1,2})?", re.ASCII)
_SAYS: Final = "near is latitude|longitude|distance|units, such as 45.5|-122.6|10|km or 45.5|-122.6|5|[mi_us]"


def read(text: str, name: str) -> Near:
    """The point and the distance; a refusal that says what is wrong. Without a distance it is the one that a search for
    patients begins with, without units it is in kilometres."""
    parts = [plain(each).strip() for each in split(text, "|")]
    if not 2 <= len(parts) <= 4:
        raise invalid(_SAYS, name)
    latitude, longitude = _number(parts[0], name), _number(parts[1], name)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise invalid(f"{_SAYS}; there is no such point on earth", name)
    units = parts[3] if len(parts) > 3 and parts[3] else "km"
    if units not in KM_IN:
        known = ", ".join(KM_IN)
        raise invalid(
            f"{units[:20]!r} is not a unit of length known here; known are {known}, as UCUM writes them", name
        )
    if len(parts) < 3 or not parts[2]:
        if len(parts) > 3 and parts[3]:
            raise invalid("there are units but no distance", name)
        return Near(latitude, longitude, DEFAULT_RADIUS_KM)
    distance = _number(parts[2], name)
    if distance < 0:
        raise invalid("a distance is not less than nothing", name)
    return Near(latitude, longitude, min(distance * KM_IN[units], ALL_ROUND_KM))


def _number(text: str, name: str) -> float:
    if _NUMBER.fullmatch(text) is None:
        raise invalid(_SAYS, name)
    return float(text)
