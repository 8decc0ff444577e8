"""The shipped gazetteer in memory: postal codes, places of the same name, and the points next to a point.

Everything is read on first use, each part by itself: a postal code needs neither the place names nor the points.
The files are GeoNames' (CC BY 4.0), and their traps are handled here. Military post offices have points that mean
nothing and are left out, and so is Father Christmas's code at the North Pole. British and Australian place names that
occur several times in one nation or state carry the middle of all of them as their point: such a row is used only
where the postal codes around that point agree with it. World cities carry no county, which is taken from the nearest
postal code.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from directory.geo.distance import MEAN_RADIUS_KM, Array, arc_km, ecef
from directory.geo.names import fold
from directory.geo.outlines import Window
from directory.geo.postcodes import POSTAL_COUNTRIES
from directory.geo.regions import Regions


@dataclass(frozen=True, slots=True)
class PostalPoint:
    """A postal code as the gazetteer knows it: the middle of its area, named after the place nearest to that."""

    country: str
    code: str
    place_name: str
    admin1: str
    admin2: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Town:
    """One place of a name. ``population`` is a guess from its number of postal codes unless ``is_city``."""

    name: str
    country: str
    admin1: str
    admin2: str
    latitude: float
    longitude: float
    population: int
    is_city: bool


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that a map may name. ``population`` is 0 where it is not known."""

    name: str
    latitude: float
    longitude: float
    population: int


_SAME_TOWN_KM = 40.0
_BELIEVABLE_KM = 15.0
_PEOPLE_PER_CODE = 3000
_LARGEST_GUESS = 14_000
# The Crown dependencies stand in the file twice, under their own country code and under Great Britain's.
_BRITISH_NATIONS = frozenset({"ENG", "SCT", "WLS", "NIR"})
_AT_THE_POLE = "CA,H0H,"
# People use these names; GeoNames knows the places by the others.
_ALSO_CALLED = {
    "new york city": ("new york", "nyc"),
    "the bronx": ("bronx",),
    "kingston upon hull": ("hull",),
    "newcastle upon tyne": ("newcastle",),
    "stratford upon avon": ("stratford",),
    "ashton under lyne": ("ashton",),
    "burton upon trent": ("burton",),
    "kingston upon thames": ("kingston",),
    "quebec": ("quebec city",),
    "londonderry county borough": ("londonderry", "derry"),
}


class _Table:
    """One of the files. Lines are cut into cells only when asked for, which makes loading several times faster."""

    def __init__(self, file: Path, *, latitude: int) -> None:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
            header, *lines = text.read().splitlines()
        self.columns = header.split(",")
        self.lines = lines
        self._latitude = latitude

    def keep(self, admin1: int) -> None:
        """Drop the lines that mean nothing; ``admin1`` is that column's position."""
        self.lines = [
            line
            for line in self.lines
            if not line.startswith(("US,", "GB,")) or _usable(line[:2], _cells(line)[admin1])
        ]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, index: int) -> list[str]:
        return _cells(self.lines[index])

    def column(self, position: int) -> list[str]:
        """One column of every line."""
        return [
            line.split(",", position + 1)[position] if '"' not in line else _cells(line)[position]
            for line in self.lines
        ]

    def point(self, index: int) -> tuple[str, str]:
        """Latitude and longitude as they stand in the file."""
        row = self[index]
        return row[self._latitude], row[self._latitude + 1]


def _cells(line: str) -> list[str]:
    return line.split(",") if '"' not in line else next(csv.reader((line,)))


class Points:
    """Points on the ground among which the nearest is sought."""

    def __init__(self, latitudes: Sequence[str], longitudes: Sequence[str]) -> None:
        self._x, self._y, self._z = ecef(np.array(latitudes, dtype=np.float64), np.array(longitudes, dtype=np.float64))

    def nearest(self, latitude: float, longitude: float) -> tuple[int, float]:
        """Index of the nearest point, the first of equals, and its distance in kilometres."""
        squared = self._squared(latitude, longitude)
        index = int(squared.argmin())
        return index, float(arc_km(float(np.sqrt(squared[index]))))

    def _squared(self, latitude: float, longitude: float) -> Array:
        x, y, z = ecef(latitude, longitude)
        squared: Array = (self._x - x) ** 2 + (self._y - y) ** 2 + (self._z - z) ** 2
        return squared


