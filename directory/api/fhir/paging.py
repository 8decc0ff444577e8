"""Links from page to page. They carry where the page before ended, or where the page behind begins, with a seal that
fits this one search alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from directory.api.fhir import seals
from directory.api.fhir.outcomes import invalid
from directory.api.fhir.preferences import PAGE

Key: TypeAlias = tuple[float, int]
"""What an entry is sorted by, and its number."""

_SAYS: Final = "the link to this page is damaged, or belongs to another search; begin again without it"


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a page lies: behind the entry of this key, or ``back`` before it."""

    key: Key
    back: bool = False


def written(bound: Bound, asks: Iterable[tuple[str, str]], *, kind: str, secret: str) -> str:
    """The bound as it stands in a link."""
    return seals.sealed((*bound.key, int(bound.back)), purpose=_purpose(kind, asks), secret=secret)


def read(text: str, asks: Iterable[tuple[str, str]], *, kind: str, secret: str) -> Bound:
    """The bound of a link; a refusal where it was altered or is of another search."""
    found = seals.opened(text, purpose=_purpose(kind, asks), secret=secret)
    if found is None:
        raise invalid(_SAYS, PAGE)
    # Links made before there was a way back have two parts.
    value, number, *back = found
    return Bound((float(value), int(number)), back=back == [1])


def _purpose(kind: str, asks: Iterable[tuple[str, str]]) -> str:
    """What the seal fits. How many a page has is not part of it, so that a client may go on in larger steps."""
    return json.dumps(["search", kind, *([name, value] for name, value in asks if name != "_count")])
