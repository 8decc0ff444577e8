"""Where somebody stands in the list of one question; and where they do not, the one reason that has to go first.

Pure. The gates are those of the search, and their reasons those of the table of listings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from directory.credentials.rules import admits_pregnancy
from directory.geo.distance import distance_km
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.search import standing
from directory.search.criteria import Criteria, Weights
from directory.search.listings import Listing
from directory.search.results import Match, ScorePart
from directory.search.standing import Line, Service, Why


class Lacking(StrEnum):
    """Why somebody is not in a list, the first that applies in this order."""

    NO_PLACE = "no_place"
    NOT_LISTED = "not_listed"
    TOO_FAR = "too_far"
    LIST_CLOSED = "list_closed"
    PREGNANCY = "pregnancy"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """The one reason, with what belongs to it."""

    lacking: Lacking
    line: Line | None = None
    """The line of the table of listings that says why, where the licence gate or that of pregnancy does."""
    km: float | None = None
    """How far the nearest place of theirs is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where one practitioner stands in the list of one question, as they may see it of themselves."""

    total: int
    """How many people are in that list."""
    weights: Weights
    position: int | None = None
    """1 is the first; ``None`` when they are not in it, and then ``absence`` says why."""
    match: Match | None = None
    """Their own result, exactly as the patient's list shows it."""
    above: int = 0
    """How many of those just above ``means`` speaks of."""
    means: tuple[ScorePart, ...] = ()
    """The average value of each part among them; empty where they are so few that it would be somebody's own."""
    absence: Absence | None = None


def absence(own: Sequence[Listing], criteria: Criteria, rules: Mapping[str, Jurisdiction], *, now: datetime) -> Absence:
    """The first of the reasons that hold at every practice of this person, in the order of ``Lacking``."""
    lines = standing.lines(own, rules, now=now)
    places = {each.place.id: each for each in own}
    practices = [line for line in lines if line.service is Service.IN_PERSON]
    if not practices:
        return Absence(Lacking.NO_PLACE)
    listed = [line for line in practices if line.listed]
    if not listed:
        return Absence(Lacking.NOT_LISTED, practices[0])
    far = {line.place_id: _km(places[line.place_id], criteria) for line in listed}
    near = [line for line in listed if far[line.place_id] <= criteria.radius_km]
    if not near:
        return Absence(Lacking.TOO_FAR, km=min(far.values()))
    taking = [line.place_id for line in near if criteria.waitlist_ok or not line.waiting_list_only]
    if not taking:
        return Absence(Lacking.LIST_CLOSED)
    for line in lines:
        if line.service is Service.PREGNANCY and line.place_id in taking:
            refused = _in_pregnancy(line, places[line.place_id], criteria, rules, now)
            if refused is not None:
                return Absence(Lacking.PREGNANCY, refused)
    return Absence(Lacking.OTHER)


def _in_pregnancy(
    line: Line, listing: Listing, criteria: Criteria, rules: Mapping[str, Jurisdiction], now: datetime
) -> Line | None:
    """The line that says why, for the weeks of this patient; ``None`` where pregnancy is not what is in the way."""
    weeks, rule = criteria.patient.gestation, rule_for(listing.place.jurisdiction, rules)
    if weeks is None or rule is None:
        return None
    if not line.listed:
        return line
    today = now.astimezone(ZoneInfo(listing.place.timezone)).date()
    refused = admits_pregnancy(listing.person, rule, weeks=weeks, today=today)
    return replace(line, refusal=refused[0], why=Why.LACKING) if refused else None


def _km(listing: Listing, criteria: Criteria) -> float:
    place, point = listing.place, criteria.point
    return float(distance_km(place.latitude, place.longitude, point.latitude, point.longitude))
