"""The folder of files: random names in folders of 256, each file encrypted, whole or not there at all.

A file is written before its row is committed, and vanishes again when the transaction does not commit. It is removed
only after the row that named it is gone. What a process that was killed in between leaves behind, ``sweep`` finds.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from directory.crypto import keyring
from directory.errors import NotFound, Unavailable
from directory.guide.words import N_

ORPHAN_AGE: Final = timedelta(hours=1)
"""How long a file may lie here without a row before it is taken for the remains of a transaction that never ended."""

FULL: Final = N_("We cannot keep files just now. Nothing was kept of yours; please send it again later.")
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_DRAFT: Final = ".part"


class Store:
    """The files under one folder. The folder is made with the first file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, session: Session, content: bytes) -> str:
        """Write a file and give its name; should the session's transaction not commit, it is removed again.

        ``Unavailable`` when it cannot be written, for example because the disk is full; then nothing is left of it.
        """
        name = secrets.token_hex(16)
        self.write_sealed(name, keyring.seal_bytes(content))
        _waiting(session).when_undone.append(lambda: self.remove(name))
        return name

    def drop(self, session: Session, name: str) -> None:
        """Remove a file once the session's transaction has committed."""
        _waiting(session).when_committed.append(lambda: self.remove(name))

    def read(self, name: str) -> bytes:
        """The content; ``NotFound`` when there is no such file or no key opens it."""
        plain = keyring.open_bytes(self.read_sealed(name))
        if plain is None:
            raise NotFound("No key opens this file.", code="no_key")
        return plain

    def read_sealed(self, name: str) -> bytes:
        """The file as it lies there; ``NotFound`` when there is none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("This file is not in the store.", code="no_file") from error

    def write_sealed(self, name: str, sealed: bytes) -> None:
        """Put this in place of the file, or make it, so that a crash leaves the old or the new and never a half."""
        path = self._path(name)
        draft = path.with_name(f".{name}{_DRAFT}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(sealed)
                out.flush()
                os.fsync(out.fileno())
            draft.rename(path)
            _settle(path.parent)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise Unavailable(FULL, code="store") from error

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The name of every file, in no order."""
        for path in self.folder.glob("??/*"):
            if _NAME.fullmatch(path.name):
                yield path.name

    def sweep(self, named: Callable[[str], bool], *, now: datetime) -> int:
        """Remove files that are older than ``ORPHAN_AGE`` and that no row names, and drafts; how many there were."""
        oldest = (now - ORPHAN_AGE).timestamp()
        removed = 0
        for path in list(self.folder.glob("??/*")) + list(self.folder.glob(f"??/.*{_DRAFT}")):
            try:
                if path.stat().st_mtime < oldest and not (_NAME.fullmatch(path.name) and named(path.name)):
                    path.unlink()
                    removed += 1
            except FileNotFoundError:
                continue
        return removed

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound("This is no name of a file.", code="no_file")
        return self.folder / name[:2] / name


def _settle(folder: Path) -> None:
    """See to it that a name in this folder outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_WAITING: Final = "stillpoint_files"


@dataclass(slots=True)
class _Waiting:
    """What is to be done with files when a session's transaction is over."""

    when_committed: list[Callable[[], None]] = field(default_factory=list)
    when_undone: list[Callable[[], None]] = field(default_factory=list)
    committed: bool = False


def _waiting(session: Session) -> _Waiting:
    found: _Waiting = session.info.setdefault(_WAITING, _Waiting())
    return found


@event.listens_for(Session, "after_commit")
def _has_committed(session: Session) -> None:
    # A savepoint that is released has committed nothing.
    if _WAITING in session.info and not session.in_nested_transaction():
        _waiting(session).committed = True


@event.listens_for(Session, "after_transaction_end")
def _has_ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None or _WAITING not in session.info:
        return
    waiting: _Waiting = session.info.pop(_WAITING)
    for call in waiting.when_committed if waiting.committed else waiting.when_undone:
        call()
