"""Whom a search finds, in what order, and how many each further wish would leave. Arrays in, positions out; nothing
here asks the database, and nobody is shown before ``service`` has read their row again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np

from directory.credentials.terms import Mode
from directory.search import ranking
from directory.search.criteria import Criteria, PageKey, Part, Weights, Wishes
from directory.search.index import FAMILIES, Bools, Floats, Ints, Table
from directory.search.loader import Snapshot
from directory.search.matching import Hits, Matching
from directory.search.results import FacetCount
from directory.search.tallies import one_each

NEAREST_OFFERED = 10
"""How many people a widened radius should reach, if there are so many."""

NEWCOMERS_SHOWN = 2
NEWCOMERS_DRAWN_FROM = 6
EARTH_KM = 20_040.0
_WIDER = 4.0

_ROUND_RADII_KM = (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 650, 800, 1000, 1500)
_TURNS = 1 << 40
"""More than any turn: a turn is a sum of five values of at most a million, each times at most 1500."""
_GROUPS = ("languages", "techniques", "availability", "payers", "gender")
_FLAGS = ("step_free", "home_visit", "remote_first_talk", "accepting_confirmed")


@dataclass(frozen=True)
class Ranked:
    """Hits with their ranking, and the best one of each practitioner."""

    table: Table
    hits: Hits
    ranking: ranking.Ranking
    seed: bytes
    radius_km: float

    def __len__(self) -> int:
        return len(self.people)

    @cached_property
    def height(self) -> Ints:
        """Band and turn of each hit in one number: the higher, the better."""
        return self.ranking.band * _TURNS + self.ranking.turn

    @cached_property
    def people(self) -> Ints:
        """Positions within ``hits``: the best of each practitioner, in no order."""
        return _best_each(self.table, self.hits, self.height)

    def keys(self, positions: Sequence[int]) -> list[PageKey]:
        """Where in the order these hits stand."""
        at = np.array(positions, dtype=np.int64)
        people = self.table.practitioner[self.hits.rows[at]]
        columns = (self.ranking.band[at], self.ranking.turn[at], self._lots(at), people)
        return [PageKey(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]

    def first(self, count: int, *, after: PageKey | None = None) -> tuple[list[int], int]:
        """The first positions of the order from the row after a key on, and how many there are in all.

        Keys come from a row's own facts, so that nobody else's edit makes a page repeat or skip somebody. Only as many
        are sorted as are asked for.
        """
        rest = self.people if after is None else self.people[self._later(after)]
        return [int(each) for each in self._sorted(_highest(rest, self.height[rest], count))[:count]], len(rest)

    def newcomers(self, shown: Iterable[int]) -> list[int]:
        """Up to two of the nearest people without RLS evidence yet, taking turns by day, not already on the page."""
        parts = [part for part, _ in self.ranking.weights]
        if Part.RLS not in parts:
            return []
        evidence = self.ranking.values[parts.index(Part.RLS)]
        without = self.people[evidence[self.people] == 0]
        without = without[~np.isin(without, np.fromiter(shown, dtype=np.int64))]
        near = self._sorted(_highest(without, -self.hits.km[without], NEWCOMERS_DRAWN_FROM))
        nearest = near[np.argsort(self.hits.km[near], kind="stable")][:NEWCOMERS_DRAWN_FROM]
        return [int(each) for each in nearest[np.argsort(self._lots(nearest))][:NEWCOMERS_SHOWN]]

    def _sorted(self, positions: Ints) -> Ints:
        people = self.table.practitioner[self.hits.rows[positions]]
        return positions[np.lexsort((people, self._lots(positions), -self.height[positions]))]

    def _lots(self, positions: Ints) -> Ints:
        return ranking.lots(self.table.practitioner[self.hits.rows[positions]], self.seed)

    def _later(self, after: PageKey) -> Bools:
        columns = (
            (-self.ranking.band[self.people], -after.band),
            (-self.ranking.turn[self.people], -after.turn),
            (self._lots(self.people), after.lot),
            (self.table.practitioner[self.hits.rows[self.people]], after.practitioner_id),
        )
        later = np.zeros(len(self.people), dtype=np.bool_)
        equal = np.ones(len(self.people), dtype=np.bool_)
        for column, key in columns:
            later |= equal & (column > key)
            equal &= column == key
        return later


class Selection:
    """One patient's search over one snapshot of the index."""

    def __init__(self, snapshot: Snapshot, criteria: Criteria, *, now: datetime, day: date | None = None) -> None:
        self.snapshot = snapshot
        self.table: Table = snapshot.table
        self.criteria = criteria
        self.matching = Matching(snapshot, criteria, now=now)
        self.day = day or self.matching.today
        self.weights: Weights = ranking.weights_for(criteria)
        self.seed = ranking.seed_for(self.day, _as_asked(criteria))

    # --- who --------------------------------------------------------------------------------------------------------

    @cached_property
    def candidates(self) -> Hits:
        """Every row within what was asked that passes the gates besides that of pregnancy."""
        return self.matching.candidates(self.criteria.radius_km)

    @cached_property
    def gated(self) -> Hits:
        """Every row this patient may be shown at all within what they asked."""
        return self.matching.past_pregnancy(self.candidates)

    @cached_property
    def masks(self) -> dict[str, Bools]:
        """For each must, which of the gated rows meet it."""
        return {name: self.matching.mask(self.gated, self.criteria.musts, name) for name in self.criteria.musts.asked()}

    @cached_property
    def missed(self) -> Ints:
        """For each gated row, how many musts it does not meet."""
        missed = np.zeros(len(self.gated.rows), dtype=np.int64)
        for met in self.masks.values():
            missed += ~met
        return missed

    @cached_property
    def fitting(self) -> Hits:
        """The rows that meet every must."""
        return self.gated.where(self.missed == 0) if self.masks else self.gated

    def but_for(self, name: str) -> Hits:
        """The rows that meet every must besides this one."""
        return self.gated.where(self.missed - ~self.masks[name] == 0)

    @cached_property
    def ranked(self) -> Ranked:
        """The list asked for."""
        return self.rank(self.fitting, self.criteria.radius_km)

    def rank(self, hits: Hits, radius_km: float) -> Ranked:
        """These hits in the order of the ranking, each practitioner at their best place."""
        table, rows = self.table, hits.rows
        asks_home = self.criteria.musts.home_visit or self.criteria.musts.step_free_or_home_visit
        worth = table.settled(self.day.toordinal())
        columns = ranking.Columns(
            rls=worth[Part.RLS][rows],
            pregnancy=worth[Part.PREGNANCY][rows],
            trust=worth[Part.TRUST][rows],
            km=hits.km,
            visits_home=(table.mode[rows] == FAMILIES[Mode.HOME_VISIT]) & asks_home,
            fit=self.matching.fit(hits, on=self.day),
        )
        ranks = ranking.rank(columns, self.weights, radius_km=radius_km, seed=self.seed)
        return Ranked(table, hits, ranks, self.seed, radius_km)

    def without_pregnancy(self) -> int | None:
        """How many people the pregnancy gate alone keeps from this list; ``None`` where it does not apply."""
        if self.criteria.patient.gestation is None:
            return None
        everybody = self.candidates
        for name in self.masks:
            everybody = everybody.where(self.matching.mask(everybody, self.criteria.musts, name))
        return self.table.head_count(everybody.rows) - len(self.ranked)

    def nearest(self, *, musts: bool) -> Ranked | None:
        """The nearest few beyond the radius, with or without the musts, ranked within the round radius that reaches
        them; ``None`` where there is nobody on earth."""
        hits = self._reaching(musts=musts)
        if len(hits.rows) == 0:
            return None
        order = np.argsort(hits.km, kind="stable")
        _, first = np.unique(self.table.person[hits.rows[order]], return_index=True)
        reach = np.sort(hits.km[order][first])[:NEAREST_OFFERED][-1]
        radius = _round_radius(float(reach))
        hits = self._within(radius, musts=musts)
        return self.rank(hits.where(hits.km <= radius), radius)

    def _reaching(self, *, musts: bool) -> Hits:
        """All within the first of ever wider circles that holds enough people; the last one is the earth."""
        radius = self.criteria.radius_km
        while True:
            radius = min(radius * _WIDER, EARTH_KM)
            hits = self._within(radius, musts=musts)
            # A home visit reaches in from beyond the circle, and somebody nearer might still be missing.
            if radius == EARTH_KM or self.table.head_count(hits.rows[hits.km <= radius]) >= NEAREST_OFFERED:
                return hits

    def _within(self, radius_km: float, *, musts: bool) -> Hits:
        hits = self.matching.gated(radius_km)
        for name in self.masks if musts else ():
            hits = hits.where(self.matching.mask(hits, self.criteria.musts, name))
        return hits

    # --- how many ---------------------------------------------------------------------------------------------------

    def facets(self) -> dict[str, tuple[FacetCount, ...]]:
        """For each value, how many people the list would keep if it were asked for as well (in a group already asked
        for: instead or besides)."""
        musts, base = self.criteria.musts, self.fitting
        plain = self.table.term_counts(base.rows)
        facets: dict[str, tuple[FacetCount, ...]] = {}
        for group in _GROUPS:
            asked = getattr(musts, group) or ()
            chosen = {str(asked)} if isinstance(asked, str) else {str(each) for each in asked}
            counts = self.table.term_counts(self.but_for(group).rows) if group in self.masks else plain
            facets[group] = self._counted(group, counts, chosen)
        for name in _FLAGS:
            kept = base.where(self.matching.mask(base, Wishes(), name))
            count = self.table.head_count(kept.rows)
            facets[name] = (FacetCount("yes", name, count, bool(getattr(musts, name))),)
        return facets

    def _counted(self, group: str, counts: Ints, chosen: set[str]) -> tuple[FacetCount, ...]:
        found = []
        for number, value in self._terms.get(group, ()):
            # Another thread may have met new terms since this table was made; here nobody holds them.
            count = int(counts[number]) if number < len(counts) else 0
            if count or value in chosen:
                found.append(FacetCount(value, self.snapshot.labels.get((group, value), value), count, value in chosen))
        return tuple(sorted(found, key=lambda each: (-each.count, each.label)))

    @cached_property
    def _terms(self) -> Mapping[str, list[tuple[int, str]]]:
        by_group: dict[str, list[tuple[int, str]]] = {}
        for number, term in enumerate(self.snapshot.vocabulary.terms.names()):
            if isinstance(term, tuple):
                by_group.setdefault(term[0], []).append((number, term[1]))
        return by_group


