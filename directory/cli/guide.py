"""``stillpoint guide``: whether the pages of the guide may stand as they are."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from directory.guide.library import checking, pages


@click.group()
def guide() -> None:
    """The patient's guide."""


@guide.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=pages.FOLDER)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by; today when it is left out.")
def check(folder: Path, as_of: datetime | None) -> None:
    """Look for overdue checks, missing sources and forbidden claims.

    Each page is checked for its calendar, its sources, its words and its links. Exit code 0 when everything passed, 1
    when something failed, 2 when a file is no page; the others are checked all the same.
    """
    day: date = as_of.date() if as_of else datetime.now(UTC).date()
    read, broken = _read(folder)
    for what in broken:
        click.echo(f"Error: {what}", err=True)
    results = checking.check_all(read, as_of=day)
    for findings in results.values():
        for finding in findings:
            line = f":{finding.line}" if finding.line else ""
            click.echo(f"{finding.slug}.md{line}: {finding.subject}: {finding.what}")
    unread = sum(page.reviewed_on is None for page in read)
    if unread:
        click.echo(f"{unread} of {len(read)} pages say that no clinician has read them yet.")
    failed = sum(1 for findings in results.values() if findings)
    click.echo(f"{len(results) - failed} passed, {failed + len(broken)} failed")
    sys.exit(2 if broken else 1 if failed else 0)


def _read(folder: Path) -> tuple[list[pages.Page], list[str]]:
    """The pages of a folder, and what is wrong with each file that is none."""
    read, broken = [], []
    for path in sorted(folder.glob("*.md")):
        try:
            read.append(pages.read(path))
        except pages.InvalidPage as error:
            broken.append(str(error))
    if not read and not broken:
        broken.append(f"{folder} holds no page (*.md).")
    return read, broken
