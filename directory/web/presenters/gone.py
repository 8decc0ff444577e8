"""The words of the page of somebody who was listed once and is not now: what that means, and where to look instead.

It names nobody and says why of nobody: most reasons are ordinary, and a guess could harm somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import url_for

from directory.errors import InvalidInput
from directory.geo.distance import distance_km
from directory.geo.places import gazetteer
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction, Regime
from directory.practitioners.queries import Whereabouts

NEAR_ENOUGH_KM: Final = 60.0
"""How far a town's middle may be from a practice that says it is in that town."""

_AS_ENGLAND: Final = "as England"


@dataclass(frozen=True, slots=True)
class Register:
    """Who keeps the register of a place, and under which name it is looked up; empty where there is none."""

    place: str
    body: str
    lookup: str
    no_licence: bool


@dataclass(frozen=True, slots=True)
class GoneView:
    """Everything the template shows."""

    registers: tuple[Register, ...]
    towns: tuple[tuple[str, str], ...]
    """Name of the town and address of the list near it."""
    hidden: tuple[str, ...] = ()
    """Names of the places in which we list nobody at present."""
    practises_no_longer: bool = False
    """Whether that is all there is to say."""


def view(
    places: Iterable[Whereabouts], rules: Mapping[str, Jurisdiction], *, practises_no_longer: bool = False
) -> GoneView:
    """The words for somebody who works, or worked, at these places."""
    whereabouts = list(places)
    codes = _codes(whereabouts)
    towns: dict[str, str] = {}
    for each in whereabouts:
        asked = _asked_as(each)
        if asked is not None:
            towns.setdefault(each.locality, url_for("search.results", place=asked))
    return GoneView(
        registers=registers(codes, rules),
        towns=tuple(towns.items()),
        hidden=tuple(name_of(code) for code in codes if code in rules and rules[code].hidden),
        practises_no_longer=practises_no_longer,
    )


def _codes(places: Iterable[Whereabouts]) -> list[str]:
    return list(dict.fromkeys(each.jurisdiction or "" for each in places))


def registers(codes: Iterable[str | None], rules: Mapping[str, Jurisdiction]) -> tuple[Register, ...]:
    """Who can say whether somebody may practise in these jurisdictions, each once."""
    return tuple(register(rules[code], rules) for code in dict.fromkeys(codes) if code is not None and code in rules)


def register(rule: Jurisdiction, rules: Mapping[str, Jurisdiction]) -> Register:
    """Who keeps the register of a jurisdiction, or who certifies people where none exists."""
    if rule.regime is Regime.NONE:
        certifiers = ", ".join(accepted.name for accepted in rule.accepted_bodies)
        return Register(name_of(rule.code), certifiers, "", no_licence=True)
    return Register(
        name_of(rule.code), _spelled_out(rule, "body", rules), _spelled_out(rule, "lookup", rules), no_licence=False
    )


def _spelled_out(rule: Jurisdiction, column: str, rules: Mapping[str, Jurisdiction]) -> str:
    """What the table says, where it says "as England" with the words of England."""
    said: str = getattr(rule, column)
    england = rules.get("GB-ENG")
    return said.replace(_AS_ENGLAND, getattr(england, column)) if england is not None else said


def _asked_as(place: Whereabouts) -> str | None:
    """The town as a search understands it, or nothing when it would understand another one."""
    for text in (
        f"{place.locality}, {place.admin1}",
        f"{place.locality}, {name_of(place.jurisdiction)}",
        place.locality,
    ):
        try:
            found = gazetteer().resolve(text)
        except InvalidInput:
            continue
        far = distance_km(found.latitude, found.longitude, place.latitude, place.longitude)
        if found.country == place.country and far <= NEAR_ENOUGH_KM:
            return text
    return None
