"""A name as it is written, taken apart as FHIR wants it: title, given names, family name, letters after it. Pure.

Nobody can know from its spelling how a name is built, so the whole as its bearer writes it always stands beside the
parts. A name of one word, or one written without spaces, is the family name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PARTICLES: Final = _set("de del della der den di da do dos das du la las le los van von bin ibn al el")
_GENERATIONS: Final = _set("jr jr. sr sr. ii iii iv")
_TITLES: Final = _set("dr mr mrs ms miss mx prof professor doctor")


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name."""

    family: str
    given: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def split(written: str) -> Name:
    """The parts of a name as it is written; the family name is never empty unless the name is."""
    name, *letters = (part.strip() for part in written.split(","))
    words, suffix = name.split(), [part for part in letters if part]
    if not words:
        return Name(" ".join(written.split()))
    prefix = []
    while len(words) > 1 and (words[0].lower().rstrip(".") in _TITLES or _is_short(words[0])):
        prefix.append(words.pop(0))
    while len(words) > 1 and words[-1].lower() in _GENERATIONS:
        suffix.insert(0, words.pop())
    first = len(words) - 1
    # "Ana de la Cruz": small words that lead a family name belong to it.
    while first > 1 and words[first - 1] in _PARTICLES:
        first -= 1
    return Name(" ".join(words[first:]), tuple(words[:first]), tuple(prefix), tuple(suffix))


def _is_short(word: str) -> bool:
    """Whether a first word is a title of a script without capitals, such as the Arabic one for a doctor."""
    return word.endswith(".") and not word.isascii() and len(word) <= 3
