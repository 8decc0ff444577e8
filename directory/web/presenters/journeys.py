"""A long way in words: what it adds up to, and what may be done instead of it or before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from directory.credentials.terms import Mode
from directory.http.locale import distance, gettext, miles, ngettext, number
from directory.http.site import session, site
from directory.jurisdictions.names import name_of
from directory.search import service
from directory.search.criteria import Criteria, Page
from directory.search.journeys import LONG_KM, Journey, journey
from directory.search.results import Match, Results


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to do instead: how many offer it, and the address of their list, empty where there is nobody."""

    said: str
    href: str


@dataclass(frozen=True, slots=True)
class JourneyView:
    """Everything the box above a far list shows."""

    said: str
    remote: Offer
    home_visit: Offer


def view(criteria: Criteria, found: Results, *, address: Callable[..., str]) -> JourneyView | None:
    """The box for a list on which everybody shown is far away; ``None`` for any other.

    ``address`` gives the address of this list with parameters changed. Whoever talks from a distance is counted by a
    search of its own, with the same filters and gates, so the number is that of the list behind the link.
    """
    if criteria.mode is Mode.REMOTE:
        return None
    shown = [*found.matches, *(match for step in found.relaxations for match in step.matches)]
    ways = [match.distance_km for match in shown if match.mode is Mode.IN_PERSON]
    way = journey(min(ways), in_miles=miles(criteria.point.country)) if ways else None
    if way is None:
        return None
    return JourneyView(_everybody_is_far(way, criteria), _remote(criteria, address), _home_visit(found, address))


def of_one(match: Match, criteria: Criteria) -> tuple[str, ...]:
    """The sum for one person, to be read with the distance; nothing where the way is not long or they come to you."""
    way = journey(match.distance_km, in_miles=miles(criteria.point.country))
    if match.mode is not Mode.IN_PERSON or way is None:
        return ()
    return (str(gettext("Six to ten visits: %(sum)s there and back, straight line", sum=_sum(way))),)


def _everybody_is_far(way: Journey, criteria: Criteria) -> str:
    return str(
        gettext(
            "Everybody shown here is more than %(limit)s away. For the nearest it is about %(one_way)s each way in a "
            "straight line; six to ten visits are %(sum)s on the road or more.",
            limit=distance(LONG_KM, criteria.point.country),
            one_way=_in_unit(way.one_way, way),
            sum=_sum(way),
        )
    )


def _sum(way: Journey) -> str:
    return str(gettext("%(least)s to %(most)s", least=number(way.fewest), most=_in_unit(way.most, way)))


def _in_unit(value: int, way: Journey) -> str:
    if way.in_miles:
        return str(ngettext("%(number)s mile", "%(number)s miles", value, number=number(value)))
    return str(gettext("%(number)s km", number=number(value)))


def _remote(criteria: Criteria, address: Callable[..., str]) -> Offer:
    asked = replace(criteria, mode=Mode.REMOTE)
    total = service.find(session(), asked, Page(size=1), now=site().clock(), holder=site().index).total
    place = name_of(criteria.point.jurisdiction)
    if not total:
        said = gettext("Nobody we list who fits what you asked offers one to people in %(place)s.", place=place)
        return Offer(str(said), "")
    said = ngettext(
        "%(num)s person who fits what you asked offers one to people in %(place)s.",
        "%(num)s people who fit what you asked offer one to people in %(place)s.",
        total,
        place=place,
    )
    return Offer(str(said), address(change={"mode": "remote"}))


def _home_visit(found: Results, address: Callable[..., str]) -> Offer:
    total = sum(facet.count for facet in found.facets.get("home_visit", ()))
    if not total:
        return Offer(str(gettext("Nobody we list who fits what you asked comes as far as your place.")), "")
    said = ngettext(
        "%(num)s person who fits what you asked comes to homes where you are.",
        "%(num)s people who fit what you asked come to homes where you are.",
        total,
    )
    return Offer(str(said), address(change={"home_visit": "yes"}))
