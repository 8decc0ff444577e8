"""Lines of a CSV file (RFC 4180) that no spreadsheet takes for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from directory.web.data.columns import COLUMNS, Row, Value

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff0b", "\uff0d", "\uff1d", "\uff20")
"""What makes a spreadsheet compute a cell (https://owasp.org/www-community/attacks/CSV_Injection), full width too."""
_GUARD: Final = "'"


def header() -> str:
    """The first line: the names of the columns."""
    return _line([column.name for column in COLUMNS])


def lines(rows: Iterable[Row]) -> str:
    """A line for each row."""
    return "".join(_line([cell(column.read(row)) for column in COLUMNS]) for row in rows)


def cell(value: Value) -> str:
    """A value as text. What somebody typed and a spreadsheet would compute begins with an apostrophe, which makes it
    text; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
    text = value.replace("\x00", "")
    return f"{_GUARD}{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
