"""From what somebody types to a point: the shipped gazetteer, asked in memory.

``gazetteer().resolve(text)`` understands postal codes of the United States, Great Britain, Canada, Australia, New
Zealand and Ireland, "town, region" the world over, and "latitude, longitude". It never guesses between places that
people could equally mean: it asks, with choices that can be typed back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from directory.errors import InvalidInput
from directory.geo.atlas import Atlas, Landmark, PostalPoint, Town
from directory.geo.names import fold
from directory.geo.outlines import Window
from directory.geo.postcodes import POSTAL_COUNTRIES, WrittenCode, rural_canadian, written_codes
from directory.geo.regions import Region, Regions
from directory.geo.spelling import Spelling
from directory.geo.timezones import timezone_at
from directory.geo.towns import Towns, close, dominant
from directory.jurisdictions import rules
from directory.paths import SEEDS

SEARCH_COUNTRIES = POSTAL_COUNTRIES
LONGEST_TEXT = 200
FIELD = "place"

_CITY_FROM = 100_000
_NO_COUNTRY_BEYOND_KM = 300.0
_MOST_CHOICES = 8
_MOST_NEAR = 5


class Precision(StrEnum):
    """What a point stands for, from a spot on the map to a whole city."""

    EXACT = "exact"
    POSTCODE = "postcode"
    AREA = "area"
    LOCALITY = "locality"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Place:
    """A place somebody meant. Degrees on WGS 84; ``jurisdiction`` is ``None`` where nobody may be listed.

    ``country`` is an ISO code, empty on the high seas. ``admin1`` and ``admin2`` are GeoNames' first and second level,
    empty where not known.
    """

    label: str
    latitude: float
    longitude: float
    country: str
    admin1: str
    admin2: str
    postal_code: str | None
    precision: Precision
    timezone: str
    jurisdiction: str | None

    @property
    def about(self) -> bool:
        """Whether the point is the middle of something larger, so that distances from it are "about"."""
        return self.precision is not Precision.EXACT

    def at_precision(self, precision: Precision) -> Place:
        """The same point, known to stand for something larger or smaller."""
        return replace(self, precision=precision)

    def standing_as(self, other: Place) -> Place:
        """The same point, known to lie in the country and part of another place near it."""
        return replace(
            self, country=other.country, admin1=other.admin1, admin2=other.admin2, jurisdiction=other.jurisdiction
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to offer; ``query`` typed back means just this one."""

    label: str
    query: str


class UnknownPlace(InvalidInput):
    """Nothing of that name; ``near`` holds places with names like it."""

    code = "place_unknown"

    def __init__(self, message: str, near: Sequence[Choice] = ()) -> None:
        super().__init__(message, field=FIELD)
        self.near = tuple(near)


class AmbiguousPlace(InvalidInput):
    """Several places of that name; ``choices`` holds the likely ones, the most populous first.

    With ``whole_region`` the name is that of a region, and the choices lie in it.
    """

    code = "place_ambiguous"

    def __init__(self, message: str, choices: Sequence[Choice], *, whole_region: bool = False) -> None:
        super().__init__(message, field=FIELD)
        self.choices = tuple(choices)
        self.whole_region = whole_region


# Territories and Crown dependencies whose codes are numbered with a larger country's.
_SAME_POST = {"US": ("PR", "GU", "VI", "AS", "MP"), "GB": ("GG", "JE", "IM")}
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|nan|inf(?:inity)?)(?:e[+-]?[0-9]+)?"
_COORDINATES = re.compile(
    rf"\(?\s*(?P<lat>{_NUMBER})\s*°?\s*(?P<ns>[ns])?\s*(?P<between>[,;\s])\s*"
    rf"(?P<lon>{_NUMBER})\s*°?\s*(?P<ew>[ew])?\s*\)?(?: \(near .*\))?",
    re.IGNORECASE,
)


_TWO_FRACTIONS = re.compile(r"[0-9]\.[0-9]+\s+[+-]?[0-9]+\.[0-9]")


