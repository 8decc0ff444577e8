"""In which country a visitor is, as far as the address or the browser says: for numbers to call, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from directory.errors import InvalidInput
from directory.guide import emergency
from directory.http.locale import current
from directory.web import places
from directory.web.forms.texts import cleaned


@dataclass(frozen=True, slots=True)
class Here:
    """A country, and whether it is that of the place in the address or what the browser says."""

    code: str | None
    """ISO; ``None`` where nothing says one."""
    from_place: bool


def of_visitor() -> Here:
    """The country of the place that the address names, or else that of the browser's first language with a country.

    Browsers name a country whose numbers we do not know, or none: then it is ``None`` rather than a guess.
    """
    named = of_place()
    if named is not None:
        return Here(named, from_place=True)
    for tag in request.accept_languages.values():
        parts = tag.replace("_", "-").split("-")[1:]
        region = next((each.upper() for each in parts if len(each) == 2 and each.isalpha()), None)
        if region is not None:
            return Here(region if region in emergency.COUNTRIES else None, from_place=False)
    return Here(None, from_place=False)


def of_place() -> str | None:
    """Where the visitor looks for somebody; ``None`` where the address names no place, or none we know."""
    text = cleaned(request.args.get("place"))
    if not text:
        return None
    try:
        return places.find(text).country
    except InvalidInput:
        return None


def name(code: str | None) -> str:
    """The country in the visitor's language; empty for none."""
    return "" if code is None else str(current().territories.get(code, code))
