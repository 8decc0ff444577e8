"""People whom a patient has picked, side by side: where each would meet them, and what stands in the way if anything.

Nothing is ranked here. The gates are those of the search and of the profile page, judged when they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from directory.credentials.rules import Permit, admits_pregnancy, permits
from directory.credentials.terms import Mode
from directory.geo.distance import distance_km
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.models import Practitioner
from directory.practitioners.rules import takes_nobody
from directory.practitioners.terms import Protocol
from directory.screening.rules import Patient
from directory.screening.terms import Condition
from directory.search import listings
from directory.search.cards import card
from directory.search.criteria import Criteria, PageKey, Point
from directory.search.listings import Listing, absence, least_age
from directory.search.matching import protocols_for, still_suits
from directory.search.results import Match, Score
from directory.search.visible import Open, open_places

MOST: Final = 4
"""How many people stand side by side, at most."""


class Bar(StrEnum):
    """Why somebody who may be shown would not be in this patient's list, the first that applies in this order."""

    TOO_FAR = "too_far"
    NOT_THERE = "not_there"
    """They meet nobody in the way that was asked for."""
    PREGNANCY = "pregnancy"
    AGE = "age"
    LIST_CLOSED = "list_closed"
    NOT_FOR_YOU = "not_for_you"
    """Something the patient told us is among what they do not take on."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the people who were picked. ``match`` is ``None`` for whoever may not be shown today, or never existed."""

    slug: str
    match: Match | None = None
    placed: bool = False
    """Whether ``match.distance_km`` says something: the patient has said where they are."""
    bars: tuple[Bar, ...] = ()
    """What stands in the way of a meeting; empty for whoever fits."""
    timezone: str = ""
    """By whose clock the practice works."""
    protocols: frozenset[Protocol] = frozenset()
    """The written protocols they say they follow."""

    @property
    def fits(self) -> bool:
        """Whether they would be in the patient's list."""
        return self.match is not None and not self.bars


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to meet somebody at one place."""

    listing: Listing
    mode: Mode
    permit: Permit
    rule: Jurisdiction
    today: date
    km: float
    bars: tuple[Bar, ...]


def chosen(
    session: Session,
    slugs: Sequence[str],
    patient: Patient,
    criteria: Criteria | None,
    rules: Mapping[str, Jurisdiction],
    *,
    now: datetime,
) -> tuple[Chosen, ...]:
    """These people in this order, each at the place that suits best; two statements. ``criteria`` is ``None`` while the
    patient has not said where they are."""
    if not slugs:
        return ()
    session.flush()
    ids = dict(session.connection().execute(_IDS, {"slugs": list(slugs)}).all())
    of_person: dict[int, list[Listing]] = {}
    for listing in listings.read(session, practitioner_ids=list(ids.values())):
        of_person.setdefault(listing.practitioner.id, []).append(listing)
    return tuple(_one(slug, of_person.get(ids.get(slug, 0), []), patient, criteria, rules, now) for slug in slugs)


_IDS = select(Practitioner.slug, Practitioner.id).where(Practitioner.slug.in_(bindparam("slugs", expanding=True)))


def _one(
    slug: str,
    own: Sequence[Listing],
    patient: Patient,
    criteria: Criteria | None,
    rules: Mapping[str, Jurisdiction],
    now: datetime,
) -> Chosen:
    ways = [
        way
        for shown in open_places(own, rules, now=now)
        for way in _ways(shown, criteria or _beside(shown.listing, patient), rules, now)
    ]
    if not ways:
        return Chosen(slug)
    best = min(ways, key=lambda way: (len(way.bars), way.km, way.listing.place.id))
    place = best.listing.place
    match = card(
        best.listing,
        permit=best.permit,
        rule=best.rule,
        mode=best.mode,
        today=best.today,
        there=now.astimezone(ZoneInfo(place.timezone)).date(),
        km=best.km,
        wishes_met=(),
        wishes_unmet=(),
        protocols_met=tuple(each for each in protocols_for(patient) if each in best.listing.protocols),
        score=Score((), 0.0),
        key=PageKey(0, 0, 0, best.listing.practitioner.id),
    )
    return Chosen(slug, match, criteria is not None, best.bars, place.timezone, best.listing.protocols)


def _beside(listing: Listing, patient: Patient) -> Criteria:
    """The question of somebody who has not said where they are, as if they stood at the practice."""
    place = listing.place
    point = Point(place.latitude, place.longitude, place.country, place.jurisdiction, place.timezone)
    return Criteria(point=point, patient=patient)


def _ways(shown: Open, criteria: Criteria, rules: Mapping[str, Jurisdiction], now: datetime) -> Iterator[_Way]:
    """The ways to meet somebody at this place; one of them at least, because the place may be shown."""
    listing, place, point = shown.listing, shown.listing.place, criteria.point
    km = distance_km(point.latitude, point.longitude, place.latitude, place.longitude)
    there, here = rule_for(place.jurisdiction, rules), rule_for(point.jurisdiction, rules)
    remote = criteria.mode is Mode.REMOTE
    found = False
    if place.in_person and there is not None and not remote:
        found = True
        far = (Bar.TOO_FAR,) if km > criteria.radius_km else ()
        bars = _bars(listing, criteria, there, Mode.IN_PERSON, shown.today, now)
        yield _Way(listing, Mode.IN_PERSON, shown.permit, there, shown.today, km, (*far, *bars))
    mode = Mode.REMOTE if remote else Mode.HOME_VISIT
    reached = here is not None and (
        place.remote_consultation and here.code in listing.remote_jurisdictions
        if remote
        else place.home_visit_radius_km > 0 and km <= place.home_visit_radius_km
    )
    if reached and here is not None:
        today = now.astimezone(ZoneInfo(point.timezone)).date()
        permit = permits(listing.person, here, place_id=None, mode=mode, today=today)
        if permit.allowed:
            found = True
            yield _Way(listing, mode, permit, here, today, km, _bars(listing, criteria, here, mode, today, now))
    any_rule = there or here
    if not found and any_rule is not None:
        ours = Mode.IN_PERSON if place.in_person else mode
        yield _Way(listing, ours, shown.permit, any_rule, shown.today, km, (Bar.NOT_THERE,))


def _bars(
    listing: Listing, criteria: Criteria, rule: Jurisdiction, mode: Mode, today: date, now: datetime
) -> tuple[Bar, ...]:
    """What stands in the way of this patient's meeting somebody here in this way."""
    found: list[Bar] = []
    patient, place = criteria.patient, listing.place
    there = now.astimezone(ZoneInfo(place.timezone)).date()
    weeks = patient.gestation
    if weeks is not None and (
        Condition.PREGNANCY in listing.declines or admits_pregnancy(listing.person, rule, weeks=weeks, today=today)
    ):
        found.append(Bar.PREGNANCY)
    if patient.age is not None and patient.age < least_age(listing, rule):
        found.append(Bar.AGE)
    if not criteria.waitlist_ok and takes_nobody(place.accepting, absence(place), today=there):
        found.append(Bar.LIST_CLOSED)
    if not found and not still_suits(listing, criteria, rule, mode=mode, now=now):
        found.append(Bar.NOT_FOR_YOU)
    return tuple(found)
