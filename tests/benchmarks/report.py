"""Tables, bars and figures for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import numpy as np


def heading(words: str) -> None:
    """A line that begins a part of the report."""
    click.echo(f"\n{words}\n{'=' * len(words)}")


def say(words: str) -> None:
    """A line of the report."""
    click.echo(words)


def progress(words: str) -> None:
    """A line for whoever waits, which is no part of the report."""
    click.echo(words, err=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns side by side, the first to the left and all others to the right."""
    widths = [max(len(row[at]) for row in [header, *rows]) for at in range(len(header))]
    for row in [header, ["-" * width for width in widths], *rows]:
        cells = [cell.ljust(widths[0]) if at == 0 else cell.rjust(widths[at]) for at, cell in enumerate(row)]
        click.echo("  ".join(cells))


@contextmanager
def bar(label: str, length: int) -> Iterator[Any]:
    """A progress bar on the terminal; its ``update`` is told how many more are done."""
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        if not sys.stderr.isatty():
            click.echo(f"{label} …", err=True)
        yield shown


def ms(seconds: float) -> str:
    """Milliseconds with as many digits as mean something."""
    value = seconds * 1000
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def times(ratio: float) -> str:
    """How many times as long."""
    return f"{ratio:.1f}x" if ratio < 100 else f"{ratio:,.0f}x"


def spread(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Median, 95th percentile and mean."""
    values = np.asarray(seconds)
    return float(np.median(values)), float(np.percentile(values, 95)), float(values.mean())
