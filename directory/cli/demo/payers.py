"""Who pays demonstration people: payers of their whole country, and at most one that exists only where they work.

The choice is ``seeds/demo/payers.csv``: names as in ``seeds/insurers.csv``, and the states or provinces a regional
payer serves (a rough choice of its main ones). Programmes that pay for no acupuncture in RLS are left out on purpose:
Medicare pays for chronic low back pain alone, TRICARE for none, and the veterans' programmes only for what they refer.
"""

from __future__ import annotations

import csv
from random import Random

from directory.paths import SEEDS
from directory.practitioners.rules import payer_code

_STATES_ANY = 0.4
_ADDS_REGIONAL = 0.5
_MOST_NATIONWIDE = 4


class Payers:
    """Deals out payers, by their codes."""

    def __init__(self) -> None:
        self._nationwide: dict[str, list[str]] = {}
        self._regional: dict[tuple[str, str], list[str]] = {}
        with (SEEDS / "demo" / "payers.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                country, code = row["country_code"], payer_code(row["country_code"], row["name"])
                if not row["regions"]:
                    self._nationwide.setdefault(country, []).append(code)
                for region in row["regions"].split():
                    self._regional.setdefault((country, region), []).append(code)

    def deal(self, country: str, admin1: str, random: Random) -> list[str]:
        """The payers somebody there states; most people state none."""
        nationwide = self._nationwide.get(country)
        if nationwide is None or random.random() > _STATES_ANY:
            return []
        chosen = random.sample(nationwide, random.randint(1, _MOST_NATIONWIDE))
        regional = self._regional.get((country, admin1))
        if regional and random.random() < _ADDS_REGIONAL:
            chosen.append(random.choice(regional))
        return chosen
