"""How the values of a search parameter are found: as SQL where that says it exactly, and as a look at a few columns
where it does not. Every resource hangs on one practitioner and one of their places, so one row answers for all."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, takewhile
from typing import Any, Final, TypeAlias

import numpy as np
from sqlalchemy import Boolean, ColumnElement, Enum, String, and_, not_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from directory.api.fhir.outcomes import invalid
from directory.api.fhir.prefixes import NotADate, Span, read
from directory.search.index import Bools, Floats

Clause: TypeAlias = "ColumnElement[bool] | bool"
Column: TypeAlias = Any

LARGEST_ID: Final = 2**62
FOLDED: Final = "fhir_folded"
_AS_COMPARED: Final = str.maketrans({"'": None, "’": None, ".": None, ",": " ", "-": " "})


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must meet: ``clause`` in SQL, and then ``accepts`` over the values of these columns, where given."""

    clause: Clause
    columns: tuple[Column, ...] = ()
    accepts: Callable[..., bool] | None = None
    near: tuple[Near, ...] = ()
    asking: Asking | None = None
    """The same of folded strings alone, for whoever holds them."""
    within: Within | None = None
    """The same of instants alone, for whoever holds them."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Which strings are looked at, and what one of them must begin with, or hold."""

    text: Text
    values: tuple[str, ...]
    inside: bool


@dataclass(frozen=True, slots=True)
class Within:
    """Which instants are looked at, and the spans in one of which they lie."""

    column: Column
    spans: tuple[Span, ...]
    now: datetime

    def holds(self, microseconds: Floats) -> Bools:
        """Which of these instants, in microseconds since 1970, do."""
        found = np.zeros(len(microseconds), dtype=np.bool_)
        for span in self.spans:
            found |= span.holds(microseconds, now=self.now)
        return found


@dataclass(frozen=True, slots=True)
class Near:
    """A point and a distance around it."""

    latitude: float
    longitude: float
    km: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The values of one parameter, any of which will do, and what their reading hangs on."""

    name: str
    """As it was written, for sentences."""
    values: tuple[str, ...]
    modifier: str
    base: str
    now: datetime


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Whether one of them holds, kept plain where it is known beforehand."""
    left = []
    for clause in clauses:
        if clause is True:
            return True
        if clause is not False:
            left.append(clause)
    return or_(*left) if left else False


def all_of(clauses: Iterable[Clause]) -> Clause:
    """Whether all of them hold, kept plain where it is known beforehand."""
    left = []
    for clause in clauses:
        if clause is False:
            return False
        if clause is not True:
            left.append(clause)
    return and_(*left) if left else True


def negated(clause: Clause) -> Clause:
    """The opposite. A column that says nothing must not make the clause unknown; see ``Codes``."""
    return (not clause) if isinstance(clause, bool) else not_(clause)


# --- strings ------------------------------------------------------------------------------------------------------


def folded(text: str | None) -> str | None:
    """The text without case, accents and the signs that FHIR leaves out of account when it compares strings."""
    if text is None:
        return None
    if text.isascii():
        plain = text.lower()
    else:
        plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
        plain = unicodedata.normalize("NFKC", plain.casefold())
    return " ".join(plain.translate(_AS_COMPARED).split())


def teach(connection: object) -> None:
    """Give SQLite the function that PostgreSQL has in its own words; cheap, and again each time is no harm."""
    if isinstance(connection, sqlite3.Connection):
        connection.create_function(FOLDED, 1, folded, deterministic=True)


class _HoldsRun(FunctionElement[bool]):
    """Whether a column, folded and with a blank before it, holds a text of small ASCII letters, digits and blanks: more
    rows than a comparison will accept, and never fewer."""

    type = Boolean()
    name = "holds_run"
    inherit_cache = True


@compiles(_HoldsRun, "sqlite")
def _sqlite(element: _HoldsRun, compiler: SQLCompiler, **options: Any) -> str:
    column, run = (compiler.process(each, **options) for each in element.clauses)
    ascii_only = f"length({column}) = length(CAST({column} AS BLOB))"
    plain = f"replace(replace(replace(replace(lower({column}), '''', ''), '.', ''), ',', ' '), '-', ' ')"
    # What is plain needs no call into Python, which costs more than all the rest.
    return f"instr(' ' || CASE WHEN {ascii_only} THEN {plain} ELSE {FOLDED}({column}) END, {run}) > 0"


