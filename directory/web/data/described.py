"""The description of the table for machines, twice: CSV on the Web (https://www.w3.org/TR/tabular-metadata/) and a Data
Package (https://datapackage.org).

Both are made from the columns, and name the table by an address beside their own, so that they also hold for copies
that lie in one folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from directory.web.data.columns import BETWEEN, COLUMNS, ORIGINS, Column

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
TABLE: Final = "practitioners.csv"
_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "date": {"type": "date"},
    "anyURI": {"type": "string", "format": "uri"},
    "string": {"type": "string"},
}
"""From the kinds of XML Schema to those of Table Schema."""
_GEONAMES: Final = {"title": "GeoNames", "path": "https://www.geonames.org/"}


def metadata(*, site: str, home: str, operator: str, title: str, said: str) -> dict[str, Any]:
    """The description as CSV on the Web; ``home`` is the address of the page for people."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": TABLE,
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
            "aboutUrl": f"{TABLE}#place={{place_id}}",
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
        "datatype": {"base": column.datatype, "format": column.written} if column.written else column.datatype,
        "required": column.required,
    }
    if column.many:
        found["separator"] = BETWEEN
    return found


def package(*, site: str, home: str, operator: str, title: str, said: str) -> dict[str, Any]:
    """The description as a Data Package, with the table as its one resource."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "practitioners",
        "title": title,
        "description": said,
        "homepage": home,
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": LICENCE}],
        "sources": [{"title": operator, "path": home}, _GEONAMES],
        "contributors": [{"title": operator, "path": site, "roles": ["publisher"]}],
        "resources": [
            {
                "name": "practitioners",
                "type": "table",
                "path": TABLE,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
                "schema": {
                    "fields": [_field(each) for each in COLUMNS],
                    "primaryKey": ["place_id"],
                    "missingValues": [""],
                },
            }
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    """Table Schema has no kind for several values in one field: they are a text, and ``separator`` stands beside it."""
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    found: dict[str, Any] = {
        "name": column.name,
        "title": str(column.title),
        "description": str(column.meaning),
        "provenance": str(ORIGINS[column.origin]),
    }
    if column.many:
        found |= {"type": "string", "separator": BETWEEN}
        one = f"(?:{column.written})?" if column.written else ""
        if one:
            constraints["pattern"] = f"{one}(?:\\{BETWEEN}{one})*"
    else:
        found |= _TYPES[column.datatype]
        if column.choices is not None:
            constraints["enum"] = [*column.choices]
        elif column.pattern:
            constraints["pattern"] = column.pattern
    return found | ({"constraints": constraints} if constraints else {})
