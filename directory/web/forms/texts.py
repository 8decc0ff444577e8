"""What a field does to typed text before anything looks at it."""

from __future__ import annotations

import unicodedata

_UNREADABLE = frozenset({"Cc", "Cs", "Cn"})


def cleaned(value: str | None) -> str:
    """The text without space around it. A sign that HTML cannot hold becomes "�", so that it can be shown again."""
    signs = (value or "").strip()
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _UNREADABLE else sign for sign in signs)
