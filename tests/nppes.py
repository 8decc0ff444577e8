"""NPPES data files for tests: fictional people in the register's own layout. Their numbers begin with 2, as no real
one seen does."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from directory.practitioners.rules import npi_is_valid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDER = Path(__file__).parent / "data" / "nppes"
SAMPLE = FOLDER / "npidata_pfile_synthetic_60.csv"
HEADERS = (FOLDER / "npidata_pfile_header_330.csv", FOLDER / "npidata_pfile_header_330_v2.csv")

WEEK = "npidata_pfile_20260105-20260111.csv"
NEXT_WEEK = "npidata_pfile_20260112-20260118.csv"
MONTH = "npidata_pfile_20050523-20260111.csv"
NEXT_MONTH = "npidata_pfile_20050523-20260208.csv"

ACUPUNCTURE = "171100000X"
MASSAGE = "225700000X"
PRACTICE = "Provider Business Practice Location Address "
MAILING = "Provider Business Mailing Address "


@cache
def header(version: int = 1) -> tuple[str, ...]:
    """The names of the 330 columns; version 1 is today's (``Provider Sex Code``)."""
    with HEADERS[version].open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file)))


def npi(number: int) -> str:
    """The number-th fictional NPI."""
    body = f"2{number:08}"
    return next(body + digit for digit in "0123456789" if npi_is_valid(body + digit))


def slot(
    number: int, code: str = ACUPUNCTURE, licence: str = "", state: str = "", primary: str = "N"
) -> dict[str, str]:
    """One of the fifteen taxonomy slots."""
    return {
        f"Healthcare Provider Taxonomy Code_{number}": code,
        f"Provider License Number_{number}": licence,
        f"Provider License Number State Code_{number}": state,
        f"Healthcare Provider Primary Taxonomy Switch_{number}": primary,
    }


def person(number: int = 1, **columns: str) -> dict[str, str]:
    """An acupuncturist in Portland; ``columns`` are those of ``PLAIN``, or whole rows made with ``|``."""
    return {
        "NPI": npi(number),
        "Entity Type Code": "1",
        "Provider Last Name (Legal Name)": "UNDERHILL",
        "Provider First Name": "JUNIPER",
        "Provider First Line Business Mailing Address": "PO BOX 1200",
        f"{MAILING}City Name": "PORTLAND",
        f"{MAILING}State Name": "OR",
        f"{MAILING}Postal Code": "972070012",
        f"{MAILING}Country Code (If outside U.S.)": "US",
        "Provider First Line Business Practice Location Address": "12 FERN WAY",
        "Provider Second Line Business Practice Location Address": "STE 4",
        f"{PRACTICE}City Name": "PORTLAND",
        f"{PRACTICE}State Name": "OR",
        f"{PRACTICE}Postal Code": "972141234",
        f"{PRACTICE}Country Code (If outside U.S.)": "US",
        f"{PRACTICE}Telephone Number": "5035550142",
        "Provider Enumeration Date": "04/02/2012",
        "Last Update Date": "01/06/2026",
        **slot(1, licence="AC150001", state="OR", primary="Y"),
        **{PLAIN[name]: value for name, value in columns.items()},
    }


PLAIN = {
    "npi": "NPI",
    "entity": "Entity Type Code",
    "last": "Provider Last Name (Legal Name)",
    "first": "Provider First Name",
    "middle": "Provider Middle Name",
    "suffix": "Provider Name Suffix Text",
    "city": f"{PRACTICE}City Name",
    "state": f"{PRACTICE}State Name",
    "zip": f"{PRACTICE}Postal Code",
    "country": f"{PRACTICE}Country Code (If outside U.S.)",
    "telephone": f"{PRACTICE}Telephone Number",
    "updated": "Last Update Date",
    "deactivated": "NPI Deactivation Date",
    "reactivated": "NPI Reactivation Date",
}


def deactivated(number: int, day: str = "01/08/2026") -> dict[str, str]:
    """As the register writes it: the number, the day, and nothing else."""
    return {"NPI": npi(number), "NPI Deactivation Date": day}


def organisation(number: int) -> dict[str, str]:
    """A practice, with the code of the profession as many have it."""
    return {
        "NPI": npi(number),
        "Entity Type Code": "2",
        "Provider Organization Name (Legal Business Name)": "EXAMPLE ACUPUNCTURE LLC",
        "Last Update Date": "01/06/2026",
        **slot(1),
    }


def text(
    rows: Iterable[Mapping[str, str]],
    *,
    columns: Sequence[str] | None = None,
    quoting: int = csv.QUOTE_ALL,
    line_end: str = "\n",
) -> str:
    """A data file with these rows."""
    out = io.StringIO()
    columns = columns or header()
    table = csv.writer(out, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]
    table.writerow(columns)
    table.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()


def write(file: Path, rows: Iterable[Mapping[str, str]], **how: object) -> Path:
    """A data file on the disk, packed as its ending says: ``.csv``, ``.csv.gz`` or ``.zip``."""
    data = text(rows, **how).encode()  # type: ignore[arg-type]
    if file.suffix == ".gz":
        file.write_bytes(gzip.compress(data, mtime=0))
    elif file.suffix == ".zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("NPPES_Data_Dissemination_Readme.pdf", b"%PDF")
            archive.writestr("npidata_pfile_20050523-20260111_fileheader.csv", ",".join(header()))
            archive.writestr("endpoint_pfile_20050523-20260111.csv", '"NPI","Endpoint Type"\n')
            archive.writestr("othername_pfile_20050523-20260111.csv", '"NPI","Provider Other Organization Name"\n')
            archive.writestr("pl_pfile_20050523-20260111.csv", '"NPI"\n')
            archive.writestr(MONTH, data)
    else:
        file.write_bytes(data)
    return file
