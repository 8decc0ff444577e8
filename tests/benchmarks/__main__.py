"""``make bench``: one run, side by side, with a table for each promise."""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import click

from tests.benchmarks import (
    api,
    desk,
    diary,
    exclusions,
    export,
    fhir,
    pages,
    report,
    requests,
    rosters,
    searching,
    starting,
)


def _searching(sizes: str, questions: int) -> None:
    medians = {int(size): searching.run(int(size), number=questions) for size in sizes.split(",")}
    if len(medians) > 1:
        small, large = min(medians), max(medians)
        among, alone = (after / before for before, after in zip(medians[small], medians[large], strict=True))
        report.say(
            f"\nGrowth of the product's median from {small:,} to {large:,} places:"
            f" {report.times(alone)} alone, {report.times(among)} among the others"
        )


def _nppes() -> None:
    if importlib.util.find_spec("tests.benchmarks.nppes"):
        importlib.import_module("tests.benchmarks.nppes").main()


PARTS: Mapping[str, Callable[[str, int, int], None]] = {
    "search": lambda sizes, questions, _: _searching(sizes, questions),
    "start": lambda *asked: starting.run(asked[-1]),
    "pages": lambda *asked: pages.run(asked[-1]),
    "fhir": lambda *asked: fhir.run(asked[-1]),
    "desk": lambda *_: desk.run(),
    "nppes": lambda *_: _nppes(),
    "exclusions": lambda *_: exclusions.main(),
    "rosters": lambda *_: rosters.run(),
    "api": lambda *asked: api.run(asked[-1]),
    "requests": lambda *_: requests.run(),
    "export": lambda sizes, *_: export.run(max(int(size) for size in sizes.split(","))),
    "diary": lambda *_: diary.run(),
}
"""What each part does with sizes, questions and places of the site; in the order in which they are measured."""


@click.command()
@click.option("--sizes", default="50000,1000000", show_default=True, help="Places to search among.")
@click.option("--questions", default=100, show_default=True, type=click.IntRange(5), help="To each engine.")
@click.option("--site-places", default=50_000, show_default=True, help="Places of the site that is started.")
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
def main(sizes: str, questions: int, site_places: int, parts: Sequence[str]) -> None:
    """Measure the given parts, or all of them."""
    wanted = parts or tuple(PARTS)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    report.say(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" load {load}. Read ratios, not milliseconds."
    )
    for part in PARTS:
        if part in wanted:
            PARTS[part](sizes, questions, site_places)


if __name__ == "__main__":
    main()
