"""The data file of NPPES, the United States register of health care numbers: what its header and its rows say.

Columns are found by their normalised name, never by position: the file has 330 of them today, one has been renamed
(``Provider Gender Code`` to ``Provider Sex Code``), and re-exports shuffle them. Acupuncture may stand in any of the
15 taxonomy slots, each with a licence number and state of its own. Everything in the file is what people say about
themselves; a number proves that somebody was enumerated, never that they are licensed.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Final

from directory.downloads import BrokenFile
from directory.practitioners.rules import npi_is_valid
from directory.registries.records import Record
from directory.registries.terms import Flaw, Standing

ACUPUNCTURIST: Final = "171100000X"
"""The code of the Health Care Provider Taxonomy for acupuncturists."""

SLOTS: Final = 15
_PERSON: Final = frozenset({"1", "1.0"})
_ORGANISATION: Final = frozenset({"2", "2.0"})
_NAMES_SHOWN: Final = 3

_PLAIN_COLUMNS: Final = {
    "npi": "npi",
    "entity": "entitytypecode",
    "last_name": "providerlastnamelegalname",
    "first_name": "providerfirstname",
    "middle_name": "providermiddlename",
    "suffix": "providernamesuffixtext",
    "enumerated_on": "providerenumerationdate",
    "updated_on": "lastupdatedate",
    "deactivated_on": "npideactivationdate",
    "reactivated_on": "npireactivationdate",
}
_ADDRESS_COLUMNS: Final = {
    "line1": "providerfirstlinebusiness{}address",
    "line2": "providersecondlinebusiness{}address",
    "city": "providerbusiness{}addresscityname",
    "region": "providerbusiness{}addressstatename",
    "postal_code": "providerbusiness{}addresspostalcode",
    "country": "providerbusiness{}addresscountrycodeifoutsideus",
    "telephone": "providerbusiness{}addresstelephonenumber",
}
_SLOT_COLUMNS: Final = (
    "healthcareprovidertaxonomycode{}",
    "providerlicensenumber{}",
    "providerlicensenumberstatecode{}",
    "healthcareproviderprimarytaxonomyswitch{}",
)
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
_DATE = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}")
_UNREADABLE = frozenset({"Cc", "Cs", "Cn", "Co"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A licence that somebody says they hold: where to look, and never a proof. ``state`` and ``number`` as written."""

    slot: int
    state: str
    number: str
    primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One of the two addresses of a row, for the desk alone."""

    lines: tuple[str, ...]
    city: str
    region: str
    postal_code: str
    country: str
    telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a row says of one person. For anybody but ``SHOWN`` nothing is kept but the number and the day."""

    npi: str
    standing: Standing
    since: date | None = None
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    enumerated_on: date | None = None
    updated_on: date | None = None
    practice: Address | None = None
    mailing: Address | None = None
    """Only where it is another than the practice's."""
    leads: tuple[Lead, ...] = ()

    @property
    def digest(self) -> str:
        """A fingerprint of all of it, so that a row that says nothing new is known without opening what is sealed."""
        return hashlib.sha256(json.dumps(astuple(self), default=str).encode()).hexdigest()

    @property
    def contact(self) -> str | None:
        """The addresses as JSON, to be sealed."""
        if self.practice is None:
            return None
        return json.dumps({"practice": asdict(self.practice), "mailing": self.mailing and asdict(self.mailing)})


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken: where it begins, its NPI if one can be read, and why."""

    line: int
    npi: str
    flaw: Flaw


@dataclass(slots=True)
class Counts:
    """What was seen so far."""

    rows: int = 0
    people: int = 0
    organisations: int = 0
    deactivated: int = 0
    acupuncturists: int = 0
    rejected: int = 0


class Layout:
    """Where each column that is read stands."""

    def __init__(self, header: Sequence[str]) -> None:
        """``BrokenFile`` when this is not the header of an NPPES data file."""
        names = [normalised(each) for each in header]
        slots = [[name.format(f"_{slot}") for name in _SLOT_COLUMNS] for slot in range(1, SLOTS + 1)]
        addresses = {
            which: {key: name.format(which) for key, name in _ADDRESS_COLUMNS.items()}
            for which in ("practicelocation", "mailing")
        }
        wanted = [*_PLAIN_COLUMNS.values(), *(name for each in addresses.values() for name in each.values())]
        wanted += [normalised(name) for each in slots for name in each]
        _must_hold(names, wanted)
        at = {name: index for index, name in enumerate(names)}
        self.width = len(names)
        self.plain = {key: at[name] for key, name in _PLAIN_COLUMNS.items()}
        self.practice, self.mailing = ({key: at[name] for key, name in each.items()} for each in addresses.values())
        self.slots = [itemgetter(*(at[normalised(name)] for name in each)) for each in slots]


def normalised(name: str) -> str:
    """The name of a column in lower case without spaces and signs, as exports agree on it."""
    return _NOT_IN_A_NAME.sub("", name.lower())


def _must_hold(names: Sequence[str], wanted: Collection[str]) -> None:
    missing = [name for name in wanted if name not in names]
    if missing:
        more = f" and {len(missing) - _NAMES_SHOWN} more" if len(missing) > _NAMES_SHOWN else ""
        raise BrokenFile(
            "This is not an NPPES data file (npidata_pfile…csv): its header lacks"
            f" {', '.join(missing[:_NAMES_SHOWN])}{more}."
        )
    twice = [name for name in wanted if names.count(name) > 1]
    if twice:
        raise BrokenFile(f"The header names a column twice: {twice[0]}.")


class Reader:
    """Reads record after record. ``known`` are the people we hold, of whom every row matters."""

    def __init__(
        self,
        layout: Layout,
        *,
        known: Container[str],
        seen: set[str],
        counts: Counts,
        newest: date | None,
        today: date,
        dated: bool,
    ) -> None:
        """``dated`` says that the file's name tells its day, so that not every row need be looked at for it."""
        self.counts = counts
        self.newest = newest
        """The newest day on which anything read was updated: what dates a file whose name does not."""
        self._layout = layout
        self._known = known
        self._seen = seen
        self._latest = today + timedelta(days=1)
        self._npi, self._entity = layout.plain["npi"], layout.plain["entity"]
        self._updated = None if dated else layout.plain["updated_on"]
        self._first_cells = max(self._npi, self._entity, self._updated or 0) + 1
        self._code = ACUPUNCTURIST.encode()

    def take(self, record: Record) -> Told | Reject | None:
        """What a record says of an acupuncturist or of somebody known, why it cannot be used, or nothing of interest.

        Almost every row of the real file is about somebody else, so it is not taken apart: only its number and its
        kind are looked at.
        """
        if not record.data.strip():
            return None
        counts = self.counts
        counts.rows += 1
        if self._code not in record.data:
            cells = self._glance(record)
            if cells is not None and self._passes_over(cells):
                return None
        return self._read(record)

    def _passes_over(self, cells: Sequence[bytes]) -> bool:
        kind = cells[self._entity]
        if kind not in (b"1", b"2") or cells[self._npi].decode("ascii", "replace") in self._known:
            return False
        if kind == b"1":
            self.counts.people += 1
        else:
            self.counts.organisations += 1
        if self._updated is not None:
            self._note(cells[self._updated])
        return True

    def _note(self, updated: bytes) -> None:
        """Let a row that is passed over date the file, where it can."""
        text = updated.decode("ascii", "replace")
        if self.newest is not None and (text[6:], text[:5]) <= (f"{self.newest.year:04}", f"{self.newest:%m/%d}"):
            return
        with suppress(_Flawed):
            self._day(text)

    def _glance(self, record: Record) -> Sequence[bytes] | None:
        """The first cells of a row in which every field is quoted and holds no quotation mark.

        Such a row has twice as many marks as columns, and all but the first and last of them stand in separators.
        """
        data, width = record.data, self._layout.width
        if record.quotes != 2 * width or data.count(b'","') != width - 1 or data[:1] != b'"' or data[-1:] != b'"':
            return None
        return data[1:-1].split(b'","', self._first_cells)

    def _read(self, record: Record) -> Told | Reject | None:
        try:
            row = next(csv.reader([record.data.decode()], strict=True))
        except csv.Error:
            return self._reject(record, "", Flaw.UNREADABLE)
        if len(row) != self._layout.width:
            return self._reject(record, "", Flaw.COLUMNS)
        plain = {key: row[index].strip() for key, index in self._layout.plain.items()}
        npi = plain["npi"]
        concerns_us = npi in self._known or any(slot(row)[0].strip() == ACUPUNCTURIST for slot in self._layout.slots)
        try:
            told = self._told(row, plain, concerns_us=concerns_us)
        except _Flawed as flaw:
            return self._reject(record, npi, flaw.flaw)
        if told is None:
            return None
        if told.npi in self._seen:
            return self._reject(record, npi, Flaw.TWICE)
        self._seen.add(told.npi)
        if told.standing is Standing.SHOWN:
            self.counts.acupuncturists += 1
        return told

    def _told(self, row: Sequence[str], plain: Mapping[str, str], *, concerns_us: bool) -> Told | None:
        npi, entity = plain["npi"], plain["entity"]
        deactivated = self._day(plain["deactivated_on"])
        reactivated = self._day(plain["reactivated_on"])
        if deactivated is not None and (reactivated is None or reactivated < deactivated):
            self.counts.deactivated += 1
            return Told(npi=npi, standing=Standing.DEACTIVATED, since=deactivated) if npi in self._known else None
        if entity in _ORGANISATION:
            self.counts.organisations += 1
            return Told(npi=npi, standing=Standing.OTHER_WORK) if npi in self._known else None
        if entity not in _PERSON:
            raise _Flawed(Flaw.ENTITY)
        self.counts.people += 1
        if not concerns_us:
            return None
        if not npi_is_valid(npi):
            raise _Flawed(Flaw.NPI)
        return self._person(row, plain)

    def _person(self, row: Sequence[str], plain: Mapping[str, str]) -> Told:
        updated = self._day(plain["updated_on"])
        leads = tuple(self._leads(row))
        if not leads:
            return Told(npi=plain["npi"], standing=Standing.OTHER_WORK, updated_on=updated)
        last_name, first_name, middle_name, suffix = (
            _line(plain[key], 150) for key in ("last_name", "first_name", "middle_name", "suffix")
        )
        signs = f"{last_name}{first_name}{middle_name}{suffix}"
        if not last_name or any(unicodedata.category(sign) in _UNREADABLE for sign in signs):
            raise _Flawed(Flaw.NAME)
        practice, mailing = _address(row, self._layout.practice), _address(row, self._layout.mailing)
        return Told(
            npi=plain["npi"],
            standing=Standing.SHOWN,
            last_name=last_name,
            first_name=first_name,
            middle_name=middle_name,
            suffix=suffix,
            city=practice.city,
            region=practice.region,
            country=practice.country,
            enumerated_on=self._day(plain["enumerated_on"]),
            updated_on=updated,
            practice=practice,
            mailing=None if mailing == practice else mailing,
            leads=leads,
        )

    def _leads(self, row: Sequence[str]) -> list[Lead]:
        found = []
        for number, slot in enumerate(self._layout.slots, start=1):
            code, licence, state, primary = (cell.strip() for cell in slot(row))
            if code == ACUPUNCTURIST:
                found.append(
                    Lead(slot=number, state=_line(state, 40), number=_line(licence, 40), primary=primary.upper() == "Y")
                )
        return found

    def _day(self, text: str) -> date | None:
        if not text:
            return None
        if not _DATE.fullmatch(text):
            raise _Flawed(Flaw.DATE)
        try:
            day = date(int(text[6:]), int(text[:2]), int(text[3:5]))
        except ValueError:
            raise _Flawed(Flaw.DATE) from None
        if day > self._latest:
            raise _Flawed(Flaw.DATE)
        if self.newest is None or day > self.newest:
            self.newest = day
        return day

    def _reject(self, record: Record, npi: str, flaw: Flaw) -> Reject:
        self.counts.rejected += 1
        return Reject(record.line, npi if re.fullmatch(r"[0-9]{10}", npi) else "", flaw)


