"""The words of the table of jurisdictions as a practitioner reads them. The table also holds notes of those who keep
it, such as what is still to be looked up again; those stay out of sight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from directory.jurisdictions.names import name_of
from directory.jurisdictions.numbers import EXAMPLES
from directory.jurisdictions.rules import Jurisdiction


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one jurisdiction; ``None`` where nothing is known for certain."""

    code: str
    name: str
    titles: str | None
    body: str | None
    lookup: str | None
    renewal: str | None
    example: str | None
    """A number of the usual shape."""
    cluster: tuple[int, int] | None
    """Month and day on which everybody there has to renew."""
    source: str | None


def told(rule: Jurisdiction, rules: Mapping[str, Jurisdiction]) -> Told:
    """The words of this jurisdiction; "as England" is looked up there."""
    month, _, day = (rule.cluster_day or "").partition("-")
    return Told(
        code=rule.code,
        name=name_of(rule.code),
        titles=_plain(rule.titles, "titles", rules),
        body=_plain(rule.body, "body", rules),
        lookup=_plain(rule.lookup, "lookup", rules),
        renewal=_plain(rule.renewal, "renewal", rules),
        example=EXAMPLES.get(rule.code),
        cluster=(int(month), int(day)) if day else None,
        source=_source(rule.source),
    )


_NOTE: Final = re.compile(
    r"\s*\(([^()]*\b(verify|check|old list|old page|not re-read|seen historically)\b[^()]*|older\b[^()]*)\)"
    r"|;\s*older\b[^();]*$",
    re.I,
)
_NOTHING: Final = frozenset({"", "-", "verify", "none"})
_UNREAD: Final = re.compile(r"not re-read|moderate|unsure|CE list|practitioner site", re.I)


def _plain(text: str, column: str, rules: Mapping[str, Jurisdiction]) -> str | None:
    plain = _NOTE.sub("", text).strip()
    if plain.startswith("as England"):
        english = rules.get("GB-ENG")
        plain = plain.replace("as England", getattr(english, column) if english else "", 1).strip()
    return None if plain.casefold() in _NOTHING else plain


def _source(text: str) -> str | None:
    said = text.replace(" + not re-read", "")
    read = [part for part in re.split(r"\s*;\s*", said) if part and not _UNREAD.search(part)]
    return "; ".join(read) or None
