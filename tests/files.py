"""Files as people send them, and as nobody honest does, made when a test asks for them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

pillow_heif.register_heif_opener()

PLACE = b"51.5007N"
"""Stands in the location that pictures carry."""


def pdf(pages: int = 1, **root: Any) -> bytes:
    """A PDF of blank pages; ``root`` goes into its catalogue."""
    document = Pdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 200))
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    return written(document)


def written(document: Pdf, **options: Any) -> bytes:
    """The bytes of a document."""
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def pdf_drawing(stream: bytes, filters: Any) -> bytes:
    """A page whose drawing is this packed stream."""
    document = Pdf.new()
    document.add_blank_page(page_size=(200, 200))
    drawing = Stream(document, b"")
    drawing.write(stream, filter=filters)
    document.pages[0].Contents = drawing
    return written(document, compress_streams=False)


def zeros_packed(megabytes: int) -> bytes:
    """So many megabytes of nothing, in a thousandth of it: one packed megabyte, again and again."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    one = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = ((megabytes << 20) % 65521) << 16 | 1  # Adler-32 of so many zeros
    return b"\x78\xda" + one * megabytes + packer.flush() + struct.pack("!L", checksum)


def pdf_with_picture(jpeg: bytes) -> bytes:
    """A page that is one photo, as scanning apps make them."""
    document = Pdf.new()
    page = document.add_blank_page(page_size=(200, 200))
    drawn = Stream(document, b"")
    drawn.write(jpeg, filter=Name.DCTDecode)
    width, height = Image.open(io.BytesIO(jpeg)).size
    drawn.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    page.obj.Resources = Dictionary(XObject=Dictionary(Photo=drawn))
    page.obj.Contents = Stream(document, b"q 200 0 0 200 0 0 cm /Photo Do Q")
    return written(document)


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), *, mode: str = "RGB", **options: Any) -> bytes:
    """A picture of two colours: red left of the middle, blue right of it."""
    drawn = Image.new("RGB", size, (200, 30, 30))
    drawn.paste((30, 30, 200), (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    drawn.convert(mode).save(out, form, **options)
    return out.getvalue()


def located(form: str = "JPEG", **options: Any) -> bytes:
    """A picture that says where, when and with what it was taken, in every way a telephone knows."""
    notes = Image.Exif()
    notes[0x010E] = PLACE.decode()
    notes[0x0110] = "A telephone"
    notes.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 29: "2026:11:23"})
    if form == "JPEG":
        options |= {"comment": b"at " + PLACE, "xmp": b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>"}
    return picture(form, exif=notes, **options)


def archive() -> bytes:
    """A ZIP file with a program in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.sh", "#!/bin/sh\necho pwned\n")
    return out.getvalue()


def locked(owner_only: bool) -> bytes:
    """A PDF with a password, to open it or only to change it."""
    document = Pdf.new()
    document.add_blank_page()
    return written(document, encryption=pikepdf.Encryption(owner="owner", user="" if owner_only else "user"))


def link(action: Any) -> bytes:
    """A page with a rectangle that does this when it is pressed."""
    document = Pdf.new()
    page = document.add_blank_page()
    page.obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)])
    return written(document)


def png_of(width: int, height: int) -> bytes:
    """A header that promises so many pixels, and nothing behind it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!L", len(data)) + name + data + struct.pack("!L", zlib.crc32(name + data))

    header = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
