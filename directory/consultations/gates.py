"""The gates of a match, run again for one talk: whether this practitioner may be met by this patient on these days.

The licence is judged today, as everywhere; pregnancy in the weeks of the days of the talk. What a patient has not told
is judged as ``not answered``, and nobody gets as far as this without an answer about pregnancy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from directory.consultations import rules
from directory.consultations.rules import Told
from directory.consultations.terms import Bar, Talk
from directory.credentials.rules import admits_pregnancy, permits
from directory.credentials.terms import Mode
from directory.geo.distance import arc_km, ecef
from directory.geo.timezones import is_zone, timezone_at
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.search.criteria import Criteria, Point
from directory.search.listings import Listing
from directory.search.matching import still_suits


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who wants to meet how, and when."""

    mode: Mode
    talk: Talk
    told: Told
    starts: Sequence[datetime]
    timezone: str
    """Of the clock by which the patient named times; where their place is known, its own day counts."""
    jurisdiction: str | None
    """Where the patient is; decides for a home visit and from afar."""
    point: tuple[float, float] | None
    """Where the patient is, and a home visit goes."""
    waitlist_ok: bool = False


_ROUNDED_KM: Final = 0.8
"""How far off a point may be that was rounded to 0.01°."""


def bar(listing: Listing, asking: Asking, table: Mapping[str, Jurisdiction], *, now: datetime) -> Bar | None:
    """Why the two must not be brought together; ``None`` where nothing stands against it."""
    place = listing.place
    at_practice = asking.mode is Mode.IN_PERSON
    zone_name = place.timezone if at_practice else _zone_there(asking)
    rule = rule_for(place.jurisdiction if at_practice else asking.jurisdiction, table)
    if not is_zone(zone_name) or not is_zone(place.timezone) or rule is None:
        return Bar.NOT_LISTED
    zone = ZoneInfo(zone_name)
    today = now.astimezone(zone).date()
    place_id = place.id if at_practice else None
    if not permits(listing.person, rule, place_id=place_id, mode=asking.mode, today=today).allowed:
        return Bar.NOT_LISTED
    first, last = rules.days_judged(asking.starts or [now], zone, asking.talk)
    patient = asking.told.patient(first=max(first, today), last=max(last, today))
    gestation = patient.gestation
    if gestation is not None and admits_pregnancy(listing.person, rule, weeks=gestation, today=today):
        return Bar.PREGNANCY
    criteria = Criteria(
        point=_point(listing, asking, zone_name), mode=asking.mode, patient=patient, waitlist_ok=asking.waitlist_ok
    )
    if not still_suits(listing, criteria, rule, mode=asking.mode, now=now) or not _reaches(listing, asking):
        return Bar.DOES_NOT_SUIT
    return None


def _zone_there(asking: Asking) -> str:
    """Whose day counts where the patient is. Nobody gets another day by reading another clock."""
    return asking.timezone if asking.point is None else timezone_at(*asking.point)


def _point(listing: Listing, asking: Asking, timezone: str) -> Point:
    """Where the patient is, as far as it matters: nobody's distance is measured by it."""
    code = listing.place.jurisdiction if asking.mode is Mode.IN_PERSON else asking.jurisdiction
    country = (code or "").partition("-")[0]
    return Point(listing.place.latitude, listing.place.longitude, country, code, timezone)


def _reaches(listing: Listing, asking: Asking) -> bool:
    if asking.mode is not Mode.HOME_VISIT:
        return True
    if asking.point is None:
        return False
    place = listing.place
    chord = math.dist(ecef(*asking.point), ecef(place.latitude, place.longitude))
    return arc_km(chord) <= place.home_visit_radius_km + _ROUNDED_KM
