"""The bulk export of FHIR: how fast a file comes, and whether the memory of the server stays what it was."""

from __future__ import annotations

import sqlite3
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

from tests.benchmarks import copies, report, site

KINDS = ("Practitioner", "PractitionerRole", "Location", "Organization", "HealthcareService", "VerificationResult")
BLOCK = 1 << 16
EVERY_SECONDS = 0.2


def run(places: int) -> None:
    """Print what each file took, and the memory of the server's largest process while it was sent."""
    folder = copies.furnished(places)
    report.heading(f"Bulk export at {site.places_in(folder):,} places (SQLite), {_people(folder):,} people")
    rows = []
    with site.serving(folder, WORKERS="1", THREADS="2") as (port, _), report.bar("Exporting", len(KINDS)) as shown:
        _take(port, "Organization")  # to warm up
        for kind in KINDS:
            lines, megabytes, seconds, seen = _watched(port, kind)
            tenth, most = seen[len(seen) // 10], max(seen)
            marks = [seen[(len(seen) - 1) * part // 4] for part in (0, 1, 2, 4)]
            rows.append(
                [
                    kind,
                    f"{lines:,}",
                    f"{megabytes:,.0f}",
                    f"{lines / seconds:,.0f}",
                    *(f"{each:.0f}" for each in marks),
                    f"{most:.0f}",
                    f"{most - tenth:+.0f}",
                ]
            )
            shown.update(1)
    header = [
        "file",
        "lines",
        "MB",
        "lines a second",
        "RSS MB at start",
        "quarter",
        "half",
        "end",
        "at most",
        "growth from a tenth",
    ]
    report.table(header, rows)


def _people(folder: Path) -> int:
    with sqlite3.connect(folder / "var" / "stillpoint.db") as connection:
        return int(connection.execute("SELECT count(*) FROM practitioner").fetchone()[0])


def _memory(port: int) -> float:
    """Megabytes of the largest process of the server."""
    return max((rss for rss, _ in site.memory_of(port)), default=0.0)


def _watched(port: int, kind: str) -> tuple[int, float, float, list[float]]:
    seen: list[float] = [_memory(port)]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(EVERY_SECONDS):
            seen.append(_memory(port))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        lines, size, seconds = _take(port, kind)
    finally:
        done.set()
        watcher.join()
    return lines, size / 1e6, seconds, seen


def _take(port: int, kind: str) -> tuple[int, int, float]:
    """One file: its lines, its bytes, and the seconds it took. Nothing of it is kept."""
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    began = time.perf_counter()
    connection.request("GET", f"/fhir/export/{kind}.ndjson")
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"the export of {kind} answered {answer.status}")
    lines = size = 0
    while block := answer.read(BLOCK):
        size += len(block)
        lines += block.count(b"\n")
    connection.close()
    return lines, size, time.perf_counter() - began
