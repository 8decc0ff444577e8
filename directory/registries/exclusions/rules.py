"""Which entries of the exclusion list may be about which people of ours, and how much speaks for it. Pure.

An NPI in common is a hit whatever the name says. A name in common is weighed: everything that speaks for or against it
has points, and ``ASK`` of them make a question. An entry whose own number is another than the person's is never about
them. Of several people with one name only those are asked about whom the entry fits about as well as any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from directory.registries.exclusions.terms import By, Freshness, Reason, Standing
from directory.registries.naming import (
    Likeness,
    Name,
    families,
    family_keys,
    first_names,
    given_calls,
    given_keys,
    middles,
    of_parts,
    plain,
)

WEIGHTS: Final[Mapping[Reason, int]] = {
    Reason.FAMILY_NAME: 40,
    Reason.FAMILY_NAME_PART: 20,
    Reason.FIRST_NAME: 30,
    Reason.FIRST_NAME_VARIANT: 20,
    Reason.FIRST_NAME_INITIAL: -10,
    Reason.MIDDLE_NAME: 10,
    Reason.OTHER_MIDDLE_NAME: -40,
    Reason.STATE: 20,
    Reason.OTHER_STATE: -10,
    Reason.CITY: 15,
    Reason.ACUPUNCTURE: 10,
    Reason.BIRTH: 40,
    Reason.OTHER_BIRTH: -100,
}
"""Points. Both names alike and another state are 60, and a question; another middle name too, and they are none."""

ASK: Final = 55
LIKELY: Final = 80
"""From here on a question is worth as much as any other case; below it can wait."""

MUCH_BETTER: Final = 15
"""Points by which an entry fits one person so much better than another that the other is not asked about."""

CHECKED_FOR: Final = timedelta(days=45)
"""How long a file of the list can be relied on: it comes out monthly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the list. Names as it writes them; ``npi`` is empty where it knows none."""

    key: str
    """What it says, as a fingerprint: another one when anything in it changes."""
    npi: str = ""
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    business: str = ""
    general: str = ""
    specialty: str = ""
    born: date | None = None
    address: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    basis: str = ""
    """The paragraph of the Social Security Act, such as ``1128b4``."""
    excluded_on: date | None = None
    reinstated_on: date | None = None
    waived_on: date | None = None
    waived_in: str = ""

    @property
    def name(self) -> Name:
        """The person's name in parts; empty parts for a business."""
        return of_parts(self.last_name, self.first_name, self.middle_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of ours, as far as it decides."""

    key: int
    npi: str = ""
    names: tuple[Name, ...] = ()
    """Every name that they or their papers give."""
    places: frozenset[tuple[str, str]] = frozenset()
    """Two-letter state and city of wherever they are known to work; a city may be empty."""
    born: date | None = None

    @property
    def states(self) -> frozenset[str]:
        """Every state in which they are known to work."""
        return frozenset(state for state, _ in self.places if state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An entry that may be about somebody, with everything that was weighed."""

    person: int
    entry: Entry
    by: By
    points: int
    reasons: tuple[Reason, ...]
    standing: Standing

    @property
    def is_asked(self) -> bool:
        """Whether somebody at the desk has to look at it."""
        return self.standing is Standing.EXCLUDED and Reason.FITS_ANOTHER_BETTER not in self.reasons

    @property
    def is_likely(self) -> bool:
        """Whether more than the name speaks for it."""
        return self.by is By.NUMBER or self.points >= LIKELY


class List:
    """The entries, to be compared with people."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)

    def matches(self, people: Iterable[Person], *, today: date) -> list[Match]:
        """Everything that may be about any of these people, by person and the surest first; see the module text."""
        known = _Known(people)
        found = [match for entry in self._entries for match in known.of(entry, today)]
        found.sort(key=lambda each: (each.person, -each.points, each.entry.key))
        return list(_fitting_best(found))


class _Known:
    """People, to be looked up by number and by name."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_number: dict[str, list[Person]] = defaultdict(list)
        self._by_name: dict[str, dict[str, dict[int, Person]]] = defaultdict(lambda: defaultdict(dict))
        for person in people:
            if person.npi:
                self._by_number[person.npi].append(person)
            for name in person.names:
                for family in family_keys(name.family):
                    for given in given_keys(name):
                        self._by_name[family][given][person.key] = person

    def of(self, entry: Entry, today: date) -> Iterator[Match]:
        """Whoever this entry may be about."""
        if entry.npi:
            for person in self._by_number.get(entry.npi, ()):
                yield _by_number(person, entry, today)
        if not entry.last_name:
            return
        name = entry.name
        found: dict[int, Person] = {}
        for family in family_keys(name.family):
            called = self._by_name.get(family)
            if called:
                for given in given_calls(name):
                    found |= called.get(given, {})
        for person in found.values():
            if person.npi and entry.npi:
                # It is theirs by number, or it is somebody else's.
                continue
            match = _by_name(person, entry, name, today)
            if match is not None:
                yield match


def _by_number(person: Person, entry: Entry, today: date) -> Match:
    theirs = max((_names(entry.name, each) for each in person.names), default=(), key=_points)
    named = theirs if _points(theirs) >= ASK else (Reason.OTHER_NAME,)
    reasons = (Reason.NUMBER, *named, *_circumstances(person, entry))
    return Match(
        person=person.key,
        entry=entry,
        by=By.NUMBER,
        points=100 + _points(reasons),
        reasons=reasons,
        standing=standing(entry, person.states, today=today),
    )


def _by_name(person: Person, entry: Entry, name: Name, today: date) -> Match | None:
    named = max((_names(name, each) for each in person.names), default=(), key=_points)
    if not named:
        return None
    reasons = (*named, *_circumstances(person, entry))
    points = _points(reasons)
    if points < ASK:
        return None
    return Match(
        person=person.key,
        entry=entry,
        by=By.NAME,
        points=points,
        reasons=reasons,
        standing=standing(entry, person.states, today=today),
    )


_FAMILY = {Likeness.SAME: Reason.FAMILY_NAME, Likeness.VARIANT: Reason.FAMILY_NAME_PART}
_FIRST = {
    Likeness.SAME: Reason.FIRST_NAME,
    Likeness.VARIANT: Reason.FIRST_NAME_VARIANT,
    Likeness.INITIAL: Reason.FIRST_NAME_INITIAL,
}
_MIDDLE = {
    Likeness.SAME: Reason.MIDDLE_NAME,
    Likeness.INITIAL: Reason.MIDDLE_NAME,
    Likeness.OTHER: Reason.OTHER_MIDDLE_NAME,
}


def _names(one: Name, other: Name) -> tuple[Reason, ...]:
    """What two names have in common; nothing where either family or first name is another."""
    family, first = _FAMILY.get(families(one.family, other.family)), _FIRST.get(first_names(one, other))
    if family is None or first is None:
        return ()
    middle = _MIDDLE.get(middles(one, other))
    return (family, first) if middle is None else (family, first, middle)


def _circumstances(person: Person, entry: Entry) -> Iterator[Reason]:
    if entry.state and person.states:
        yield Reason.STATE if entry.state in person.states else Reason.OTHER_STATE
    city = plain(entry.city)
    if city and any(plain(each) == city for _, each in person.places):
        yield Reason.CITY
    if says_acupuncture(entry):
        yield Reason.ACUPUNCTURE
    if entry.born is not None and person.born is not None:
        yield Reason.BIRTH if entry.born == person.born else Reason.OTHER_BIRTH


def says_acupuncture(entry: Entry) -> bool:
    """Whether the list says that somebody was an acupuncturist."""
    return "ACUPUNC" in f"{entry.specialty} {entry.general}".upper()


def _points(reasons: Iterable[Reason]) -> int:
    return sum(WEIGHTS.get(each, 0) for each in reasons)


def _fitting_best(matches: Sequence[Match]) -> Iterator[Match]:
    """Mark every match by name that is much weaker than another person's match with the same entry."""
    best: dict[str, int] = {}
    for each in matches:
        best[each.entry.key] = max(best.get(each.entry.key, 0), each.points)
    for each in matches:
        if each.by is By.NAME and each.points + MUCH_BETTER <= best[each.entry.key]:
            yield Match(
                person=each.person,
                entry=each.entry,
                by=each.by,
                points=each.points,
                reasons=(*each.reasons, Reason.FITS_ANOTHER_BETTER),
                standing=each.standing,
            )
        else:
            yield each


def standing(entry: Entry, states: frozenset[str], *, today: date) -> Standing:
    """What an entry means on a day for somebody who works in these states.

    A reinstatement counts from its day on. A waiver counts only for whoever works nowhere but in its state.
    """
    if entry.reinstated_on is not None and entry.reinstated_on <= today:
        return Standing.REINSTATED
    waived = entry.waived_on is not None and entry.waived_on <= today
    if waived and states and states <= {entry.waived_in}:
        return Standing.WAIVED
    return Standing.EXCLUDED


def freshness(as_of: date | None, *, now: datetime) -> Freshness:
    """Whether a list of this day says anything about today; one that is too old is as good as none."""
    if as_of is None:
        return Freshness.NEVER
    return Freshness.CHECKED if now.date() - as_of <= CHECKED_FOR else Freshness.STALE


LEAST_OF_BEFORE: Final = 0.9
FEW: Final = 500


def looks_cut(entries: int, before: int | None) -> bool:
    """Whether a list is so much shorter than the one before that something of it must be missing."""
    return before is not None and before > FEW and entries < before * LEAST_OF_BEFORE
