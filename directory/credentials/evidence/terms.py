"""The words of evidence: what may be sent, in which state it is, and each way in which a file is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from directory.errors import InvalidInput
from directory.guide.words import N_

LARGEST_FILE_BYTES: Final = 10 * 1024 * 1024


class MediaType(StrEnum):
    """The kinds of file that are accepted. What is kept is a PDF, a JPEG or a PNG; a HEIC becomes a JPEG."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"


ENDINGS: Final[Mapping[MediaType, tuple[str, ...]]] = {
    MediaType.PDF: ("pdf",),
    MediaType.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    MediaType.PNG: ("png",),
    MediaType.HEIC: ("heic", "heif"),
}
"""What a name may end in, the usual one first."""


class Way(StrEnum):
    """How somebody shows that a claim is true."""

    FILE = "file"
    STATEMENT = "statement"
    """Words they sign."""
    COLLEAGUE = "colleague"
    """Somebody else confirms it."""


class EvidenceState(StrEnum):
    """Where a piece of evidence is."""

    WAITING_SCAN = "waiting_scan"
    """A file that the virus scanner has not seen: nobody may open it."""
    CLEAN = "clean"
    """Ready to be looked at."""
    ASKED = "asked"
    """A colleague was asked and has not answered."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REFUSED = "refused"
    """The scanner found something; the file is erased."""
    ERASED = "erased"
    """Nothing is left but hash and dates."""


class PhotoState(StrEnum):
    """Where the photo of a profile is. A photo that is not one of these any more has no row."""

    WAITING_SCAN = "waiting_scan"
    WAITING = "waiting"
    """Somebody has to look at it before anybody else sees it."""
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Verdict(StrEnum):
    """What a virus scanner said about a file."""

    NOT_ASKED = "not_asked"
    """No scanner is set."""
    NOTHING_FOUND = "nothing_found"
    FOUND = "found"
    AWAY = "away"
    """It does not answer, not in time, or not in its own words: nothing is known about the file."""


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    OTHER_NAME = "other_name"
    LATE_BEGINNING = "late_beginning"
    BROKEN = "broken"
    SECOND_FILE = "second_file"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    NO_PICTURE = "no_picture"
    LOCKED = "locked"
    ACTIVE = "active"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_DEMANDING = "too_demanding"


SENTENCES: Final[Mapping[Fault, str]] = {
    Fault.EMPTY: N_("The file is empty. Please choose another."),
    Fault.TOO_LARGE: N_("The file is larger than 10 MB. Please send fewer pages, or a photo of the page."),
    Fault.UNKNOWN_KIND: N_(
        "This is not a PDF, JPEG, PNG or HEIC file, whatever its name says. Please send one of these."
    ),
    Fault.OTHER_NAME: N_(
        "The ending of its name does not fit what is in it. Please save it again as a PDF or a picture, or rename it."
    ),
    Fault.LATE_BEGINNING: N_("Something stands before the beginning of this PDF. Please print it as a new PDF."),
    Fault.BROKEN: N_("The file is damaged or incomplete and cannot be opened. Please send it again, or another copy."),
    Fault.SECOND_FILE: N_(
        "A second file is hidden inside this one. Please print it as a new PDF, or take a photo of the page."
    ),
    Fault.TOO_MANY_PIXELS: N_(
        "The picture has more than 50 million pixels. Please send a smaller one: a photo with the ordinary setting of "
        "a telephone is enough."
    ),
    Fault.TOO_SMALL: N_("The picture is too small. It needs at least 320 pixels on each side."),
    Fault.NO_PICTURE: N_("Please choose a picture: a JPEG, PNG or HEIC file."),
    Fault.LOCKED: N_("This PDF is locked with a password. Please print it as a new PDF without one."),
    Fault.ACTIVE: N_(
        "This PDF holds more than pages: a program, a form that sends, or another file. Please print it as a new PDF, "
        "or take a photo of the page."
    ),
    Fault.TOO_MANY_PAGES: N_("The PDF has more than 50 pages. Please send only the pages that show it."),
    Fault.TOO_DEMANDING: N_(
        "This file unpacks to far more than a document should hold. Please print it as a new PDF, or take a photo of "
        "the page."
    ),
}


class FileRefused(InvalidInput):
    """A file that is not taken; ``fault`` says why, ``str`` is its sentence in British English."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(SENTENCES[fault], field="file", code=fault.value)
        self.fault = fault
