"""Setting a paper beside what a board's roster says. Pure.

The exact number within jurisdiction and licence type comes first; the name then says whether the number is this
person's. Everything that was weighed is named. A name without its number is never more than a question, and nothing
here hides anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from directory.credentials.terms import ORDERED_TO_STOP, CredentialStatus
from directory.registries.naming import (
    Likeness,
    Name,
    families,
    family_keys,
    first_names,
    middles,
    of_text,
    plain,
)
from directory.registries.rosters import statuses
from directory.registries.rosters.terms import Reason, Seen

WEIGHTS: Final = {
    Reason.NUMBER: 100,
    Reason.NAME: 70,
    Reason.NAME_PART: 45,
    Reason.NAME_SHORT_FORM: -10,
    Reason.NAME_INITIAL: -25,
    Reason.NAME_SPELLING: -20,
    Reason.NAME_ORDER: -5,
    Reason.GENERATION: -10,
    Reason.MIDDLE_NAME: 10,
    Reason.OTHER_MIDDLE_NAME: -30,
    Reason.OTHER_FAMILY_NAME: -40,
    Reason.OTHER_FIRST_NAME: -60,
    Reason.CITY: 15,
}
"""Points. ``NAME`` and ``NAME_PART`` stand for both names together; what lowers them stands beside them."""

ASK: Final = 40
"""From here on a name alone is worth a question."""

MOST_NAMESAKES: Final = 5
_LONG_ENOUGH: Final = 5
"""A shorter name that differs by a letter is another name: Lin and Lim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a roster says of one licence under one name."""

    jurisdiction: str
    licence_type: str
    number: str
    """As the board writes it."""
    number_key: str
    written_name: str
    names: tuple[Name, ...]
    """Every way in which the name may be read; one where the board gives its parts."""
    status: CredentialStatus
    raw_status: str
    suffix: str = ""
    city: str = ""
    """One or more towns, with ``;`` between them."""
    region: str = ""
    issued: date | None = None
    expires: date | None = None
    discipline: str = ""
    """The board's own words; empty where it says that there was none."""
    rows: int = 1
    """How many rows of the file said this."""

    @property
    def name_key(self) -> str:
        """The name as it is compared, generation and all."""
        return plain(self.written_name)[:300]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody of ours says about a licence."""

    number_key: str
    written_name: str
    names: tuple[Name, ...]
    cities: frozenset[str] = frozenset()


class Likely(IntEnum):
    """How well two names go together."""

    OTHER = 0
    FAMILY_ALONE = 1
    GIVEN_ALONE = 2
    VARIANT = 3
    SAME = 4


@dataclass(frozen=True, slots=True)
class Weighed:
    """One entry beside one claim."""

    entry: Entry
    likely: Likely
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """Everything that speaks for it, less what speaks against it."""
        return sum(WEIGHTS.get(each, 0) for each in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the desk sees of one paper."""

    seen: Seen
    """What matters most about it."""
    facts: frozenset[Seen]
    """Everything that is so: a licence may be disciplined and expired."""
    entry: Entry | None = None
    """The entry with the number: the one that governs where there are several."""
    is_theirs: bool = False
    """Whether the entry's name is one that this person may bear."""
    reasons: tuple[Reason, ...] = ()
    points: int = 0
    others: tuple[Entry, ...] = ()
    """Further entries with the number, or people of the name under other numbers."""

    @property
    def asks(self) -> bool:
        """Whether somebody has to look at it."""
        return self.seen is Seen.QUESTION or (self.seen is Seen.ABSENT and bool(self.others))


def claim(
    number_key: str,
    display_name: str,
    *,
    other_names: Iterable[str] = (),
    parts: Iterable[Name] = (),
    cities: Iterable[str] = (),
) -> Claim:
    """A claim from what a profile and a paper say; ``other_names`` stand on papers, ``parts`` in other registers."""
    readings: dict[Name, None] = dict.fromkeys(parts)
    for written in (display_name, *other_names):
        readings |= dict.fromkeys(read_name(written))
    return Claim(
        number_key=number_key,
        written_name=display_name,
        names=tuple(readings),
        cities=frozenset(filter(None, map(plain, cities))),
    )


