"""Strings as FHIR compares them: without case and accents, from their beginning, anywhere in them or to the letter."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any, Final

from sqlalchemy import Boolean, Enum, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from directory.api.fhir.conditions import Asked, Asking, Clause, Column, Condition, any_of, negated
from directory.api.fhir.outcomes import invalid

FOLDED: Final = "fhir_folded"
_AS_COMPARED: Final = str.maketrans({"'": None, "’": None, ".": None, ",": " ", "-": " "})


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
