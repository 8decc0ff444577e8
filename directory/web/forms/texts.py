"""What a field does to typed text before anything looks at it, and how it is asked back."""

from __future__ import annotations

import unicodedata

from directory.geo.places import AmbiguousPlace
from directory.http.locale import gettext

_UNREADABLE = frozenset({"Cc", "Cs", "Cn"})


def cleaned(value: str | None) -> str:
    """The text without space around it. A sign that HTML cannot hold becomes "�", so that it can be shown again."""
    signs = (value or "").strip()
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _UNREADABLE else sign for sign in signs)


def which(text: str, error: AmbiguousPlace) -> str:
    """The question back about a place that may be several: "Which Portland?"."""
    if error.whole_region:
        return str(gettext("Which town in %(place)s?", place=text))
    return str(gettext("Which %(place)s?", place=text))
