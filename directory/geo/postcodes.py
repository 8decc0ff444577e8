"""Telling postal codes in what people type: their shapes alone, not whether such a code exists.

Codes are cut to what the gazetteer knows: five digits of a ZIP, the outward half of a British postcode, the first
three signs of a Canadian or Irish one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

POSTAL_COUNTRIES = ("US", "GB", "CA", "AU", "NZ", "IE")


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """A code as found in a text: ``full`` when every sign of it was given, with the words around it."""

    country: str
    code: str
    full: bool
    before: str
    after: str

    @property
    def alone(self) -> bool:
        """Whether the text holds nothing but the code."""
        return not self.before and not self.after


# A digit or letter on either side would make it a part of something longer.
_ALONE = r"(?<![A-Z0-9]){}(?![A-Z0-9])"
_SHAPES: tuple[tuple[tuple[str, ...], bool, re.Pattern[str]], ...] = tuple(
    (countries, full, re.compile(_ALONE.format(shape)))
    for countries, full, shape in (
        (("US",), True, r"([0-9]{5})(?:-?[0-9]{4})?"),
        (("GB",), True, r"([A-Z]{1,2}[0-9][A-Z0-9]?)[ -]?[0-9][A-Z]{2}"),
        (("CA",), True, r"([A-Z][0-9][A-Z])[ -]?[0-9][A-Z][0-9]"),
        (("IE",), True, r"([A-Z][0-9][0-9W])[ -]?[A-Z0-9]{4}"),
        (("AU", "NZ"), True, r"([0-9]{4})"),
        (("GB",), False, r"([A-Z]{1,2}[0-9][A-Z0-9]?)"),
        (("CA",), False, r"([A-Z][0-9][A-Z])"),
        (("IE",), False, r"([A-Z][0-9][0-9W])"),
    )
)
_DUBLIN = re.compile(r"(?<![A-Z0-9])DUBLIN ([1-9]|1[0-9]|2[0-4]|6W)(?![A-Z0-9])")
_NOTE = re.compile(r" \([^()]*\)$")
_SPACES = re.compile(r"[\s,;]+")


def written_codes(text: str) -> Iterator[WrittenCode]:
    """Every reading of a part of the text as a postal code, full codes first.

    A text may have several readings: four digits are Australian or New Zealand's, "N1C" is in London or in Guelph.
    A remark in brackets at the end is passed over, so that a label such as "97214 (Portland, Oregon)" is a code again.
    """
    upper = _NOTE.sub("", _SPACES.sub(" ", text.upper()).strip())
    for match in _DUBLIN.finditer(upper):
        district = match[1] if match[1].endswith("W") else match[1].zfill(2)
        yield _written(upper, match, "IE", f"D{district}", full=True)
    for countries, full, pattern in _SHAPES:
        for match in pattern.finditer(upper):
            for country in countries:
                yield _written(upper, match, country, match[1], full=full)


def _written(text: str, match: re.Match[str], country: str, code: str, *, full: bool) -> WrittenCode:
    return WrittenCode(country, code, full, text[: match.start()].strip(), text[match.end() :].strip())


def rural_canadian(country: str, code: str) -> bool:
    """Whether the code is one of Canada's rural ones (second sign 0), whose areas are some 45 km wide or wider."""
    return country == "CA" and code[1:2] == "0"
