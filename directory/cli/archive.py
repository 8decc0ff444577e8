"""A backup that fits either database: a ZIP file with the rows of each table as JSON lines, and a manifest.

``tables/<name>.jsonl`` holds one JSON list per row, in the order of the manifest's columns; ``manifest.json`` is last
and names the format, the revision of the tables, when and from what the archive was made, and for each table its
columns, its number of rows and the SHA-256 of its member. Instants are ISO 8601 in UTC, decimals are strings. Sealed
columns are copied as they lie in the database: an archive tells nothing without the encryption keys. ``files/<name>``
is a file that practitioners sent, sealed as it lies in the store; the manifest holds the SHA-256 of each, and the names
of those that were not there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Enum,
    String,
    Table,
    TableClause,
    Text,
    column,
    delete,
    func,
    insert,
    select,
    table,
    text,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from directory import changes, db, migrations, permanent
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.store import Store
from directory.crypto import EncryptedText, keyring
from directory.entries import service as entries
from directory.errors import Conflict, InvalidInput, NotFound

FORMAT = 2
_MANIFEST = "manifest.json"
_BATCH = 500
_LARGEST_MANIFEST = 50_000_000

Progress = Callable[[int], None]
"""Called with the number of rows just done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """What the manifest says about one table."""

    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says about itself."""

    format: int
    revision: str
    created: str
    engine: str
    tables: dict[str, TableEntry] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file, by its name in the store."""
    missing: list[str] = field(default_factory=list)
    """Files that rows name and the store did not have."""

    @property
    def rows(self) -> int:
        """How many rows the archive holds in all."""
        return sum(entry.rows for entry in self.tables.values())


def tables() -> list[Table]:
    """Every table, each after those that it refers to."""
    return migrations.models().sorted_tables


def count(connection: Connection) -> int:
    """How many rows all tables hold."""
    return sum(_rows(connection, each) for each in tables())


def holds_anything(connection: Connection) -> bool:
    """Whether there is a row that was not there when the tables were made."""
    return any(_rows(connection, each) for each in tables() if each is not changes.SearchEpoch.__table__)


def _rows(connection: Connection, source: Table) -> int:
    return connection.scalar(select(func.count()).select_from(source)) or 0


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at one moment, however long it reads and whoever writes."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
        with connection.begin(), db.unhurried(connection):
            yield connection


def write(connection: Connection, store: Store, file: Path, *, now: datetime, progress: Progress) -> Manifest:
    """Write what ``snapshot`` shows, and the files its rows name, to this new file, readable by its owner alone.

    The file appears under its name only when it is whole and on the disk. ``Conflict`` when the name is taken or the
    tables are not those of this version; ``OSError`` when the disk refuses, and then nothing is left behind.
    """
    if file.exists():
        raise Conflict(f"{file} exists already; a backup never replaces another.", code="file_exists")
    revision = migrations.must_be_at_head(connection)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(6)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            manifest = Manifest(
                format=FORMAT,
                revision=revision,
                created=now.isoformat(),
                engine=connection.dialect.name,
            )
            with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
                for each in tables():
                    manifest.tables[each.name] = _write_table(connection, archive, each, progress)
                _write_files(connection, archive, store, manifest)
                archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write_table(connection: Connection, archive: zipfile.ZipFile, source: Table, progress: Progress) -> TableEntry:
    plain = _plain(source)
    names = [each.name for each in source.columns]
    order = [plain.c[each.name] for each in source.primary_key.columns]
    rows = connection.execution_options(yield_per=_BATCH).execute(select(plain).order_by(*order))
    digest = hashlib.sha256()
    number = 0
    with archive.open(_member(source.name), "w", force_zip64=True) as out:
        for batch in rows.partitions():
            lines = b"".join(_line(row) for row in batch)
            digest.update(lines)
            out.write(lines)
            number += len(batch)
            progress(len(batch))
    return TableEntry(columns=names, rows=number, sha256=digest.hexdigest())


def _write_files(connection: Connection, archive: zipfile.ZipFile, store: Store, manifest: Manifest) -> None:
    with Session(connection) as session:
        named = sorted(evidence.named_files(session))
    for name in named:
        try:
            sealed = store.read_sealed(name)
        except NotFound:
            manifest.missing.append(name)
            continue
        # What is sealed cannot be made smaller.
        archive.writestr(_file_member(name), sealed, compress_type=zipfile.ZIP_STORED)
        manifest.files[name] = hashlib.sha256(sealed).hexdigest()


def _line(row: Iterable[Any]) -> bytes:
    return json.dumps(list(row), ensure_ascii=False, separators=(",", ":"), default=_encoded).encode() + b"\n"


def _encoded(value: object) -> str:
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"a {type(value).__name__} has no place in an archive")


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The archive and its manifest; ``InvalidInput`` when the file is not a whole archive of ours."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _manifest(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, NotImplementedError) as error:
        raise InvalidInput(f"{file} is damaged or is not a backup.", code="damaged_archive") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
        raise ValueError("the manifest is too large")
    told = json.loads(archive.read(_MANIFEST))
    if told.get("format") != FORMAT:
        raise Conflict(f"This version reads archives of format {FORMAT}, not {told.get('format')}.", code="format")
    entries = {name: TableEntry(**entry) for name, entry in told.pop("tables").items()}
    return Manifest(**told, tables=entries)