def read_name(written: str) -> tuple[Name, ...]:
    """Every way in which a name in one line may be read. Its last word may be a degree or a family name: Ma, Do."""
    readings = of_text(written)
    words = plain(written).split()
    if "," in written or len(words) < 2 or any(name.family.endswith(words[-1]) for name in readings):
        return readings
    return (*readings, Name(family=words[-1], given=words[0], middle=" ".join(words[1:-1])))


class Register:
    """The entries of one board, to be looked up by number and by name."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_number: dict[str, list[Entry]] = defaultdict(list)
        self._by_family: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._by_number[entry.number_key].append(entry)
            for key in {key for name in entry.names for key in family_keys(name.family)}:
                self._by_family[key].append(entry)

    def look_up(self, claimed: Claim, *, today: date) -> Finding:
        """What the board says of a claim."""
        numbered = self._by_number.get(claimed.number_key, ()) if claimed.number_key else ()
        if numbered:
            return match(claimed, numbered, (), today=today)
        keys = {key for name in claimed.names for key in family_keys(name.family)}
        named = {id(entry): entry for key in keys for entry in self._by_family.get(key, ())}
        return match(claimed, (), tuple(named.values()), today=today)


def match(claimed: Claim, numbered: Sequence[Entry], named: Sequence[Entry], *, today: date) -> Finding:
    """What the entries with the number say, or where there are none, whether anybody of the name is in the file.

    Entries whose number is another one are passed over among ``numbered``: they are never a match.
    """
    same = [each for each in numbered if claimed.number_key and each.number_key == claimed.number_key]
    if not same:
        return _by_name(claimed, named)
    weighed = sorted((weigh(claimed, each) for each in same), key=lambda each: (-each.likely, -each.points))
    best = weighed[0]
    least = min(best.likely, Likely.VARIANT)
    theirs = [each for each in weighed if each.likely >= least]
    entry = governing([each.entry for each in theirs])
    facts = standing(entry, today=today)
    reasons = [Reason.NUMBER, *best.reasons]
    if entry.rows > 1 or len(theirs) > 1:
        reasons.append(Reason.SEVERAL_ROWS)
    if len(theirs) < len(weighed):
        reasons.append(Reason.SEVERAL_PEOPLE)
    if Seen.EXPIRED in facts and not says_expired(entry):
        reasons.append(Reason.DATE_PASSED)
    if Seen.QUESTION in facts:
        reasons.append(Reason.UNKNOWN_WORD)
    # A first name alone carries a licence in force over a changed family name. It does not carry a revocation.
    is_theirs = best.likely >= Likely.VARIANT or (best.likely is Likely.GIVEN_ALONE and not facts)
    if not is_theirs:
        reasons.append(Reason.OTHER_PERSON)
        facts = frozenset({Seen.QUESTION})
    elif best.likely is not Likely.SAME:
        facts |= {Seen.NAME_VARIANT}
    return Finding(
        seen=_foremost(facts),
        facts=facts or frozenset({Seen.MATCH}),
        entry=entry,
        is_theirs=is_theirs,
        reasons=tuple(dict.fromkeys(reasons)),
        points=WEIGHTS[Reason.NUMBER] + best.points,
        others=tuple(each for each in same if each is not entry),
    )


def _by_name(claimed: Claim, named: Sequence[Entry]) -> Finding:
    weighed = [weigh(claimed, each) for each in named]
    alike = sorted(
        (each for each in weighed if each.likely >= Likely.VARIANT and each.points >= ASK),
        key=lambda each: (-each.points, each.entry.number_key),
    )
    reasons: list[Reason] = [] if claimed.number_key else [Reason.NO_NUMBER]
    if alike:
        reasons += [Reason.NAME_ELSEWHERE if len(alike) == 1 else Reason.NAMESAKES, *alike[0].reasons]
    seen = Seen.QUESTION if alike and not claimed.number_key else Seen.ABSENT
    return Finding(
        seen=seen,
        facts=frozenset({seen}),
        reasons=tuple(dict.fromkeys(reasons)),
        points=alike[0].points if alike else 0,
        others=tuple(each.entry for each in alike[:MOST_NAMESAKES]),
    )


def gone(finding: Finding, entry: Entry) -> Finding:
    """The finding of a number that is absent, with what an earlier file said under it."""
    return replace(finding, entry=entry, reasons=(Reason.GONE, *finding.reasons))


# --- what an entry says ----------------------------------------------------------------------------------------------

_ORDER: Final = (
    Seen.REVOKED,
    Seen.SUSPENDED,
    Seen.QUESTION,
    Seen.EXPIRED,
    Seen.INACTIVE,
    Seen.DISCIPLINED,
    Seen.NAME_VARIANT,
)
_EXPIRED: Final = frozenset(
    {
        CredentialStatus.EXPIRED,
        CredentialStatus.EXPIRED_GRACE,
        CredentialStatus.LAPSED,
        CredentialStatus.DELINQUENT,
    }
)
_IN_FORCE: Final = frozenset({CredentialStatus.ACTIVE, CredentialStatus.TEMPORARY})
_WITH_A_REMARK: Final = frozenset({CredentialStatus.ACTIVE_WITH_CONDITIONS, CredentialStatus.PROBATION})
_SUSPENDED: Final = frozenset({CredentialStatus.SUSPENDED, CredentialStatus.INTERIM_SUSPENDED})


def standing(entry: Entry, *, today: date) -> frozenset[Seen]:
    """Everything about an entry that keeps it from being in force without a remark; a licence ends with its last day.

    An order to stop says it all. ``today`` is the local day at the board.
    """
    return standing_of(entry.status, entry.expires, entry.discipline, today=today)


def standing_of(
    status: CredentialStatus, expires: date | None, discipline: str | None, *, today: date
) -> frozenset[Seen]:
    """The same of a status, a day of expiry and what is said of discipline, wherever they were read."""
    if status in _SUSPENDED:
        return frozenset({Seen.SUSPENDED})
    if status in ORDERED_TO_STOP:
        return frozenset({Seen.REVOKED})
    found = set()
    if status is CredentialStatus.UNKNOWN:
        found.add(Seen.QUESTION)
    elif status in _EXPIRED:
        found.add(Seen.EXPIRED)
    elif status not in _IN_FORCE | _WITH_A_REMARK:
        found.add(Seen.INACTIVE)
    if expires is not None and expires < today:
        found.add(Seen.EXPIRED)
    if discipline or status in _WITH_A_REMARK:
        found.add(Seen.DISCIPLINED)
    return frozenset(found)


def says_expired(entry: Entry) -> bool:
    """Whether the board's word says already that a licence has run out."""
    return entry.status in _EXPIRED


