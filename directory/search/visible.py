"""Where somebody may be shown at all: the gate of the profile page and of the search by name, judged when it is read.

A match for a patient asks more, see ``directory.search.matching``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog

from directory.credentials.rules import Permit, permits
from directory.credentials.terms import Mode
from directory.geo.timezones import is_zone
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.search.listings import Listing

log = structlog.get_logger("stillpoint.search")


@dataclass(frozen=True, slots=True)
class Open:
    """A place that may be shown today, with what allows it."""

    listing: Listing
    permit: Permit
    today: date


def open_places(listings: Iterable[Listing], rules: Mapping[str, Jurisdiction], *, now: datetime) -> list[Open]:
    """Those of these places that the rules allow to be shown today, by the clock of each, oldest place first."""
    found = []
    for listing in sorted(listings, key=lambda each: each.place.id):
        if not is_zone(listing.place.timezone):
            # Without a zone nobody knows what day it is there; one such row must not hide everybody else.
            log.error("time_zone_unknown", place_id=listing.place.id)
            continue
        today = now.astimezone(ZoneInfo(listing.place.timezone)).date()
        allowing = permit(listing, rules, today)
        if allowing is not None and allowing.allowed:
            found.append(Open(listing, allowing, today))
    return found


def permit(listing: Listing, rules: Mapping[str, Jurisdiction], today: date) -> Permit | None:
    """What allows or forbids this place to be shown: the practice itself, or else where somebody comes or talks to;
    ``None`` where they meet nobody there."""
    place, person = listing.place, listing.person
    if place.in_person:
        return permits(person, rule_for(place.jurisdiction, rules), place_id=place.id, today=today)
    reached = [(Mode.HOME_VISIT, place.jurisdiction)] if place.home_visit_radius_km > 0 else []
    if place.remote_consultation:
        reached += [(Mode.REMOTE, code) for code in sorted(listing.remote_jurisdictions)]
    answers = [permits(person, rule_for(code, rules), place_id=None, mode=mode, today=today) for mode, code in reached]
    return next((answer for answer in answers if answer.allowed), answers[0] if answers else None)
