"""What a file is, told by its bytes alone. Names and what browsers say about a file are never believed."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from directory.credentials.evidence.terms import ENDINGS, LARGEST_FILE_BYTES, Fault, FileRefused, MediaType

_PDF: Final = b"%PDF-"
_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
"""Brands of still pictures coded with HEVC, ISO/IEC 23008-12 annex B. AVIF and films have others."""

_WHERE_READERS_LOOK: Final = 1024
"""Lenient readers accept a PDF whose header stands this far in."""

_ENDING: Final = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})\s*$")


def kind_of(content: bytes) -> MediaType:
    """Which of the accepted kinds this is by its first bytes; ``FileRefused`` when it is none."""
    if not content:
        raise FileRefused(Fault.EMPTY)
    if content.startswith(_PDF):
        return MediaType.PDF
    if content.startswith(_JPEG):
        return MediaType.JPEG
    if content.startswith(_PNG):
        return MediaType.PNG
    if _brands(content) & _HEIC_BRANDS:
        return MediaType.HEIC
    if _PDF in content[:_WHERE_READERS_LOOK]:
        raise FileRefused(Fault.LATE_BEGINNING)
    raise FileRefused(Fault.UNKNOWN_KIND)


def check_name(name: str, kind: MediaType) -> None:
    """``FileRefused`` when the name has an ending and it is another kind's. Nothing else of the name matters."""
    ending = _ENDING.search(re.split(r"[/\\\0]", name)[-1])
    if ending is not None and ending[1].lower() not in ENDINGS[kind]:
        raise FileRefused(Fault.OTHER_NAME)


def check(content: bytes, name: str) -> MediaType:
    """The kind of an upload that may be opened at all; ``FileRefused`` otherwise. Opens nothing."""
    if len(content) > LARGEST_FILE_BYTES:
        raise FileRefused(Fault.TOO_LARGE)
    kind = kind_of(content)
    check_name(name, kind)
    if holds_archive(content):
        raise FileRefused(Fault.SECOND_FILE)
    return kind


def holds_archive(content: bytes) -> bool:
    """Whether a program that unpacks ZIP files (and Java archives, and office documents) would find one in here."""
    return zipfile.is_zipfile(io.BytesIO(content))


def _brands(content: bytes) -> frozenset[bytes]:
    """The brands in the first box of an ISO base media file, ISO/IEC 14496-12 section 4.3."""
    size = int.from_bytes(content[:4], "big")
    if content[4:8] != b"ftyp" or not 16 <= size <= 512 or size > len(content):
        return frozenset()
    brands = content[8:12] + content[16:size]
    return frozenset(brands[at : at + 4] for at in range(0, len(brands) - 3, 4))
