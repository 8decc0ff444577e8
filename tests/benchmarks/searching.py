"""Searches: every engine gets the same questions, in turn, in one process, and must give the answer of the oracle."""

from __future__ import annotations

import resource
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import postgis, report
from tests.benchmarks.engines import (
    Answering,
    BruteForce,
    DuckDb,
    OrmAndGeopy,
    Polars,
    Product,
    ProductWithFacets,
    RStarTree,
)
from tests.benchmarks.population import Population, Question, invented, questions, snapshot_of

WARMING = 2
"""Questions that are not counted: they fill caches."""
ORM_SECONDS = 60.0
"""How long the slowest may take in all; it is asked the first questions only."""


def run(size: int, *, number: int) -> tuple[float, float]:
    """Ask and print the table. The medians of the product in seconds: among the others, and alone."""
    report.heading(f"Search at {size:,} places")
    before = _resident_mb()
    with report.bar("Inventing places", 1) as shown:
        population = invented(size)
        shown.update(1)
    with_facts = _resident_mb()
    began = time.perf_counter()
    snapshot = snapshot_of(population)
    built = time.perf_counter() - began
    product = Product(snapshot)
    report.say(
        f"{population.people:,} practitioners; the index takes {snapshot.table.nbytes / 1e6:.1f} MB, sorted and"
        f" packed in {built:.2f} s; this process grew by {_resident_mb() - with_facts:.0f} MB for it (the facts for the"
        f" other engines: {with_facts - before:.0f} MB)."
    )
    with ExitStack() as stack:
        among = _ask(_engines(stack, population, product), number)
    alone = [_timed(product, question) for _ in range(2) for question in questions(number)][number:]
    median, high, mean = report.spread(alone)
    report.say(
        f"The product's index alone, caches warm: p50 {report.ms(median)} ms, p95 {report.ms(high)} ms,"
        f" mean {report.ms(mean)} ms"
    )
    return among, median


def _timed(engine: Answering, question: Question) -> float:
    began = time.perf_counter()
    engine.ask(question)
    return time.perf_counter() - began


def _engines(stack: ExitStack, population: Population, product: Product) -> list[Answering]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
    engines: list[Answering] = [BruteForce(population), product, ProductWithFacets(product.snapshot)]
    with report.bar("Filling SQLite", len(population)) as shown:
        engines.append(RStarTree(population, folder / "places.db", shown.update))
    with report.bar("Filling DuckDB and Polars", 2) as shown:
        engines.append(DuckDb(population))
        shown.update(1)
        engines.append(Polars(population))
        shown.update(1)
    try:
        address = stack.enter_context(postgis.server())
    except postgis.Missing as missing:
        report.say(f"PostGIS was left out: {missing}.")
    else:
        for ordered in (False, True):
            with report.bar(f"Filling PostGIS ({'in order' if ordered else 'as usual'})", len(population)) as shown:
                engines.append(postgis.PostGis(address, population, ordered=ordered, progress=shown.update))
    engines.append(OrmAndGeopy(folder / "places.db"))
    return engines


def _ask(engines: list[Answering], number: int) -> float:
    taken: dict[str, list[float]] = defaultdict(list)
    product: dict[str, list[float]] = defaultdict(list)
    differences: dict[str, int] = dict.fromkeys((each.name for each in engines), 0)
    with report.bar("Asking", number) as shown:
        for turn, question in enumerate(questions(number + WARMING)):
            answers, seconds = {}, {}
            # Nobody always comes after the same neighbour.
            for engine in [*engines[turn % len(engines) :], *engines[: turn % len(engines)]]:
                slow = isinstance(engine, OrmAndGeopy)
                if slow and (turn < WARMING or sum(taken[engine.name]) > ORM_SECONDS):
                    continue
                began = time.perf_counter()
                answers[engine.name] = engine.ask(question)
                seconds[engine.name] = time.perf_counter() - began
            if turn < WARMING:
                continue
            for name, answer in answers.items():
                taken[name].append(seconds[name])
                product[name].append(seconds[Product.name])
                differences[name] += answer != answers[BruteForce.name]
            shown.update(1)
    rows = []
    for engine in engines:
        own = taken[engine.name]
        median, high, average = report.spread(own)
        # Against the same questions only: the slowest engine is not asked all of them.
        theirs, _, their_mean = report.spread(product[engine.name])
        rows.append(
            [
                engine.name,
                str(len(own)),
                report.ms(median),
                report.ms(high),
                report.ms(average),
                report.times(median / theirs),
                report.times(average / their_mean),
                str(differences[engine.name]),
            ]
        )
    report.table(["engine", "asked", "p50 ms", "p95 ms", "mean ms", "p50 ratio", "mean ratio", "differences"], rows)
    report.say("")
    for engine in engines:
        report.say(f"  {engine.name}: {engine.note}")
    total = sum(differences.values())
    report.say(f"\ndifferences: {total} (ids, order and count of each answer against every row looked at)")
    report.say(f"Peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    return report.spread(taken[Product.name])[0]


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
