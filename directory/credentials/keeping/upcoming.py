"""What falls due for somebody, by date. Pure; the days are those by which ``rules`` decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from directory.credentials.rules import Paper, Person, declaration_ends
from directory.practitioners.rules import ATTESTATION_DAYS, WARN_DAYS

RECENT_DAYS = 60
"""How long what has ended stays among what is told."""


class Event(StrEnum):
    """What happens on that day."""

    SEARCHERS_WARNED = "searchers_warned"
    """From this day on, searchers are told that nobody has confirmed the profile lately."""
    HIDDEN = "hidden"
    """The last day on which the profile is shown without a new "all still true"."""
    PAPER_ENDS = "paper_ends"
    COVER_ENDS = "cover_ends"
    DECLARATION_ENDS = "declaration_ends"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One date; ``paper`` only where it is a paper's."""

    on: date
    event: Event
    paper: Paper | None = None


def upcoming(people: Iterable[Person], *, today: date) -> tuple[Upcoming, ...]:
    """Every date that matters, the nearest first, with what ended lately before it.

    The same person is given once for each of their places, because a place has a confirmation of its own; of several
    insurances the one that runs longest counts.
    """
    found: dict[tuple[date, Event, str], Upcoming] = {}
    since = today - timedelta(days=RECENT_DAYS)
    for person in people:
        for each in _of(person):
            if each.on >= since:
                number = "" if each.paper is None else f"{each.paper.kind}{each.paper.jurisdiction}{each.paper.number}"
                found.setdefault((each.on, each.event, number), each)
    return tuple(found[key] for key in sorted(found))


def _of(person: Person) -> Iterable[Upcoming]:
    if person.attested_on is not None:
        yield Upcoming(person.attested_on + timedelta(days=WARN_DAYS), Event.SEARCHERS_WARNED)
        yield Upcoming(person.attested_on + timedelta(days=ATTESTATION_DAYS), Event.HIDDEN)
    for paper in person.papers:
        if paper.expires is not None and not paper.superseded:
            yield Upcoming(paper.expires, Event.PAPER_ENDS, paper)
    checked = [cover.expires for cover in person.covers if cover.verified_on is not None]
    if checked:
        yield Upcoming(max(checked), Event.COVER_ENDS)
    if person.declaration is not None and person.declaration.treats and person.declaration.signed_on is not None:
        yield Upcoming(declaration_ends(person.declaration.signed_on), Event.DECLARATION_ENDS)
