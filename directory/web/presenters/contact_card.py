"""Somebody as a contact for a telephone or mail program: a vCard 4.0 (RFC 6350).

It holds what reaches them and nothing about health: no categories, no experience, no words that would stand in an
address book for others to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from directory.practitioners.models import PracticePlace
from directory.practitioners.terms import LanguageLevel, PointPrecision, SpokenBy
from directory.search.visible import Open
from directory.web.presenters import reach

MEDIA_TYPE: Final = "text/vcard"
_LONGEST_LINE: Final = 75
"""Octets of a line without its end, RFC 6350, 3.2."""
_ENDS: Final = re.compile(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def card(shown: Sequence[Open], *, address: str, title: str, website: str | None, note: str, changed: datetime) -> str:
    """The lines of the card, folded; ``address`` is that of the profile and ``note`` what to know besides."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(shown, address, title, website, note, changed))


def _lines(
    shown: Sequence[Open], address: str, title: str, website: str | None, note: str, changed: datetime
) -> Iterator[str]:
    person = shown[0].listing.practitioner
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield "KIND:individual"
    yield f"UID:{_uri(address)}"
    yield f"SOURCE:{_uri(address)}.vcf"
    yield f"FN:{escaped(person.display_name)}"
    # Which part of a name is the family's, nobody told us: whole, it is shown rightly in every script.
    yield f"N:;{escaped(person.display_name)};;;"
    yield f"TITLE:{escaped(title)}"
    yield f"ORG:{escaped(shown[0].listing.place.label)}"
    several = len(shown) > 1
    for number, each in enumerate(shown, 1):
        yield from _place(each.listing.place, group=f"place{number}." if several else "")
    yield f"URL:{_uri(address)}"
    if website:
        yield f"URL;TYPE=work:{_uri(website)}"
    for code in _languages(shown[0]):
        yield f"LANG:{code}"
    yield f"REV:{changed:%Y%m%dT%H%M%SZ}"
    yield f"NOTE:{escaped(note)}"
    yield "END:VCARD"


def _place(place: PracticePlace, *, group: str) -> Iterator[str]:
    """Of a hidden home the town alone, and no point."""
    hidden = place.hidden_home
    parts = (
        "",
        "",
        "" if hidden else place.street or "",
        place.locality,
        reach.region(place.country, place.admin1) or "",
        "" if hidden else place.postal_code or "",
        place.country,
    )
    point = ""
    if not hidden and place.point_precision is PointPrecision.EXACT:
        point = f"geo:{place.latitude:.5f},{place.longitude:.5f}"
    parameters = ";TYPE=work" + (f';GEO="{point}"' if point else "")
    yield f"{group}ADR{parameters}:{';'.join(escaped(part) for part in parts)}"
    if group:
        yield f"{group}X-ABLABEL:{escaped(place.label)}"
    if point:
        yield f"{group}GEO;TYPE=work:{point}"
    if telephone := reach.telephone(place.telephone, place.country):
        yield f'{group}TEL;VALUE=text;TYPE="work,voice":{escaped(telephone)}'


def _languages(shown: Open) -> list[str]:
    own = (
        each.code
        for each in shown.listing.languages
        if each.spoken_by == SpokenBy.PRACTITIONER and each.level != LanguageLevel.BASIC
    )
    return list(dict.fromkeys(own))


def escaped(text: str) -> str:
    """A value of a text property, RFC 6350, 3.4: no sign in it can begin a property of its own."""
    text = _CONTROL.sub("", _ENDS.sub("\n", text)).strip()
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _uri(address: str) -> str:
    """An address as a value: it holds no line end, and a comma or semicolon in it is its own."""
    return "".join(sign for sign in address if sign.isprintable() and not sign.isspace())


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, RFC 6350, 3.2; no character is cut in two."""
    pieces: list[str] = []
    piece, length = "", 0
    for sign in line:
        size = len(sign.encode("utf-8"))
        if length + size > _LONGEST_LINE:
            pieces.append(piece)
            # The space that begins a piece counts.
            piece, length = "", 1
        piece += sign
        length += size
    pieces.append(piece)
    return "\r\n ".join(pieces)
