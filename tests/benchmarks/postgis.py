"""PostGIS, when a server with it is at hand: the one that ``BENCH_POSTGIS`` names, or a throw-away one started here."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from tests.benchmarks.engines import (
    COLUMNS,
    FETCHED,
    WHOLE,
    Answer,
    chord,
    plain,
    rows_of,
    score_of,
    settled,
)
from tests.benchmarks.engines import geographic as geographic_order
from tests.benchmarks.population import Population, Question

_SETTINGS = (
    "shared_buffers=2GB",
    "work_mem=256MB",
    "maintenance_work_mem=1GB",
    "fsync=off",
    "jit=off",
    "max_parallel_workers_per_gather=0",
)


class Missing(Exception):
    """There is no PostGIS to ask; the sentence says why."""


class PostGis:
    """As it is usually written (rows as they came, ST_Distance), or at its best (rows in order, straight line)."""

    def __init__(
        self, address: str, population: Population, *, ordered: bool, progress: Callable[[int], object]
    ) -> None:
        self.ordered = ordered
        self.name = "PostGIS, in order, chord" if ordered else "PostGIS, as usual"
        self.note = (
            "ST_DWithin over a GiST index, rows in geographic order, straight-line score"
            if ordered
            else "ST_DWithin over a GiST index, rows in the order of ids, ST_Distance score"
        )
        self.table = "place_ordered" if ordered else "place_as_it_came"
        self.connection = psycopg.connect(address, autocommit=True)
        self._fill(population, progress)

    def _fill(self, population: Population, progress: Callable[[int], object]) -> None:
        run = self.connection.execute
        kinds = ", ".join(f"{name} {'bigint' if name in WHOLE else 'double precision'}" for name in COLUMNS)
        run("CREATE EXTENSION IF NOT EXISTS postgis")
        run(f"DROP TABLE IF EXISTS {self.table}")
        run(f"CREATE UNLOGGED TABLE {self.table} ({kinds}, spot geography(Point, 4326))")
        order = geographic_order(population) if self.ordered else np.arange(len(population))
        at = COLUMNS.index("latitude")
        with self.connection.cursor() as cursor, cursor.copy(f"COPY {self.table} FROM STDIN") as copy:
            for number, row in enumerate(rows_of(population, order), start=1):
                copy.write_row((*row, f"SRID=4326;POINT({row[at + 1]!r} {row[at]!r})"))
                if number % 10_000 == 0:
                    progress(10_000)
        run(f"CREATE INDEX ON {self.table} USING gist (spot)")
        run(f"VACUUM ANALYZE {self.table}")

    def ask(self, question: Question) -> Answer:
        """The answer."""
        asked = plain(question)
        spot = f"ST_SetSRID(ST_MakePoint({asked.longitude!r}, {asked.latitude!r}), 4326)::geography"
        km = chord(asked.origin) if self.ordered else f"ST_Distance(p.spot, {spot}) / 1000.0"
        near = f"round(exp(-km / {0.8 * asked.radius!r}) * 1000000)"
        height = score_of(question, "near", rounded=lambda score, places: f"round(({score})::numeric, {places})")
        rows: list[Any] = self.connection.execute(
            f"""SELECT practitioner, max({height}) AS height, count(*) OVER ()
                FROM (SELECT *, {near} AS near FROM (SELECT p.*, {km} AS km FROM {self.table} AS p
                      WHERE ST_DWithin(p.spot, {spot}, {asked.radius * 1000!r})
                        AND {" AND ".join(asked.conditions)}) AS a) AS b
                GROUP BY practitioner ORDER BY height DESC LIMIT {FETCHED}"""
        ).fetchall()
        return settled(question, ((row[0], row[1]) for row in rows), rows[0][2] if rows else 0)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server with PostGIS; ``Missing`` where there is none."""
    given = os.environ.get("BENCH_POSTGIS")
    if given:
        try:
            psycopg.connect(given).close()
        except psycopg.Error as error:
            raise Missing(f"BENCH_POSTGIS cannot be reached: {error}") from error
        yield given
        return
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as folder:
        data = Path(folder) / "data"
        Path(folder).chmod(0o755)
        data.mkdir()
        # PostgreSQL refuses to run as root; Debian's package brings a user for it.
        user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if user:
            shutil.chown(data, "postgres")
            shutil.chown(folder, "postgres")
        _run([*user, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"])
        options = f"-k {folder} -c listen_addresses='' " + " ".join(f"-c {setting}" for setting in _SETTINGS)
        _run([*user, programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"])
        try:
            yield f"host={folder} user=postgres dbname=postgres"
        finally:
            _run([*user, programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])


def _programs() -> Path:
    """Where ``initdb`` of a PostgreSQL with PostGIS lies."""
    for folder in [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), _on_the_path()]:
        if folder is None or not (folder / "initdb").exists():
            continue
        shared = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
        share = (
            Path(shared.stdout.strip())
            if shared.returncode == 0
            else Path("/usr/share/postgresql") / folder.parent.name
        )
        if (share / "extension" / "postgis.control").exists():
            return folder
    raise Missing("no PostgreSQL with PostGIS is installed (on Debian: postgresql-15-postgis-3)")


def _on_the_path() -> Path | None:
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _run(command: list[Any]) -> None:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise Missing(f"{Path(str(command[-1])).name}: {done.stderr.strip() or done.stdout.strip()}")
