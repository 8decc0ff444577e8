"""Files of the exclusion list, made for tests: a real header over people who do not exist."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

HEADER: Final = (
    "LASTNAME",
    "FIRSTNAME",
    "MIDNAME",
    "BUSNAME",
    "GENERAL",
    "SPECIALTY",
    "UPIN",
    "NPI",
    "DOB",
    "ADDRESS",
    "CITY",
    "STATE",
    "ZIP",
    "EXCLTYPE",
    "EXCLDATE",
    "REINDATE",
    "WAIVERDATE",
    "WVRSTATE",
)
ROW: Final = {
    "LASTNAME": "LINDQUIST",
    "FIRSTNAME": "ASTRID",
    "MIDNAME": " ",
    "GENERAL": "IND- LIC HC SERV PRO",
    "SPECIALTY": "ACUPUNCTURIST",
    "NPI": "0000000000",
    "DOB": "19610203",
    "ADDRESS": "1 MAIN ST",
    "CITY": "SALEM",
    "STATE": "OR",
    "ZIP": "97301",
    "EXCLTYPE": "1128b4",
    "EXCLDATE": "20200220",
    "REINDATE": "00000000",
    "WAIVERDATE": "00000000",
}
NPI: Final = "2004498111"
ANOTHER: Final = "2029487610"


def written(*rows: dict[str, str], header: Sequence[str] = HEADER) -> str:
    """A file with these rows, each ``ROW`` with changes."""
    out = io.StringIO()
    table = csv.DictWriter(out, header, quoting=csv.QUOTE_ALL, restval="", extrasaction="ignore")
    table.writeheader()
    table.writerows(ROW | row for row in rows)
    return out.getvalue()
