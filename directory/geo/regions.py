"""Countries, states, provinces and nations by the words and letters people use for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from babel import Locale

from directory.geo.names import fold


@dataclass(frozen=True, slots=True)
class Region:
    """A country (``admin1`` empty) or one of its first-level parts."""

    country: str
    admin1: str = ""

    def holds(self, country: str, admin1: str) -> bool:
        """Whether a place with this country and first-level part lies in it."""
        return self.country == country and self.admin1 in ("", admin1)


# Where two letters mean the part to everybody who lives there. New Zealand's and Ireland's codes nobody knows.
_LETTERED = ("US", "CA", "AU")
_COUNTRY_WORDS = {
    "US": ("usa", "us", "america", "united states of america"),
    "GB": ("uk", "gb", "great britain", "britain"),
    "IE": ("eire", "republic of ireland"),
    "NZ": ("aotearoa",),
}
_PART_WORDS = {
    ("US", "DC"): ("dc", "d c"),
    ("GB", "NIR"): ("ulster",),
    ("CA", "NU"): ("nunavut",),
    ("CA", "NT"): ("northwest territories", "nwt"),
    ("CA", "NL"): ("newfoundland", "labrador"),
    ("CA", "PE"): ("pei",),
    ("CA", "QC"): ("pq",),
}
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})


@dataclass(slots=True)
class Regions:
    """Every region by folded name, and the names to show."""

    country_names: dict[str, str] = field(default_factory=dict)
    part_names: dict[tuple[str, str], str] = field(default_factory=dict)
    _by_name: dict[str, list[Region]] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Iterable[tuple[str, str, str]]) -> Regions:
        """Built from (country, admin1 code, admin1 name); the countries' names are CLDR's."""
        regions = cls()
        for country, name in Locale("en").territories.items():
            if len(country) == 2 and country.isalpha() and country not in _NO_COUNTRY:
                regions.country_names[country] = name
                for word in (name, country, *_COUNTRY_WORDS.get(country, ())):
                    regions._add(word, Region(country))
        for country, code, name in parts:
            regions.part_names[country, code] = name
            lettered = (code,) if country in _LETTERED else ()
            for word in (name, *lettered, *_PART_WORDS.get((country, code), ())):
                regions._add(word, Region(country, code))
        return regions

    def _add(self, word: str, region: Region) -> None:
        known = self._by_name.setdefault(fold(word), [])
        if region not in known:
            known.append(region)

    def named(self, folded: str) -> list[Region]:
        """Every region of this folded name or code: "ca" is California and Canada."""
        return self._by_name.get(folded, [])

    def country_name(self, country: str) -> str:
        """The country's English name; its code where it has none."""
        return self.country_names.get(country, country)

    def part_name(self, country: str, admin1: str) -> str:
        """The name of the state, province or nation; empty where the gazetteer knows none."""
        return self.part_names.get((country, admin1), "")
