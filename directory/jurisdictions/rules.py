"""What a jurisdiction requires, and which jurisdiction a place lies in.

The rules are the rows of ``seeds/jurisdictions.csv`` (every row names its source); the table of the same name is a
copy for the database's own references. A place without a row belongs to no jurisdiction and nobody is listed there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from directory.errors import InvalidInput

if TYPE_CHECKING:
    import _csv

_Member = TypeVar("_Member", bound=StrEnum)


class Regime(StrEnum):
    """Who decides that somebody may practise: the state, a register people join of their own will, or nobody."""

    STATUTORY = "statutory"
    VOLUNTARY = "voluntary"
    NONE = "none"


class LocalRule(StrEnum):
    """What a council's papers for the person or the premises mean for being listed."""

    REQUIRED = "required"
    REQUIRED_UNLESS_EXEMPT = "required_unless_exempt"
    SHOWN = "shown"


class PraiseRule(StrEnum):
    """Whether praise of a practitioner may be published: about the service, or not at all."""

    SERVICE_ONLY = "service_only"
    FORBIDDEN = "forbidden"


class Confidence(StrEnum):
    """How sure the number pattern is. Even a sure one is only a hint to a person who may have mistyped."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class AcceptedBody:
    """A body whose members are accepted; ``needs`` names statutory registers, one of which the member must be on."""

    name: str
    needs: tuple[str, ...] = ()
    physicians_only: bool = False

    def __str__(self) -> str:
        if self.physicians_only:
            return f"{self.name} ({_PHYSICIANS_ONLY})"
        if self.needs:
            *others, last = self.needs
            return f"{self.name} (with {', '.join(others)}{' or ' if others else ''}{last})"
        return self.name


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One place's rules.

    ``late_days`` counts the days after expiry on which the register still holds somebody registered. ``cluster_day``
    is the "MM-DD" on which everybody there expires at once, where there is such a day. ``open`` says whether anybody
    may be listed there at all; where it is an administrator who says no, ``hidden`` is true as well.
    """

    code: str
    country: str
    regime: Regime
    open: bool
    local_rule: LocalRule | None
    exempt_bodies: tuple[str, ...]
    accepted_bodies: tuple[AcceptedBody, ...]
    late_days: int
    cluster_day: str | None
    testimonials: PraiseRule
    regulates: str
    titles: str
    body: str
    lookup: str
    number_pattern: str | None
    number_pattern_confidence: Confidence | None
    renewal: str
    education: str
    notes: str
    source: str
    hidden: bool = False

    def number_looks_usual(self, number: str) -> bool:
        """Whether a licence number has the shape last seen on this register: a hint only, boards change numbers."""
        return self.number_pattern is None or re.search(self.number_pattern, number.strip().upper()) is not None


# fmt: off
_US = frozenset({
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC",
    "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
})
# fmt: on
_CANADA_REGULATED = frozenset({"BC", "AB", "ON", "QC", "NL"})
_CANADA_UNREGULATED = frozenset({"NS", "NB", "PE", "SK", "MB", "YT", "NT", "NU"})
_GREAT_BRITAIN = frozenset({"ENG", "SCT", "WLS", "NIR"})
_WHOLE_COUNTRIES = frozenset({"AU", "NZ", "IE"})
_GREATER_LONDON = "greater london"


def at(country: str | None, admin1: str | None, admin2: str | None) -> str | None:
    """The code of the jurisdiction a place lies in, or ``None`` where there is none. The only mapping of its kind.

    Takes an ISO country code and GeoNames' first and second level names: a US state's or Canadian province's two
    letters, ENG/SCT/WLS/NIR, and the county name "Greater London", which alone tells London from England. US
    territories, the Channel Islands and the Isle of Man have no row. A Canadian place whose province is unknown has
    none either, because guessing would put it under the looser rule.
    """
    region = (admin1 or "").strip().upper()
    match (country or "").strip().upper():
        case "US" if region in _US:
            return f"US-{region}"
        case "GB" if region in _GREAT_BRITAIN:
            in_london = region == "ENG" and (admin2 or "").strip().casefold() == _GREATER_LONDON
            return "GB-LDN" if in_london else f"GB-{region}"
        case "CA" if region in _CANADA_REGULATED:
            return f"CA-{region}"
        case "CA" if region in _CANADA_UNREGULATED:
            return "CA-other"
        case whole if whole in _WHOLE_COUNTRIES:
            return whole
    return None


def rule_for(code: str | None, jurisdictions: Mapping[str, Jurisdiction]) -> Jurisdiction | None:
    """The rules of this code. A Canadian province without a college of its own ("CA-NS") has those of "CA-other"."""
    if code is None:
        return None
    if code in jurisdictions:
        return jurisdictions[code]
    stand_in = instead_of(code)
    return None if stand_in is None else jurisdictions.get(stand_in)


def instead_of(code: str) -> str | None:
    """The code whose rules hold where this one has none of its own, if there is one."""
    country, _, region = code.partition("-")
    return "CA-other" if country == "CA" and region in _CANADA_UNREGULATED else None


COLUMNS = (
    "jurisdiction",
    "country",
    "regime",
    "open",
    "local_rule",
    "exempt_bodies",
    "accepted_bodies",
    "late_days",
    "cluster_day",
    "testimonials",
    "regulates",
    "titles",
    "body",
    "lookup",
    "number_regex_soft",
    "regex_confidence",
    "renewal",
    "ce",
    "notes",
    "source",
)
_CODE = re.compile(r"[A-Z]{2}(-([A-Z]{2,3}|other))?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CLUSTER_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_BODY = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<condition>[^()]+)\))?")
_PHYSICIANS_ONLY = "physicians only"


