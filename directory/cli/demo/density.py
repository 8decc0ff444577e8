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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
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
    spots = [
        Spot(point, code)
        for point in gazetteer().codes(country)
        if (code := rules.at(point.country, point.admin1, point.admin2)) in allowed and code is not None
    ]
    spots.sort(key=lambda spot: (spot.point.latitude, spot.point.code))
    parts: dict[str, list[tuple[Spot, float]]] = {}
    for spot, weight in zip(spots, _weights([spot.point for spot in spots], read_cities(country)), strict=True):
        for part in ("", spot.point.admin1):
            parts.setdefault(part, []).append((spot, weight))
    return {
        part: Spots([spot for spot, _ in held], list(accumulate(weight for _, weight in held)))
        for part, held in parts.items()
    }


class City(NamedTuple):
    """A city: degrees and inhabitants."""

    latitude: float
    longitude: float
    population: int


def read_cities(country: str) -> list[City]:
    """Cities of 15,000 people and more in a country."""
    with gzip.open(SEEDS / "gazetteer" / "world_cities.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(line for line in file if f",{country}," in line)
        return [City(float(row[4]), float(row[5]), int(row[6])) for row in rows if row[2] == country]


def _weights(points: Sequence[PostalPoint], cities: Sequence[City]) -> list[float]:
    """Each code's share of the inhabitants of the cities around it, and a little for itself; points rise northwards."""
    weights = np.full(len(points), _COUNTRYSIDE)
    latitudes = np.array([point.latitude for point in points])
    x, y, z = ecef(latitudes, np.array([point.longitude for point in points]))
    window = _CITY_KM / 110.5
    for city in cities:
        low, high = np.searchsorted(latitudes, [city.latitude - window, city.latitude + window])
        if low == high:
            continue
        there = ecef(city.latitude, city.longitude)
        square = sum((axis[low:high] - at) ** 2 for axis, at in zip((x, y, z), there, strict=True))
        near = np.flatnonzero(arc_km(np.sqrt(square)) <= _CITY_KM) + low
        if len(near):
            weights[near] += city.population / len(near)
    return [float(each) for each in weights]
