"""Which passwords are refused, and why: too short, among the most common, or made of what anybody knows about somebody.

15 characters for a password, with or without a second factor (NIST SP 800-63B-4 asks for 15 where it stands alone; a
second factor may be taken away later, and nobody could tell then how long a stored password is). No rules about kinds
of characters, and no periodic change. The list is that of ``seeds/passwords``, with its licence beside it.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from directory.paths import SEEDS

SHORTEST: Final = 15
LONGEST: Final = 1000
"""Characters. What is longer is refused and never cut."""
_LIST: Final = SEEDS / "passwords" / "common.txt.gz"
_LEAST_LEFT: Final = 4
_LEAST_PART: Final = 4
_MOST_PARTS: Final = 2


def N_(text: str) -> str:  # noqa: N802 - the name gettext knows a marked text by
    """Mark a sentence for translation and leave it as it is: this package knows no request."""
    return text


TOO_SHORT: Final = N_(
    "That is too short. A password needs at least 15 characters; three or four words that do not belong together are a"
    " good one."
)
TOO_LONG: Final = N_("That is too long. There is room for 1,000 characters.")
COMMON: Final = N_("That is one of the passwords that are tried first, or nearly. Please choose another.")
KNOWN: Final = N_("That is made of your own name or address, or of ours. Please choose another.")


def complaint(password: str, *, context: Iterable[str] = ()) -> str | None:
    """What is wrong with a password (a msgid), or ``None``. ``context`` are words that anybody may know."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    plain = folded(password)
    if plain in common() or _left_of(plain, _parts_in(plain)) < _LEAST_LEFT:
        return COMMON
    words = {word for each in context for word in _words(each)}
    if _left_of(plain, sorted((word for word in words if word in plain), key=len, reverse=True)) < _LEAST_LEFT:
        return KNOWN
    return None


def folded(password: str) -> str:
    """The password as lists and words are compared with it."""
    return unicodedata.normalize("NFKC", password).casefold()


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """The passwords that were seen most often in leaks."""
    return frozenset(gzip.decompress(_LIST.read_bytes()).decode("utf-8").splitlines())


def _parts_in(password: str) -> list[str]:
    """The common passwords of which this one is made, as few and as long as possible."""
    known = common()
    lengths = range(min(len(password), 20), _LEAST_PART - 1, -1)
    parts: list[str] = []
    rest = password
    for length in lengths:
        for at in range(len(rest) - length + 1):
            part = rest[at : at + length]
            if part in known and "\0" not in part:
                parts.append(part)
                rest = rest.replace(part, "\0")
                break
        if len(parts) == _MOST_PARTS:
            break
    return parts


def _left_of(password: str, parts: Iterable[str]) -> float:
    """How much a password holds beside these parts: letters count fully, digits and other signs by half."""
    for part in parts:
        password = password.replace(part, " ")
    return sum((1 if sign.isalpha() else 0.5) for sign in password if not sign.isspace())


def _words(text: str) -> set[str]:
    plain = folded(text)
    split = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    return {word for word in [*split, "".join(split), plain] if len(word) >= _LEAST_PART}
