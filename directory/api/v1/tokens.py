"""The token of a page: where a list goes on, sealed so that no other one can be made of it, and good for one search."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date
from typing import Final

from directory.errors import InvalidInput
from directory.http.locale import gettext
from directory.http.site import site
from directory.search.criteria import Page, PageKey
from directory.web import addresses

_SEAL: Final = 24
"""Signs of the seal: 96 bits, which nobody guesses."""


def written(day: date, key: PageKey, search: Iterable[tuple[str, str]]) -> str:
    """The token with which this search goes on behind ``key``."""
    said = f"{day:%Y%m%d}.{addresses.written(key)}"
    return f"{said}.{_seal(said, search)}"


def read(token: str, search: Iterable[tuple[str, str]], *, size: int) -> Page:
    """The page a token of this search means; ``InvalidInput`` for an altered one, and for one of another search."""
    said, _, seal = token.rpartition(".")
    day, _, key = said.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(said, search).encode()):
        raise InvalidInput(
            str(gettext("This page token was changed, or belongs to another search. Begin the list again.")),
            field="page",
        )
    return Page(day=date.fromisoformat(day), after=addresses.read_key(key), size=size)


def _seal(said: str, search: Iterable[tuple[str, str]]) -> str:
    """Over what stands in an address only: health facts are in no token, not even hashed."""
    whole = "\n".join((said, *(f"{name}={value}" for name, value in sorted(search))))
    return hmac.new(site().config.secret_key.encode(), whole.encode(), hashlib.sha256).hexdigest()[:_SEAL]
