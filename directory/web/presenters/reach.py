"""How a place is written for those who may be anywhere: its region by a name that people know, its telephone with the
code of its country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from directory.geo.places import gazetteer

_KNOWN_BY_CODE: Final = frozenset({"US", "CA", "AU"})
"""Where addresses are written with the letters of a state or province. Elsewhere the gazetteer's codes are nobody's."""
_CODES: Final[Mapping[str, str]] = {"US": "1", "CA": "1", "GB": "44", "IE": "353", "AU": "61", "NZ": "64"}
_NORTH_AMERICA: Final = "1"
_ONE_NUMBER: Final = re.compile(r"[0-9 ().\-/\u00a0\u2010\u2011]+")
_TRUNK_IN_BRACKETS: Final = re.compile(r"\(0\)\s*")


def region(country: str, admin1: str | None) -> str | None:
    """The state, province or region as an address of that country has it; ``None`` where none is known."""
    if not admin1 or country in _KNOWN_BY_CODE:
        return admin1 or None
    return gazetteer().part_name(country, admin1) or admin1


def telephone(written: str | None, country: str) -> str | None:
    """The number with the code of its country, in the groups in which it was written (ITU-T E.123); as it was written
    where it is not one plain number of that country."""
    text = (written or "").strip()
    if not text:
        return None
    if text.startswith("+"):
        return _TRUNK_IN_BRACKETS.sub("", text)
    code = _CODES.get(country)
    digits = re.sub(r"[^0-9]", "", text)
    if code is None or not _ONE_NUMBER.fullmatch(text):
        return text
    groups = " ".join(re.sub(r"[().\-/\u00a0\u2010\u2011]", " ", text).split())
    if code == _NORTH_AMERICA:
        national = groups.removeprefix("1 ") if len(digits) == 11 else groups
        return f"+{code} {national}" if len(re.sub(r"[^0-9]", "", national)) == 10 else text
    # A nought before the area is dialled inside the country only; "00" begins a number of another one.
    usual = groups.startswith("0") and not groups.startswith("00") and 8 <= len(digits) <= 12
    return f"+{code} {groups[1:].lstrip()}" if usual else text
