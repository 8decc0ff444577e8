"""Finding a person by name: the names in memory say who could be meant, the rows just read say who may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from directory.credentials.rules import Permit
from directory.practitioners.terms import Profession
from directory.search import listings
from directory.search.listings import Listing
from directory.search.name_index import NameHolder
from directory.search.name_table import Found
from directory.search.names import Nearness, typed_name
from directory.search.visible import Open, open_places

SHOWN: Final = 20
"""As many people as a page shows; whoever has a common name types more of it."""

READ: Final = 60
"""As many people as are read and judged for a page, in case papers have lapsed for some."""


@dataclass(frozen=True, slots=True)
class Town:
    """Where somebody works, no closer than the town."""

    locality: str
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class Named:
    """One person who may be shown, with what a line about them says."""

    slug: str
    name: str
    title: str | None
    profession: Profession
    fictional: bool
    towns: tuple[Town, ...]
    permit: Permit
    """What the listing at the first town rests on."""


@dataclass(frozen=True, slots=True)
class NameResults:
    """Who may be meant: ``named`` bear the name or one that begins so, ``close`` one that is spelled or said alike."""

    named: tuple[Named, ...]
    close: tuple[Named, ...]
    of_the_name: int
    """How many of ``named``, the first of them, bear every word that was typed as a name."""
    named_total: int | None
    """How many bear the name or one that begins so; ``None`` when more may than were looked at."""
    more: bool
    """Whether there are people who fit and are not shown."""


def find_by_name(session: Session, text: str, *, now: datetime, holder: NameHolder) -> NameResults:
    """The people whose name this may be and who may be shown today, best first, in at most three statements."""
    snapshot = holder.current(session)
    found = snapshot.search(typed_name(text), today=now.date())
    looked_at = found[:READ]
    if not looked_at:
        return NameResults((), (), 0, 0, more=False)
    places: dict[int, list[Listing]] = {each.practitioner_id: [] for each in looked_at}
    for listing in listings.read(session, practitioner_ids=list(places)):
        places[listing.practitioner.id].append(listing)
    judged = [(each, open_places(places[each.practitioner_id], snapshot.rules, now=now)) for each in looked_at]
    named, close = _told_apart([(each, shown) for each, shown in judged if shown])
    room = max(0, SHOWN - len(named))
    all_named = len(found) <= READ or looked_at[-1].fit.nearness is Nearness.CLOSE
    return NameResults(
        named=tuple(_named(shown) for _, shown in named[:SHOWN]),
        close=tuple(_named(shown) for _, shown in close[:room]),
        of_the_name=sum(each.fit.nearness <= Nearness.PARTS for each, _ in named[:SHOWN]),
        named_total=len(named) if all_named else None,
        more=len(found) > READ or len(named) + len(close) > SHOWN,
    )


_Judged: TypeAlias = list[tuple[Found, list[Open]]]


def _told_apart(people: _Judged) -> tuple[_Judged, _Judged]:
    """Those of the name and those close to it. Letters after a name are forgiven only while nobody bears them as a
    name: "Mai Do" is not every Mai."""
    to_the_letter = any(each.fit.lacking == 0 and each.fit.nearness < Nearness.CLOSE for each, _ in people)
    named: _Judged = []
    close: _Judged = []
    for each, shown in people:
        is_close = each.fit.nearness is Nearness.CLOSE or (to_the_letter and each.fit.lacking > 0)
        (close if is_close else named).append((each, shown))
    return named, close


def _named(shown: list[Open]) -> Named:
    first = shown[0].listing
    towns = (Town(each.listing.place.locality, each.listing.place.jurisdiction or "") for each in shown)
    return Named(
        slug=first.practitioner.slug,
        name=first.practitioner.display_name,
        title=first.place.title,
        profession=first.practitioner.profession,
        fictional=first.practitioner.fictional,
        towns=tuple(dict.fromkeys(towns)),
        permit=shown[0].permit,
    )
