"""Which rows of the index suit a patient: the gates of a match, the musts, and how far soft wishes are met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from directory.credentials.terms import Mode
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.rules import ACCEPTING_DAYS, takes_nobody
from directory.practitioners.terms import PROTOCOL_FOR, Technique
from directory.screening.rules import Patient
from directory.screening.terms import Condition, PregnancyStatus
from directory.search import ranking
from directory.search.criteria import Criteria, Wishes
from directory.search.index import FAMILIES, Bools, Floats, Ints, Term, km
from directory.search.listings import Listing, absence, least_age
from directory.search.loader import Snapshot


@dataclass(frozen=True)
class Hits:
    """Rows of the table that passed the gates, with the square of their straight line through the earth, in km²."""

    rows: Ints
    squared: Floats

    @cached_property
    def km(self) -> Floats:
        """How far over the ground: worked out only for those who are ranked."""
        return km(self.squared)

    def where(self, mask: Bools) -> Hits:
        """The hits for which the mask says yes."""
        return Hits(self.rows[mask], self.squared[mask])


class Matching:
    """One patient against one snapshot of the index, at one moment."""

    def __init__(self, snapshot: Snapshot, criteria: Criteria, *, now: datetime) -> None:
        self.table = snapshot.table
        self.vocabulary = snapshot.vocabulary
        self.criteria = criteria
        self.today = local_day(criteria, now=now)
        self.today_by_zone = _days(tuple(snapshot.vocabulary.timezones.names()), now.replace(second=0, microsecond=0))
        self.one_day = bool(np.all(self.today_by_zone == self.today.toordinal()))

    def gated(self, radius_km: float) -> Hits:
        """Every row this patient may be shown at all, within the radius or reached by a home visit."""
        return self.past_pregnancy(self.candidates(radius_km))

    def candidates(self, radius_km: float) -> Hits:
        """The same before the pregnancy gate; to be counted, never to be shown where that gate applies."""
        point, table = self.criteria.point, self.table
        here = self.vocabulary.jurisdictions.known(point.jurisdiction)
        if self.criteria.mode is Mode.REMOTE:
            rows = table.remote(here) if here is not None else np.empty(0, dtype=np.int64)
            return self._suited(Hits(rows, np.zeros(len(rows))))
        practices = self._suited(Hits(*table.near(Mode.IN_PERSON, point.latitude, point.longitude, radius_km)))
        if here is None or table.largest_reach_km == 0:
            return practices
        visits = Hits(*table.near(Mode.HOME_VISIT, point.latitude, point.longitude, table.largest_reach_km))
        visits = visits.where(table.jurisdiction[visits.rows] == here)
        visits = self._suited(visits.where(visits.km <= table.reach_km[visits.rows]))
        return Hits(np.concatenate([practices.rows, visits.rows]), np.concatenate([practices.squared, visits.squared]))

    def past_pregnancy(self, hits: Hits) -> Hits:
        """The hits for which the pregnancy gate is open in all the weeks that matter, where it applies at all."""
        table, weeks = self.table, self.criteria.patient.gestation
        if weeks is None:
            return hits
        hits = hits.where(self._today(hits.rows) <= table.pregnancy_last_day[hits.rows])
        hits = hits.where((table.min_week[hits.rows] <= weeks.first) & (weeks.last <= table.max_week[hits.rows]))
        return hits.where(~self.holds(hits.rows, [("declines", Condition.PREGNANCY.value)]))

    def _suited(self, hits: Hits) -> Hits:
        """The hits that pass the gates of everybody: licence days, taking patients, age, and what is declined."""
        table, patient, rows = self.table, self.criteria.patient, hits.rows
        today = self._today(rows)
        passes: Bools = (table.first_day[rows] <= today) & (today <= table.last_day[rows])
        if not self.criteria.waitlist_ok:
            passes &= ~self.holds(rows, [("fact", "closed")])
            passes &= ~self._away(rows)
        if patient.age is not None:
            passes &= table.min_age[rows] <= patient.age
        if patient.conditions:
            passes &= ~self.holds(rows, [("declines", each.value) for each in patient.conditions])
        if Condition.NEEDLE_PHOBIA in patient.conditions:
            passes &= self.holds(rows, [("fact", "non_insertive")])
        if Condition.PACEMAKER in patient.conditions:
            passes &= ~self.holds(rows, [("fact", "electro_only")])
        return hits.where(passes)

    def _today(self, rows: Ints) -> Ints | int:
        """The day at each row's practice, or at the patient's place where that decides."""
        if self.one_day:
            return self.today.toordinal()
        here: Bools = self.table.mode[rows] != FAMILIES[Mode.IN_PERSON]
        return np.where(here, self.today.toordinal(), self.today_by_zone[self.table.timezone[rows]])

    def _away(self, rows: Ints) -> Bools:
        """For each row, whether somebody is away from the practice, by the day there."""
        table = self.table
        if table.last_away < self.today.toordinal() - _DAYS_APART:
            return np.zeros(len(rows), dtype=np.bool_)
        there = self.today_by_zone[table.timezone[rows]]
        away: Bools = (table.away_first[rows] <= there) & (there <= table.away_last[rows])
        return away

    def holds(self, rows: Ints, terms: Iterable[Term]) -> Bools:
        numbers = (self.vocabulary.terms.known(term) for term in terms)
        return self.table.holds(rows, [number for number in numbers if number is not None])

    def mask(self, hits: Hits, wishes: Wishes, name: str, *, on: date | None = None) -> Bools:
        """For each hit, whether this one wish is met there, today or on another day."""
        table, rows = self.table, hits.rows
        today = (on or self.today).toordinal()
        visits: Bools = table.mode[rows] == FAMILIES[Mode.HOME_VISIT]
        match name:
            case "languages" | "techniques" | "availability" | "payers":
                return self.holds(rows, [(name, str(value)) for value in getattr(wishes, name)])
            case "gender":
                return self.holds(rows, [("gender", str(wishes.gender))])
            case "max_price":
                currency = self.vocabulary.currencies.known(wishes.currency or "")
                in_it: Bools = table.currency[rows] == (-1 if currency is None else currency)
                return in_it & (table.price[rows] <= float(wishes.max_price or 0))
            case "step_free":
                return self.holds(rows, [("fact", "step_free")]) & ~visits
            case "step_free_or_home_visit":
                return self.holds(rows, [("fact", "step_free")]) | visits
            case "home_visit":
                return visits
            case "remote_first_talk":
                return table.are_among(rows, self._remote_here(today))
            case "accepting_confirmed":
                said = table.accepting_day[rows]
                return (said <= today + 1) & (today - said <= ACCEPTING_DAYS)
        raise KeyError(name)

    def _remote_here(self, today: int) -> Ints:
        """Rows of those who may be consulted remotely by somebody at the patient's place on this day."""
        here = self.vocabulary.jurisdictions.known(self.criteria.point.jurisdiction)
        if here is None:
            return np.empty(0, dtype=np.int64)
        rows = self.table.remote(here)
        valid = (self.table.first_day[rows] <= today) & (today <= self.table.last_day[rows])
        return rows[valid]

    def fit(self, hits: Hits, *, on: date) -> Floats:
        """Steps of soft wishes (met +1, unmet −1), protocols for this patient's conditions (+1 when declared) and, in
        the weeks after a birth, checked maternity training (+½), divided by how many there were.

        Judged on the list's own day, so that no page of it moves at midnight."""
        wishes, rows = self.criteria.wishes, hits.rows
        steps = [np.where(self.mask(hits, wishes, name, on=on), 1.0, -1.0) for name in wishes.asked()]
        for protocol in protocols_for(self.criteria.patient):
            steps += [np.where(self.holds(rows, [("protocols", protocol)]), 1.0, 0.0)]
        if self.criteria.patient.pregnancy is PregnancyStatus.POSTPARTUM:
            steps += [np.where(self.holds(rows, [("fact", "perinatal")]), ranking.PERINATAL_STEP, 0.0)]
        return np.mean(steps, axis=0) if steps else np.zeros(len(hits.rows))


