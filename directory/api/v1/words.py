"""From the words of pages to the objects of answers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Literal, cast

from directory.api.v1.models.parts import Claim, ClaimsApart, Fact, Known, KnownApart, Language, Prices, Word
from directory.http.site import site
from directory.practitioners.terms import LanguageLevel, SpokenBy
from directory.search.results import Language as Spoken
from directory.web.presenters import labels
from directory.web.presenters.checks import Check
from directory.web.presenters.known import Known as KnownLine
from directory.web.presenters.labels import Words

Mark = Literal["checked", "shown", "stated", "missing", "ask"]
LOOKED_AT = frozenset({"checked", "shown"})


def address(path: str) -> str:
    """The whole address of a path of ours."""
    return f"{site().config.site_url}{path}"


def word(words: Words, code: StrEnum) -> Word:
    """A code with its word."""
    return Word(code=code.value, said=labels.word(words, code))


def known(line: KnownLine) -> Known:
    """One line of a card."""
    return Known(mark=cast("Mark", line.mark), said=line.said, how=line.how)


def known_apart(lines: Iterable[KnownLine]) -> KnownApart:
    """What was looked at, and what is only their word."""
    made = [known(line) for line in lines]
    return KnownApart(
        checked=tuple(each for each in made if each.mark in LOOKED_AT),
        stated=tuple(each for each in made if each.mark not in LOOKED_AT),
    )


def claims_apart(checks: Iterable[Check]) -> ClaimsApart:
    """What was looked at, and what is only their word."""
    made = [
        Claim(claim=each.claim, mark=cast("Mark", each.state), said=each.said, next=each.next, register_url=each.href)
        for each in checks
    ]
    return ClaimsApart(
        checked=tuple(each for each in made if each.mark in LOOKED_AT),
        stated=tuple(each for each in made if each.mark not in LOOKED_AT),
    )


def facts(pairs: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    """Facts as a profile says them."""
    return tuple(Fact(name=name, said=said) for name, said in pairs)


def languages(spoken: Iterable[Spoken]) -> tuple[Language, ...]:
    """Languages that are spoken at work."""
    return tuple(
        Language(
            code=each.code,
            name=each.name,
            level=word(labels.LEVELS, LanguageLevel(each.level)),
            spoken_by=word(labels.SPEAKERS, SpokenBy(each.spoken_by)),
        )
        for each in spoken
    )


def prices(
    currency: str | None, *, first_talk: Decimal | None, first_visit: Decimal | None, follow_up: Decimal | None
) -> Prices | None:
    """What somebody says they charge; ``None`` where they state nothing."""
    stated = (first_talk, first_visit, follow_up)
    if currency is None or all(each is None for each in stated):
        return None
    talk, visit, later = (None if each is None else f"{each:.2f}" for each in stated)
    return Prices(currency=currency, first_talk=talk, first_visit=visit, follow_up=later)
