"""What a long way adds up to over a usual plan of visits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from directory.geo.distance import MILES_PER_KM

LONG_KM: Final = 80.0
"""From where on, one way and in a straight line, a journey is told as a sum."""

FEWEST_VISITS: Final = 6
MOST_VISITS: Final = 10
"""A usual plan before patient and practitioner look together whether anything has changed; no trial or guideline sets
these numbers, so pages call them usual and no more."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A way there and what it comes to there and back, in whole kilometres or whole miles, straight lines all."""

    one_way: int
    fewest: int
    """For the fewest visits of a usual plan."""
    most: int
    in_miles: bool


def is_long(km: float) -> bool:
    """Whether a way, in kilometres of straight line, is beyond what most would travel week after week."""
    return km > LONG_KM


def journey(km: float, *, in_miles: bool) -> Journey | None:
    """The sum for a way of so many kilometres; ``None`` for a way that is not long.

    The way is rounded first and multiplied then, so that what is shown adds up as shown.
    """
    if not is_long(km):
        return None
    one_way = round(km * MILES_PER_KM if in_miles else km)
    return Journey(one_way, 2 * FEWEST_VISITS * one_way, 2 * MOST_VISITS * one_way, in_miles)
