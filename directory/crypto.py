"""What is kept secret at rest: an encrypted column type over rotating keys, and sealed values for cookies.

Keys are Fernet keys (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec). The first key seals, every key
opens, so a key is retired by putting a new one first, re-sealing (``stillpoint keys rotate``) and dropping the old.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


class Keyring:
    """The process's keys. Columns cannot be handed an argument at query time, so this is the one place they look."""

    def __init__(self) -> None:
        self._first: Fernet | None = None
        self._fernet: MultiFernet | None = None

    def install(self, keys: Iterable[str]) -> None:
        """Use these keys from now on; ``ValueError`` when one is not 32 url-safe base64 bytes or none is given."""
        fernets = [Fernet(key) for key in keys]
        if not fernets:
            raise ValueError("at least one encryption key is needed")
        self._first = fernets[0]
        self._fernet = MultiFernet(fernets)

    def seal(self, plain: str) -> str:
        """The text, encrypted with the first key."""
        return self._ready().encrypt(plain.encode()).decode("ascii")

    def open(self, sealed: str, *, max_age: int | None = None) -> str | None:
        """The text again, or ``None`` when no key opens it or it was sealed more than ``max_age`` seconds ago."""
        try:
            return self._ready().decrypt(sealed.encode(), ttl=max_age).decode()
        except (InvalidToken, UnicodeError):
            return None

    def reseal(self, sealed: str) -> str:
        """The same secret under the first key; ``cryptography.fernet.InvalidToken`` when no key opens it."""
        return self._ready().rotate(sealed.encode("ascii")).decode("ascii")

    def seal_bytes(self, plain: bytes) -> bytes:
        """A file's content, encrypted with the first key."""
        return self._ready().encrypt(plain)

    def open_bytes(self, sealed: bytes) -> bytes | None:
        """The content again, or ``None`` when no key opens it."""
        try:
            return self._ready().decrypt(sealed)
        except InvalidToken:
            return None

    def newest(self, sealed: str) -> bool:
        """Whether the first key sealed this, so that the other keys are not needed for it."""
        self._ready()
        try:
            if self._first is not None:
                self._first.decrypt(sealed.encode())
        except (InvalidToken, UnicodeError):
            return False
        return True

    def _ready(self) -> MultiFernet:
        if self._fernet is None:
            raise RuntimeError("no encryption keys are installed in this process")
        return self._fernet


keyring = Keyring()


class EncryptedText(TypeDecorator[str]):
    """A text column whose value never reaches the database in the clear."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring.seal(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        plain = keyring.open(value)
        if plain is None:
            raise RuntimeError("an encrypted column cannot be opened with the keys installed")
        return plain


def new_key() -> str:
    """A fresh Fernet key, as the setting ``ENCRYPTION_KEYS`` takes it."""
    return Fernet.generate_key().decode("ascii")
