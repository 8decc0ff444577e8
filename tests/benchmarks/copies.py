"""A demonstration database made larger by copying everybody in it, because inventing a million people takes hours.

The copies differ from the people they are of in their numbers, the names in their addresses and the numbers of their
papers, which must be nobody else's. Their names and places are the same.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Final

from tests.benchmarks import report, site

COPIED: Final = 50_000
"""Places of the demonstration that is copied."""
TABLES: Final = {
    "practitioner": {"id"},
    "practice_place": {"id", "practitioner_id"},
    "credential": {"id", "practitioner_id", "place_id", "supersedes_id"},
    "credential_condition": {"credential_id"},
    "indemnity": {"id", "practitioner_id"},
    "rls_experience": {"id", "practitioner_id"},
    "pregnancy_declaration": {"id", "practitioner_id"},
    "profile_attestation": {"id", "practitioner_id", "place_id"},
    "practitioner_decline": {"practitioner_id"},
    "practitioner_language": {"practitioner_id"},
    "practitioner_protocol": {"practitioner_id"},
    "practitioner_technique": {"practitioner_id"},
    "place_hours": {"place_id"},
    "place_payer": {"place_id"},
    "place_remote_jurisdiction": {"place_id"},
}
"""What is copied, parents first, with the columns that number a row of one of these tables."""
_APART: Final = {
    ("practitioner", "slug"): "slug || '-c' || :copy",
    ("practitioner", "npi"): "NULL",
    ("practitioner", "account_id"): "NULL",
    ("credential", "number"): "number || '-c' || :copy",
}
_STEP: Final = 10_000_000
"""Between the numbers of one copy and those of the next; more than a demonstration ever uses."""


def furnished(places: int) -> Path:
    """A folder whose ``var/`` holds a database with about so many places; kept, because making it takes minutes."""
    if places <= COPIED:
        return site.furnished(places)
    source = site.furnished(COPIED)
    times = round(places / site.places_in(source))
    folder = source.with_name(f"{source.name}-times-{times}")
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "var").mkdir(parents=True)
        report.say(f"Copying a demonstration database {times} times into {folder.relative_to(site.ROOT)}, this once.")
        shutil.copy(source / "var" / "keys.env", folder / "var")
        with sqlite3.connect(source / "var" / "stillpoint.db") as whole:
            whole.execute("VACUUM INTO ?", (str(folder / "var" / "stillpoint.db"),))
        _multiplied(folder / "var" / "stillpoint.db", times)
        (folder / "whole").touch()
    site.upgraded(folder)
    return folder


def _multiplied(path: Path, times: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-500000; BEGIN")
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        indexes = [(name, sql) for name, sql in found.fetchall() if _is_of_copied(sql)]
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        with report.bar("Copying", len(TABLES)) as shown:
            for table, numbers in TABLES.items():
                _copy(connection, table, numbers, times)
                shown.update(1)
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
    finally:
        connection.close()


def _is_of_copied(sql: str) -> bool:
    return any(f" ON {table} " in sql or f'"{table}"' in sql for table in TABLES)


def _copy(connection: sqlite3.Connection, table: str, numbers: set[str], times: int) -> None:
    told = connection.execute(f"SELECT name, hidden FROM pragma_table_xinfo('{table}')").fetchall()
    columns = [name for name, hidden in told if not hidden]
    values = [
        _APART.get((table, name), f'"{name}" + :copy * {_STEP}' if name in numbers else f'"{name}"') for name in columns
    ]
    first = "id" if "id" in columns else next(iter(numbers))
    into = ", ".join(f'"{name}"' for name in columns)
    statement = (
        f'INSERT INTO "{table}" ({into}) SELECT {", ".join(values)} FROM "{table}" '
        f'WHERE "{first}" < {_STEP} ORDER BY "{first}"'
    )
    for copy in range(1, times):
        connection.execute(statement, {"copy": copy})