@lru_cache(maxsize=256)
def accepted_bodies(text: str) -> tuple[AcceptedBody, ...]:
    """Read "AACP (with HCPC);BMAS (with GMC, NMC or HCPC);ABMA (physicians only)"; ``ValueError`` on anything else."""
    return tuple(_accepted_body(part) for part in _listed(text))


def _accepted_body(text: str) -> AcceptedBody:
    match = _BODY.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” does not name a body")
    name, condition = match["name"], match["condition"]
    if condition is None:
        return AcceptedBody(name)
    if condition == _PHYSICIANS_ONLY:
        return AcceptedBody(name, physicians_only=True)
    if not condition.startswith("with "):
        raise ValueError(f"“{condition}” is not a known condition")
    return AcceptedBody(name, needs=tuple(re.split(r",\s*|\s+or\s+", condition.removeprefix("with "))))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def read(path: Path) -> dict[str, Jurisdiction]:
    """Every jurisdiction of a file in the form of ``seeds/jurisdictions.csv``, in its order, by code.

    ``InvalidInput`` names the line and the column of the first cell that cannot be understood.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return _read(csv.reader(file, strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        raise InvalidInput(f"The table of jurisdictions cannot be read: {error}") from error


def _read(rows: _csv.Reader) -> dict[str, Jurisdiction]:
    header = tuple(next(rows, ()))
    if header != COLUMNS:
        wrong = sorted(set(header) ^ set(COLUMNS)) or ["their order"]
        raise InvalidInput(f"Line 1: the columns are not the expected ones ({', '.join(wrong)}).", field=wrong[0])
    found: dict[str, Jurisdiction] = {}
    for cells in rows:
        if not cells:
            continue
        line = rows.line_num
        if len(cells) != len(COLUMNS):
            raise InvalidInput(f"Line {line} has {len(cells)} columns, not {len(COLUMNS)}.")
        jurisdiction = _Row(line, dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))).jurisdiction()
        if jurisdiction.code in found:
            raise _cell_error(line, "jurisdiction", f"{jurisdiction.code} stands there twice")
        found[jurisdiction.code] = jurisdiction
    if not found:
        raise InvalidInput("The table of jurisdictions is empty.")
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]

    def jurisdiction(self) -> Jurisdiction:
        country = self._matching("country", _COUNTRY)
        code = self._matching("jurisdiction", _CODE)
        if code.partition("-")[0] != country:
            raise _cell_error(self.line, "country", f"{country} is not the country of {code}")
        return Jurisdiction(
            code=code,
            country=country,
            regime=self._choice("regime", Regime),
            open=self._yes_or_no("open"),
            local_rule=self._choice("local_rule", LocalRule) if self.cells["local_rule"] else None,
            exempt_bodies=tuple(_listed(self.cells["exempt_bodies"])),
            accepted_bodies=self._bodies("accepted_bodies"),
            late_days=self._days("late_days"),
            cluster_day=self._matching("cluster_day", _CLUSTER_DAY) if self.cells["cluster_day"] else None,
            testimonials=self._choice("testimonials", PraiseRule),
            regulates=self.cells["regulates"],
            titles=self._present("titles"),
            body=self._present("body"),
            lookup=self.cells["lookup"],
            number_pattern=self._pattern("number_regex_soft"),
            number_pattern_confidence=(
                self._choice("regex_confidence", Confidence) if self.cells["regex_confidence"] else None
            ),
            renewal=self.cells["renewal"],
            education=self.cells["ce"],
            notes=self.cells["notes"],
            source=self._present("source"),
        )

    def _present(self, column: str) -> str:
        if not self.cells[column]:
            raise _cell_error(self.line, column, "is empty")
        return self.cells[column]

    def _matching(self, column: str, pattern: re.Pattern[str]) -> str:
        if not pattern.fullmatch(self.cells[column]):
            raise _cell_error(self.line, column, f"“{self.cells[column]}” has not the right form")
        return self.cells[column]

    def _choice(self, column: str, enum: type[_Member]) -> _Member:
        try:
            return enum(self.cells[column])
        except ValueError:
            known = ", ".join(enum)
            raise _cell_error(self.line, column, f"“{self.cells[column]}” is none of {known}") from None

    def _yes_or_no(self, column: str) -> bool:
        if self.cells[column] not in ("yes", "no"):
            raise _cell_error(self.line, column, f"“{self.cells[column]}” is neither yes nor no")
        return self.cells[column] == "yes"

    def _days(self, column: str) -> int:
        value = self.cells[column]
        if not (value.isascii() and value.isdigit() and int(value) <= 366):
            raise _cell_error(self.line, column, f"“{value}” is not a number of days from 0 to 366")
        return int(value)

    def _pattern(self, column: str) -> str | None:
        try:
            re.compile(self.cells[column])
        except re.error as error:
            raise _cell_error(self.line, column, f"is not a regular expression: {error}") from None
        return self.cells[column] or None

    def _bodies(self, column: str) -> tuple[AcceptedBody, ...]:
        try:
            return accepted_bodies(self.cells[column])
        except ValueError as error:
            raise _cell_error(self.line, column, str(error)) from None


def _cell_error(line: int, column: str, why: str) -> InvalidInput:
    return InvalidInput(f"Line {line}, column {column}: {why}.", field=column)
