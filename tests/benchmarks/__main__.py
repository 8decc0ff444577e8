"""``make bench``: one run, side by side, with a table for each promise."""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from tests.benchmarks import desk, exclusions, export, fhir, pages, report, requests, rosters, searching, starting

PARTS = ("search", "start", "pages", "fhir", "desk", "nppes", "exclusions", "rosters", "requests", "export")


@click.command()
@click.option("--sizes", default="50000,1000000", show_default=True, help="Places to search among.")
@click.option("--questions", default=100, show_default=True, type=click.IntRange(5), help="To each engine.")
@click.option("--site-places", default=50_000, show_default=True, help="Places of the site that is started.")
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
def main(sizes: str, questions: int, site_places: int, parts: Sequence[str]) -> None:
    """Measure the given parts, or all of them."""
    wanted = parts or PARTS
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    report.say(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" load {load}. Read ratios, not milliseconds."
    )
    if "search" in wanted:
        medians = {int(size): searching.run(int(size), number=questions) for size in sizes.split(",")}
        if len(medians) > 1:
            small, large = min(medians), max(medians)
            among, alone = (after / before for before, after in zip(medians[small], medians[large], strict=True))
            report.say(
                f"\nGrowth of the product's median from {small:,} to {large:,} places:"
                f" {report.times(alone)} alone, {report.times(among)} among the others"
            )
    if "start" in wanted:
        starting.run(site_places)
    if "pages" in wanted:
        pages.run(site_places)
    if "fhir" in wanted:
        fhir.run(site_places)
    if "desk" in wanted:
        desk.run()
    if "nppes" in wanted and importlib.util.find_spec("tests.benchmarks.nppes"):
        importlib.import_module("tests.benchmarks.nppes").main()
    if "exclusions" in wanted:
        exclusions.main()
    if "rosters" in wanted:
        rosters.run()
    if "requests" in wanted:
        requests.run()
    if "export" in wanted:
        export.run(site_places)


if __name__ == "__main__":
    main()
