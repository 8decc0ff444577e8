"""How fast an NPPES file is taken in, and how much memory that needs: ``python -m tests.benchmarks.nppes``.

The files are made up in the mixture of the real one, in which about one row in a hundred is an acupuncturist's. Each
run is a process of its own, so that its peak memory is its own; the table shows medians.
"""

from __future__ import annotations

import csv
import gzip
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import click

from tests import nppes

SIZES = (100_000, 500_000)
ROUNDS = 3
ROWS_A_SECOND = 20_000
_MIXTURE = 100


def make(file: Path, rows: int) -> None:
    """A file of so many rows: 1 acupuncturist, 4 deactivated, 17 organisations and 78 other people in a hundred."""
    columns = nppes.header()
    sample = [row for row in csv.DictReader(nppes.SAMPLE.open(encoding="utf-8")) if row["Entity Type Code"] == "1"]
    people = [[row[name] for name in columns] for row in sample]
    code, number = columns.index("Healthcare Provider Taxonomy Code_1"), columns.index("NPI")
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "wt", encoding="utf-8", newline="") as out:
        table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        table.writerow(columns)
        for index, person in enumerate(islice(cycle(people), rows)):
            row = list(person)
            row[number] = nppes.npi(index)
            kind = index % _MIXTURE
            if kind == 0:
                row[code] = nppes.ACUPUNCTURE
            elif kind < 5:
                deactivated = nppes.deactivated(index)
                row = [deactivated.get(name, "") for name in columns]
            else:
                row = [nppes.MASSAGE if cell == nppes.ACUPUNCTURE else cell for cell in row]
                row[1] = "2" if kind < 22 else "1"
            table.writerow(row)


def run(file: Path, folder: Path) -> tuple[float, float, float]:
    """Take a file into a new SQLite database; seconds by the clock, seconds of the processor, and peak memory in MB."""
    script = "import sys; from tests.benchmarks.nppes import once; once(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", script, str(file), str(folder)], check=True, capture_output=True, text=True
    )
    seconds, busy, peak = done.stdout.split()[-3:]
    return float(seconds), float(busy), float(peak)


def once(file: str, folder: str) -> None:
    """What each process does."""
    from directory import db, migrations
    from directory.cli.import_nppes import take_in
    from directory.crypto import keyring, new_key

    keyring.install([new_key()])
    engine = db.make_engine(f"sqlite:///{folder}/{os.getpid()}.db")
    migrations.upgrade(engine)
    began, busy = time.perf_counter(), time.process_time()
    taken = take_in(engine, Path(file), reach=None, allow_older=False, now=datetime.now(UTC))
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    assert taken.applied is not None
    assert taken.applied.new == taken.counts.acupuncturists
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    click.echo(f"{seconds} {busy} {peak / (2**20 if sys.platform == 'darwin' else 2**10)}")


def main() -> None:
    """Print the table."""
    click.echo(
        f"{'NPPES import':<28}{'rows':>10}{'MB':>8}{'seconds':>10}{'rows/s':>10}{'rows/cpu s':>12}{'peak MB':>10}"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for ending in ("csv", "csv.gz"):
            for size in SIZES:
                file = folder / f"npidata_pfile_20050523-20260111.{ending}"
                make(file, size)
                runs = [run(file, folder) for _ in range(ROUNDS)]
                seconds, busy, peak = (statistics.median(each[column] for each in runs) for column in range(3))
                click.echo(
                    f"{'from .' + ending:<28}{size:>10,}{file.stat().st_size / 1e6:>8.0f}"
                    f"{seconds:>10.2f}{size / seconds:>10,.0f}{size / busy:>12,.0f}{peak:>10.0f}"
                )
    click.echo(f"Target: at least {ROWS_A_SECOND:,} rows a second, and the same peak at both sizes.")


if __name__ == "__main__":
    main()