class Atlas:
    """The three files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._remembered_towns = lru_cache(maxsize=2048)(self._find_towns)
        self._surroundings_of: dict[tuple[str, bool], tuple[list[int], Points]] = {}

    @cached_property
    def _codes(self) -> _Table:
        table = _Table(self._folder / "postal_codes.csv.gz", latitude=6)
        table.keep(admin1=3)
        table.lines = [line for line in table.lines if not line.startswith(_AT_THE_POLE)]
        return table

    @cached_property
    def _places(self) -> _Table:
        table = _Table(self._folder / "postal_places.csv.gz", latitude=5)
        table.keep(admin1=2)
        return table

    @cached_property
    def _cities(self) -> _Table:
        return _Table(self._folder / "world_cities.csv.gz", latitude=4)

    @cached_property
    def _tables(self) -> tuple[_Table, _Table, _Table]:
        return self._codes, self._places, self._cities

    @cached_property
    def _row_of_code(self) -> dict[str, int]:
        """ "US,97214" -> row; no cell before the code is ever quoted."""
        return {line[: line.index(",", 3)]: index for index, line in enumerate(self._codes.lines)}

    @cached_property
    def _codes_of_country(self) -> dict[str, list[str]]:
        codes = defaultdict(list)
        for key in self._row_of_code:
            codes[key[:2]].append(key[3:])
        return {country: sorted(known) for country, known in codes.items()}

    @cached_property
    def regions(self) -> Regions:
        """Countries and their parts by name."""
        parts = dict.fromkeys((row[0], row[3], row[4]) for row in map(_cells, self._codes.lines))
        return Regions.of(part for part in parts if all(part) and part[0] in POSTAL_COUNTRIES)

    def postal_point(self, country: str, code: str) -> PostalPoint | None:
        """What is known of a code, as the gazetteer writes it (upper case, cut)."""
        index = self._row_of_code.get(f"{country},{code}")
        return None if index is None else _postal_point(self._codes[index])

    def postal_points(self, country: str, admin1: str | None = None) -> Iterator[PostalPoint]:
        """Every code of a country, or of one of its parts."""
        for line in self._codes.lines:
            if line.startswith(f"{country},"):
                row = _cells(line)
                if admin1 in (None, row[3]):
                    yield _postal_point(row)

    def codes_of(self, country: str) -> Sequence[str]:
        """The codes of a country in order."""
        return self._codes_of_country.get(country, ())

    @cached_property
    def _names(self) -> dict[str, tuple[int, ...]]:
        """Folded name -> its rows, each as three times the row's number plus the table's."""
        columns = [table.column(position) for table, position in zip(self._tables, (2, 1, 1), strict=True)]
        folded = {name: fold(name) for name in set(chain(*columns))}
        found: dict[str, tuple[int, ...]] = {}
        for table, column in enumerate(columns):
            for packed, name in zip(range(table, 3 * len(column) + table, 3), column, strict=True):
                key = folded[name]
                found[key] = (*found[key], packed) if key in found else (packed,)
        for name, others in _ALSO_CALLED.items():
            for other in others:
                known = found.get(other, ())
                found[other] = known + tuple(row for row in found.get(name, ()) if row not in known)
        found.pop("", None)
        return found

    @property
    def names(self) -> Sequence[str]:
        """Every folded name."""
        return list(self._names)

    def towns(self, folded: str) -> Sequence[Town]:
        """Every place of this folded name, the most populous first."""
        return self._remembered_towns(folded)

    def _find_towns(self, folded: str) -> tuple[Town, ...]:
        rows: tuple[list[list[str]], ...] = ([], [], [])
        for packed in self._names.get(folded, ()):
            rows[packed % 3].append(self._tables[packed % 3][packed // 3])
        codes, places, cities = rows
        towns = [town for group in _groups(codes) for town in _towns_of_codes(group)]
        named = {(row[0], row[3]) for row in codes}
        towns += [
            _town(row[1], row[0], row[2], row[4], float(row[5]), float(row[6]), int(row[7]))
            for row in places
            if (row[0], row[2]) not in named and self._believable(row)
        ]
        for row in cities:
            towns = self._with_city(towns, row)
        towns.sort(key=lambda town: (-town.population, town.country, town.admin1, town.admin2))
        return tuple(_one_per_county(towns))

    def _believable(self, row: list[str]) -> bool:
        """Whether a row's point is the place's own: where the name occurs once, or where its county agrees."""
        if row[7] == "1":
            return True
        near, km = self._nearest_in(row[0], float(row[5]), float(row[6]))
        # Australia's second level are delivery regions, which say nothing.
        return near.admin1 == row[2] and km <= _BELIEVABLE_KM and (row[0] != "GB" or near.admin2 == row[4])

    def _with_city(self, towns: list[Town], row: list[str]) -> list[Town]:
        """The towns with this city among them: it takes the place of what the postal codes knew of the same town."""
        latitude, longitude = float(row[4]), float(row[5])
        same = [
            town
            for town in towns
            if not town.is_city
            and (town.country, town.admin1) == (row[2], row[3])
            and _apart_km(town.latitude, town.longitude, latitude, longitude) <= _SAME_TOWN_KM
        ]
        same.sort(key=lambda town: _apart_km(town.latitude, town.longitude, latitude, longitude))
        if same and row[2] != "GB":
            admin2 = same[0].admin2
        else:
            # The border of Greater London runs between places of one name, so that in Britain the point decides.
            admin2 = self._nearest_in(row[2], latitude, longitude)[0].admin2 if row[2] in self._codes_of_country else ""
        city = Town(row[1], row[2], row[3], admin2, latitude, longitude, int(row[6]), is_city=True)
        return [town for town in towns if town not in same[:1]] + [city]

    def _surroundings(self, country: str, *, codes_only: bool = False) -> tuple[list[int], Points]:
        """What tells the parts of a country ("" for all) by nearness, packed as in ``_names``, and its points.

        British places stand among the codes because the border of Greater London runs between places of one code;
        cities only where no postal code is known.
        """
        if (country, codes_only) not in self._surroundings_of:
            start = f"{country}," if country else ""
            rows = [3 * index for index, line in enumerate(self._codes.lines) if line.startswith(start)]
            if country in ("", "GB") and not codes_only:
                rows += [
                    3 * index + 1
                    for index, line in enumerate(self._places.lines)
                    if line.startswith("GB,") and line.endswith(",1")
                ]
            if not country:
                countries = enumerate(self._cities.column(2))
                rows += [3 * index + 2 for index, name in countries if name not in self._codes_of_country]
            self._surroundings_of[country, codes_only] = rows, self._points(rows)
        return self._surroundings_of[country, codes_only]

    def _points(self, packed: Sequence[int]) -> Points:
        points = [self._tables[row % 3].point(row // 3) for row in packed]
        return Points([latitude for latitude, _ in points], [longitude for _, longitude in points])

    def nearest_row(self, latitude: float, longitude: float) -> tuple[PostalPoint, float]:
        """What is nearest to a point, and how many kilometres away; a city or place has no code."""
        return self._nearest_in("", latitude, longitude)

    def nearest_code(self, country: str, latitude: float, longitude: float) -> PostalPoint | None:
        """The postal code of this country next to a point; ``None`` where the country has none."""
        if country not in self._codes_of_country:
            return None
        return self._nearest_in(country, latitude, longitude, codes_only=True)[0]

    def _nearest_in(
        self, country: str, latitude: float, longitude: float, *, codes_only: bool = False
    ) -> tuple[PostalPoint, float]:
        packed, points = self._surroundings(country, codes_only=codes_only)
        position, km = points.nearest(latitude, longitude)
        table, index = packed[position] % 3, packed[position] // 3
        row = self._tables[table][index]
        if table == 0:
            return _postal_point(row), km
        if table == 1:
            return PostalPoint(row[0], "", row[1], row[2], row[4], float(row[5]), float(row[6])), km
        return PostalPoint(row[2], "", row[1], row[3], "", float(row[4]), float(row[5])), km

    @cached_property
    def _named_points(self) -> tuple[list[str], Array, Array, npt.NDArray[np.int64]]:
        """Names with latitude, longitude and inhabitants: cities, and the places that postal codes are named after."""
        cities = [_cells(line) for line in self._cities.lines]
        codes = [_cells(line) for line in self._codes.lines]
        names = [row[1] for row in cities] + [row[2].partition(" (")[0] for row in codes]
        latitudes = [row[4] for row in cities] + [row[6] for row in codes]
        longitudes = [row[5] for row in cities] + [row[7] for row in codes]
        people = [int(row[6]) for row in cities] + [0] * len(codes)
        return (
            names,
            np.array(latitudes, dtype=np.float64),
            np.array(longitudes, dtype=np.float64),
            np.array(people, dtype=np.int64),
        )

    def landmarks(self, window: Window, most: int) -> list[Landmark]:
        """What lies in a window and has a name, the most populous first, each name once."""
        names, latitudes, longitudes, people = self._named_points
        inside = (latitudes >= window.south) & (latitudes <= window.north)
        inside &= (longitudes - window.west) % 360 <= window.width
        found: dict[str, Landmark] = {}
        rows = np.flatnonzero(inside)
        for row in rows[np.argsort(-people[rows], kind="stable")].tolist():
            if len(found) == most:
                break
            if names[row] not in found:
                mark = Landmark(names[row], float(latitudes[row]), float(longitudes[row]), int(people[row]))
                found[names[row]] = mark
        return list(found.values())

    def codes_in(self, window: Window, most: int) -> list[Landmark]:
        """The postal codes whose middle lies in a window, those nearest to its own middle first, one for each point."""
        _, latitudes, longitudes, _ = self._named_points
        first = len(self._cities)
        latitudes, longitudes = latitudes[first:], longitudes[first:]
        inside = (latitudes >= window.south) & (latitudes <= window.north)
        inside &= (longitudes - window.west) % 360 <= window.width
        middle = (window.south + window.north) / 2, window.west + window.width / 2
        rows = np.flatnonzero(inside)
        far = np.hypot(latitudes[rows] - middle[0], (longitudes[rows] - middle[1] + 180) % 360 - 180)
        found: dict[tuple[float, float], Landmark] = {}
        for row in rows[np.argsort(far, kind="stable")].tolist():
            if len(found) == most:
                break
            point = float(latitudes[row]), float(longitudes[row])
            if point not in found:
                found[point] = Landmark(_cells(self._codes.lines[row])[1], *point, 0)
        return list(found.values())

    @cached_property
    def _cities_of_counties(self) -> dict[str, list[Town]]:
        counties: dict[str, list[Town]] = defaultdict(list)
        for row in map(_cells, self._cities.lines):
            if row[2] == "GB":
                (city,) = self._with_city([], row)
                counties[fold(city.admin2)].append(city)
        return {county: sorted(cities, key=lambda city: -city.population) for county, cities in counties.items()}

    def cities_of_county(self, folded: str, count: int) -> list[Town]:
        """The most populous cities of a British county, for people who type "Norfolk" or "Isle of Wight"."""
        return self._cities_of_counties.get(folded, [])[:count] if folded else []

    def largest_cities(self, country: str, admin1: str, count: int) -> list[str]:
        """Names of the most populous cities of a country or of one of its parts."""
        rows = [row for row in map(_cells, self._cities.lines) if row[2] == country and admin1 in ("", row[3])]
        return [row[1] for row in sorted(rows, key=lambda row: -int(row[6]))[:count]]


def _usable(country: str, admin1: str) -> bool:
    if country == "US":
        return admin1 != ""
    return country != "GB" or admin1 in _BRITISH_NATIONS


def _postal_point(row: list[str]) -> PostalPoint:
    return PostalPoint(row[0], row[1], row[2], row[3], row[5], float(row[6]), float(row[7]))


def _groups(codes: list[list[str]]) -> list[list[list[str]]]:
    groups: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for row in codes:
        groups[row[0], row[3]].append(row)
    return list(groups.values())


def _towns_of_codes(rows: list[list[str]]) -> Iterator[Town]:
    """The towns behind codes of one name in one part of a country: codes far from one another are different towns."""
    points = [(float(row[6]), float(row[7]), row) for row in rows]
    while points:
        latitude, longitude, first = points[0]
        town: list[tuple[float, float, list[str]]] = []
        left: list[tuple[float, float, list[str]]] = []
        for point in points:
            near = _apart_km(latitude, longitude, point[0], point[1]) <= _SAME_TOWN_KM
            (town if near else left).append(point)
        points = left
        county = next((row[5] for _, _, row in town if row[5]), "")
        middle = median(point[0] for point in town), median(point[1] for point in town)
        yield _town(first[2], first[0], first[3], county, *middle, len(town))


def _one_per_county(towns: Iterable[Town]) -> Iterator[Town]:
    """The first town of each name in each American or Canadian county: a second one there is the same, misplaced."""
    seen: set[tuple[str, str, str]] = set()
    for town in towns:
        county = town.country, town.admin1, town.admin2
        if town.admin2 and town.country in ("US", "CA"):
            if county in seen:
                continue
            seen.add(county)
        yield town


def _apart_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Roughly how far apart two points of one country are, without numpy's price for a single number."""
    half = math.radians(lat2 - lat1) / 2, math.radians(lon2 - lon1) / 2
    scale = math.cos(math.radians(lat1)) * math.cos(math.radians(lat2))
    return 2 * MEAN_RADIUS_KM * math.asin(math.sqrt(math.sin(half[0]) ** 2 + scale * math.sin(half[1]) ** 2))


def _town(name: str, country: str, admin1: str, admin2: str, latitude: float, longitude: float, codes: int) -> Town:
    guess = min(_PEOPLE_PER_CODE * codes, _LARGEST_GUESS)
    return Town(name, country, admin1, admin2, latitude, longitude, guess, is_city=False)
