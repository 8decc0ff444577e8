"""Whether two profiles may be of one person: what they have in common is weighed, and each weight is named. Pure.

Names and towns alone never say so for certain, and people of one practice share its telephone and its website: without
a number or a name in common nobody is asked about two profiles, whatever else they share.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final
from urllib.parse import urlsplit

from directory.desk.duplicates.terms import Sign
from directory.search.names import held_name

WEIGHTS: Final[Mapping[Sign, float]] = {
    Sign.NPI: 0.95,
    Sign.LICENCE_NUMBER: 0.85,
    Sign.NAME: 0.40,
    Sign.NAME_PARTS: 0.25,
    Sign.EMAIL: 0.35,
    Sign.TELEPHONE: 0.30,
    Sign.WEBSITE: 0.25,
    Sign.TOWN: 0.20,
    Sign.OTHER_NUMBER: -0.30,
    Sign.OTHER_NPI: -0.60,
}
"""What each sign adds. A person has one NPI, and one number of one kind in one register."""

ASK_FROM: Final = 0.55
"""From here on a person looks: the same name in the same town is enough, half a name in it is not."""

URGENT_FROM: Final = 0.85
"""A number that two profiles share hides both, so nobody should wait for that."""

MOST_ALIKE: Final = 60
"""Of more profiles than this that share a name and a town, or a telephone, nobody can be told apart by it."""

_LEAST_TELEPHONE: Final = 7
_LEAST_SHARED: Final = 2
_NOT_IN_A_NUMBER: Final = re.compile(r"[^A-Z0-9]+")
_NOT_A_DIGIT: Final = re.compile(r"\D+")
_SHARED_HOSTS: Final = ("facebook.com", "instagram.com", "linkedin.com", "linktr.ee", "google.com", "sites.google.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is compared of somebody, folded already."""

    id: int
    name: frozenset[str] = frozenset()
    npis: frozenset[str] = frozenset()
    numbers: frozenset[tuple[str, str, str]] = frozenset()
    """Of licences: jurisdiction, type and number."""
    towns: frozenset[str] = frozenset()
    telephones: frozenset[str] = frozenset()
    website: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two profiles have in common, from 0 to 1, and in what."""

    score: float
    signs: tuple[Sign, ...]

    @property
    def asks(self) -> bool:
        """Whether somebody should look."""
        return self.score >= ASK_FROM

    @property
    def urgent(self) -> bool:
        """Whether a number says it."""
        return self.score >= URGENT_FROM and not {Sign.NPI, Sign.LICENCE_NUMBER}.isdisjoint(self.signs)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two profiles, the smaller number first."""

    first: int
    second: int
    likeness: Likeness


def name_words(name: str) -> frozenset[str]:
    """The words of a name, without titles and letters after it, in any order and alphabet."""
    return frozenset(word.text for word in held_name(name))


def number_key(number: str | None) -> str:
    """A number of a register as it is compared: letters and digits, without the zeros before them."""
    plain = _NOT_IN_A_NUMBER.sub("", (number or "").upper())
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain)


def telephone_key(telephone: str | None) -> str:
    """The last digits of a telephone number, by which it is compared; empty for what is none."""
    digits = _NOT_A_DIGIT.sub("", telephone or "")
    return digits[-9:] if len(digits) >= _LEAST_TELEPHONE else ""


def website_key(website: str | None) -> str:
    """Host and path of a website; empty for what is none, and for hosts that everybody shares without a path."""
    try:
        parts = urlsplit((website or "").strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.rstrip("/").casefold()
    return "" if not host or (host in _SHARED_HOSTS and not path) else f"{host}{path}"


def likeness(one: Profile, other: Profile) -> Likeness:
    """How much these two have in common; the same whichever stands first."""
    signs = tuple(each for each in Sign if _SAYS[each](one, other))
    if _IDENTIFYING.isdisjoint(signs):
        return Likeness(0.0, signs)
    return Likeness(min(1.0, max(0.0, round(sum(WEIGHTS[each] for each in signs), 6))), signs)


def pairs(profiles: Iterable[Profile], *, known: Collection[tuple[int, int]] = ()) -> list[Pair]:
    """Every two profiles about which somebody should be asked, the likeliest first; ``known`` were asked about.

    Only those are compared that share something by which one can be looked up, so that it takes one pass.
    """
    by_id: dict[int, Profile] = {}
    sharing: dict[Hashable, list[int]] = defaultdict(list)
    for each in profiles:
        by_id[each.id] = each
        for key in _keys(each):
            sharing[key].append(each.id)
    compared: set[tuple[int, int]] = set(known)
    found = []
    for ids in sharing.values():
        if len(ids) > MOST_ALIKE:
            continue
        for first, second in combinations(sorted(set(ids)), 2):
            if (first, second) in compared:
                continue
            compared.add((first, second))
            alike = likeness(by_id[first], by_id[second])
            if alike.asks:
                found.append(Pair(first, second, alike))
    return sorted(found, key=lambda pair: (-pair.likeness.score, pair.first, pair.second))


def _keys(each: Profile) -> Iterator[Hashable]:
    yield from (("npi", npi) for npi in each.npis)
    yield from (("number", *number) for number in each.numbers)
    yield from (("telephone", number, word) for number in each.telephones for word in each.name)
    if each.website:
        yield from (("website", each.website, word) for word in each.name)
    if each.email:
        yield ("email", each.email)
    if each.name:
        whole = " ".join(sorted(each.name))
        yield from (("name", whole, town) for town in each.towns)


def _shares_name(one: Profile, other: Profile) -> bool:
    return bool(one.name) and one.name == other.name


def _shares_parts(one: Profile, other: Profile) -> bool:
    """One name is the other with words besides: "Ada Byron" and "Ada King Byron"."""
    if one.name == other.name:
        return False
    shared = one.name & other.name
    return len(shared) >= _LEAST_SHARED and shared in (one.name, other.name)


def _other_number(one: Profile, other: Profile) -> bool:
    registers = {number[:2] for number in one.numbers} & {number[:2] for number in other.numbers}
    return bool(registers) and one.numbers.isdisjoint(other.numbers)


_SAYS: Final = {
    Sign.NPI: lambda one, other: not one.npis.isdisjoint(other.npis),
    Sign.LICENCE_NUMBER: lambda one, other: not one.numbers.isdisjoint(other.numbers),
    Sign.NAME: _shares_name,
    Sign.NAME_PARTS: _shares_parts,
    Sign.TOWN: lambda one, other: not one.towns.isdisjoint(other.towns),
    Sign.TELEPHONE: lambda one, other: not one.telephones.isdisjoint(other.telephones),
    Sign.WEBSITE: lambda one, other: bool(one.website) and one.website == other.website,
    Sign.EMAIL: lambda one, other: bool(one.email) and one.email == other.email,
    Sign.OTHER_NPI: lambda one, other: bool(one.npis and other.npis) and one.npis.isdisjoint(other.npis),
    Sign.OTHER_NUMBER: _other_number,
}
_IDENTIFYING: Final = frozenset({Sign.NPI, Sign.LICENCE_NUMBER, Sign.NAME, Sign.NAME_PARTS})
