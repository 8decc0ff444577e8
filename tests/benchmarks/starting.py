"""From nothing to the first search: a process that has no index file, and one that has."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

from tests.benchmarks import report, site

RUNS = 5

IN_PROCESS = """
import json, sys, time
began = time.perf_counter()
from datetime import UTC, datetime
from sqlalchemy.orm import Session
from directory import logs, settings
from directory.app import create_app
from directory.search import service
from directory.search.criteria import Criteria, Point
from directory.http.site import EXTENSION
config = settings.load()
logs.configure("error")
app = create_app(config)
imported = time.perf_counter()
site = app.extensions[EXTENSION]
criteria = Criteria(point=Point(45.5145, -122.643, "US", "US-OR", "America/Los_Angeles"))
with Session(site.database.engine) as session:
    found = service.find(session, criteria, now=datetime.now(UTC), holder=site.index)
searched = time.perf_counter()
answer = app.test_client().get("/search?place=97214", base_url=config.site_url)
assert answer.status_code == 200 and found.total
json.dump([imported - began, searched - imported, time.perf_counter() - searched], sys.stdout)
"""


def run(places: int) -> None:
    """Print the table."""
    folder = site.furnished(places)
    report.heading(f"Start to first search at {site.places_in(folder):,} places (SQLite)")
    rows = []
    for label, runs in (("cold: no index file", 1), ("warm: an index file", RUNS)):
        measured = []
        with report.bar(label, runs) as shown:
            for _ in range(runs):
                if label.startswith("cold"):
                    site.forget_index(folder)
                measured.append(_in_process(folder))
                shown.update(1)
        imports, search, page = (statistics.median(each) for each in zip(*measured, strict=True))
        rows.append([label, report.ms(imports), report.ms(search), report.ms(page)])
    report.table(["one process, ms", "imports and set-up", "first find", "then the first page"], rows)
    report.say("")
    rows = []
    for label in ("cold", "warm"):
        if label == "cold":
            site.forget_index(folder)
        seconds = []
        for _ in range(1 if label == "cold" else RUNS):
            with site.serving(folder) as (port, taken):
                seconds.append(taken)
                memory = site.memory_of(port)
        rows.append(
            [
                label,
                f"{statistics.median(seconds):.2f}",
                ", ".join(f"{rss:.0f}" for rss, _ in memory),
                ", ".join(f"{pss:.0f}" for _, pss in memory),
            ]
        )
    report.table(
        ["stillpoint serve", "s from exec to the first 200 of /search", "MB, master and workers", "MB, own share"], rows
    )


def _in_process(folder: object) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", IN_PROCESS],
        cwd=str(folder),
        env=site.environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    found: list[float] = json.loads(done.stdout)
    return found
