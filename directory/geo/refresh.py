"""Cutting the gazetteer's files anew from a dump of GeoNames. Pure: tables in, tables and a report out.

A postal code's point is the median of its places; the place nearest to it names it. Codes are cut as the gazetteer is
asked: outward codes of Great Britain, the first three signs in Canada and Ireland. The corrections in
``us_zip_overrides.csv`` stay. A code that would move by more than 100 km keeps its old point and is reported: the
newest dump puts four Australian islands over 1,000 km off.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, NamedTuple

from directory.downloads import BrokenFile
from directory.geo.distance import distance_km

COUNTRIES: Final = ("US", "PR", "GU", "VI", "AS", "MP", "GB", "GG", "JE", "IM", "CA", "AU", "NZ", "IE")
"""Those whose postal codes are shipped, in the order of the files."""

LARGEST_MOVE_KM: Final = 100.0
NOTICED_MOVE_KM: Final = 5.0
LEAST_OF_BEFORE: Final = 0.9
"""A dump with fewer of a country's codes than this share was cut off."""

MOST_REFUSED: Final = 0.01
"""Where more of a country's codes than this would move so far, the dump is wrong, not the codes."""

CODE_COLUMNS: Final = (
    "country_code",
    "postal_code",
    "place_name",
    "admin1_code",
    "admin1_name",
    "admin2_name",
    "latitude",
    "longitude",
    "accuracy",
    "place_count",
)
PLACE_COLUMNS: Final = (
    "country_code",
    "place_name",
    "admin1_code",
    "admin1_name",
    "admin2_name",
    "latitude",
    "longitude",
    "postal_code_count",
)
_DUMP_COLUMNS: Final = 12
CITY_COLUMNS: Final = (
    "geonameid",
    "name",
    "country_code",
    "admin1_code",
    "latitude",
    "longitude",
    "population",
    "timezone",
)
_CITY_DUMP_COLUMNS: Final = 19
# Where GeoNames numbers the parts of a country, everybody else uses letters.
_LETTERS: Final[Mapping[str, Mapping[str, str]]] = {
    "CA": {
        "01": "AB",
        "02": "BC",
        "03": "MB",
        "04": "NB",
        "05": "NL",
        "07": "NS",
        "08": "ON",
        "09": "PE",
        "10": "QC",
        "11": "SK",
        "12": "YT",
        "13": "NT",
        "14": "NU",
    },
    "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
}
_OUTWARD = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?[0-9][A-Z]{2}")
_CUT_TO_THREE: Final = frozenset({"CA", "IE"})

Row = tuple[str, ...]
Key = tuple[str, str]
"""Country and code."""


class Spot(NamedTuple):
    """One line of the dump: a place that has a postal code."""

    name: str
    admin1_code: str
    admin1_name: str
    admin2_name: str
    latitude: float
    longitude: float
    accuracy: str


@dataclass(frozen=True, slots=True)
class Move:
    """A code whose point lies elsewhere than before."""

    country: str
    code: str
    km: float


