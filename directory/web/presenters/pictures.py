"""The picture that stands beside a link to a page where somebody passes it on: drawn here, in our own letters.

It carries words only: no photo, because agreeing to one on a profile is not agreeing to have it copied wherever links
are pasted, and nothing about health, because it is seen over somebody's shoulder.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias

from flask import Response
from PIL import Image, ImageDraw, ImageFont

from directory.http import conditional
from directory.paths import STATIC

SIZE: Final = (1200, 630)
"""Pixels, as those who show such pictures ask for (https://ogp.me/)."""
MEDIA_TYPE: Final = "image/png"
_ONE_DAY: Final = 86_400
"""So long a copy may be shown of somebody who is no longer listed, and no longer."""

_DRAWING: Final = "2"
"""Counts the ways in which these pictures were ever drawn, so that a new one has a new address."""
_FILES: Final = ("text", "text-ext", "text-rare")
_MARGIN: Final = 80
_WIDTH: Final = SIZE[0] - 2 * _MARGIN
_GROUND: Final = (20, 69, 74)
_INK: Final = (255, 253, 249)
_SOFT: Final = (196, 214, 208)
_LAMP: Final = (240, 179, 94)
_NAME_SIZES: Final = (92, 76, 64, 54)
_NAME_LINES: Final = 2
_MISSING: Final = "\uffff"
_PLAIN: Final = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " "})
"""Hyphens and spaces that keep a line together, which our letters lack and two lines do without."""
_PART: Final = re.compile(r"[^\s-]*-+|[^\s-]+|\s+")
"""A line may end at a space, and after a hyphen."""

