"""What a search asks of each resource: as SQL where that says it exactly, and as a look at a few columns where it does
not. Every resource hangs on one practitioner and one of their places, so one row answers for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from sqlalchemy import ColumnElement, and_, not_, or_

from directory.api.fhir.prefixes import Span
from directory.search.index import Bools, Floats

if TYPE_CHECKING:
    from directory.api.fhir.strings import Text

Clause: TypeAlias = "ColumnElement[bool] | bool"
Column: TypeAlias = Any


class Of(StrEnum):
    """What the numbers of a type of resource are the numbers of."""

    PERSON = "person"
    PLACE = "place"
    PAPER = "paper"


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
    behind: Behind | None = None
    """What must be so of something else that belongs to the same person."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Whether one of the places or papers of a person that may be shown meets a condition, or none of them does."""

    of: Of
    condition: Condition
    lacking: bool = False


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


def one_of_theirs(of: Of, condition: Condition, *, lacking: bool = False) -> Condition:
    """Belongs to somebody of whose places or papers one meets the condition; or, ``lacking``, none does."""
    if condition.clause is False:
        return Condition(lacking)
    return Condition(True, behind=Behind(of, condition, lacking))
