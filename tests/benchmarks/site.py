"""The product itself, started as an operator starts it, over a demonstration database of a given size."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.benchmarks import report

ROOT = Path(__file__).resolve().parents[2]
STILLPOINT = "from directory.cli import main; main(prog_name='stillpoint')"
PLACES_EACH = 1.1
"""How many places a demonstration person has, on the average."""
PATIENCE_SECONDS = 1_800
"""A machine that others use as well takes many times as long, and the index of a million is read once."""
TELL_EVERY_SECONDS = 20


def furnished(places: int) -> Path:
    """A folder whose ``var/`` holds a database with about so many places; kept, because making it takes minutes."""
    size = round(places / PLACES_EACH)
    folder = ROOT / "var" / "bench" / f"demo-{size}"
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        report.say(f"Making a demonstration database of {size:,} people in {folder.relative_to(ROOT)}, this once.")
        subprocess.run(
            [sys.executable, "-c", STILLPOINT, "seed-demo", "--size", str(size)],
            cwd=folder,
            env=environment(),
            check=True,
        )
        (folder / "whole").touch()
    upgraded(folder)
    return folder


def upgraded(folder: Path) -> None:
    """Bring the tables of a folder that was kept to where they are now."""
    subprocess.run([sys.executable, "-c", STILLPOINT, "db", "upgrade"], cwd=folder, env=environment(), check=True,
                   capture_output=True)  # fmt: skip


def jobs_done(folder: Path) -> None:
    """Run what is due in a folder that nobody served for long, so that it is not due while something is measured."""
    subprocess.run([sys.executable, "-c", STILLPOINT, "jobs", "run", "--once"], cwd=folder, env=environment(),
                   check=False, capture_output=True)  # fmt: skip


def places_in(folder: Path) -> int:
    """How many practice places its database holds."""
    with sqlite3.connect(folder / "var" / "stillpoint.db") as connection:
        return int(connection.execute("SELECT count(*) FROM practice_place").fetchone()[0])


def environment() -> dict[str, str]:
    """What a process of the product is given: nothing of the caller's settings, and no jobs beside what is measured."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "error", "JOBS": "separate"}


def forget_index(folder: Path) -> None:
    """Remove the index file, so that the next start is a cold one."""
    shutil.rmtree(folder / "var" / "index", ignore_errors=True)


@contextmanager
def serving(
    folder: Path, *, code: str = STILLPOINT, arguments: Sequence[str] = (), **settings: str
) -> Iterator[tuple[int, float]]:
    """A running server: its port, and the seconds from its start to its first list."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    command = [sys.executable, "-c", code, "serve", "--port", str(port), *arguments]
    began, told = time.perf_counter(), 0.0
    server = subprocess.Popen(
        command, cwd=folder, env=environment() | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while status(port, "/search?place=97214") != 200:
            waited = time.perf_counter() - began
            if server.poll() is not None or waited > PATIENCE_SECONDS:
                raise RuntimeError("the server did not start")
            if waited > told + TELL_EVERY_SECONDS:
                told = waited
                report.progress(f"The server is starting, {waited:.0f} s …")
            time.sleep(0.005)
        yield port, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def status(port: int, path: str) -> int | None:
    """The status of an answer; ``None`` where nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def memory_of(port: int) -> list[tuple[float, float]]:
    """Megabytes of each process of the server at this port, the first one first: all it maps, and its own share of
    what several map together."""
    found = []
    for status_file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"--port\0{port}".encode() not in status_file.read_bytes():
                continue
            lines = (status_file.parent / "smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:] if line.endswith("kB")}
        found.append((int(status_file.parent.name), sizes.get("Rss", 0.0), sizes.get("Pss", 0.0)))
    return [(rss, pss) for _, rss, pss in sorted(found)]
