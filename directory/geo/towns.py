"""Which towns a written name can mean, and whether anybody would mean just one of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from directory.geo.atlas import Atlas, PostalPoint, Town
from directory.geo.names import fold
from directory.geo.postcodes import POSTAL_COUNTRIES
from directory.geo.regions import Region, Regions

_DOMINANCE = 12
_AROUND_A_TOWN_KM = 60.0
_MOST_PARTS = 6
_LONG_NUMBER = re.compile(r"\b[0-9]{4,}\b")


class Towns:
    """The towns of an atlas by what people write."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    @property
    def _regions(self) -> Regions:
        return self._atlas.regions

    def label(self, name: str, country: str, admin1: str, admin2: str) -> str:
        """ "Portland, Oregon", "Leeds, West Yorkshire", "Paris, France": enough for somebody from there to know it."""
        part = self._regions.part_name(country, admin1)
        if country == "GB":
            region = part if not admin2 or fold(name) in fold(admin2) else admin2
        elif country in ("US", "CA", "AU") and part:
            region = part
        else:
            region = self._regions.country_name(country)
        return f"{name}, {region}" if name and region else name or region

    def whole_region(self, folded: str) -> Region | None:
        """The country or part that the whole text names; a part before a country, as with Georgia."""
        regions = self._regions.named(folded)
        return regions[-1] if regions else None

    def regions_in(self, folded: str) -> list[Region]:
        """Regions that the words begin or end with."""
        words = folded.split()
        ends = [" ".join(words[-count:]) for count in range(1, 5)] + [" ".join(words[:count]) for count in range(1, 5)]
        return [region for end in dict.fromkeys(ends) for region in self._regions.named(end)]

    def regions_at_end(self, folded: str) -> list[Region]:
        """Regions that the words end with."""
        words = folded.split()
        return [region for count in range(1, 5) for region in self._regions.named(" ".join(words[-count:]))]

    def candidates(self, text: str, wanted: str) -> list[Town]:
        """Every town the text can mean, the most populous first; those of the wanted country if it has any."""
        parts = [part for part in (part.strip() for part in text.split(",")) if fold(part)][-_MOST_PARTS:]
        towns = self._in_parts(parts)
        if not towns:
            # Another country's postal code beside the town.
            bare = (_LONG_NUMBER.sub("", part) for part in parts)
            towns = self._in_parts([part for part in bare if fold(part)])
        while not towns and len(parts) > 1 and any(sign.isdigit() for sign in parts[0]):
            # A street and house number before the town.
            parts = parts[1:]
            towns = self._in_parts(parts)
        return [town for town in towns if town.country == wanted] or towns

    def _in_parts(self, parts: Sequence[str]) -> list[Town]:
        if not parts:
            return []
        name, *regions = (fold(part) for part in parts)
        towns = list(self._atlas.towns(name))
        if not towns and not regions:
            towns = self._with_region_behind(name.split())
        for region in regions:
            towns = self.narrowed(towns, region)
        return towns

    def _with_region_behind(self, words: Sequence[str]) -> list[Town]:
        """ "portland or", "salem new hampshire": a name and a region without a comma between them."""
        for count in range(1, min(4, len(words))):
            region = " ".join(words[-count:])
            if self._regions.named(region):
                towns = self.narrowed(self._atlas.towns(" ".join(words[:-count])), region)
                if towns:
                    return towns
        return []

    def narrowed(self, towns: Sequence[Town], region: str) -> list[Town]:
        """The towns in what somebody wrote behind the comma, tried as a state, a country, a county and a town nearby.

        A part is tried before a country, so that "Salem, IN" is in Indiana and never in India.
        """
        named = self._regions.named(region)
        for whole in (False, True):
            matching = [area for area in named if (not area.admin1) is whole]
            found = [town for town in towns if any(area.holds(town.country, town.admin1) for area in matching)]
            if found:
                return found
        counties = [(town, fold(town.admin2)) for town in towns]
        found = [town for town, county in counties if county == region]
        found = found or [town for town, county in counties if f" {region} " in f" {county} "]
        if found or named:
            return found
        return [town for town in towns if any(close(town, other) for other in self._atlas.towns(region))]

    def in_region(self, towns: Iterable[Town], region: Region) -> list[Town]:
        """The towns that lie in the region."""
        return [town for town in towns if region.holds(town.country, town.admin1)]


def close(town: Town, other: Town | PostalPoint) -> bool:
    """Whether two points of one country are an hour's drive apart or less, near enough for "Manly, Sydney"."""
    if town.country != other.country or abs(town.latitude - other.latitude) > 1:
        return False
    east = (town.longitude - other.longitude) * math.cos(math.radians(town.latitude))
    return math.hypot(town.latitude - other.latitude, east) * 111.2 <= _AROUND_A_TOWN_KM


def dominant(towns: Sequence[Town]) -> Town | None:
    """The town that anybody would mean: the only one, or one many times as populous as the next.

    Among places we search, twelve times as many people are needed (Portland, Oregon against Portland, Maine is ten);
    against a place elsewhere in the world more is enough, because people there do not come here to search. In a
    country without postal codes of ours nothing but size tells places apart, and the largest is meant.
    """
    if not towns:
        return None
    first, *rest = towns
    for other in rest:
        if first.country == other.country and first.country not in POSTAL_COUNTRIES:
            continue
        at_home = other.country in POSTAL_COUNTRIES or first.country not in POSTAL_COUNTRIES
        if first.population < other.population * (_DOMINANCE if at_home else 1):
            return None
    return first