_DAYS_APART = 1
"""How many days it can be earlier or later elsewhere."""


def protocols_for(patient: Patient) -> tuple[str, ...]:
    """The written protocols that speak to what this patient told us."""
    return tuple(sorted({PROTOCOL_FOR[each].value for each in patient.conditions if each in PROTOCOL_FOR}))


@lru_cache(maxsize=64)
def _days(zones: tuple[object, ...], minute: datetime) -> Ints:
    """Which day it is in each time zone at this minute; no midnight anywhere comes between two minutes."""
    days = [minute.astimezone(ZoneInfo(str(name))).date().toordinal() for name in zones]
    return np.array(days or [0], dtype=np.int64)


def local_day(criteria: Criteria, *, now: datetime) -> date:
    """Today at the patient's place."""
    return now.astimezone(ZoneInfo(criteria.point.timezone)).date()


def still_suits(listing: Listing, criteria: Criteria, rule: Jurisdiction, *, mode: Mode, now: datetime) -> bool:
    """The gates of a match again, on facts just read: offered at all, taking patients, age, declined, needles."""
    patient, place = criteria.patient, listing.place
    there = now.astimezone(ZoneInfo(place.timezone)).date()
    offered = {
        Mode.IN_PERSON: place.in_person,
        Mode.HOME_VISIT: place.home_visit_radius_km > 0,
        Mode.REMOTE: place.remote_consultation and criteria.point.jurisdiction in listing.remote_jurisdictions,
    }
    return (
        offered[mode]
        and (criteria.waitlist_ok or not takes_nobody(place.accepting, absence(place), today=there))
        and (patient.age is None or patient.age >= least_age(listing, rule))
        and not listing.declines & patient.declined_as
        and (
            Condition.NEEDLE_PHOBIA not in patient.conditions
            or any(not each.inserts_needles for each in listing.techniques)
        )
        and (Condition.PACEMAKER not in patient.conditions or listing.techniques != {Technique.ELECTRO})
    )
