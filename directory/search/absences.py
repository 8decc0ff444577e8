"""Why somebody is not in a list: the one reason that has to go first. Pure; the gates are those of the search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from directory.credentials.rules import admits_pregnancy, permits
from directory.credentials.terms import Refusal
from directory.geo.distance import distance_km
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.terms import Accepting
from directory.screening.terms import Condition
from directory.search.criteria import Criteria
from directory.search.listings import Listing
from directory.search.results import Absence, Lacking


def absence(own: Sequence[Listing], criteria: Criteria, rules: Mapping[str, Jurisdiction], *, now: datetime) -> Absence:
    """The first of the reasons that hold at every practice of this person, in the order of ``Lacking``."""
    places = [each for each in own if each.place.in_person]
    if not places:
        return Absence(Lacking.NO_PLACE)
    permitted = [each for each in places if not _refused(each, rules, now)]
    if not permitted:
        return Absence(Lacking.NOT_LISTED, refusal(places, rules, now=now))
    near = [each for each in permitted if _km(each, criteria) <= criteria.radius_km]
    if not near:
        return Absence(Lacking.TOO_FAR, km=min(_km(each, criteria) for each in permitted))
    taking = [each for each in near if criteria.waitlist_ok or each.place.accepting is not Accepting.CLOSED]
    if not taking:
        return Absence(Lacking.LIST_CLOSED)
    why = next((found for each in taking if (found := _pregnancy(each, criteria, rules, now))), None)
    return Absence(Lacking.PREGNANCY, why) if why else Absence(Lacking.OTHER)


def refusal(own: Sequence[Listing], rules: Mapping[str, Jurisdiction], *, now: datetime) -> Refusal | None:
    """The first thing that keeps the oldest of these practices off every list; ``None`` where one is open."""
    refused = [_refused(each, rules, now) for each in sorted(own, key=lambda each: each.place.id)]
    return refused[0][0] if refused and all(refused) else None


def _refused(listing: Listing, rules: Mapping[str, Jurisdiction], now: datetime) -> Sequence[Refusal]:
    place = listing.place
    rule = rule_for(place.jurisdiction, rules)
    return permits(listing.person, rule, place_id=place.id, today=_today(listing, now)).refusals


def _pregnancy(
    listing: Listing, criteria: Criteria, rules: Mapping[str, Jurisdiction], now: datetime
) -> Refusal | None:
    weeks, rule = criteria.patient.gestation, rule_for(listing.place.jurisdiction, rules)
    if weeks is None or rule is None:
        return None
    if Condition.PREGNANCY in listing.declines:
        return Refusal.PREGNANCY_NOT_TREATED
    return next(iter(admits_pregnancy(listing.person, rule, weeks=weeks, today=_today(listing, now))), None)


def _today(listing: Listing, now: datetime) -> date:
    return now.astimezone(ZoneInfo(listing.place.timezone)).date()


def _km(listing: Listing, criteria: Criteria) -> float:
    place, point = listing.place, criteria.point
    return float(distance_km(place.latitude, place.longitude, point.latitude, point.longitude))