class Gazetteer:
    """The gazetteer of one folder. Its parts load when first needed; ``warm()`` loads them all."""

    def __init__(self, folder: Path) -> None:
        self._atlas = Atlas(folder)
        self._towns = Towns(self._atlas)

    def warm(self) -> None:
        """Load everything now, as a server does before it answers."""
        self.resolve("Leeds, England")
        self.resolve("New York City")
        self.nearest(51.5, -0.1)
        self._atlas.cities_of_county("kent", 1)
        self._near_names("Leedz")

    def resolve(self, text: str, *, country: str | None = None) -> Place:
        """The one place this text means.

        ``country`` (an ISO code) is what the person chose, and decides between places of one name or code: where it
        has one of them, those of other countries are not considered. Raises ``AmbiguousPlace``, ``UnknownPlace``, or
        ``InvalidInput`` for text that cannot be read at all.
        """
        cleaned = _cleaned(text)
        coordinates = _COORDINATES.fullmatch(cleaned)
        # Two whole numbers without a comma are more likely a street and a code than a point in the sea.
        if coordinates and (coordinates["between"] in ",;" or _TWO_FRACTIONS.search(cleaned)):
            return self.nearest(*_coordinates(coordinates))
        wanted = (country or "").strip().upper()
        wanted = "GB" if wanted == "UK" else wanted
        point = self._code(cleaned, wanted)
        if point is not None:
            return point
        return self._place_of(self._town(cleaned, wanted))

    def nearest(self, latitude: float, longitude: float) -> Place:
        """The place that is exactly this point, in the country and part of its nearest neighbour; ``InvalidInput``
        where no such point exists."""
        _check_point(latitude, longitude)
        row, km = self._atlas.nearest_row(latitude, longitude)
        if km > _NO_COUNTRY_BEYOND_KM:
            row = PostalPoint("", "", "", "", "", latitude, longitude)
        near = self._towns.label(row.place_name, row.country, row.admin1, row.admin2)
        label = f"{round(latitude, 4):g}, {round(longitude, 4):g}" + (f" (near {near})" if near else "")
        return self._place(label, latitude, longitude, row, None, Precision.EXACT)

    def part_name(self, country: str, admin1: str) -> str:
        """The name of a state, province or nation; empty where none is known."""
        return self._regions.part_name(country, admin1)

    def largest_town(self, country: str, region: str = "") -> Place | None:
        """The most populous town of a country, or of its part that this names; ``None`` where none is known."""
        parts = [""]
        if region:
            parts = [
                each.admin1 for each in self._regions.named(fold(region)) if each.country == country and each.admin1
            ]
        for admin1 in parts:
            for name in self._atlas.largest_cities(country, admin1, 1):
                towns = self._towns.in_region(self._atlas.towns(fold(name)), Region(country, admin1))
                if towns:
                    return self._place_of(towns[0])
        return None

    def landmarks(self, window: Window, *, most: int) -> list[Landmark]:
        """What a map of this part of the earth may name, the most populous first."""
        return self._atlas.landmarks(window, most)

    def codes(self, country: str, admin1: str | None = None) -> Iterator[PostalPoint]:
        """Every postal code of a country, or of one of its first-level parts."""
        return self._atlas.postal_points(country, admin1)

    def _place(
        self,
        label: str,
        latitude: float,
        longitude: float,
        where: PostalPoint | Town,
        code: str | None,
        precision: Precision,
    ) -> Place:
        return Place(
            label=label,
            latitude=latitude,
            longitude=longitude,
            country=where.country,
            admin1=where.admin1,
            admin2=where.admin2,
            postal_code=code,
            precision=precision,
            timezone=timezone_at(latitude, longitude),
            jurisdiction=rules.at(where.country, where.admin1, where.admin2),
        )

    # Postal codes

    def _code(self, text: str, wanted: str) -> Place | None:
        """The postal code in the text, if there is one; raises where the text is a code that is not known."""
        readings = list(written_codes(text))
        found: dict[tuple[str, str], Place] = {}
        for reading in readings:
            place = self._read_code(reading)
            if place is not None:
                found.setdefault((place.country, reading.code), place)
        if wanted:
            found = {key: place for key, place in found.items() if key[0] == wanted} or found
        if len(found) > 1:
            full = {(reading.country, reading.code) for reading in readings if reading.full}
            found = {key: place for key, place in found.items() if key in full} or found
        places = list(found.values())
        if len(places) == 1:
            return places[0]
        if places:
            raise AmbiguousPlace(
                "That postcode exists in more than one place. Which one do you mean?",
                [Choice(place.label, f"{code}, {country}") for (country, code), place in found.items()],
            )
        alone = next((reading for reading in readings if reading.alone), None)
        if alone is not None:
            raise UnknownPlace("We do not know that postcode.", self._codes_like(readings, wanted))
        return None

    def _read_code(self, reading: WrittenCode) -> Place | None:
        """The place of a code, when there is such a code and the words around it do not speak against it."""
        countries = (reading.country, *_SAME_POST.get(reading.country, ()))
        known = (self._atlas.postal_point(country, reading.code) for country in countries)
        point = next((point for point in known if point is not None), None)
        if point is None:
            return None
        if not self._country_fits(f"{reading.before} {reading.after}", point):
            return None
        if reading.after and not self._agrees(reading.after, point):
            return None
        # A street before a full code proves nothing; four digits or half a code may be anything without a place.
        sure = reading.full and reading.country not in ("AU", "NZ")
        if reading.before and not sure and not self._agrees(reading.before, point):
            return None
        area = rural_canadian(point.country, point.code)
        return self._place(
            self._code_label(point),
            point.latitude,
            point.longitude,
            point,
            point.code,
            Precision.AREA if area else Precision.POSTCODE,
        )

    def _agrees(self, words: str, point: PostalPoint) -> bool:
        """Whether words beside a code name its country, its part, its county or its town."""
        folded = fold(words)
        if any(region.holds(point.country, point.admin1) for region in self._towns.regions_in(folded)):
            return True
        around = set(folded.split())
        part = self._regions.part_name(point.country, point.admin1)
        known = set(fold(f"{point.place_name} {point.admin2} {part}").split())
        if any(len(word) > 3 for word in around & known):
            return True
        towns = self._atlas.towns(folded)
        return any(close(town, point) for town in towns)

    def _country_fits(self, words: str, point: PostalPoint) -> bool:
        """Whether the words do not end in the name of another country."""
        regions = self._towns.regions_at_end(fold(words))
        return not regions or any(region.country == point.country for region in regions)

    def _codes_like(self, readings: Iterable[WrittenCode], wanted: str) -> list[Choice]:
        """Known codes next to those that were written."""
        near: list[Choice] = []
        for reading in readings:
            if reading.alone and reading.country in (wanted or reading.country):
                codes = self._atlas.codes_of(reading.country)
                letters = reading.code.rstrip("0123456789")
                start = letters if reading.country == "GB" else reading.code[: max(1, len(reading.code) - 2)]
                alike = [code for code in codes if code.startswith(start) and code != reading.code]
                alike.sort(key=lambda code: (_spread(code, reading.code), code))
                for code in alike[:3]:
                    point = self._atlas.postal_point(reading.country, code)
                    if point is not None:
                        near.append(Choice(self._code_label(point), f"{code}, {reading.country}"))
        return near[:_MOST_NEAR]

    def _code_label(self, point: PostalPoint) -> str:
        name = point.place_name.partition(" (")[0]
        return f"{point.code} ({self._towns.label(name, point.country, point.admin1, point.admin2)})"

    # Names

    @property
    def _regions(self) -> Regions:
        return self._atlas.regions

    def _town_label(self, town: Town) -> str:
        return self._towns.label(town.name, town.country, town.admin1, town.admin2)

    def _place_of(self, town: Town) -> Place:
        precision = Precision.CITY if town.population >= _CITY_FROM else Precision.LOCALITY
        return self._place(self._town_label(town), town.latitude, town.longitude, town, None, precision)

    def _town(self, text: str, wanted: str) -> Town:
        folded = fold(text)
        towns = self._towns.candidates(text, wanted)
        region = self._towns.whole_region(folded)
        county = self._atlas.cities_of_county(folded, _MOST_NEAR) if wanted in ("", "GB") else []
        best = dominant(towns)
        if best is not None and best.country != "GB" and county:
            best = None
        if best is not None and (region is None or best.population >= _CITY_FROM):
            return best
        message, whole = "There is more than one place of that name. Which one do you mean?", False
        large = bool(towns) and towns[0].population >= _CITY_FROM
        if (region is not None and not large) or county:
            message, whole = "That is a whole region. Which town in it do you mean?", True
            inside = county or (self._largest_in(region) if region else [])
            towns = [*towns[:1], *inside, *towns[1:]] if large else [*inside, *towns]
        choices = self._choices(towns, with_country=True)
        if len(choices) > 1:
            raise AmbiguousPlace(message, choices, whole_region=whole)
        if towns:
            return towns[0]
        raise UnknownPlace(
            "We do not know that place. Check the spelling, or type a postcode or a larger town nearby.",
            self._near_names(text),
        )

    def _largest_in(self, region: Region) -> list[Town]:
        names = self._atlas.largest_cities(region.country, region.admin1, _MOST_NEAR)
        cities = [self._towns.in_region(self._atlas.towns(fold(name)), region) for name in names]
        return [found[0] for found in cities if found]

    def _choices(self, towns: Sequence[Town], *, with_country: bool = False) -> list[Choice]:
        """How to name each of these towns; on asking with the country, where they lie in more than one."""
        choices: dict[str, tuple[Choice, str]] = {}
        for town in towns:
            choice = self._choice(town)
            if choice is not None:
                choices.setdefault(choice.query, (choice, self._regions.country_name(town.country)))
            if len(choices) == _MOST_CHOICES:
                break
        if not with_country or len({country for _, country in choices.values()}) < 2:
            return [choice for choice, _ in choices.values()]
        return [_in_country(choice, country) for choice, country in choices.values()]

    def _choice(self, town: Town) -> Choice | None:
        """How to name this town so that typing it back means it and no other; by its postal code where no words do."""
        part = self._regions.part_name(town.country, town.admin1)
        country = self._regions.country_name(town.country)
        for words in (
            self._town_label(town),
            f"{town.name}, {part or country}",
            f"{town.name}, {town.admin2.title()}, {part or country}",
            f"{town.name}, {part}, {country}",
            f"{town.name}, {town.admin2.title()}, {country}",
        ):
            if not self._towns.whole_region(fold(words)) and dominant(self._towns.candidates(words, "")) == town:
                return Choice(words, words)
        near = self._atlas.nearest_code(town.country, town.latitude, town.longitude)
        return Choice(f"{self._town_label(town)} ({near.code})", f"{near.code}, {near.country}") if near else None

    # Names that were not found

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._atlas.names)

    def _near_names(self, text: str) -> list[Choice]:
        """Places whose name is like what was typed; the region behind a comma counts if it is one."""
        name, _, region = text.partition(",")
        folded, region = fold(name), fold(region)
        known: list[Town] = list(self._atlas.towns(folded)) if region else []
        likely: list[Town] = []
        for alike in self._spelling.near(folded):
            towns = self._atlas.towns(alike)
            likely += self._towns.narrowed(towns, region) if region else ()
            known += towns[:1]
        return self._choices(likely or known)[:_MOST_NEAR]


