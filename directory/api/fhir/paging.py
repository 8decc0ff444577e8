"""Links from page to page. They carry where the page before ended, with a seal that fits this one search alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, TypeAlias

from directory.api.fhir import seals
from directory.api.fhir.outcomes import invalid
from directory.api.fhir.preferences import PAGE

Key: TypeAlias = tuple[float, int]
"""What the last entry was sorted by, and its number."""

_SAYS: Final = "the link to this page is damaged, or belongs to another search; begin again without it"


def written(key: Key, asks: Iterable[tuple[str, str]], *, kind: str, secret: str) -> str:
    """The key as it stands in a link."""
    return seals.sealed(key, purpose=_purpose(kind, asks), secret=secret)


def read(text: str, asks: Iterable[tuple[str, str]], *, kind: str, secret: str) -> Key:
    """The key of a link; a refusal where it was altered or is of another search."""
    found = seals.opened(text, purpose=_purpose(kind, asks), secret=secret)
    if found is None:
        raise invalid(_SAYS, PAGE)
    value, number = found
    return float(value), int(number)


def _purpose(kind: str, asks: Iterable[tuple[str, str]]) -> str:
    """What the seal fits. How many a page has is not part of it, so that a client may go on in larger steps."""
    return json.dumps(["search", kind, *([name, value] for name, value in asks if name != "_count")])
