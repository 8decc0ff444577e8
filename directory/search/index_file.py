"""The index on disk, so that a process which starts need not read everybody again.

A file is a shortcut and never a source: whoever is shown was read from the database again, and whatever is doubtful
about a file means that it is not used. It is believed when its bytes are those that were written, this very code wrote
it, under the same rules, from the database at hand, and from a moment that is still part of that database's history
(``changes``: number and mark). It holds no health facts of visitors; nothing in it is run when it is read.

The bytes: a signature, the length and digest of the header, the header as JSON, and the columns as they lie in memory,
so that all processes map the same pages. A file appears under its name whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import structlog

from directory.jurisdictions.rules import Jurisdiction
from directory.paths import PACKAGE
from directory.search.index import COLUMN_TYPES, Codes, Table, Vocabulary

log = structlog.get_logger("stillpoint.search")

BELIEVED: Final = timedelta(days=7)
"""How old the last reading of everybody may be: what was changed past the history is not missed for longer."""

_SIGNATURE: Final = b"Stillpoint index 1\n"
_ALIGNMENT: Final = 64
_DIGEST_BYTES: Final = 32
_LARGEST_HEADER: Final = 64 * 1024 * 1024
_LEFTOVER_SECONDS: Final = 3600
_BOOKS: Final = tuple(each.name for each in fields(Vocabulary))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A table with what it must be checked against."""

    table: Table
    vocabulary: Vocabulary
    token: str
    seq: int
    mark: int | None
    start: date
    """The first local day the rows speak of."""
    read_at: datetime
    """When everybody was last read."""
    rules: str
    """``fingerprint`` of the rules under which people were judged."""


class IndexFile:
    """The file of each database's index in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Now and not when it is needed: by then another version may lie where this one was started from.
        self._code = code_fingerprint()

    def read(self, token: str, *, now: datetime) -> Kept | None:
        """What is kept for the history of this name; ``None`` when there is nothing, or nothing to be believed."""
        path = self._path(token)
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                kept = _read(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), self._code)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            log.warning("index_file_unusable", reason=f"{type(error).__name__}: {error}")
            return None
        if kept.token != token or not timedelta(0) <= now - kept.read_at <= BELIEVED or not kept.table.sound():
            log.info("index_file_unusable", reason="it is old, or of another database")
            return None
        return kept

    def write(self, kept: Kept) -> bool:
        """Keep this in place of what was there, and say whether that went well. Trouble with the disk is only logged:
        the next start takes longer, that is all."""
        path = self._path(kept.token)
        if path is None or not self._code:
            return False
        draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    for chunk in _chunks(kept, self._code):
                        out.write(chunk)
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            self._clear_leftovers()
        except OSError as error:
            log.warning("index_file_not_written", reason=error.strerror or str(error))
            return False
        return True

    def _path(self, token: str) -> Path | None:
        # The name comes from a database, so nothing but our own hexadecimal digits becomes part of a path.
        return self.folder / f"{token}.index" if token and not set(token) - set("0123456789abcdef") else None

    def _clear_leftovers(self) -> None:
        """Remove what killed processes left, and files of histories that nobody has kept up for long."""
        for path in self.folder.iterdir():
            oldest = {".part": _LEFTOVER_SECONDS, ".index": 2 * BELIEVED.total_seconds()}.get(path.suffix)
            with contextlib.suppress(FileNotFoundError):
                if oldest is not None and time.time() - path.stat().st_mtime > oldest:
                    path.unlink()


def fingerprint(rules: Mapping[str, Jurisdiction]) -> str:
    """A digest of every word of these rules."""
    return hashlib.blake2b(repr(sorted(rules.items())).encode()).hexdigest()


@cache
def code_fingerprint() -> str:
    """A digest of the source that reads and judges; empty, so that no file is used, where there is no source."""
    digest = hashlib.blake2b(sys.version.encode())
    sources = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] != "web"]
    for path in sources:
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest() if sources else ""


def _chunks(kept: Kept, code: str) -> list[bytes | memoryview]:
    """The bytes of a file, piece by piece."""
    columns: list[dict[str, Any]] = []
    bodies: list[bytes | memoryview] = []
    at = 0
    for each in fields(Table):
        column = np.ascontiguousarray(getattr(kept.table, each.name))
        body = column.data.cast("B") if column.size else memoryview(b"")
        gap = -at % _ALIGNMENT
        bodies += [bytes(gap), body]
        at += gap
        columns.append(
            {
                "name": each.name,
                "dtype": column.dtype.str,
                "shape": column.shape,
                "at": at,
                "digest": _digest(body),
            }
        )
        at += body.nbytes
    header = json.dumps(
        {
            "code": code,
            "token": kept.token,
            "seq": kept.seq,
            "mark": kept.mark,
            "start": kept.start.isoformat(),
            "read_at": kept.read_at.isoformat(),
            "rules": kept.rules,
            "books": {name: getattr(kept.vocabulary, name).names() for name in _BOOKS},
            "columns": columns,
        }
    ).encode()
    head = _SIGNATURE + len(header).to_bytes(8, "big") + hashlib.blake2b(header, digest_size=_DIGEST_BYTES).digest()
    return [head, header, bytes(-(len(head) + len(header)) % _ALIGNMENT), *bodies]


def _read(content: mmap.mmap, code: str) -> Kept:
    """The opposite of ``_chunks``; ``ValueError`` and its like for anything that it did not write."""
    start = len(_SIGNATURE) + 8 + _DIGEST_BYTES
    if content[: len(_SIGNATURE)] != _SIGNATURE:
        raise ValueError("not an index")
    size = int.from_bytes(content[len(_SIGNATURE) : len(_SIGNATURE) + 8], "big")
    header = content[start : start + min(size, _LARGEST_HEADER)]
    if hashlib.blake2b(header, digest_size=_DIGEST_BYTES).digest() != content[start - _DIGEST_BYTES : start]:
        raise ValueError("its header is damaged")
    told = json.loads(header)
    if not code or told["code"] != code:
        raise ValueError("another version of the program wrote it")
    base = start + size + -(start + size) % _ALIGNMENT
    books = {
        name: Codes(tuple(each) if isinstance(each, list) else each for each in told["books"][name]) for name in _BOOKS
    }
    return Kept(
        table=Table(**{each["name"]: _column(content, base, each) for each in told["columns"]}),
        vocabulary=Vocabulary(**books),
        token=told["token"],
        seq=told["seq"],
        mark=told["mark"],
        start=date.fromisoformat(told["start"]),
        read_at=datetime.fromisoformat(told["read_at"]),
        rules=told["rules"],
    )


def _column(content: mmap.mmap, base: int, told: Mapping[str, Any]) -> Any:
    dtype = np.dtype(told["dtype"])
    if dtype != COLUMN_TYPES[told["name"]]:
        raise ValueError(f"its column {told['name']} has another type")
    size = int(np.prod(told["shape"], dtype=np.int64))
    body = memoryview(content)[base + told["at"] : base + told["at"] + size * dtype.itemsize]
    if _digest(body) != told["digest"]:
        raise ValueError(f"its column {told['name']} is damaged")
    return np.frombuffer(body, dtype=dtype).reshape(told["shape"])


def _digest(body: memoryview) -> str:
    return hashlib.blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()