def governing(entries: Sequence[Entry]) -> Entry:
    """Which of several entries of one licence counts: an order to stop before all, then the one that runs longest, and
    of two that run as long the worse."""
    return max(
        entries,
        key=lambda each: (
            statuses.severity(each.status) if each.status in ORDERED_TO_STOP else -1,
            each.expires or date.max,
            statuses.severity(each.status),
            bool(each.discipline),
        ),
    )


def _foremost(facts: frozenset[Seen]) -> Seen:
    return next((each for each in _ORDER if each in facts), Seen.MATCH)


# --- names -----------------------------------------------------------------------------------------------------------


def weigh(claimed: Claim, entry: Entry) -> Weighed:
    """How well the name and the town of an entry go with a claim, in whichever way their names are read."""
    best: tuple[Likely, tuple[Reason, ...]] = (Likely.OTHER, ())
    for theirs in claimed.names:
        for name in entry.names:
            found = _swapped(theirs, name) or _compared(theirs, name)
            if found[0] is Likely.OTHER:
                continue
            best = _best(best, found)
            if best[0] is Likely.SAME and Reason.OTHER_MIDDLE_NAME not in best[1]:
                break
    likely, reasons = best
    if likely is not Likely.OTHER and _generation(claimed.written_name) != _generation(entry.written_name):
        likely = min(likely, Likely.VARIANT)
        reasons = (*reasons, Reason.GENERATION)
    if claimed.cities and any(plain(each) in claimed.cities for each in entry.city.split(";") if each):
        reasons = (*reasons, Reason.CITY)
    return Weighed(entry, likely, reasons)


