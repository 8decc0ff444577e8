"""What a link carries from one request to the next, sealed so that nobody can change it unseen. It is no secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any, Final

_SEAL: Final = 16
LONGEST: Final = 2000


def sealed(payload: Any, *, purpose: str, secret: str) -> str:
    """The payload, which JSON can say, as it stands in an address."""
    plain = json.dumps(payload, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(plain, purpose, secret) + plain).decode().rstrip("=")


def opened(text: str, *, purpose: str, secret: str) -> Any | None:
    """The payload again; ``None`` where the text was altered, belongs to something else or never was one of ours."""
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        sent = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    seal, plain = sent[:_SEAL], sent[_SEAL:]
    return json.loads(plain) if hmac.compare_digest(seal, _seal(plain, purpose, secret)) else None


def _seal(plain: bytes, purpose: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), f"fhir-{purpose}\0".encode() + plain, hashlib.sha256)[:_SEAL]
