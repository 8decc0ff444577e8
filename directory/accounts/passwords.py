"""How passwords are stored: Argon2id, slow and with memory, so that a copied table is of little use.

Parameters after the OWASP password storage cheat sheet, read on 26 November 2026: 19 MiB, two passes, one lane.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1

_hasher: Final = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def normal(password: str) -> str:
    """The same password however a keyboard composed its signs (NFKC). Nothing is cut off or left out."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The password as it is stored."""
    return _hasher.hash(normal(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long for an account that is not there (``None``) as for one that is."""
    try:
        _hasher.verify(stored or _nobodys(), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's and should be made anew at the next sign-in."""
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