_Font: TypeAlias = ImageFont.FreeTypeFont
_Run: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a picture."""

    site: str
    head: str
    """Somebody's name, or what the page is."""
    instead: str
    """What stands there where our letters cannot write the head."""
    line: str
    """Title and town, or a sentence."""
    foot: str
    label: str = ""
    """A word of warning beside the name of the site, such as that somebody is fictional."""

    @property
    def mark(self) -> str:
        """What stands in the picture's address: another picture has another one."""
        said = "\n".join((_DRAWING, self.site, self.head, self.instead, self.line, self.foot, self.label))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def answer(words: Words, *, right: bool) -> Response:
    """The picture, or that it is the same as before (304); ``right`` is whether it is the one its address names."""
    known = conditional.is_known(words.mark)
    response = conditional.same(words.mark) if known else Response(drawn(words), mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={_ONE_DAY}" if right else "no-cache"
    # Whoever shows a link shows its picture on a page of theirs.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return conditional.marked(response, words.mark)


@lru_cache(maxsize=64)
def drawn(words: Words) -> bytes:
    """The picture as PNG."""
    picture = Image.new("RGB", SIZE, _GROUND)
    draw = ImageDraw.Draw(picture)
    _wave(picture)
    _write(draw, (_MARGIN + 168, 74), words.site, 44, bold=True)
    if words.label:
        _label(draw, words.label)
    head = _composed(words.head) if legible(words.head) else words.instead
    size, lines = _fitted(head)
    height = round(size * 1.16)
    top = 315 - (height * len(lines) + 66) // 2
    for number, line in enumerate(lines):
        _write(draw, (_MARGIN, top + number * height), line, size, bold=True)
    if legible(words.line):
        below = _cut(_composed(words.line), 40)
        _write(draw, (_MARGIN, top + height * len(lines) + 22), below, 40, colour=_SOFT)
    draw.line([(_MARGIN, 520), (SIZE[0] - _MARGIN, 520)], fill=_SOFT, width=1)
    _write(draw, (_MARGIN, 544), _cut(words.foot, 32), 32, colour=_SOFT)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def legible(text: str) -> bool:
    """Whether our letters can write all of this; what they cannot would stand there as boxes."""
    return bool(text.strip()) and all(_file_of(sign) is not None for sign in _composed(text))


def _composed(text: str) -> str:
    """A letter and its accent as one sign, which is how our letters have them."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def _fitted(text: str) -> tuple[int, list[str]]:
    """The largest size at which the text fits on two lines, cut off where it fits at none."""
    for size in _NAME_SIZES:
        lines = _broken(text, size)
        if len(lines) <= _NAME_LINES and all(_length(line, size, bold=True) <= _WIDTH for line in lines):
            return size, lines
    size = _NAME_SIZES[-1]
    first, *rest = _broken(text, size)
    second = [_cut(_joined(rest), size, bold=True)] if rest else []
    return size, [_cut(first, size, bold=True), *second]


def _joined(lines: Sequence[str]) -> str:
    """Lines put together again: nothing was taken away after a hyphen, a space everywhere else."""
    return "".join(line if line.endswith("-") else f"{line} " for line in lines).rstrip()


def _broken(text: str, size: int) -> list[str]:
    lines = [""]
    for part in _PART.findall(text):
        longer = f"{lines[-1]}{part}"
        if lines[-1] and _length(longer.rstrip(), size, bold=True) > _WIDTH:
            lines.append(part.lstrip())
        else:
            lines[-1] = longer.lstrip()
    return [line.rstrip() for line in lines if line.strip()]


def _cut(text: str, size: int, *, bold: bool = False) -> str:
    if _length(text, size, bold=bold) <= _WIDTH:
        return text
    while text and _length(f"{text}…", size, bold=bold) > _WIDTH:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _label(draw: ImageDraw.ImageDraw, text: str) -> None:
    """A framed word at the top right."""
    wide = math.ceil(_length(text, 30, bold=True))
    left = SIZE[0] - _MARGIN - 24 - wide
    draw.rounded_rectangle((left - 24, 72, SIZE[0] - _MARGIN, 130), radius=29, outline=_LAMP, width=3)
    _write(draw, (left, 83), text, 30, bold=True, colour=_LAMP)


def _wave(picture: Image.Image) -> None:
    """The mark of the site: what cannot keep still comes to rest. Drawn large and made small, so that it is smooth."""
    scale, width, height = 4, 150, 80
    large = Image.new("RGB", (width * scale, height * scale), _GROUND)
    draw = ImageDraw.Draw(large)
    points = [(x * scale, (height / 2 + _swing(x / width) * 26) * scale) for x in range(4, 112)]
    draw.line(points, fill=_INK, width=6 * scale, joint="curve")
    x, y, radius = 130 * scale, height / 2 * scale, 13 * scale
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_LAMP)
    picture.paste(large.resize((width, height), Image.Resampling.LANCZOS), (_MARGIN, 62))


def _swing(along: float) -> float:
    """How far the line is off its rest, from -1 to 1, at a share of its way."""
    fading = max(0.0, 1 - along / 0.62)
    return -math.sin(along * along * 18 + along * 26) * math.pow(fading, 0.7)


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    *,
    bold: bool = False,
    colour: tuple[int, int, int] = _INK,
) -> None:
    x, y = at
    for run, file in _runs(text):
        font = _font(file, size, bold=bold)
        draw.text((x, y), run, font=font, fill=colour)
        x += font.getlength(run)


def _length(text: str, size: int, *, bold: bool = False) -> float:
    return sum(_font(file, size, bold=bold).getlength(run) for run, file in _runs(text))


def _runs(text: str) -> Iterator[_Run]:
    """The text in pieces of one file of letters each; a sign that none has is left out."""
    known: Sequence[_Run] = [(sign, file) for sign in text if (file := _file_of(sign)) is not None]
    for file, signs in groupby(known, key=lambda each: each[1]):
        yield "".join(sign for sign, _ in signs), file


@lru_cache(maxsize=2048)
def _file_of(sign: str) -> int | None:
    """The first file of letters that has this sign."""
    if sign == " ":
        return 0
    for file in range(len(_FILES)):
        font = _font(file, 40, bold=False)
        if sign.isprintable() and bytes(font.getmask(sign)) != bytes(font.getmask(_MISSING)):
            return file
    return None


@lru_cache(maxsize=32)
def _font(file: int, size: int, *, bold: bool) -> _Font:
    font = ImageFont.truetype(STATIC / "fonts" / f"{_FILES[file]}.woff2", size)
    font.set_variation_by_axes([700 if bold else 400])
    return font