class _Flawed(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.reason)
        self.flaw = flaw


def _line(text: str, longest: int) -> str:
    cleaned = " ".join(text.split())
    if len(cleaned) > longest:
        raise _Flawed(Flaw.LONG)
    return cleaned


def _address(row: Sequence[str], at: Mapping[str, int]) -> Address:
    cell: dict[str, Any] = {key: _line(row[index], 200) for key, index in at.items()}
    country = (cell["country"] or "US").upper()
    if len(country) > 2 or len(cell["city"]) > 120 or len(cell["region"]) > 60:
        raise _Flawed(Flaw.LONG)
    return Address(
        lines=tuple(each for each in (cell["line1"], cell["line2"]) if each),
        city=cell["city"],
        region=cell["region"].upper() if country == "US" else cell["region"],
        postal_code=zip_code(cell["postal_code"]) if country == "US" else cell["postal_code"],
        country=country,
        telephone=_whole(cell["telephone"]),
    )


def zip_code(text: str) -> str:
    """A ZIP code as people write it, from five or nine digits; what is neither stays as it is.

    Re-exports make numbers of them, which adds ``.0`` and drops the zeros at the beginning.
    """
    digits = _whole(text)
    if digits != text and digits.isdigit():
        digits = digits.zfill(5) if len(digits) <= 5 else digits.zfill(9)
    if len(digits) == 9 and digits.isdigit():
        return f"{digits[:5]}-{digits[5:]}"
    return digits


def _whole(text: str) -> str:
    return text.removesuffix(".0") if text.removesuffix(".0").isdigit() else text
