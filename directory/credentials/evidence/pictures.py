"""Pictures, made anew: decoded, turned upright, brought to sRGB and written again with nothing but their pixels.

Runs in the process of ``workbench`` alone. The size is read from the header and judged before a pixel is decoded.
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Final

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from directory.credentials.evidence.terms import Fault, FileRefused, MediaType

MOST_PIXELS: Final = 50_000_000
"""The largest that today's telephones make without being asked to has 48 to 50 million."""

LONGEST_SIDE: Final = 4096
"""What is kept: a page at 300 dots per inch has 3508 pixels on its long side."""

PHOTO_SIDES: Final = (640, 160)
LEAST_PHOTO_SIDE: Final = 320
_FACE: Final = (0.5, 0.4)
"""Where a cut to a square keeps the middle: faces stand above the middle of an upright picture."""

_QUALITY: Final = 88
_FORMATS: Final = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.HEIC: "HEIF"}

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def renew(content: bytes, kind: MediaType) -> tuple[MediaType, bytes]:
    """The picture as a JPEG, or as a PNG where it was one, at most ``LONGEST_SIDE`` long; ``FileRefused`` otherwise."""
    picture = _pixels(content, kind)
    if kind is MediaType.PNG:
        return MediaType.PNG, _written(picture, "PNG", optimize=False, compress_level=6)
    return MediaType.JPEG, _jpeg(picture)


def photo(content: bytes, kind: MediaType) -> list[bytes]:
    """Squares of ``PHOTO_SIDES`` as JPEG, cut around where a face would be; ``FileRefused`` for what is too small."""
    picture = _pixels(content, kind).convert("RGB")
    if min(picture.size) < LEAST_PHOTO_SIDE:
        raise FileRefused(Fault.TOO_SMALL)
    return [
        _jpeg(ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=_FACE)) for side in PHOTO_SIDES
    ]


def _pixels(content: bytes, kind: MediaType) -> Image.Image:
    """Upright pixels in sRGB and nothing else: "L" or "RGB", on white where the picture lets through."""
    if kind is MediaType.HEIC:
        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(io.BytesIO(content), formats=(_FORMATS[kind],)) as opened:
            _judge(opened.size)
            return _plain(_smaller(opened))
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(Fault.TOO_MANY_PIXELS) from error
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError, KeyError, IndexError, TypeError) as error:
        # What the decoders raise about spoilt files is not a closed list.
        raise FileRefused(Fault.BROKEN) from error


def _judge(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise FileRefused(Fault.TOO_MANY_PIXELS)


def _smaller(picture: Image.Image) -> Image.Image:
    """Upright and at most ``LONGEST_SIDE`` long; the first of several frames."""
    if picture.mode in ("1", "P", "PA"):
        # Shrinking these would pick single dots instead of mixing them, and letters would break.
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB" if picture.mode != "1" else "L")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return ImageOps.exif_transpose(picture)


def _plain(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):
        # 16 bits of grey: a plain conversion would cut off everything above the lowest eighth.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    elif profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            picture = _in_srgb(picture, profile)
    if picture.has_transparency_data:
        layered = picture.convert("RGBA")
        picture = Image.new("RGB", picture.size, "white")
        picture.paste(layered, mask=layered.getchannel("A"))
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    return fresh


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The same colours as numbers of sRGB, so that the profile itself is not needed."""
    if picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    target = "RGBA" if picture.mode == "RGBA" else "RGB"
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=target)
    return picture if turned is None else turned


def _jpeg(picture: Image.Image) -> bytes:
    return _written(picture, "JPEG", quality=_QUALITY, optimize=True, progressive=True)


def _written(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