def _best_each(table: Table, hits: Hits, height: Ints) -> Ints:
    """Positions of each person's best row: by band, turn, then nearness; most people have one row only."""
    stands, sitting = one_each(table.person[hits.rows], table.people)
    others = np.flatnonzero(~stands)
    if len(others) == 0:
        return np.arange(len(stands))
    highest = height.copy()
    np.maximum.at(highest, sitting[others], height[others])
    best = np.flatnonzero(height == highest[sitting])
    if len(best) == len(stands) - len(others):
        return best
    person, rows = sitting[best], hits.rows[best]
    best = best[np.lexsort((table.place[rows], table.mode[rows], hits.km[best], person))]
    nearest: Ints = best[np.diff(sitting[best], prepend=-1) != 0]
    return nearest


def _highest(positions: Ints, height: Ints | Floats, count: int) -> Ints:
    """The positions of the highest ``count``, and of all that are as high as the last of them."""
    if len(positions) <= count:
        return positions
    least = np.partition(height, len(height) - count)[len(height) - count]
    kept: Ints = positions[height >= least]
    return kept


def _round_radius(km: float) -> float:
    return next((float(each) for each in _ROUND_RADII_KM if km <= each), math.ceil(km / 1000) * 1000.0)


def _as_asked(criteria: Criteria) -> str:
    """What rotation is drawn for: the place to about a kilometre, the radius and the way of meeting. No health fact."""
    point = criteria.point
    return f"{point.latitude:.2f}|{point.longitude:.2f}|{criteria.radius_km:.1f}|{criteria.mode}"
