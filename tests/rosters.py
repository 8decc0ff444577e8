"""Rosters for tests: small ones in a board's own layout, and the synthetic ones that lie in ``data/rosters``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from directory import downloads
from directory.registries.rosters import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from directory.registries.rosters.reading import Roster

FOLDER = Path(__file__).parent / "data" / "rosters"

CALIFORNIA = (
    "Agency Name,License Type,License Number,Org/Last Name,First Name,City,State,Expiration Date,License Status"
)
COLORADO = (
    "lastname,firstname,middlename,city,state,licensetype,licensenumber,licenseexpirationdate,"
    "licensestatusdescription,programaction,casenumber"
)
CONNECTICUT = (
    "credentialid,name,type,credentialnumber,credential,status,statusreason,issuedate,expirationdate,city,state"
)
MARYLAND = "Profession,License #,Last Name,First Name,Status,Expire Date,Date Issued,Discipline"


def read(data: str | bytes, folder: Path, *, empty: bool = False) -> Roster:
    """What a file says that holds just this."""
    file = folder / "roster.txt"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return of(file, empty=empty)


def of(file: Path, *, empty: bool = False) -> Roster:
    """What a file says."""
    with downloads.opened(file, choose=reading.data_file) as download:
        return reading.read(download, empty=empty)


def lines(header: str, rows: Iterable[str]) -> str:
    """A file of these rows."""
    return "\n".join([header, *rows]) + "\n"


def maryland(*rows: str) -> str:
    """A roster of Maryland; each row is number, family name, first name, status, expiry and discipline."""
    written = []
    for row in rows:
        number, family, given, status, expires, discipline = row.split(",")
        written.append(f"Acupuncturist,{number},{family},{given},{status},{expires},01/20/2009,{discipline}")
    return lines(MARYLAND, written)
