"""The description of the table for machines: CSV on the Web (https://www.w3.org/TR/tabular-metadata/)."""

from __future__ import annotations

from typing import Any, Final

from directory.web.data.columns import BETWEEN, COLUMNS, ORIGINS, Column

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


def metadata(*, address: str, site: str, home: str, operator: str, title: str, said: str) -> dict[str, Any]:
    """The description; ``address`` is that of the table, ``home`` of the page for people."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": title,
        "dc:description": said,
        "dc:publisher": {"schema:name": operator, "schema:url": site},
        "dc:license": {"@id": LICENCE},
        "dc:source": {"@id": home},
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ",",
            "doubleQuote": True,
            "header": True,
            "lineTerminators": ["\r\n"],
            "quoteChar": '"',
        },
        "tableSchema": {
            "primaryKey": "place_id",
            "aboutUrl": f"{address}#place={{place_id}}",
            "columns": [_column(each) for each in COLUMNS],
        },
    }


def _column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": str(column.title),
        "dc:description": str(column.meaning),
        "dc:provenance": str(ORIGINS[column.origin]),
        "datatype": column.datatype,
        "required": column.required,
    }
    if column.many:
        found["separator"] = BETWEEN
    return found
