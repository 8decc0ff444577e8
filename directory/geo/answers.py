"""What a geocoding server said about a text, as far as it is kept: a point and how precise it is, never an address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from directory.geo.places import Precision


class Provider(StrEnum):
    """The servers that may be asked beside the shipped gazetteer."""

    NOMINATIM = "nominatim"
    PHOTON = "photon"


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in degrees and what it stands for."""

    latitude: float
    longitude: float
    precision: Precision


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's answer under the sealed key of the question; ``spot`` is ``None`` when it knew nothing either."""

    key: str
    provider: Provider
    spot: Spot | None
