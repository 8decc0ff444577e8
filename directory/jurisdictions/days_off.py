"""Public holidays: which days, besides Saturdays and Sundays, nobody is expected to work where somebody practises.

``seeds/public_holidays.csv`` holds them area by area and year by year; ``.ci/public_holidays.py`` writes it from the
package ``holidays`` (MIT). It is read when the first day is asked for, and not when the site starts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from directory.errors import InvalidInput
from directory.paths import SEEDS

SOURCE: Final = SEEDS / "public_holidays.csv"
COLUMNS: Final = ("area", "year", "days")


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The public holidays of one area from Monday to Friday. ``day in days_off`` asks for one of them."""

    area: str | None
    """A country ("IE") or a part of one ("US-OR"); ``None`` where we know of no holidays."""
    days: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        return day in self.days

    def known(self, on: date) -> bool:
        """Whether the year of this day is among those we know."""
        return any(each.year == on.year for each in self.days)

    def next(self, after: date) -> date | None:
        """The first one after this day; ``None`` where we know of none."""
        return min((each for each in self.days if each > after), default=None)


UNKNOWN: Final = DaysOff(None)
"""Where we know of no holidays only the weekend is free."""

# fmt: off
_NEW_ZEALAND: Final[Mapping[str, str]] = {
    "E7": "AUK", "E8": "BOP", "E9": "CAN", "F1": "GIS", "F2": "HKB", "F3": "MWT", "F4": "MBH", "F5": "NSN",
    "F6": "NTL", "F7": "OTA", "F8": "STL", "F9": "TKI", "G1": "WKO", "G2": "WGN", "G3": "WTC", "TAS": "TAS",
}
# fmt: on
"""GeoNames numbers the regions; the calendars name them as ISO 3166-2 does."""
_INSIDE: Final[Mapping[str, str]] = {"GB-LDN": "GB-ENG"}
"""A jurisdiction that lies in an area of another name."""


def days_off(country: str | None, admin1: str | None, jurisdiction: str | None = None) -> DaysOff:
    """The holidays where a place lies, from its ISO country code and GeoNames' first level.

    Where the part of the country is not known its jurisdiction tells, and otherwise the days that the whole country
    keeps; ``UNKNOWN`` for a country whose days are not known here.
    """
    state = (country or "").strip().upper()
    part = (admin1 or "").strip().upper()
    part = _NEW_ZEALAND.get(part, part) if state == "NZ" else part
    table = _table()
    for area in (f"{state}-{part}", _INSIDE.get(jurisdiction or "", jurisdiction or ""), state):
        if area in table:
            return table[area]
    return UNKNOWN


def read(path: Path) -> dict[str, DaysOff]:
    """Every area of a file in this form; ``InvalidInput`` names the line that cannot be used."""
    found: dict[str, set[date]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise InvalidInput("Line 1: the columns are not the expected ones.")
        for row in rows:
            try:
                found.setdefault(row["area"], set()).update(_days(row["year"], row["days"]))
            except ValueError as error:
                raise InvalidInput(f"Line {rows.line_num}: {error}.", field="days") from None
    return {area: DaysOff(area, frozenset(days)) for area, days in found.items()}


def _days(year: str, written: str) -> Iterator[date]:
    for each in written.split():
        yield date.fromisoformat(f"{year}-{each}")


@cache
def _table() -> Mapping[str, DaysOff]:
    return read(SOURCE)
