"""Where the demonstration people work: as many to a region as real acupuncturists, near where its people live.

Numbers: US by state from ``seeds/us_acupuncturists_by_state.csv`` (Fan et al. 2024 and board reports); a little over
3,000 members of the British Acupuncture Council; 4,898 acupuncturists registered in Australia; about 5,500 in Canada
and 700 in New Zealand (orders of magnitude). Inside a region a postal code weighs what the cities of GeoNames around it
have of inhabitants, and every code a little, so that the countryside is thin and not empty.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import attrgetter
from random import Random
from typing import NamedTuple

import numpy as np

from directory.geo.atlas import PostalPoint
from directory.geo.distance import arc_km, ecef
from directory.geo.places import gazetteer
from directory.jurisdictions import rules
from directory.paths import SEEDS

REAL_NUMBERS = {"GB": 3000, "CA": 5500, "AU": 4898, "NZ": 700}
_CANADA = {
    "BC": 0.30,
    "AB": 0.10,
    "ON": 0.36,
    "QC": 0.20,
    "NL": 0.01,
    "NS": 0.015,
    "NB": 0.005,
    "MB": 0.005,
    "SK": 0.005,
}
_CITY_KM = 12.0
_NEIGHBOURS_KM = 25.0
_COUNTRYSIDE = 400.0
"""What a postal code weighs by itself, in inhabitants."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a country in which people are placed."""

    country: str
    admin1: str
    """Empty for a whole country."""
    number: float
    """Real acupuncturists."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A postal code in which somebody may work."""

    point: PostalPoint
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class Spots:
    """The spots of a region with their running weights."""

    spots: Sequence[Spot]
    running: Sequence[float]

    def pick(self, random: Random) -> Spot:
        """One of them, by weight."""
        return random.choices(self.spots, cum_weights=self.running)[0]

    def near(self, spot: Spot, random: Random) -> Spot:
        """Another one not far away, as somebody's second place; the same where there is none."""
        point = spot.point
        near = [
            each
            for each in self.spots
            if each.point.code != point.code
            and abs(each.point.latitude - point.latitude) * 111 < _NEIGHBOURS_KM
            and abs(each.point.longitude - point.longitude) * 80 < _NEIGHBOURS_KM
        ]
        return random.choice(near) if near else spot


def regions(open_jurisdictions: Iterable[str]) -> list[Region]:
    """Every region, without those where nobody may be listed."""
    allowed = set(open_jurisdictions)
    with (SEEDS / "us_acupuncturists_by_state.csv").open(encoding="utf-8", newline="") as file:
        found = [
            Region("US", row["state"], float(row["estimate_2023"]))
            for row in csv.DictReader(file)
            if rules.at("US", row["state"], None) in allowed
        ]
    found += [Region("CA", part, share * REAL_NUMBERS["CA"]) for part, share in _CANADA.items()]
    return found + [Region(country, "", float(REAL_NUMBERS[country])) for country in ("GB", "AU", "NZ")]


def shared_out(size: int, among: Sequence[Region]) -> list[int]:
    """How many of ``size`` people each region gets, by largest remainder."""
    total = sum(region.number for region in among)
    exact = [size * region.number / total for region in among]
    numbers = [math.floor(each) for each in exact]
    by_remainder = sorted(range(len(among)), key=lambda each: (numbers[each] - exact[each], each))
    for each in by_remainder[: size - sum(numbers)]:
        numbers[each] += 1
    return numbers


def spots_of(country: str, open_jurisdictions: Iterable[str]) -> dict[str, Spots]:
    """Where in a country people may be placed, by its first-level part and, under "", altogether."""
    allowed = set(open_jurisdictions)
    points = sorted(gazetteer().codes(country), key=attrgetter("latitude", "code"))
    spots = [
        Spot(point, code)
        for point in points
        if (code := rules.at(point.country, point.admin1, point.admin2)) in allowed and code is not None
    ]
    weights = _weights([spot.point for spot in spots], read_cities().get(country, ()))
    parts: dict[str, tuple[list[Spot], list[float]]] = {"": (spots, weights)}
    for spot, weight in zip(spots, weights, strict=True):
        if spot.point.admin1:
            of_part, weights_of_part = parts.setdefault(spot.point.admin1, ([], []))
            of_part.append(spot)
            weights_of_part.append(weight)
    return {part: Spots(held, list(accumulate(heavy))) for part, (held, heavy) in parts.items()}


class City(NamedTuple):
    """A city: degrees and inhabitants."""

    latitude: float
    longitude: float
    population: int


@cache
def read_cities() -> Mapping[str, Sequence[City]]:
    """Cities of 15,000 people and more in the countries people are placed in."""
    cities: dict[str, list[City]] = {country: [] for country in ("US", *REAL_NUMBERS)}
    with gzip.open(SEEDS / "gazetteer" / "world_cities.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if row[2] in cities:
                cities[row[2]].append(City(float(row[4]), float(row[5]), int(row[6])))
    return cities


def _weights(points: Sequence[PostalPoint], cities: Sequence[City]) -> list[float]:
    """Each code's share of the inhabitants of the cities around it, and a little for itself; points rise northwards."""
    weights = np.full(len(points), _COUNTRYSIDE)
    latitudes = np.array([point.latitude for point in points])
    x, y, z = ecef(latitudes, np.array([point.longitude for point in points]))
    window = _CITY_KM / 110.5
    heights = np.array([city.latitude for city in cities])
    lows, highs = np.searchsorted(latitudes, heights - window), np.searchsorted(latitudes, heights + window)
    for city, low, high in zip(cities, lows.tolist(), highs.tolist(), strict=True):
        if low == high:
            continue
        there = ecef(city.latitude, city.longitude)
        square = sum((axis[low:high] - at) ** 2 for axis, at in zip((x, y, z), there, strict=True))
        near = np.flatnonzero(arc_km(np.sqrt(square)) <= _CITY_KM) + low
        if len(near):
            weights[near] += city.population / len(near)
    known: list[float] = weights.tolist()
    return known
