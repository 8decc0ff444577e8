"""``stillpoint backup`` and ``stillpoint restore``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from directory import migrations
from directory.cli import archive
from directory.cli.opening import opened, plain_address
from directory.credentials.evidence.store import Store
from directory.errors import Conflict


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    """Write everything the database holds, and the files people sent, to FILE, while the site runs.

    Without FILE the backup goes to the folder VAR_DIR under a name with the time. It restores into either kind of
    database. What is encrypted stays encrypted: keep ENCRYPTION_KEYS too, and somewhere else.
    """
    now = datetime.now(UTC)
    with opened() as (config, engine):
        target = file or config.var_dir / f"stillpoint-{now:%Y%m%dT%H%M%SZ}.backup.zip"
        if file is None:
            config.var_dir.mkdir(parents=True, exist_ok=True)
        with archive.snapshot(engine) as connection:
            migrations.must_be_at_head(connection)
            with _bar("Backing up", archive.count(connection)) as progress:
                manifest = archive.write(connection, Store(config.evidence_dir), target, now=now, progress=progress)
    click.echo(f"{manifest.rows} rows of {len(manifest.tables)} tables and {len(manifest.files)} files are in {target}")
    if manifest.missing:
        click.echo(f"{len(manifest.missing)} files that rows name are not in EVIDENCE_DIR.", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what the database holds.")
def restore(file: Path, *, yes: bool) -> None:
    """Put the backup FILE in place of everything the database holds.

    The whole file is checked first. Everything happens in one transaction: if anything goes wrong the old data stays.
    """
    with opened() as (config, engine), archive.opened(file) as (source, manifest):
        with _bar("Checking", manifest.rows) as progress:
            archive.verify(source, manifest, progress=progress)
        archive.verify_files(source, manifest)
        if migrations.current(engine) is None:
            migrations.upgrade(engine)
        with archive.snapshot(engine) as connection:
            migrations.must_be_at_head(connection)
            full = archive.holds_anything(connection)
        if full and not yes:
            raise Conflict(
                f"{plain_address(config.database_url)} is not empty, and a restore replaces all it holds."
                " Add --yes if that is what you want.",
                code="not_empty",
            )
        unopened = archive.restore_files(source, manifest, Store(config.evidence_dir))
        with _bar("Restoring", manifest.rows) as progress:
            sealed = archive.restore(engine, source, manifest, progress=progress)
    click.echo(
        f"{manifest.rows} rows of {len(manifest.tables)} tables and {len(manifest.files)} files were restored, as they"
        f" were at {manifest.created}"
    )
    if unopened:
        sealed.append(f"{unopened} files")
    if sealed:
        click.echo(
            f"The keys in ENCRYPTION_KEYS do not open what is sealed in: {', '.join(sealed)}."
            " Add the key that was in use when the backup was made.",
            err=True,
        )


@contextmanager
def _bar(label: str, total: int) -> Iterator[archive.Progress]:
    with click.progressbar(length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update
