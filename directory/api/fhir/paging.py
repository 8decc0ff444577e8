"""Links from page to page. They carry where the page before ended, with a seal that fits this one search alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Final, TypeAlias

from directory.api.fhir.outcomes import invalid
from directory.api.fhir.preferences import PAGE

Key: TypeAlias = tuple[float, int]
"""What the last entry was sorted by, and its number."""

_SEAL: Final = 16
_LONGEST: Final = 400
_SAYS: Final = "the link to this page is damaged, or belongs to another search; begin again without it"


def written(key: Key, asks: Iterable[tuple[str, str]], *, kind: str, secret: str) -> str:
    """The key as it stands in a link."""
    payload = json.dumps(key).encode()
    return base64.urlsafe_b64encode(_seal(payload, asks, kind, secret) + payload).decode().rstrip("=")


def read(text: str, asks: Iterable[tuple[str, str]], *, kind: str, secret: str) -> Key:
    """The key of a link; a refusal where it was altered or is of another search."""
    try:
        sent = base64.b64decode(text[:_LONGEST] + "=" * (-len(text[:_LONGEST]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid(_SAYS, PAGE) from error
    seal, payload = sent[:_SEAL], sent[_SEAL:]
    if not hmac.compare_digest(seal, _seal(payload, asks, kind, secret)):
        raise invalid(_SAYS, PAGE)
    value, number = json.loads(payload)
    return float(value), int(number)


def _seal(payload: bytes, asks: Iterable[tuple[str, str]], kind: str, secret: str) -> bytes:
    """How many a page has is not part of it, so that a client may go on in larger steps."""
    asked = json.dumps([kind, *([name, value] for name, value in asks if name != "_count")]).encode()
    return hmac.digest(secret.encode(), b"fhir-page\0" + asked + b"\0" + payload, hashlib.sha256)[:_SEAL]