def _in_country(choice: Choice, country: str) -> Choice:
    """The same choice, saying its country: "Portland, Victoria, Australia"."""
    if not country or choice.label.endswith(country):
        return choice
    return replace(choice, label=f"{choice.label}, {country}")


def _spread(code: str, other: str) -> int:
    """How far apart two codes of one length are, the first differing sign counting most."""
    return sum(abs(ord(a) - ord(b)) * 40 ** (5 - place) for place, (a, b) in enumerate(zip(code, other, strict=False)))


def _cleaned(text: str) -> str:
    # Forms hand over text, but a query of the API may hold anything.
    if not isinstance(text, str):
        raise InvalidInput("Type a town or a postcode.", field=FIELD, code="place_empty")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            "That is too long for a place. Type a town or a postcode.", field=FIELD, code="place_too_long"
        )
    composed = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
    # Invisible formatting signs come along when people copy an address from a page.
    cleaned = "".join(sign for sign in composed if unicodedata.category(sign) != "Cf").strip()
    if not cleaned:
        raise InvalidInput("Type a town or a postcode.", field=FIELD, code="place_empty")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in cleaned):
        raise InvalidInput(
            "That contains signs that cannot be read. Type a town or a postcode.", field=FIELD, code="place_unreadable"
        )
    return cleaned


def _coordinates(match: re.Match[str]) -> tuple[float, float]:
    latitude, longitude = float(match["lat"]), float(match["lon"])
    south, west = (match["ns"] or "").lower() == "s", (match["ew"] or "").lower() == "w"
    return (-latitude if south else latitude), (-longitude if west else longitude)


def _check_point(latitude: float, longitude: float) -> None:
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        raise InvalidInput(
            "A latitude lies between -90 and 90 and a longitude between -180 and 180.",
            field=FIELD,
            code="place_outside_the_map",
        )


@cache
def gazetteer() -> Gazetteer:
    """The shipped gazetteer, one for the process."""
    return Gazetteer(SEEDS / "gazetteer")