@compiles(_HoldsRun, "postgresql")
def _postgresql(element: _HoldsRun, compiler: SQLCompiler, **options: Any) -> str:
    column, run = (compiler.process(each, **options) for each in element.clauses)
    plain = rf"regexp_replace(normalize({column}, NFKD), '[\u0300-\u036f''’.]', '', 'g')"
    return f"strpos(' ' || translate(replace(lower({plain}), 'ß', 'ss'), ',-', '  '), {run}) > 0"


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Strings that stand in these columns, or are made of them."""

    columns: tuple[Column, ...]
    parts: Callable[..., Iterable[str]]
    """The strings of a resource, from the values of the columns."""
    present: Clause | None = True
    """``None`` where only a look at the strings says whether there are any."""
    fixed: str = ""
    """What stands in the strings and in no column."""
    looked: tuple[Column, ...] = ()
    """In which columns SQL looks for a part of what is asked; where none are named, in all that hold text."""

    def condition(self, asked: Asked) -> Condition:
        """Begins so, holds it (``contains``), or is it to the letter (``exact``)."""
        test = _TESTS[asked.modifier]
        wanted = [value if asked.modifier == "exact" else folded(value) or "" for value in asked.values]
        if not all(wanted):
            raise invalid("there is nothing to look for", asked.name)

        def accepts(*values: Any) -> bool:
            strings = [each for each in self.parts(*values) if each]
            if asked.modifier != "exact":
                strings = [folded(each) or "" for each in strings]
            return any(test(each, value) for each in strings for value in wanted)

        find = _longest_run if asked.modifier == "contains" else _longest_beginning
        runs = [find(folded(value) or "", self.fixed) for value in wanted]
        columns = self.looked or [each for each in self.columns if _is_text(each)]
        clause: Clause = True
        if all(runs):
            clause = any_of(_HoldsRun(column, run) for column in columns for run in runs)
        asking = None if asked.modifier == "exact" else Asking(self, tuple(wanted), asked.modifier == "contains")
        return Condition(clause, self.columns, accepts, asking=asking)

    def presence(self, asked: Asked, *, lacking: bool) -> Condition:
        """Has any, or none."""
        if self.present is not None:
            return Condition(negated(self.present) if lacking else self.present)
        return Condition(True, self.columns, lambda *values: lacking is not any(self.parts(*values)))


_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "": str.startswith,
    "exact": str.__eq__,
    "contains": str.__contains__,
}


def _is_text(column: Column) -> bool:
    return isinstance(column.type, String) and not isinstance(column.type, Enum)


def _longest_run(text: str, fixed: str) -> str:
    """The longest run of ASCII letters and digits of a folded text, which a column must hold somewhere."""
    runs = ("".join(group) for plain, group in groupby(text, _is_plain) if plain)
    return max((run for run in runs if run not in fixed), key=len, default="")


def _longest_beginning(text: str, fixed: str) -> str:
    """The longest beginning of a word of a folded text, with the blank that stands before each word of a column."""
    words = ("".join(takewhile(_is_plain, word)) for word in text.split())
    return max((f" {word}" for word in words if word and word not in fixed), key=len, default="")


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


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
class Addresses:
    """Canonical addresses that every resource of a type carries alike, such as its profiles."""

    carried: tuple[str, ...]
    present: Clause = True

    def condition(self, asked: Asked) -> Condition:
        """Carries one of these."""
        return Condition(any(plain(each) in self.carried for each in asked.values))


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
    if isinstance(source, (Text, Dated)):
        return source.presence(asked, lacking=lacking)
    return Condition(negated(source.present) if lacking else source.present)


Source: TypeAlias = Text | Codes | Dated | Identifiers | Number | Reference | Instant | Nearby | Addresses | Nobody


# --- how values are written ---------------------------------------------------------------------------------------


def split(text: str, sign: str) -> list[str]:
    """The parts between these signs, where a backslash does not make the sign a plain one; still escaped."""
    parts: list[list[str]] = [[]]
    escaped = False
    for each in text:
        if each == sign and not escaped:
            parts.append([])
            continue
        parts[-1].append(each)
        escaped = each == "\\" and not escaped
    return ["".join(part) for part in parts]


def plain(text: str) -> str:
    """The text with its escapes undone: ``\\,`` ``\\|`` ``\\$`` and ``\\\\``."""
    if "\\" not in text:
        return text
    signs = iter(text)
    return "".join(next(signs, "\\") if each == "\\" else each for each in signs)
