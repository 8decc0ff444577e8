"""Numbers to call, country by country, as the reference data in seeds/help_numbers.csv has them.

Each row names its source, the day it was last gone through and whether the source itself was open on that day.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from directory.guide.words import N_, Source
from directory.paths import SEEDS

FILE: Final = SEEDS / "help_numbers.csv"


class Need(StrEnum):
    """What a service is for."""

    EMERGENCY = "emergency"
    ADVICE = "advice"
    PREGNANCY = "pregnancy"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True)
class Service:
    """Somebody to call. ``number`` is what is dialled, ``said`` how it is written; ``what`` is a msgid."""

    need: Need
    number: str
    said: str
    name: str
    what: str
    source: Source
    brief: str = ""
    """What it is for in a few words that go before the number."""
    text_too: bool = False
    """Whether a text message reaches them as well."""


_WHAT: Final[Mapping[str, str]] = {
    "danger": N_("Danger to life"),
    "not_urgent": N_("Health advice at any hour, when it is not an emergency"),
    "crisis": N_("Somebody to talk to, at any hour, when you are in crisis or thinking of harming yourself"),
    "low_in_pregnancy": N_(
        "Support in pregnancy and after birth when you feel low or worried; it is not for an emergency"
    ),
    "pregnancy_questions": N_("Questions about pregnancy and babies; it is not for an emergency"),
    "touched": N_("Somebody to talk to about being touched or treated in a way you did not want"),
    "crime": N_("To tell the police what happened, when nobody is in danger now"),
}
_BRIEFLY: Final[Mapping[str, str]] = {
    "low_in_pregnancy": N_("Low or worried, no emergency:"),
    "pregnancy_questions": N_("Questions, no emergency:"),
}
NAMES: Final = (
    N_("Emergency services"),
    N_("Police"),
    N_("Rape Crisis, for England and Wales"),
    N_("811, the health line of your province or territory"),
    N_("Your local emergency number; 112 works on most mobile phones"),
)
"""The names among them that are words and not proper names, so that they can be translated."""


@cache
def numbers(of: str) -> Mapping[str, tuple[Service, ...]]:
    """The services of one list ("now" or "harm") by country, in the order of the file; "" is every other country."""
    found: dict[str, tuple[Service, ...]] = {}
    for country, service in _rows(of):
        found[country] = (*found.get(country, ()), service)
    return found


def _rows(of: str) -> Iterator[tuple[str, Service]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["list"] == of:
                reviewed_on = date.fromisoformat(row["reviewed_on"])
                source = Source(row["source"], row["url"], reviewed_on, reread=row["reread"] == "yes")
                yield (
                    row["country"],
                    Service(
                        Need(row["need"]),
                        row["number"],
                        row["said"],
                        row["name"],
                        _WHAT[row["what"]],
                        source,
                        brief=_BRIEFLY.get(row["what"], ""),
                        text_too=row["text_too"] == "yes",
                    ),
                )
