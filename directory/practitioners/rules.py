"""What follows from what practitioners say about themselves. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import NamedTuple

from directory.geo.names import fold
from directory.practitioners.terms import Accepting, Availability

ATTESTATION_DAYS = 120
"""How long "this is still true" counts (CAQH asks providers to re-attest every 120 days)."""

ACCEPTING_DAYS = 30
"""How long "I take new patients" counts as confirmed for the filter."""

_EVENING = time(18, 0)
_DAY_ENDS = time(17, 0)
_SATURDAY = 5


class Interval(NamedTuple):
    """Open from ``opens`` to ``closes`` on a weekday (0 is Monday), in the place's own time."""

    weekday: int
    opens: time
    closes: time


def availability(hours: Iterable[Interval]) -> frozenset[Availability]:
    """The parts of the week these hours reach: weekdays before 17:00, weekdays after 18:00, Saturday or Sunday."""
    found = set()
    for interval in hours:
        if interval.weekday >= _SATURDAY:
            found.add(Availability.WEEKEND)
            continue
        if interval.opens < _DAY_ENDS:
            found.add(Availability.WEEKDAY_DAY)
        if interval.closes > _EVENING:
            found.add(Availability.EVENING)
    return frozenset(found)


def accepting_confirmed(accepting: Accepting, confirmed_on: date | None, *, today: date) -> bool:
    """Whether "takes new patients" was said within the last thirty days; what was said late in the day in America
    carries the day after, as UTC counts."""
    return (
        accepting is Accepting.YES
        and confirmed_on is not None
        and timedelta(-1) <= today - confirmed_on <= timedelta(days=ACCEPTING_DAYS)
    )


def telephone_looks_usual(number: str, country: str) -> bool:
    """Whether a number is as long as numbers of this country are; a hint to somebody who may have mistyped."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if number.strip().startswith(("+", "00")):
        return 8 <= len(digits.removeprefix("00")) <= 15
    if country in ("US", "CA"):
        return len(digits) == 10 or (len(digits) == 11 and digits.startswith("1"))
    return 7 <= len(digits) <= 15


LONGEST_SLUG = 100
_NAMELESS = "practitioner"
_NPI_PREFIX_SUM = 24
_CELL_DEGREES = 0.0135
"""Of latitude: 1.5 km."""

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """The name as it stands in an address: plain lower case and hyphens; "practitioner" where no letter is left."""
    plain = _NOT_PLAIN.sub("-", fold(name)).strip("-")
    return plain[:LONGEST_SLUG].strip("-") or _NAMELESS


def payer_code(country: str, name: str) -> str:
    """The code of a payer, made from its country and name: "us-aetna"."""
    return f"{country.lower()}-{_NOT_PLAIN.sub('-', fold(name)).strip('-')}"


def npi_is_valid(npi: str) -> bool:
    """Whether this has the form of a US National Provider Identifier: ten digits from 1 or 2 on, and a check digit.

    The check digit is Luhn's over the number behind 80840 (CMS, "Requirements for National Provider Identifier and
    NPI Check Digit"), whose own digits add 24. A valid number says that somebody was enumerated, never licensed.
    """
    if not re.fullmatch(r"[12][0-9]{9}", npi):
        return False
    total = _NPI_PREFIX_SUM
    for place, sign in enumerate(reversed(npi)):
        digit = int(sign) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def area_point(latitude: float, longitude: float) -> tuple[float, float]:
    """The centre of the cell, about 1.5 km wide, that this point lies in: what stands for a hidden home everywhere.

    The cells are fixed on the ground and not drawn around the home, so that asking again or entering it again can
    never narrow it down.
    """
    rows = math.ceil(180 / _CELL_DEGREES)
    row = min(rows - 1, math.floor((latitude + 90) / _CELL_DEGREES))
    middle = min(90.0, (row + 0.5) * _CELL_DEGREES - 90)
    columns = max(1, math.floor(360 * math.cos(math.radians(middle)) / _CELL_DEGREES))
    width = 360 / columns
    column = math.floor((longitude + 180) / width) % columns
    return round(middle, 5), round((column + 0.5) * width - 180, 5)


def area_code(country: str, postal_code: str) -> str | None:
    """The part of a postal code that names an area and no street or house: outward code, FSA, routing key.

    ``None`` in the United States, where one building may have a ZIP code of its own.
    """
    code = postal_code.strip().upper()
    match country:
        case "US":
            return None
        case "GB":
            return code.split()[0] if " " in code else (code[:-3] if len(code) > 4 else code)
        case "CA" | "IE":
            return code.replace(" ", "")[:3]
    return code
