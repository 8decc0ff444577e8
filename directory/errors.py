"""The ways the domain says no. Only ``directory.http.errors`` and the commands make status and exit codes of them."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal that a person can read: ``str(error)`` is the sentence, ``code`` a stable name for machines."""

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class NotFound(DomainError):
    """There is no such thing, or none that the asker may know about."""

    code = "not_found"


class Gone(DomainError):
    """It was public once and is not now."""

    code = "gone"


class Conflict(DomainError):
    """Somebody else was first, or the thing is in another state than the asker saw."""

    code = "conflict"


class InvalidInput(DomainError):
    """What was given cannot be used; ``field`` names the place where the person can mend it."""

    code = "invalid_input"

    def __init__(self, message: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field


class Unavailable(DomainError):
    """Something this needs is away for now; asking again later is reasonable."""

    code = "unavailable"
