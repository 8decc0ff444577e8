"""The small parts that resources are made of, as the plain values of FHIR's JSON. What is empty is left out, as FHIR
demands, and what no XML could carry never gets in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

Element: TypeAlias = dict[str, Any]

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ODD_SPACE: Final = re.compile(r"[^\S \t\r\n]")
XHTML: Final = "http://www.w3.org/1999/xhtml"
LONGEST_DISPLAY: Final = 500


def made(**parts: Any) -> Element:
    """The parts that say something."""
    if all(parts.values()):
        return parts
    return {name: value for name, value in parts.items() if value or value is False or value == 0}


def text(value: str | None) -> str | None:
    """A string as FHIR and XML allow it, or ``None`` where nothing is left of it."""
    if not value:
        return None
    # What Python calls printable has neither an odd space nor a sign that XML forbids; nearly every text is that.
    plain = value.strip() if value.isprintable() else _ODD_SPACE.sub(" ", _NOT_IN_XML.sub("", value)).strip()
    return plain or None


def line(value: str | None) -> str | None:
    """The same, in one line."""
    plain = text(value)
    return None if plain is None else " ".join(plain.split())


def coding(system: str, code: str, display: str | None = None) -> Element:
    """A code of a system."""
    found = {"system": system, "code": code}
    if display:
        found["display"] = display
    return found


def concept(*codings: Element, says: str | None = None) -> Element:
    """A concept: its codes, and how it is said."""
    return made(coding=list(codings), text=text(says))


def reference(kind: str, number: int, display: str | None = None) -> Element:
    """Another resource of ours."""
    return made(reference=f"{kind}/{number}", display=line(display))


def named(display: str | None) -> Element:
    """Somebody of whom there is no resource, by name."""
    return made(display=line(display))


def period(start: object = None, end: object = None) -> Element:
    """From a day to another, both included."""
    return made(start=None if start is None else str(start), end=None if end is None else str(end))


def extension(url: str, value: Element | None = None, *, parts: Sequence[Element] = ()) -> Element:
    """An extension with a value, given under its name in FHIR, or with parts."""
    return {"url": url, "extension": list(parts)} if parts else {"url": url, **(value or {})}


def telecom(system: str, value: str | None, *, rank: int | None = None) -> list[Element]:
    """One way to reach somebody, or none."""
    plain = line(value)
    return [] if plain is None else [made(system=system, value=plain, use="work", rank=rank)]


def web_address(value: str | None) -> str | None:
    """The address when it is one that a browser may be sent to, as FHIR writes addresses: without a space."""
    plain = line(value)
    if plain is None or " " in plain:
        return None
    try:
        parts = urlsplit(plain)
    except ValueError:
        return None
    return plain if parts.scheme in ("http", "https") and parts.hostname else None


def instant(at: datetime) -> str:
    """An instant in UTC, to the microsecond as it is kept."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def version(at: datetime) -> str:
    """The version of an entry that was last stamped then: microseconds since 1970."""
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return str((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def narrative(sentences: Iterable[str | None]) -> Element:
    """The sentences as the text for people that every resource carries."""
    paragraphs = "".join(f"<p>{escape(each, quote=False)}</p>" for said in sentences if (each := line(said)))
    return {"status": "generated", "div": f'<div xmlns="{XHTML}">{paragraphs}</div>'}
