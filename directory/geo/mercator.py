"""From the earth to a flat sheet and back: the Web Mercator projection (EPSG:3857) around a point, and directions.

A sheet is measured in units from its middle, x to the east and y to the south. Longitudes are taken the short way round
from the middle, so that the date line is a line like any other. Beyond ``FURTHEST_LATITUDE`` there is no such sheet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from directory.geo.distance import MEAN_RADIUS_KM, Array

FURTHEST_LATITUDE: Final = 84.0
"""Short of the projection's own end at 85.05°, so that a sheet still has an edge around its middle."""
KM_PER_DEGREE: Final = math.pi * MEAN_RADIUS_KM / 180
_END: Final = 85.051128


class Compass(StrEnum):
    """The eight directions people name."""

    NORTH = "north"
    NORTH_EAST = "north_east"
    EAST = "east"
    SOUTH_EAST = "south_east"
    SOUTH = "south"
    SOUTH_WEST = "south_west"
    WEST = "west"
    NORTH_WEST = "north_west"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A flat piece of the earth: its middle in degrees, and units for one degree of longitude."""

    latitude: float
    longitude: float
    per_degree: float

    @classmethod
    def around(cls, latitude: float, longitude: float, *, km: float, units: float) -> Sheet:
        """The sheet on which a circle of so many kilometres reaches ``units`` from the middle, and nowhere further.

        Raises ``ValueError`` too near a pole.
        """
        if abs(latitude) > FURTHEST_LATITUDE:
            raise ValueError("no flat map so near a pole")
        far = math.degrees(km / MEAN_RADIUS_KM)
        middle = _stretched(latitude)
        north, south = _stretched(min(latitude + far, _END)), _stretched(max(latitude - far, -_END))
        return cls(latitude, longitude, units / max(north - middle, middle - south))

    def x(self, longitude: Array) -> Array:
        """How far east of the middle, in units."""
        return ((longitude - self.longitude + 180) % 360 - 180) * self.per_degree

    def y(self, latitude: Array) -> Array:
        """How far south of the middle, in units."""
        inside = np.radians(np.clip(latitude, -_END, _END))
        stretched = np.degrees(np.arcsinh(np.tan(inside)))
        return (_stretched(self.latitude) - stretched) * self.per_degree

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a point lies on the sheet."""
        east = (longitude - self.longitude + 180) % 360 - 180
        north = _stretched(max(-_END, min(_END, latitude))) - _stretched(self.latitude)
        return east * self.per_degree, -north * self.per_degree

    def point(self, x: float, y: float) -> tuple[float, float]:
        """The latitude and longitude that lie there."""
        stretched = math.radians(_stretched(self.latitude) - y / self.per_degree)
        longitude = (self.longitude + x / self.per_degree + 180) % 360 - 180
        return math.degrees(math.atan(math.sinh(stretched))), longitude

    def units(self, km: float) -> float:
        """How long so many kilometres are at the middle."""
        return km / KM_PER_DEGREE * self.per_degree / math.cos(math.radians(self.latitude))

    def circle(self, latitude: float, longitude: float, *, km: float, corners: int) -> list[tuple[float, float]]:
        """The points so far over the ground from a point, from the north with the clock."""
        bearings = (2 * math.pi * number / corners for number in range(corners))
        return [self.place(*_gone(latitude, longitude, km, bearing)) for bearing in bearings]


def compass(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> Compass:
    """In which of the eight directions one sets out from the first point to the second, by the shortest way."""
    start, end = math.radians(latitude), math.radians(to_latitude)
    east = math.radians(to_longitude - longitude)
    bearing = math.atan2(
        math.sin(east) * math.cos(end),
        math.cos(start) * math.sin(end) - math.sin(start) * math.cos(end) * math.cos(east),
    )
    return tuple(Compass)[round(math.degrees(bearing) / 45) % 8]


def _stretched(latitude: float) -> float:
    """The Mercator y of a latitude, in degrees."""
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def _gone(latitude: float, longitude: float, km: float, bearing: float) -> tuple[float, float]:
    """Where one arrives after so many kilometres on a sphere."""
    phi, far = math.radians(latitude), km / MEAN_RADIUS_KM
    sine = math.sin(phi) * math.cos(far) + math.cos(phi) * math.sin(far) * math.cos(bearing)
    east = math.atan2(math.sin(bearing) * math.sin(far) * math.cos(phi), math.cos(far) - math.sin(phi) * sine)
    return math.degrees(math.asin(max(-1.0, min(1.0, sine)))), longitude + math.degrees(east)
