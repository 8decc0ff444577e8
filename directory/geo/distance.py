"""Straight-line distance over the ground, fast enough to compare a patient with everybody.

Points become earth-centred coordinates (ECEF on the WGS 84 ellipsoid, NIMA TR8350.2), so that a distance is a
subtraction; the chord through the earth is then bent back onto the ground as an arc, 2R asin(c / 2R). The bend is a
correction of 0.003 % at 160 km, so the earth's mean radius is near enough. Against Karney's geodesic the result is
within 0.0001 % up to 160 km and within 0.15 % up to 10,000 km; near the antipodes, where nobody travels for an
appointment, it is up to 4 % off.
"""

from __future__ import annotations

from typing import Final, TypeAlias, overload

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

EQUATOR_KM: Final = 6378.137
FLATTENING: Final = 1 / 298.257223563
MEAN_RADIUS_KM: Final = 6371.0088
KM_PER_MILE: Final = 1.609344
MILES_PER_KM: Final = 1 / KM_PER_MILE
_E2: Final = FLATTENING * (2 - FLATTENING)


@overload
def ecef(latitude: float, longitude: float) -> tuple[float, float, float]: ...
@overload
def ecef(latitude: Array, longitude: Array) -> tuple[Array, Array, Array]: ...
def ecef(latitude: float | Array, longitude: float | Array) -> tuple[float, float, float] | tuple[Array, Array, Array]:
    """Earth-centred x, y and z in kilometres of points on the ellipsoid given in degrees."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    sine, cosine = np.sin(phi), np.cos(phi)
    normal = EQUATOR_KM / np.sqrt(1 - _E2 * sine * sine)
    x, y, z = normal * cosine * np.cos(lam), normal * cosine * np.sin(lam), normal * (1 - _E2) * sine
    return x, y, z


@overload
def arc_km(chord: float) -> float: ...
@overload
def arc_km(chord: Array) -> Array: ...
def arc_km(chord: float | Array) -> float | Array:
    """Kilometres over the ground between points that are ``chord`` kilometres apart through the earth."""
    diameter = 2 * MEAN_RADIUS_KM
    arc: float | Array = diameter * np.arcsin(np.minimum(np.divide(chord, diameter), 1.0))
    return arc


@overload
def chord_km(arc: float) -> float: ...
@overload
def chord_km(arc: Array) -> Array: ...
def chord_km(arc: float | Array) -> float | Array:
    """The inverse of ``arc_km``: turns a radius, once, into what every row is compared with."""
    diameter = 2 * MEAN_RADIUS_KM
    chord: float | Array = diameter * np.sin(np.minimum(np.divide(arc, diameter), np.pi / 2))
    return chord


@overload
def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float: ...
@overload
def distance_km(lat1: float, lon1: float, lat2: Array, lon2: Array) -> Array: ...
@overload
def distance_km(lat1: Array, lon1: Array, lat2: Array, lon2: Array) -> Array: ...
def distance_km(lat1: float | Array, lon1: float | Array, lat2: float | Array, lon2: float | Array) -> float | Array:
    """Kilometres over the ground between points in degrees; one point may be measured against arrays of others."""
    a, b = ecef(np.asarray(lat1), np.asarray(lon1)), ecef(np.asarray(lat2), np.asarray(lon2))
    distance = arc_km(np.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2))
    return float(distance) if np.ndim(distance) == 0 else distance