@dataclass(slots=True)
class Report:
    """What a dump changes: by country the codes that are new and gone, and every move worth a look."""

    new: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    gone: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    moved: list[Move] = field(default_factory=list)
    refused: list[Move] = field(default_factory=list)
    overridden: int = 0


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of ``postal_codes`` and ``postal_places``, without their headers."""

    codes: Sequence[Row]
    places: Sequence[Row]


def cut(country: str, code: str) -> str:
    """A code as the gazetteer keeps it."""
    code = code.upper().strip()
    if country in _CUT_TO_THREE:
        return code.replace(" ", "")[:3]
    if country in ("GB", "GG", "JE", "IM"):
        full = _OUTWARD.fullmatch(code)
        return full[1] if full else code
    return code


def spots(lines: Iterable[tuple[int, str]], name: str) -> dict[Key, list[Spot]]:
    """The lines of a dump by country and code, those of other countries left out; ``BrokenFile`` names a bad line."""
    found: dict[Key, list[Spot]] = defaultdict(list)
    for number, line in lines:
        cells = line.split("\t")
        if len(cells) != _DUMP_COLUMNS:
            raise BrokenFile(
                f"{name} is no dump of GeoNames' postal codes, or is damaged: line {number:,} has {len(cells)} columns"
                f" and not {_DUMP_COLUMNS}."
            )
        if cells[0] not in COUNTRIES:
            continue
        code = cut(cells[0], cells[1])
        try:
            latitude, longitude = float(cells[9]), float(cells[10])
        except ValueError:
            latitude = longitude = float("nan")
        if not (_on_the_ground(latitude, longitude) and code and cells[2]):
            raise BrokenFile(f"{name} is damaged: line {number:,} names no place, no code or no point on the ground.")
        found[cells[0], code].append(
            Spot(cells[2], cells[4], cells[3], cells[5], latitude, longitude, cells[11].strip())
        )
    if not found:
        raise BrokenFile(f"{name} holds no postal code of a country that is shipped.")
    return found


def refreshed(
    found: Mapping[Key, Sequence[Spot]], before: Tables, overrides: Mapping[Key, tuple[float, float]], name: str
) -> tuple[Tables, Report]:
    """Today's tables with the countries of the dump cut anew; the others stay as they are.

    ``BrokenFile`` when the dump lacks a tenth of a country's codes, or would move too many of them too far.
    """
    countries = {country for country, _ in found}
    old = {(row[0], row[1]): row for row in before.codes}
    report = Report()
    _compare(found, old, countries, report, name)
    codes: dict[Key, Row] = {key: row for key, row in old.items() if key[0] not in countries}
    fixed: dict[Key, tuple[float, float]] = {}
    for key, its_spots in found.items():
        row = _code(key, its_spots, overrides.get(key))
        if key in overrides:
            report.overridden += 1
            fixed[key] = overrides[key]
        if key in old:
            km = distance_km(*_point(old[key]), *_point(row))
            if km > LARGEST_MOVE_KM:
                report.refused.append(Move(*key, km))
                row = old[key]
                fixed[key] = _point(row)
            elif km > NOTICED_MOVE_KM:
                report.moved.append(Move(*key, km))
        codes[key] = row
    _must_be_few(report, found, name)
    places = [row for row in before.places if row[0] not in countries]
    places += _places(found, fixed)
    tables = Tables(
        codes=[codes[key] for key in sorted(codes, key=_in_order)],
        places=sorted(places, key=lambda row: (COUNTRIES.index(row[0]), row[2], row[1])),
    )
    return tables, report


def _in_order(key: Key) -> tuple[int, str]:
    return COUNTRIES.index(key[0]), key[1]


def _compare(
    found: Mapping[Key, object], old: Mapping[Key, object], countries: Iterable[str], report: Report, name: str
) -> None:
    for country in countries:
        had = {code for its, code in old if its == country}
        has = {code for its, code in found if its == country}
        if len(has) < len(had) * LEAST_OF_BEFORE:
            raise BrokenFile(
                f"{name} has {len(has):,} codes of {country}, and there were {len(had):,}: it looks cut off."
            )
        if has - had:
            report.new[country] = len(has - had)
        if had - has:
            report.gone[country] = sorted(had - has)


def _must_be_few(report: Report, found: Mapping[Key, object], name: str) -> None:
    for country in {move.country for move in report.refused}:
        refused = sum(move.country == country for move in report.refused)
        has = sum(its == country for its, _ in found)
        if refused > max(10, has * MOST_REFUSED):
            raise BrokenFile(
                f"{name} moves {refused:,} of {has:,} codes of {country} by more than {LARGEST_MOVE_KM:.0f} km:"
                " its points cannot be right."
            )


def _code(key: Key, its_spots: Sequence[Spot], override: tuple[float, float] | None) -> Row:
    latitude = median(spot.latitude for spot in its_spots)
    longitude = median(spot.longitude for spot in its_spots)
    accuracy = max(spot.accuracy for spot in its_spots)
    if override is not None:
        latitude, longitude = override
        accuracy = "o"
    names = min(
        its_spots, key=lambda spot: ((spot.latitude - latitude) ** 2 + (spot.longitude - longitude) ** 2, spot.name)
    )
    return (
        *key,
        names.name,
        names.admin1_code,
        names.admin1_name,
        names.admin2_name,
        f"{latitude:.5f}",
        f"{longitude:.5f}",
        accuracy,
        str(len(its_spots)),
    )


def _places(found: Mapping[Key, Sequence[Spot]], fixed: Mapping[Key, tuple[float, float]]) -> Iterator[Row]:
    """Each place of a name in one part of a country, in the middle of its codes; a code that was corrected or kept
    where it was counts with that point."""
    named: dict[tuple[str, str, str, str], list[tuple[float, float, str]]] = defaultdict(list)
    for key in sorted(found, key=_in_order):
        for spot in found[key]:
            point = fixed.get(key, (spot.latitude, spot.longitude))
            named[key[0], spot.name, spot.admin1_code, spot.admin1_name].append((*point, spot.admin2_name))
    for place, points in named.items():
        latitude, longitude = median(each[0] for each in points), median(each[1] for each in points)
        yield (*place, points[0][2], f"{latitude:.5f}", f"{longitude:.5f}", str(len(points)))


def _point(row: Row) -> tuple[float, float]:
    return float(row[6]), float(row[7])


def cities(lines: Iterable[tuple[int, str]], name: str, *, before: int) -> list[Row]:
    """The rows of ``world_cities`` from a dump such as ``cities15000.txt``, by number; ``BrokenFile`` as above."""
    found: dict[int, Row] = {}
    for number, line in lines:
        row = _city(line.split("\t"))
        if row is None:
            raise BrokenFile(f"{name} is no dump of GeoNames' cities, or is damaged in line {number:,}.")
        found[int(row[0])] = row
    if len(found) < before * LEAST_OF_BEFORE:
        raise BrokenFile(f"{name} has {len(found):,} cities, and there were {before:,}: it looks cut off.")
    return [found[key] for key in sorted(found)]


def _city(cells: Sequence[str]) -> Row | None:
    if len(cells) != _CITY_DUMP_COLUMNS:
        return None
    number, name, country, part, people, zone = (cells[index] for index in (0, 1, 8, 10, 14, 17))
    try:
        latitude, longitude, population = float(cells[4]), float(cells[5]), int(people or 0)
    except ValueError:
        return None
    if not (number.isdigit() and name and country and zone and _on_the_ground(latitude, longitude)):
        return None
    part = _LETTERS.get(country, {}).get(part, part)
    return number, name, country, part, f"{latitude:.5f}", f"{longitude:.5f}", str(population), zone


def _on_the_ground(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180
