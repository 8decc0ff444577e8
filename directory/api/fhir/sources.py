"""How the values of a search parameter are found, by the kind of element they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeAlias

from directory.api.fhir.conditions import (
    Asked,
    Clause,
    Column,
    Condition,
    Near,
    Of,
    Within,
    any_of,
    negated,
    one_of_theirs,
)
from directory.api.fhir.escapes import plain, split
from directory.api.fhir.outcomes import invalid
from directory.api.fhir.prefixes import NotADate, read
from directory.api.fhir.strings import Text

LARGEST_ID: Final = 2**62

# --- tokens -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Token:
    """``system|code``; a system of ``None`` is any, an empty one none at all, and an empty code any code of it."""

    system: str | None
    code: str

    def fits(self, system: str, code: str) -> bool:
        """Whether this coding is meant."""
        return self.system in (None, system) and (self.code == code or (not self.code and self.system is not None))


def token(text: str, name: str) -> Token:
    """The token as it was written, its signs still escaped."""
    parts = split(text, "|")
    if len(parts) > 2 or not any(parts):
        raise invalid("a token is a code, system|code, |code or system|", name)
    system, code = (None, parts[0]) if len(parts) == 1 else (plain(parts[0]), parts[1])
    return Token(system, plain(code))


Values: TypeAlias = "Mapping[tuple[str, str], Clause]"


@dataclass(frozen=True, slots=True)
class Codes:
    """Codings of a fixed list, each with the clause under which a resource carries it. Clauses are never unknown."""

    codes: Values
    always: bool = False
    """Whether every resource has the element, also without one of the codes."""

    @property
    def present(self) -> Clause:
        """Whether a resource has the element."""
        return self.always or any_of(self.codes.values())

    def condition(self, asked: Asked) -> Condition:
        """Carries one of them, or none of them (``not``)."""
        tokens = [token(each, asked.name) for each in asked.values]
        found = any_of(
            clause for (system, code), clause in self.codes.items() if any(each.fits(system, code) for each in tokens)
        )
        return Condition(negated(found) if asked.modifier == "not" else found)


@dataclass(frozen=True, slots=True)
class Dated:
    """Codings that hang on the day: as ``Codes``, made for the instant of the search."""

    at: Callable[[datetime], Values]

    def condition(self, asked: Asked) -> Condition:
        """Carries one of them, or none of them (``not``)."""
        return Codes(self.at(asked.now)).condition(asked)

    def presence(self, asked: Asked, *, lacking: bool) -> Condition:
        """Carries any, or none."""
        present = Codes(self.at(asked.now)).present
        return Condition(negated(present) if lacking else present)


@dataclass(frozen=True, slots=True)
class Identifier:
    """Identifiers of one system: the clause under which a resource has this value, and has any."""

    system: str
    has: Callable[[str], Clause]
    any: Clause


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Identifiers of several systems."""

    kinds: tuple[Identifier, ...] = ()

    @property
    def present(self) -> Clause:
        """Whether a resource has any."""
        return any_of(each.any for each in self.kinds)

    def condition(self, asked: Asked) -> Condition:
        """Has one of them, or none of them (``not``)."""
        found = any_of(self._one(token(each, asked.name), asked.base) for each in asked.values)
        return Condition(negated(found) if asked.modifier == "not" else found)

    def _one(self, wanted: Token, base: str) -> Clause:
        fitting = [each for each in self.kinds if wanted.system in (None, written(each.system, base))]
        return any_of(each.has(wanted.code) if wanted.code else each.any for each in fitting)


@dataclass(frozen=True, slots=True)
class Number:
    """The number of a resource itself."""

    column: Column
    present: Clause = True

    def condition(self, asked: Asked) -> Condition:
        """Is one of these, or none of them (``not``)."""
        tokens = [token(each, asked.name) for each in asked.values]
        numbers = [numbered(each.code) for each in tokens if not each.system]
        numbers = [number for number in numbers if number is not None]
        found: Clause = self.column.in_(numbers) if numbers else False
        return Condition(negated(found) if asked.modifier == "not" else found)


