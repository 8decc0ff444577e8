# /// script
# requires-python = ">=3.11"
# dependencies = ["holidays==0.109"]
# ///
"""Writes seeds/public_holidays.csv from the package `holidays` (MIT licence, vacanza on GitHub).

    python -m venv /tmp/holidays && /tmp/holidays/bin/pip install holidays==0.109
    /tmp/holidays/bin/python .ci/public_holidays.py

One row for each area and year, with the public holidays that fall on Monday to Friday, as month and day. The same
version makes the same bytes. The table is shipped and the package is not: it loads the calendars of the whole world at
once, a tenth of a second before the first page, and asks for an older dateutil than ours; a table can be read and
compared. Governments change their days, so take a newer version once a year and read what changed.
directory/jurisdictions/days_off.py reads the table.
"""

from __future__ import annotations

import csv
from pathlib import Path

import holidays

TARGET = Path(__file__).resolve().parents[1] / "seeds" / "public_holidays.csv"
YEARS = range(2025, 2037)
COUNTRIES = ("US", "GB", "IE", "CA", "AU", "NZ")
_NO_STATES = frozenset({"AS", "GU", "MP", "PR", "UM", "VI"})
_SATURDAY = 5


def areas() -> list[tuple[str, str | None]]:
    """Each country as a whole, and each part of it that a place of ours can lie in."""
    found: list[tuple[str, str | None]] = []
    for country in COUNTRIES:
        parts = holidays.country_holidays(country).subdivisions
        found.append((country, None))
        found += [(country, each) for each in sorted(parts) if each not in _NO_STATES and " " not in each]
    return found


def days(country: str, part: str | None, year: int) -> list[str]:
    """The public holidays of an area on Monday to Friday, as "07-03"."""
    known = holidays.country_holidays(country, subdiv=part, years=year)
    return sorted(f"{day:%m-%d}" for day in known if day.year == year and day.weekday() < _SATURDAY)


def rows() -> list[tuple[str, int, str]]:
    """What the file holds below its header."""
    return [
        (country if part is None else f"{country}-{part}", year, " ".join(days(country, part, year)))
        for country, part in areas()
        for year in YEARS
    ]


if __name__ == "__main__":
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("area", "year", "days"))
        writer.writerows(rows())
