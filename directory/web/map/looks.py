"""From where and how closely a map is looked at, and the links that lead from one look to another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from directory.errors import InvalidInput
from directory.geo.mercator import FURTHEST_LATITUDE, Sheet
from directory.http.locale import gettext
from directory.web.map.frame import CLOSEST, SIDE

_LOOK = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,5})?),(-?[0-9]{1,3}(?:\.[0-9]{1,5})?),(1|2|4|8|16|32|64)")


@dataclass(frozen=True, slots=True)
class Look:
    """A closer look: the middle in degrees, and how many times larger than the whole circle."""

    latitude: float
    longitude: float
    zoom: int

    @property
    def place(self) -> str:
        """The middle as a place to search around, to a hundredth of a degree."""
        return f"{self.latitude:.2f}, {self.longitude:.2f}"

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.latitude:.4f},{self.longitude:.4f},{self.zoom}"


@dataclass(frozen=True, slots=True)
class Move:
    """A link to the same map from elsewhere; no ``href`` where it would lead nowhere."""

    name: str
    sign: str
    """The path of its icon, ten units to each side."""
    said: str
    href: str | None


def read_look(text: str) -> Look:
    """The look in an address; ``InvalidInput`` for anything that none of our links says."""
    match = _LOOK.fullmatch(text[:40])
    if match is None or abs(float(match[1])) > FURTHEST_LATITUDE or abs(float(match[2])) > 180:
        raise InvalidInput(gettext("The link to this part of the map is damaged."), field="look")
    return Look(float(match[1]), float(match[2]), int(match[3]))


def moves(sheet: Sheet, zoom: int, address: str, whole: Look) -> Iterator[Move]:
    """Every way to go on from a sheet drawn so many times larger. ``address`` is that of the map as it first is."""
    latitude, longitude = sheet.latitude, sheet.longitude
    closer = address_of(address, Look(latitude, longitude, zoom * 2)) if zoom < CLOSEST else None
    further = address_of(address, Look(latitude, longitude, zoom // 2)) if zoom > 1 else None
    step = SIDE / 2
    ways = {"north": (0.0, -step), "south": (0.0, step), "west": (-step, 0.0), "east": (step, 0.0)}
    there = {name: sheet.point(*way) for name, way in ways.items()}
    hrefs = {
        name: address_of(address, Look(*spot, zoom)) for name, spot in there.items() if abs(spot[0]) < FURTHEST_LATITUDE
    }
    yield Move("closer", "M-6 0H6M0-6V6", str(gettext("Closer")), closer)
    yield Move("further", "M-6 0H6", str(gettext("Further away")), further)
    yield Move("north", "M0 7V-6M-5-1 0-6 5-1", str(gettext("Go north")), hrefs.get("north"))
    yield Move("south", "M0-7V6M-5 1 0 6 5 1", str(gettext("Go south")), hrefs.get("south"))
    yield Move("west", "M7 0H-6M-1-5-6 0-1 5", str(gettext("Go west")), hrefs.get("west"))
    yield Move("east", "M-7 0H6M1-5 6 0 1 5", str(gettext("Go east")), hrefs.get("east"))
    yield Move(
        "everybody",
        "M-7-3V-7H-3M3-7H7V-3M7 3V7H3M-3 7H-7V3M-2.5 0A2.5 2.5 0 1 0 2.5 0A2.5 2.5 0 1 0-2.5 0",
        str(gettext("Everybody on this page")),
        address,
    )
    yield Move(
        "whole",
        "M-7 0A7 7 0 1 0 7 0A7 7 0 1 0-7 0M-.5 0H.5",
        str(gettext("The whole circle")),
        address_of(address, whole),
    )


def address_of(address: str, look: Look) -> str:
    """The address of a map, ``address``, looked at like this."""
    return f"{address}&look={look}"