def _best(
    one: tuple[Likely, tuple[Reason, ...]], other: tuple[Likely, tuple[Reason, ...]]
) -> tuple[Likely, tuple[Reason, ...]]:
    return max(one, other, key=lambda each: (each[0], sum(WEIGHTS.get(reason, 0) for reason in each[1])))


def _swapped(one: Name, other: Name) -> tuple[Likely, tuple[Reason, ...]] | None:
    """The two names with family and first name of one of them the other way round; only the same words count."""
    if one.family == other.given != other.family == one.given:
        return Likely.SAME, (Reason.NAME, Reason.NAME_ORDER)
    return None


def _compared(one: Name, other: Name) -> tuple[Likely, tuple[Reason, ...]]:
    family, close_family = _part(families(one.family, other.family), one.family, other.family)
    first, close_first = _part(_first(one, other), one.given, other.given)
    if family is Likeness.OTHER and first is not Likeness.SAME:
        return Likely.OTHER, ()
    if family is Likeness.OTHER:
        reasons = [Reason.NAME, Reason.OTHER_FAMILY_NAME, *_middle(one, other)]
        return Likely.GIVEN_ALONE, tuple(reasons)
    if first is Likeness.OTHER:
        return Likely.FAMILY_ALONE, (Reason.NAME, Reason.OTHER_FIRST_NAME)
    reasons = [Reason.NAME if family is Likeness.SAME else Reason.NAME_PART]
    if close_family or close_first:
        reasons.append(Reason.NAME_SPELLING)
    if first is Likeness.VARIANT and not close_first:
        reasons.append(Reason.NAME_SHORT_FORM)
    if first in (Likeness.INITIAL, Likeness.UNKNOWN):
        reasons.append(Reason.NAME_INITIAL)
    reasons += _middle(one, other)
    same = family is Likeness.SAME and first is Likeness.SAME and Reason.OTHER_MIDDLE_NAME not in reasons
    if same and _further_names(one) != _further_names(other) and one.middle and other.middle:
        same = False
        reasons.append(Reason.NAME_PART)
    return (Likely.SAME if same else Likely.VARIANT), tuple(reasons)


def _further_names(name: Name) -> tuple[str, ...]:
    """The middle names behind the first of them, as far as they are written out."""
    return tuple(word for word in name.middle.split()[1:] if len(word) > 1)


def _first(one: Name, other: Name) -> Likeness:
    """How the first names meet; a middle name that is used as the first one is a form of it."""
    plainly = first_names(one, other)
    if plainly is Likeness.OTHER and (
        (len(one.given) > 1 and one.given in other.middle.split())
        or (len(other.given) > 1 and other.given in one.middle.split())
    ):
        return Likeness.VARIANT
    if plainly is Likeness.INITIAL and one.given == other.given:
        return Likeness.SAME
    return plainly


def _part(likeness: Likeness, one: str, other: str) -> tuple[Likeness, bool]:
    """The likeness, and whether it rests on spelling alone: one letter in a name of five, two in one of nine."""
    if likeness is not Likeness.OTHER or min(len(one), len(other)) < _LONG_ENOUGH:
        return likeness, False
    allowed = 1 if min(len(one), len(other)) < 9 else 2
    if DamerauLevenshtein.distance(one, other, score_cutoff=allowed) <= allowed:
        return Likeness.VARIANT, True
    return likeness, False


def _middle(one: Name, other: Name) -> list[Reason]:
    match middles(one, other):
        case Likeness.OTHER:
            return [Reason.OTHER_MIDDLE_NAME]
        case Likeness.SAME | Likeness.INITIAL:
            return [Reason.MIDDLE_NAME]
        case _:
            return []


_GENERATIONS: Final = {"jr": 2, "junior": 2, "ii": 2, "sr": 1, "senior": 1, "iii": 3, "iv": 4}


@lru_cache(maxsize=100_000)
def _generation(written: str) -> int:
    """Which of several people of one name, as it is written behind it; nought where it is not."""
    return max((_GENERATIONS.get(word, 0) for word in plain(written).split()[1:]), default=0)
