"""From what age somebody asks by themselves. Below it a parent or guardian sends the request.

``seeds/ages_of_consent.csv`` names the law of each jurisdiction in which it is clear that younger people than 18
consent to care themselves; everywhere else, and where the law speaks of a doctor's treatment only, it is 18.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from directory.errors import InvalidInput
from directory.paths import SEEDS

SOURCE: Final = SEEDS / "ages_of_consent.csv"
ADULT: Final = 18
COLUMNS: Final = ("jurisdiction", "age", "source", "url", "read")


@dataclass(frozen=True, slots=True)
class Age:
    """An age and the law that sets it; ``read`` says whether the text of the law itself was read for this."""

    years: int
    source: str
    url: str
    read: bool


def age_of_consent(jurisdiction: str | None) -> int:
    """Years; 18 where nothing else is known."""
    found = _ages().get(jurisdiction or "")
    return ADULT if found is None else found.years


def read(path: Path) -> dict[str, Age]:
    """The ages of a file in this form by jurisdiction; ``InvalidInput`` names the line that cannot be used."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise InvalidInput("Line 1: the columns are not the expected ones.")
        found: dict[str, Age] = {}
        for row in rows:
            years = row["age"]
            if not (years.isascii() and years.isdigit() and 12 <= int(years) <= ADULT):
                raise InvalidInput(f"Line {rows.line_num}: “{years}” is not an age from 12 to {ADULT}.", field="age")
            if not row["source"] or not row["url"].startswith("https://") or row["read"] not in ("yes", "no"):
                raise InvalidInput(f"Line {rows.line_num}: a source with its address is missing.", field="source")
            found[row["jurisdiction"]] = Age(int(years), row["source"], row["url"], row["read"] == "yes")
    return found


@cache
def _ages() -> Mapping[str, Age]:
    return read(SOURCE)
