"""``stillpoint gazetteer refresh``: cutting the shipped gazetteer anew from GeoNames' dumps."""

from __future__ import annotations

import csv
import gzip
import io
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import click

from directory import downloads
from directory.cli.refused import FileRefused
from directory.downloads import BrokenFile
from directory.errors import InvalidInput
from directory.geo import refresh as cutting
from directory.geo.refresh import CITY_COLUMNS, CODE_COLUMNS, PLACE_COLUMNS, Key, Report, Row, Tables
from directory.paths import SEEDS

_CODES, _PLACES, _CITIES = "postal_codes.csv.gz", "postal_places.csv.gz", "world_cities.csv.gz"
_OVERRIDES = "us_zip_overrides.csv"
_NAMED = 20


@click.group()
def gazetteer() -> None:
    """The places that are shipped with the site."""


@gazetteer.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--cities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also cut the cities of the world anew, from GeoNames' cities15000.txt.",
)
@click.option(
    "--into",
    default=SEEDS / "gazetteer",
    show_default="the gazetteer in use",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder whose files are compared and replaced.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def refresh(file: Path, *, cities: Path | None, into: Path, dry_run: bool) -> None:
    """Cut the postal codes anew from FILE, a GeoNames dump such as allCountries.zip or US.txt.

    Countries that FILE does not hold stay as they are. A code that would move by more than 100 km keeps its old point
    and is named here. A broken file changes nothing (exit code 2). Restart the site afterwards: it reads places once.
    """
    try:
        before = Tables(read(into / _CODES, CODE_COLUMNS), read(into / _PLACES, PLACE_COLUMNS))
        with downloads.opened(file, choose=_text) as download:
            found = cutting.spots(downloads.lines(download), download.name)
        tables, report = cutting.refreshed(found, before, _overrides(into / _OVERRIDES), file.name)
        files = {_CODES: (CODE_COLUMNS, tables.codes), _PLACES: (PLACE_COLUMNS, tables.places)}
        if cities is not None:
            known = len(read(into / _CITIES, CITY_COLUMNS))
            with downloads.opened(cities, choose=_text) as download:
                files[_CITIES] = CITY_COLUMNS, cutting.cities(downloads.lines(download), download.name, before=known)
    except BrokenFile as error:
        raise FileRefused(str(error)) from error
    for line in told(report):
        click.echo(line)
    if dry_run:
        click.echo("Nothing was written.")
        return
    replace(into, {name: packed(columns, rows) for name, (columns, rows) in files.items()})
    counts = ", ".join(f"{len(rows):,} in {name}" for name, (_columns, rows) in files.items())
    click.echo(f"Written: {counts}. Restart the site to use them.")


def _text(names: Sequence[str]) -> str:
    texts = [
        name
        for name in names
        if name.lower().endswith(".txt") and not PurePosixPath(name).name.lower().startswith("readme")
    ]
    if len(texts) != 1:
        raise BrokenFile(f"The ZIP file holds {len(texts) or 'no'} texts of data; exactly one is needed.")
    return texts[0]


def read(file: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of one of our files; ``InvalidInput`` when it is not one."""
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
            header, *rows = csv.reader(text)
    except (OSError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise InvalidInput(f"{file} cannot be read; it belongs to the gazetteer that is to be refreshed.") from error
    if tuple(header) != tuple(columns):
        raise InvalidInput(f"{file} has other columns than this version writes.")
    return [tuple(row) for row in rows]


def _overrides(file: Path) -> Mapping[Key, tuple[float, float]]:
    with file.open(encoding="utf-8", newline="") as text:
        return {
            (row["country_code"], row["postal_code"]): (float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(text)
        }


def told(report: Report) -> Iterator[str]:
    """The report in lines."""
    for country in sorted({*report.new, *report.gone}, key=cutting.COUNTRIES.index):
        gone = report.gone.get(country, [])
        names = f" ({', '.join(gone[:_NAMED])}{' …' if len(gone) > _NAMED else ''})" if gone else ""
        yield f"{country}: {report.new.get(country, 0):,} new codes, {len(gone):,} gone{names}"
    yield f"{len(report.moved):,} codes move by more than {cutting.NOTICED_MOVE_KM:.0f} km"
    for move in sorted(report.moved, key=lambda move: -move.km)[:_NAMED]:
        yield f"  {move.country} {move.code}: {move.km:,.0f} km"
    yield f"{report.overridden:,} codes keep the point of {_OVERRIDES}"
    for move in report.refused:
        yield f"REFUSED {move.country} {move.code}: it would move by {move.km:,.0f} km and keeps its old point"


def packed(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """A table as the gazetteer's files hold it: the same bytes for the same rows on every machine and day."""
    raw = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as archive,
        io.TextIOWrapper(archive, encoding="utf-8", newline="") as text,
    ):
        table = csv.writer(text, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
    return raw.getvalue()


def replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put these files in place of the old ones. All are on the disk before the first is replaced."""
    drafts: dict[Path, Path] = {}
    try:
        for name, data in files.items():
            draft = folder / f".{name}.{secrets.token_hex(6)}.part"
            drafts[draft] = folder / name
            with draft.open("xb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
        for draft, file in drafts.items():
            draft.replace(file)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