def verify(archive: zipfile.ZipFile, manifest: Manifest, *, progress: Progress) -> None:
    """Read the whole archive and refuse it (``InvalidInput``, ``Conflict``) when a byte, a row or a column is off."""
    head = migrations.head()
    if manifest.revision != head:
        raise Conflict(
            f"The archive was made at revision {manifest.revision} and this version is at {head}."
            " Restore it with the version that made it, then upgrade.",
            code="wrong_revision",
        )
    expected = {each.name: [one.name for one in each.columns] for each in tables()}
    if {name: entry.columns for name, entry in manifest.tables.items()} != expected:
        raise InvalidInput("The archive's tables are not those of its revision.", code="damaged_archive")
    for name, entry in manifest.tables.items():
        digest = hashlib.sha256()
        number = 0
        with archive.open(_member(name)) as lines:
            for line in lines:
                digest.update(line)
                if len(json.loads(line)) != len(entry.columns):
                    raise ValueError("a row has another number of columns")
                number += 1
                if number % _BATCH == 0:
                    progress(_BATCH)
            progress(number % _BATCH)
        if (number, digest.hexdigest()) != (entry.rows, entry.sha256):
            raise InvalidInput(f"The archive is damaged: its table {name} is not as written.", code="damaged_archive")


def verify_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read every file of the archive and refuse it (``InvalidInput``) when one is not as written."""
    for name, digest in manifest.files.items():
        if hashlib.sha256(archive.read(_file_member(name))).hexdigest() != digest:
            raise InvalidInput(f"The archive is damaged: its file {name} is not as written.", code="damaged_archive")


def restore_files(archive: zipfile.ZipFile, manifest: Manifest, store: Store) -> int:
    """Put the verified files into the store, before the rows that name them; how many no installed key opens.

    Names are random, so nothing is lost by writing over one; what no row names in the end is swept away by itself.
    """
    unopened = 0
    for name in manifest.files:
        sealed = archive.read(_file_member(name))
        unopened += keyring.open_bytes(sealed) is None
        store.write_sealed(name, sealed)
    return unopened


def restore(engine: Engine, archive: zipfile.ZipFile, manifest: Manifest, *, progress: Progress) -> list[str]:
    """Put the verified archive in place of everything the database holds, in one transaction, and start a new epoch.

    Returns the names of sealed columns that the installed keys do not open. Anything that goes wrong leaves the old
    rows. Readers read the old rows until the end; writers wait.
    """
    sealed: list[str] = []
    with engine.connect().execution_options(**db.WRITES) as connection, connection.begin(), db.unhurried(connection):
        migrations.must_be_at_head(connection)
        postgresql = connection.dialect.name == "postgresql"
        if postgresql:
            names = ", ".join(connection.dialect.identifier_preparer.format_table(each) for each in tables())
            connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        with permanent.open_to_change(connection):
            for each in reversed(tables()):
                connection.execute(delete(each))
            for each in tables():
                with archive.open(_member(each.name)) as lines:
                    sealed += _fill(connection, each, lines, progress)
                if postgresql:
                    _reset_sequence(connection, each)
        with Session(connection) as session:
            changes.begin_epoch(session)
            entries.begin_anew(session)
            session.commit()
    return sealed


def _fill(connection: Connection, target: Table, lines: IO[bytes], progress: Progress) -> list[str]:
    """Insert every row. References within the table are set afterwards, because a row may refer to a later one."""
    plain = _plain(target)
    inner = {each.parent.name for each in target.foreign_keys if each.column.table is target}
    keys = [each.name for each in target.primary_key.columns]
    read = [_decoder(each) for each in target.columns]
    names = [each.name for each in target.columns]
    closed = {each.name for each in target.columns if isinstance(each.type, EncryptedText)}
    unopened: set[str] = set()
    later: list[tuple[dict[str, Any], dict[str, Any]]] = []
    batch: list[dict[str, Any]] = []

    def send() -> None:
        if batch:
            connection.execute(insert(plain), batch)
            progress(len(batch))
            batch.clear()

    for line in lines:
        row = {
            name: None if value is None else decode(value)
            for name, decode, value in zip(names, read, json.loads(line), strict=True)
        }
        for name in [each for each in inner if row[each] is not None]:
            later.append(({key: row[key] for key in keys}, {name: row[name]}))
            row[name] = None
        for name in closed - unopened:
            if row[name] is not None and keyring.open(str(row[name])) is None:
                unopened.add(name)
        batch.append(row)
        if len(batch) == _BATCH:
            send()
    send()
    for where, values in later:
        connection.execute(update(plain).where(*(plain.c[key] == value for key, value in where.items())).values(values))
    return [f"{target.name}.{name}" for name in sorted(unopened)]


def _reset_sequence(connection: Connection, target: Table) -> None:
    key = target.autoincrement_column
    if key is None:
        return
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": target.name, "column": key.name}
    )
    if sequence is not None:
        newest = connection.scalar(select(func.max(key)))
        connection.execute(
            text("SELECT setval(CAST(:sequence AS regclass), :value, :used)"),
            {"sequence": sequence, "value": newest or 1, "used": newest is not None},
        )


def _file_member(name: str) -> str:
    return f"files/{name}"


def _member(name: str) -> str:
    return f"tables/{name}.jsonl"


def _plain(source: Table) -> TableClause:
    """The table with the types its values are stored as: what is sealed stays sealed, what is wrong is not hidden."""
    return table(source.name, *(column(each.name, _stored(each.type)) for each in source.columns))


def _stored(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, EncryptedText):
        return Text()
    if isinstance(kind, Enum):
        return String()
    if isinstance(kind, JSON):
        return JSON(none_as_null=True)
    return kind


def _decoder(source: Column[Any]) -> Callable[[Any], Any]:
    kind = _stored(source.type)
    if isinstance(kind, JSON):
        return _as_it_is
    readers: dict[type, Callable[[Any], Any]] = {
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
        time: time.fromisoformat,
        Decimal: Decimal,
        float: float,
        bytes: base64.b64decode,
    }
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return readers.get(plain.python_type, _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value
