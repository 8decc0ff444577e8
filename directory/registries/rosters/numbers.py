"""Licence numbers, brought into one form. Pure.

"AC1087", "1087", "ac 01087" and "L.Ac. 1087" are one number of California; "AC.AC.60000629" and "AC60000629" one of
Washington. What a board puts before its numbers is taken off, and so are zeros; anything else that differs makes
another number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Final

_FLOAT = re.compile(r"(?<=[0-9])\.0+$")
_GAPS = re.compile(r"[^A-Z0-9]+")
_TITLES: Final = ("LICENSE", "LICENCE", "LICAC", "LIC", "LAC", "ACUP", "ACU", "AC", "NUMBER", "NO")


def key(number: str, *, prefixes: Collection[str] = (), code: str = "", digits: int = 0) -> str:
    """The number as it is compared, or an empty text where there is none. Twice is the same as once.

    ``prefixes`` are letters that this board may write before or behind, ``code`` figures that it may write before
    numbers of ``digits`` figures.
    """
    text = unicodedata.normalize("NFKC", number).strip().upper()
    text = _GAPS.sub("", _FLOAT.sub("", text))
    known = _longest_first(tuple(prefixes))
    before = ""
    while text != before:
        before = text
        if not text.isdigit():
            text = _without(text, known)
        text = _without_zeros(text)
        if code and text.isdigit() and text.startswith(code) and len(text) == len(code) + digits:
            text = text[len(code) :]
    return text if any(sign.isdigit() for sign in text) else ""


@cache
def _longest_first(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*prefixes, *_TITLES}, key=len, reverse=True))


def _without(text: str, known: Collection[str]) -> str:
    """Without one of these before a figure, or before another of them, or behind a figure."""
    for each in known:
        rest = text.removeprefix(each)
        if rest != text and any(sign.isdigit() for sign in rest):
            return rest
        rest = text.removesuffix(each)
        if rest != text and rest[-1:].isdigit():
            return rest
    return text


def _without_zeros(text: str) -> str:
    """Without leading zeros, also those behind letters: "CT0000166" and "CT166" are one number. Zero is none."""
    letters = re.match(r"[A-Z]*", text)
    begin = letters.end() if letters else 0
    rest = text[begin:].lstrip("0")
    return text[:begin] + rest if rest else ""