def numbered(text: str) -> int | None:
    """The number of one of our resources, or ``None`` where no resource of ours has such an id."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or (len(text) > 1 and text.startswith("0")):
        return None
    number = int(text)
    return number if number < LARGEST_ID else None


# --- references, dates, places ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """References to resources whose number stands in a column; ``None`` where nobody here has such a thing."""

    columns: Mapping[str, Column | None]
    """By the type that is referred to."""

    @property
    def present(self) -> Clause:
        """Whether a resource refers to any."""
        return any(column is not None for column in self.columns.values())

    def condition(self, asked: Asked) -> Condition:
        """Refers to one of these: ``Type/id``, the id alone, or the address of the resource."""
        return Condition(any_of(self._one(plain(each), asked) for each in asked.values))

    def _one(self, text: str, asked: Asked) -> Clause:
        path = text.removeprefix(f"{asked.base}/")
        if "://" in path or path.startswith("urn:"):
            return False
        kind, slash, number = path.rpartition("/")
        if not slash:
            kind = asked.modifier
        elif asked.modifier and asked.modifier != kind:
            raise invalid(f"{asked.modifier} was asked for, and {kind} was given", asked.name)
        if kind and kind not in self.columns:
            raise invalid(f"it refers to {' or '.join(self.columns)} and not to {kind}", asked.name)
        wanted = numbered(number)
        if wanted is None:
            return False
        columns = [column for each, column in self.columns.items() if kind in ("", each) and column is not None]
        return any_of(column == wanted for column in columns)


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant in a column."""

    column: Column
    present: Clause = True

    def condition(self, asked: Asked) -> Condition:
        """Lies there, before or after, as the prefix says."""
        try:
            spans = tuple(read(plain(each)) for each in asked.values)
        except NotADate as error:
            raise invalid(str(error), asked.name) from error
        clause = any_of(span.clause(self.column, now=asked.now) for span in spans)
        return Condition(clause, within=Within(self.column, spans, asked.now))


@dataclass(frozen=True, slots=True)
class Nearby:
    """The place itself, seen from a point."""

    read: Callable[[str, str], Near]
    present: Clause = True

    def condition(self, asked: Asked) -> Condition:
        """Lies within the distance of one of these points."""
        return Condition(True, near=tuple(self.read(each, asked.name) for each in asked.values))


@dataclass(frozen=True, slots=True)
class Profiles:
    """Which profiles a resource claims: those that all of a type do, and one that whoever has a certain paper does
    not."""

    carried: tuple[str, ...]
    unless: str = ""
    paper: Clause = False
    """Of a paper: that its owner does not fulfil ``unless``."""
    present: Clause = True

    def condition(self, asked: Asked) -> Condition:
        """Claims one of these."""
        wanted = [plain(each) for each in asked.values]
        if any(each in self.carried for each in wanted):
            return Condition(True)
        if self.unless and self.unless in wanted:
            return one_of_theirs(Of.PAPER, Condition(self.paper), lacking=True)
        return Condition(False)


@dataclass(frozen=True, slots=True)
class Theirs:
    """What stands once for each place or paper of a person: one of them that says so is enough."""

    of: Of
    source: Text | Codes

    def condition(self, asked: Asked) -> Condition:
        """One of them says so, or none of them does (``not``)."""
        lacking = asked.modifier == "not"
        found = self.source.condition(replace(asked, modifier="") if lacking else asked)
        return one_of_theirs(self.of, found, lacking=lacking)

    def presence(self, asked: Asked, *, lacking: bool) -> Condition:
        """One of them says anything, or none."""
        return one_of_theirs(self.of, presence(self.source, asked, lacking=False), lacking=lacking)


@dataclass(frozen=True, slots=True)
class Nobody:
    """What no resource here has: a right question, to which the answer is nobody."""

    present: Clause = field(default=False)

    def condition(self, asked: Asked) -> Condition:
        """Nobody, or everybody who lacks it (``not``)."""
        return Condition(asked.modifier == "not")


def written(system: str, base: str) -> str:
    """A system of identifiers as it is written where the site stands."""
    return system.replace("{site}", base.removesuffix("/fhir"))


def presence(source: Source, asked: Asked, *, lacking: bool) -> Condition:
    """Whether a resource has the element at all (``missing``)."""
    if isinstance(source, (Text, Dated, Theirs)):
        return source.presence(asked, lacking=lacking)
    return Condition(negated(source.present) if lacking else source.present)


Source: TypeAlias = (
    Text | Codes | Dated | Identifiers | Number | Reference | Instant | Nearby | Profiles | Theirs | Nobody
)
