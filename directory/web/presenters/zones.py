"""The clocks from which a patient chooses the one that their times are meant by.

Those of the countries where somebody may be listed stand under their names, and the rest of the world as a distance
from UTC: a list of every zone there is could be read by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import get_timezone_name

from directory.geo.timezones import is_zone
from directory.http.locale import current, gettext

ZONES: Final[Mapping[str, Sequence[str]]] = {
    "US": (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",
        "America/Los_Angeles",
        "America/Anchorage",
        "Pacific/Honolulu",
        "America/Puerto_Rico",
    ),
    "CA": (
        "America/St_Johns",
        "America/Halifax",
        "America/Toronto",
        "America/Winnipeg",
        "America/Regina",
        "America/Edmonton",
        "America/Vancouver",
    ),
    "GB": ("Europe/London",),
    "IE": ("Europe/Dublin",),
    "AU": (
        "Australia/Sydney",
        "Australia/Brisbane",
        "Australia/Adelaide",
        "Australia/Darwin",
        "Australia/Perth",
    ),
    "NZ": ("Pacific/Auckland",),
}
"""One zone for each clock on which people of a country live; the same clock in two countries stands in both."""
_ELSEWHERE: Final = range(-12, 15)
"""Hours east of UTC. The names of these zones count westwards."""


def known(name: str, *, here: str) -> bool:
    """Whether this is one of the clocks on offer, where ``here`` is that of the patient's place."""
    return is_zone(name) and any(name == value for _, zones in groups(here) for value, _ in zones)


def groups(here: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The clocks on offer, by heading, each as a form takes it and as people read it; that of the place first."""
    return _groups(here, current())


@lru_cache(maxsize=64)
def _groups(here: str, locale: Locale) -> list[tuple[str, list[tuple[str, str]]]]:
    found = [(str(gettext("Where you search")), [(here, _said(here, locale))])]
    for country, zones in ZONES.items():
        offered = [(zone, _said(zone, locale)) for zone in zones if zone != here]
        found.append((str(locale.territories[country]), offered))
    found.append((str(gettext("Elsewhere")), [_from_utc(hours) for hours in _ELSEWHERE]))
    return [(heading, zones) for heading, zones in found if zones]


def said(zone: str) -> str:
    """A clock as people call it, with a town that goes by it: "Pacific Time (Los Angeles)"."""
    return _said(zone, current())


@lru_cache(maxsize=512)
def _said(zone: str, locale: Locale) -> str:
    name = get_timezone_name(zone, width="long", locale=locale)
    town = zone.rpartition("/")[2].replace("_", " ")
    return f"{name} ({town})" if "/" in zone and town not in name else str(name)


def _from_utc(hours: int) -> tuple[str, str]:
    if hours == 0:
        return "UTC", "UTC"
    return f"Etc/GMT{-hours:+d}", f"UTC{hours:+d}".replace("-", "\u2212")
