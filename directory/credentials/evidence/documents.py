"""PDFs, made anew: only the pages and what they draw, with filled-in forms and stamps painted onto them.

Runs in the process of ``workbench`` alone. A file that holds anything which acts is refused rather than cleaned:
whoever sends a licence does not know that it is there, and the one who looks at it should not have to trust that we
found every part of it. What merely points somewhere (links, bookmarks, where to open the document) is dropped.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from pikepdf.settings import set_qpdf_limits

from directory.credentials.evidence.terms import LARGEST_FILE_BYTES, Fault, FileRefused

MOST_PAGES: Final = 50
MOST_OBJECTS: Final = 20_000
MOST_UNPACKED_BYTES: Final = 200_000_000
"""All streams together, the drawings of the pages, fonts and pictures, without their own picture coding."""

_MOST_IN_ONE_STREAM: Final = 64_000_000
"""A coloured A4 page scanned at 300 dots per inch has 26 million."""
_MOST_PIXELS: Final = 100_000_000
"""Of one picture on a page; an A4 page scanned at 600 dots per inch has 35 million."""

_PACKED_BY_PIXELS: Final = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"})
"""Codings of pictures. They are bounded by the picture's width and height and are not decoded here."""

_JPEG_ALONE: Final = frozenset({"/DCTDecode"})
_ADOBE: Final = 0xEE
"""The one application segment that says how colours are meant, ISO/IEC 10918-6 section 6.5.3."""

_ACTING_KEYS: Final = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/3DD"})
_ACTIONS: Final = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
    }
)
"""Kinds of action, ISO 32000-2 table 201. Going to a page, a named action and a web link act only when pressed."""

_ACTING_KINDS: Final = frozenset({"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"})
"""Kinds of annotation, ISO 32000-2 table 171."""

_OF_A_PAGE: Final = ("/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents")
_BESIDES: Final = ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/Alternates", "/LastModified", "/StructParent", "/Thumb")
"""Keys of drawings and pictures that draw nothing, and may tell where and with what they were made."""


def renew(content: bytes) -> tuple[bytes, int]:
    """The document with nothing but its pages, and their number; ``FileRefused`` for what is not taken."""
    set_qpdf_limits(
        flate_max_memory=_MOST_IN_ONE_STREAM,
        run_length_max_memory=_MOST_IN_ONE_STREAM,
        png_max_memory=_MOST_IN_ONE_STREAM,
        tiff_max_memory=_MOST_IN_ONE_STREAM,
        dct_max_memory=_MOST_IN_ONE_STREAM,
        max_stream_filters=3,
        parser_max_container_size=200_000,
        doc_max_warnings=1_000,
    )
    try:
        with Pdf.open(io.BytesIO(content), suppress_warnings=True) as source:
            return _renewed(source)
    except FileRefused:
        raise
    except pikepdf.PasswordError as error:
        raise FileRefused(Fault.LOCKED) from error
    except MemoryError as error:
        raise FileRefused(Fault.TOO_DEMANDING) from error
    except pikepdf.PdfError as error:
        raise FileRefused(Fault.TOO_DEMANDING if _says_limit(error) else Fault.BROKEN) from error
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, AttributeError) as error:
        # What the library raises about spoilt files is not a closed list.
        raise FileRefused(Fault.BROKEN) from error


def _says_limit(error: pikepdf.PdfError) -> bool:
    said = str(error).lower()
    return "limit" in said or "memory" in said or "too many" in said


def _renewed(source: Pdf) -> tuple[bytes, int]:
    if source.is_encrypted:
        raise FileRefused(Fault.LOCKED)
    if len(source.objects) > MOST_OBJECTS:
        raise FileRefused(Fault.TOO_DEMANDING)
    pages = len(source.pages)
    if pages == 0:
        raise FileRefused(Fault.BROKEN)
    if pages > MOST_PAGES:
        raise FileRefused(Fault.TOO_MANY_PAGES)
    _refuse_what_acts(source.objects)
    _refuse_bombs(source.objects)
    source.flatten_annotations("all")
    for page in source.pages:
        _keep(page.obj, _OF_A_PAGE)
    root = source.Root
    _keep(root, ("/Type", "/Pages"))
    _keep(source.trailer, ("/Root", "/Size"))
    for each in source.objects:
        if isinstance(each, (Dictionary, Stream)):
            for key in _BESIDES:
                if key in each:
                    del each[key]
        if isinstance(each, Stream) and _filters(each) == _JPEG_ALONE:
            how = each.get(Name.DecodeParms)
            each.write(
                without_notes(each.read_raw_bytes()),
                filter=Name.DCTDecode,
                decode_parms=how if isinstance(how, (Array, Dictionary)) else None,
            )
    out = io.BytesIO()
    source.save(
        out,
        compress_streams=True,
        recompress_flate=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    if out.tell() > 2 * LARGEST_FILE_BYTES:
        raise FileRefused(Fault.TOO_LARGE)
    return out.getvalue(), pages


def _refuse_what_acts(objects: Iterable[Object]) -> None:
    waiting = list(objects)
    while waiting:
        each = waiting.pop()
        if isinstance(each, Array):
            waiting += [part for part in each if _is_direct_holder(part)]
        elif isinstance(each, (Dictionary, Stream)):
            if _acts(each):
                raise FileRefused(Fault.ACTIVE)
            waiting += [part for part in each.values() if _is_direct_holder(part)]


def _is_direct_holder(part: object) -> bool:
    """Whether this is written inside its holder; what stands on its own is among the document's objects already."""
    return isinstance(part, (Array, Dictionary)) and not part.is_indirect


def _acts(each: Dictionary | Stream) -> bool:
    if _ACTING_KEYS & set(each.keys()):
        return True
    kind = each.get(Name.S)
    if isinstance(kind, Name) and str(kind) in _ACTIONS:
        return True
    return any(
        isinstance(said, Name) and str(said) in _ACTING_KINDS | {"/EmbeddedFile"}
        for said in (each.get(Name.Subtype), each.get(Name.Type))
    )


def _refuse_bombs(objects: Iterable[Object]) -> None:
    left = MOST_UNPACKED_BYTES
    for each in objects:
        if not isinstance(each, Stream):
            continue
        width, height = each.get(Name.Width, 0), each.get(Name.Height, 0)
        if int(width) * int(height) > _MOST_PIXELS:
            raise FileRefused(Fault.TOO_MANY_PIXELS)
        if _filters(each) & _PACKED_BY_PIXELS:
            continue
        left -= len(each.read_bytes())
        if left < 0:
            raise FileRefused(Fault.TOO_DEMANDING)


def _filters(stream: Stream) -> frozenset[str]:
    named = stream.get(Name.Filter)
    if named is None:
        return frozenset()
    return frozenset(str(each) for each in (named if isinstance(named, Array) else [named]))


def _keep(holder: Object, keys: tuple[str, ...]) -> None:
    for key in set(holder.keys()) - set(keys):
        del holder[key]


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without comments and application segments (where a telephone writes place and time) and without what
    follows its end; unchanged where its segments cannot be read."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    end = jpeg.rfind(b"\xff\xd9") + 2
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:
            return b"".join(kept) + jpeg[at : end if end > at else len(jpeg)]
        if length < 2:
            break
        if marker != 0xFE and (marker == _ADOBE or not 0xE0 <= marker <= 0xEF):
            kept.append(jpeg[at : at + 2 + length])
        at += 2 + length
    return jpeg
