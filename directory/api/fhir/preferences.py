"""How a client wants its answer: the parameters that shape a result and do not choose who is in it, and ``Prefer``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from directory.api.fhir.formats import Part, Summary
from directory.api.fhir.outcomes import Issue, Refused, invalid

PAGE_SIZE: Final = 50
LARGEST_PAGE: Final = 200
PAGE: Final = "_page"
TOTALS: Final = ("none", "estimate", "accurate")
OF_FORMATS: Final = ("_format", "_pretty")
ONCE: Final = ("_count", "_summary", "_elements", "_total", "_sort", PAGE, *OF_FORMATS)
INCLUDES: Final = ("_include", "_revinclude", "_include:iterate", "_revinclude:iterate")
RESULT: Final = (*ONCE, *INCLUDES)
"""Every parameter that shapes the answer."""
NOT_DONE: Final = ("_contained", "_containedType", "_content", "_filter", "_list", "_query", "_text", "_type")
"""What FHIR defines of every search and nobody here does. To leave it out would widen the answer, so it is refused."""
AS_USUAL: Final = (("_contained", "false"),)
"""With these values it asks for what is done anyway."""

_WHOLE: Final = Part()


class Handling(StrEnum):
    """What becomes of a parameter that nobody here knows."""

    STRICT = "strict"
    LENIENT = "lenient"


@dataclass(frozen=True, slots=True)
class Include:
    """One ``_include`` or ``_revinclude``: the type that refers, by which parameter, and to which type alone."""

    source: str
    parameter: str
    target: str = ""
    reverse: bool = False
    iterate: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """How the answer is to look."""

    count: int = PAGE_SIZE
    part: Part = _WHOLE
    """How much of each resource."""
    total: str = "accurate"
    sort: str = ""
    """The name of what it is sorted by, with a minus before it for falling; empty for the usual order."""
    page: str = ""
    includes: tuple[Include, ...] = field(default=())

    @property
    def only_counts(self) -> bool:
        """Whether nobody is to be listed."""
        return self.part.summary is Summary.COUNT or self.count == 0


def handling(headers: Iterable[str]) -> Handling:
    """What ``Prefer: handling=`` says, for the first time where it says it twice (RFC 7240); lenient where it says
    nothing, as the standard recommends to servers."""
    for header in headers:
        for preference in re.split(r"[,;]", header):
            name, _, value = preference.partition("=")
            if name.strip().lower() == "handling":
                strict = value.strip().strip('"').lower() == Handling.STRICT
                return Handling.STRICT if strict else Handling.LENIENT
    return Handling.LENIENT


def count(text: str) -> int:
    """How many a page has: at most ``LARGEST_PAGE``, whatever was asked for."""
    if not (text.isascii() and text.isdigit()):
        raise invalid("it is a number, 0 or more", "_count")
    return min(int(text[:9]), LARGEST_PAGE)


def one_of(text: str, words: tuple[str, ...], name: str) -> str:
    """The word, where it is one of these."""
    if text not in words:
        raise invalid(f"it is one of {', '.join(words)}", name)
    return text


def only_once(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The values of those that may be given once; a refusal where one was given again with another value."""
    found: dict[str, str] = {}
    for name, value in given:
        if name in ONCE:
            if found.get(name, value) != value:
                raise Refused(Issue("invalid", "it may be given only once", name))
            found[name] = value
    return found
