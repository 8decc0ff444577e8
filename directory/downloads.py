"""Files that others publish, as a stream of bytes: plain, gzip or one member of a ZIP, told apart by how they begin.

Nothing is ever unpacked to the disk, and memory stays flat whatever the size. A file that is damaged, cut off or packed
in a way we cannot read is refused (``BrokenFile``) by whoever reads it to its end; a cut archive is found by its
checksum, a cut plain file by the reader that knows what a whole line is.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from directory.errors import InvalidInput

BLOCK_BYTES = 1 << 20
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_ENCRYPTED = 0x1

Progress = Callable[[int], None]
"""Called with how many bytes of the file itself, as it lies on the disk, have been read."""


class BrokenFile(InvalidInput):
    """The file is not what it should be, so nothing of it was taken."""

    code = "broken_file"


class Download:
    """An opened file of others."""

    def __init__(self, name: str, size: int, raw: IO[bytes], stream: IO[bytes] | gzip.GzipFile) -> None:
        self.name = name
        """What the data itself is called: a ZIP's member, a gzip file without its ending."""
        self.size = size
        """Bytes of the file as it lies on the disk."""
        self._raw = raw
        self._stream = stream

    @property
    def position(self) -> int:
        """How many bytes of the file itself have been read."""
        return min(self._raw.tell(), self.size)

    def blocks(self) -> Iterator[bytes]:
        """The data in blocks, from where reading has come to; ``BrokenFile`` where it cannot be unpacked."""
        while block := self._read(BLOCK_BYTES):
            yield block

    def skip(self, count: int) -> None:
        """Pass over this many unpacked bytes, or all there are."""
        if self._stream is self._raw:
            self._raw.seek(count, os.SEEK_CUR)
            return
        while count > 0 and (block := self._read(min(count, BLOCK_BYTES))):
            count -= len(block)

    def _read(self, count: int) -> bytes:
        try:
            return self._stream.read(count)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise BrokenFile(f"{self.name} is damaged or cut off: it cannot be unpacked to its end.") from error


@contextmanager
def opened(file: Path, *, choose: Callable[[Sequence[str]], str]) -> Iterator[Download]:
    """The file, to be read; ``choose`` picks the member of a ZIP from their names and refuses when none will do."""
    size = file.stat().st_size
    with file.open("rb") as raw:
        start = raw.read(4)
        raw.seek(0)
        if start.startswith(_GZIP):
            name = file.name.removesuffix(".gz")
            with gzip.GzipFile(fileobj=raw) as stream:
                yield Download(name, size, raw, stream)
        elif start == _ZIP:
            with _archive(raw, file.name) as archive, _member(archive, file.name, choose) as stream:
                yield Download(Path(stream.name or file.name).name, size, raw, stream)
        else:
            yield Download(file.name, size, raw, raw)


@contextmanager
def _archive(raw: IO[bytes], name: str) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, EOFError) as error:
        raise BrokenFile(f"{name} is damaged or cut off: it begins like a ZIP file and is not a whole one.") from error
    with archive:
        yield archive


@contextmanager
def _member(archive: zipfile.ZipFile, name: str, choose: Callable[[Sequence[str]], str]) -> Iterator[IO[bytes]]:
    chosen = archive.getinfo(choose([each.filename for each in archive.infolist() if not each.is_dir()]))
    if chosen.flag_bits & _ENCRYPTED:
        raise BrokenFile(f"{chosen.filename} in {name} is protected by a password. Unpack it first.")
    try:
        stream = archive.open(chosen)
    except (zipfile.BadZipFile, EOFError) as error:
        raise BrokenFile(f"{name} is damaged: {chosen.filename} cannot be found in it.") from error
    except NotImplementedError as error:
        # Windows packs what is larger than 2 GB with Deflate64.
        raise BrokenFile(f"{name} is packed in a way this program cannot read. Unpack it first.") from error
    with stream:
        yield stream


def fingerprint(file: Path, *, progress: Progress = lambda _: None) -> str:
    """The SHA-256 of the file as it lies on the disk, in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as raw:
        block = bytearray(BLOCK_BYTES)
        view = memoryview(block)
        while count := raw.readinto(block):
            digest.update(view[:count])
            progress(raw.tell())
    return digest.hexdigest()


def lines(download: Download) -> Iterator[tuple[int, str]]:
    """The numbered lines of a text in UTF-8, with or without a mark at its beginning, without their line ends."""
    text = io.TextIOWrapper(io.BufferedReader(_Blocks(download)), encoding="utf-8-sig", newline="\n")
    number = 0
    try:
        for number, line in enumerate(text, start=1):
            yield number, line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{download.name} is not a text in UTF-8, as found behind line {number:,}.") from error


class _Blocks(io.RawIOBase):
    """The blocks of a download as a stream that can be wrapped."""

    def __init__(self, download: Download) -> None:
        self._blocks = download.blocks()
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._blocks, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
