"""The one way to search. Pages, map, API and ``stillpoint judge`` all call ``find``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from sqlalchemy.orm import Session

from directory.credentials.rules import admits_pregnancy, permits
from directory.credentials.terms import Mode
from directory.screening.rules import matching_stops
from directory.screening.terms import PregnancyStatus
from directory.search import listings, ranking
from directory.search.cards import card
from directory.search.criteria import WISH_NAMES, Criteria, Page, PageKey, Part, Weights, Wishes
from directory.search.index import FAMILIES, Bools, Floats, Ints, Table
from directory.search.listings import Listing
from directory.search.loader import IndexHolder, Snapshot
from directory.search.matching import Hits, Matching, all_of, local_day, protocols_for, still_suits
from directory.search.results import FacetCount, Match, Relaxation, Results, Score, ScorePart, Step, Stop

log = structlog.get_logger("stillpoint.search")

SPARE = 5
"""Rows fetched beyond a page, in case one no longer passes the gates."""

NEAREST_OFFERED = 10
"""How many people a widened radius should reach, if there are so many."""

NEWCOMERS_SHOWN = 2
NEWCOMERS_DRAWN_FROM = 6
EARTH_KM = 20_040.0

_ROUND_RADII_KM = (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 650, 800, 1000, 1500)
_ROTATION_DAYS = 8


def ready(session: Session, holder: IndexHolder, *, now: datetime) -> None:
    """Load or refresh the index; whatever keeps it from being used is raised."""
    holder.current(session, now=now)


def find(
    session: Session, criteria: Criteria, page: Page | None = None, *, now: datetime, holder: IndexHolder
) -> Results:
    """The ranked answer to one search, with exact counts, in at most three statements.

    ``now`` is aware; every gate is judged on the local day it means at the place that matters. The page's day, when
    given, decides only decay and rotation, so that the pages of one list fit together across midnight.
    """
    page = page or Page()
    snapshot = holder.current(session, now=now)
    try:
        return _Search(session, snapshot, criteria, page, now).results()
    except (IndexError, FloatingPointError):
        log.exception("index_damaged", action="rebuild")
        holder.forget()
        return _Search(session, holder.current(session, now=now), criteria, page, now).results()


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Hits with their ranking, one row a practitioner, in order."""

    hits: Hits
    ranking: ranking.Ranking
    lot: Ints
    order: Ints
    """Positions within ``hits``, best first."""
    radius_km: float

    def key(self, position: int, people: Ints) -> PageKey:
        row = int(self.hits.rows[position])
        return PageKey(
            int(self.ranking.band[position]),
            int(self.ranking.turn[position]),
            int(self.lot[position]),
            int(people[row]),
        )


class _Search:
    """One search under way: its snapshot, its days, and the steps from rows to results."""

    def __init__(self, session: Session, snapshot: Snapshot, criteria: Criteria, page: Page, now: datetime) -> None:
        self.session = session
        self.table: Table = snapshot.table
        self.snapshot = snapshot
        self.criteria = criteria
        self.page = page
        self.now = now
        self.matching = Matching(snapshot, criteria, now=now)
        self.day = page.day or self.matching.today
        self.weights: Weights = ranking.weights_for(criteria)
        self.seed = ranking.seed_for(self.day, _as_asked(criteria))

    # --- the whole -------------------------------------------------------------------------------------------------

    def results(self) -> Results:
        if matching_stops(self.criteria.patient.red_flags):
            return self._nothing(Stop.RED_FLAG)
        gated = self.matching.gated(self.criteria.radius_km)
        masks = {name: self.matching.mask(gated, self.criteria.musts, name) for name in self.criteria.musts.asked()}
        ranked = self._ranked(all_of(gated, masks), self.criteria.radius_km)
        total = len(ranked.order)
        without = self._without_pregnancy(ranked)
        if total == 0:
            return replace(self._empty(gated, masks), without_pregnancy=without)
        rest = self._after_key(ranked)
        shown = [int(each) for each in rest[: self.page.size + SPARE]]
        newcomers = self._newcomers(ranked, rest[: self.page.size]) if self.page.after is None else []
        found = self._cards(ranked, [*shown, *newcomers])
        passed = [position for position in shown if position in found]
        dropped = len(shown) - len(passed)
        if dropped == total:
            return replace(self._empty(gated, masks), without_pregnancy=without)
        listed = passed[: self.page.size]
        more = len(passed) > self.page.size or len(rest) > len(shown)
        # A page from which the gates took more than the spare rows still leads on to those behind it.
        last = listed[-1] if len(listed) == self.page.size else shown[-1] if shown else None
        return Results(
            day=self.day,
            total=total - dropped,
            matches=tuple(found[position] for position in listed),
            next_key=ranked.key(last, self.table.practitioner) if more and last is not None else None,
            weights=self.weights,
            facets=self._facets(gated, masks),
            newcomers=tuple(found[each] for each in newcomers if each in found and each not in listed),
            without_pregnancy=without,
        )

    def _without_pregnancy(self, ranked: _Ranked) -> int | None:
        """How many people the pregnancy gate alone keeps from this list, counted in the index without a statement."""
        criteria = self.criteria
        if criteria.patient.gestation is None:
            return None
        patient = replace(criteria.patient, pregnancy=PregnancyStatus.NO, weeks=None)
        matching = Matching(self.snapshot, replace(criteria, patient=patient), now=self.now)
        gated = matching.gated(criteria.radius_km)
        masks = {name: matching.mask(gated, criteria.musts, name) for name in criteria.musts.asked()}
        fitting = np.unique(self.table.practitioner[all_of(gated, masks).rows])
        return len(fitting) - len(ranked.order)

    def _nothing(self, stop: Stop | None, relaxations: Iterable[Relaxation] = ()) -> Results:
        return Results(
            day=self.day,
            total=0,
            matches=(),
            next_key=None,
            weights=self.weights,
            facets={},
            relaxations=tuple(relaxations),
            stop=stop,
        )

    def _empty(self, gated: Hits, masks: Mapping[str, Bools]) -> Results:
        """No dead end: what a wider circle, or one must less, would give. The gates stay as they are."""
        rule = self.snapshot.rules.get(self.criteria.point.jurisdiction or "")
        stop = None
        if rule is None:
            stop = Stop.JURISDICTION_UNKNOWN
        elif not rule.open:
            stop = Stop.JURISDICTION_CLOSED
        planned = self._planned(gated, masks)
        best = [(step, ranked, [int(each) for each in ranked.order[:NEAREST_OFFERED]]) for step, ranked in planned]
        offers = []
        cards = self._cards_of([(ranked, positions) for _, ranked, positions in best])
        for (step, ranked, positions), found in zip(best, cards, strict=True):
            matches = tuple(found[position] for position in positions if position in found)
            if matches:
                dropped = len(positions) - len(matches)
                offers.append(replace(step, total=len(ranked.order) - dropped, matches=matches))
        return replace(self._nothing(stop), relaxations=tuple(offers), facets=self._facets(gated, masks))

    def _planned(self, gated: Hits, masks: Mapping[str, Bools]) -> list[tuple[Relaxation, _Ranked]]:
        criteria = self.criteria
        plans: list[tuple[Relaxation, _Ranked]] = []
        remote = criteria.mode is Mode.REMOTE
        everywhere = gated if remote else self.matching.gated(EARTH_KM)
        if not remote:
            all_musts = {name: self.matching.mask(everywhere, criteria.musts, name) for name in masks}
            plans += self._nearest(all_of(everywhere, all_musts), wish=None)
        for name in masks:
            others = {other: mask for other, mask in masks.items() if other != name}
            ranked = self._ranked(all_of(gated, others), criteria.radius_km)
            if len(ranked.order):
                plans.append((Relaxation(Step.MUST, name, criteria.radius_km, 0, ()), ranked))
        if not plans and masks:
            ranked = self._ranked(gated, criteria.radius_km)
            if len(ranked.order):
                plans.append((Relaxation(Step.MUST, "all", criteria.radius_km, 0, ()), ranked))
            elif not remote:
                plans += self._nearest(everywhere, wish="all")
        return plans

    def _nearest(self, hits: Hits, *, wish: str | None) -> list[tuple[Relaxation, _Ranked]]:
        """The nearest few beyond the radius, ranked within the round radius that reaches them."""
        people = self.table.practitioner[hits.rows]
        order = np.argsort(hits.km, kind="stable")
        _, first = np.unique(people[order], return_index=True)
        nearest = np.sort(hits.km[order][first])[:NEAREST_OFFERED]
        if len(nearest) == 0:
            return []
        radius = _round_radius(float(nearest[-1]))
        ranked = self._ranked(hits.where(hits.km <= radius), radius)
        return [(Relaxation(Step.RADIUS, wish, radius, 0, ()), ranked)]

    # --- order -----------------------------------------------------------------------------------------------------

    def _ranked(self, hits: Hits, radius_km: float) -> _Ranked:
        table, rows = self.table, hits.rows
        asks_home = self.criteria.musts.home_visit or self.criteria.musts.step_free_or_home_visit
        columns = ranking.Columns(
            km=hits.km,
            visits_home=(table.mode[rows] == FAMILIES[Mode.HOME_VISIT]) & asks_home,
            rls_own=table.rls_own[rows],
            rls_own_training=table.rls_own_training[rows],
            rls_checked=table.rls_checked[rows],
            rls_checked_training=table.rls_checked_training[rows],
            training_day=table.training_day[rows],
            attested_day=table.attested_day[rows],
            pregnancy=table.pregnancy[rows],
            certified_until=table.certified_until[rows],
            penalty=table.penalty[rows],
            fit=self.matching.fit(hits, on=self.day),
        )
        ranks = ranking.rank(columns, self.weights, day=self.day.toordinal(), radius_km=radius_km, seed=self.seed)
        people = table.practitioner[rows]
        lot = ranking.lots(people, self.seed)
        kept = _best_place_each(people, ranks, hits.km)
        order = kept[np.lexsort((people[kept], lot[kept], -ranks.turn[kept], -ranks.band[kept]))]
        return _Ranked(hits, ranks, lot, order, radius_km)

    def _after_key(self, ranked: _Ranked) -> Ints:
        """The order from the row after the page's key on. Keys come from a row's own facts, so that nobody else's
        edit makes a page repeat or skip somebody."""
        after, order = self.page.after, ranked.order
        if after is None:
            return order
        columns = (
            (-ranked.ranking.band[order], -after.band),
            (-ranked.ranking.turn[order], -after.turn),
            (ranked.lot[order], after.lot),
            (self.table.practitioner[ranked.hits.rows[order]], after.practitioner_id),
        )
        later = np.zeros(len(order), dtype=np.bool_)
        equal = np.ones(len(order), dtype=np.bool_)
        for column, key in columns:
            later |= equal & (column > key)
            equal &= column == key
        return order[later]

    def _newcomers(self, ranked: _Ranked, shown: Ints) -> list[int]:
        """Up to two of the nearest people without RLS evidence yet, taking turns by day, not already on the page."""
        parts = [part for part, _ in self.weights]
        if Part.RLS not in parts:
            return []
        evidence = ranked.ranking.values[parts.index(Part.RLS)]
        without = ranked.order[(evidence[ranked.order] == 0) & ~np.isin(ranked.order, shown)]
        nearest = without[np.argsort(ranked.hits.km[without], kind="stable")][:NEWCOMERS_DRAWN_FROM]
        return [int(each) for each in nearest[np.argsort(ranked.lot[nearest])][:NEWCOMERS_SHOWN]]

    # --- counts ----------------------------------------------------------------------------------------------------

    def _facets(self, gated: Hits, masks: Mapping[str, Bools]) -> dict[str, tuple[FacetCount, ...]]:
        """For each value, how many people the list would keep if it were asked for as well (in a group already asked
        for: instead or besides)."""
        facets: dict[str, tuple[FacetCount, ...]] = {}
        terms = self.snapshot.vocabulary.terms.names()
        wanted = {name: getattr(self.criteria.musts, name) for name in WISH_NAMES}
        base = all_of(gated, masks)
        base_counts = self.table.term_counts(base.rows)
        for group in ("languages", "techniques", "availability", "payers", "gender"):
            chosen = wanted[group] or ()
            chosen = {str(chosen)} if isinstance(chosen, str) else {str(each) for each in chosen}
            counts = base_counts
            if group in masks:
                others = {name: mask for name, mask in masks.items() if name != group}
                counts = self.table.term_counts(all_of(gated, others).rows)
            held = []
            for number, term in enumerate(terms):
                # Another thread may have met new terms since this table was made; here nobody holds them.
                count = int(counts[number]) if number < len(counts) else 0
                if isinstance(term, tuple) and term[0] == group and (count or term[1] in chosen):
                    label = self.snapshot.labels.get((group, term[1]), term[1])
                    held.append(FacetCount(term[1], label, count, term[1] in chosen))
            facets[group] = tuple(sorted(held, key=lambda each: (-each.count, each.label)))
        for name in ("step_free", "home_visit", "remote_first_talk", "accepting_confirmed"):
            kept = base.where(self.matching.mask(base, Wishes(), name))
            count = len(np.unique(self.table.practitioner[kept.rows]))
            facets[name] = (FacetCount("yes", name, count, bool(wanted[name])),)
        return facets

    # --- rows to cards ---------------------------------------------------------------------------------------------

    def _cards(self, ranked: _Ranked, positions: Sequence[int]) -> dict[int, Match]:
        return self._cards_of([(ranked, positions)])[0]

    def _cards_of(self, asked: Sequence[tuple[_Ranked, Sequence[int]]]) -> list[dict[int, Match]]:
        """The cards of these positions, from one statement; whoever no longer passes the gates is missing."""
        places = {int(self.table.place[ranked.hits.rows[p]]) for ranked, positions in asked for p in positions}
        if not places:
            return [{} for _ in asked]
        found = {listing.place.id: listing for listing in listings.read(self.session, place_ids=places)}
        return [self._of_one(ranked, positions, found) for ranked, positions in asked]

    def _of_one(self, ranked: _Ranked, positions: Sequence[int], found: Mapping[int, Listing]) -> dict[int, Match]:
        cards: dict[int, Match] = {}
        if not positions:
            return cards
        at = np.array(positions, dtype=np.int64)
        hits = Hits(ranked.hits.rows[at], ranked.hits.km[at])
        wishes = {name: self.matching.mask(hits, self.criteria.wishes, name) for name in self.criteria.wishes.asked()}
        for number, position in enumerate(positions):
            row = int(ranked.hits.rows[position])
            listing = found.get(int(self.table.place[row]))
            mode = _MODES[int(self.table.mode[row])]
            met = {name: bool(mask[number]) for name, mask in wishes.items()}
            made = self._card(ranked, position, listing, mode, met) if listing is not None else None
            if made is None:
                log.error("listing_dropped", practitioner_id=int(self.table.practitioner[row]))
            else:
                cards[position] = made
        return cards

    def _card(
        self, ranked: _Ranked, position: int, listing: Listing, mode: Mode, met: Mapping[str, bool]
    ) -> Match | None:
        """The card of a row, or nothing when the facts just read do not allow it any more."""
        place = listing.place
        in_person = mode is Mode.IN_PERSON
        code = place.jurisdiction if in_person else self.criteria.point.jurisdiction
        zone = place.timezone if in_person else self.criteria.point.timezone
        today = self.now.astimezone(ZoneInfo(zone)).date()
        rule = self.snapshot.rules.get(code or "")
        permit = permits(listing.person, rule, place_id=place.id if in_person else None, mode=mode, today=today)
        if rule is None or not permit.allowed or not still_suits(listing, self.criteria, rule, mode=mode):
            return None
        gestation = self.criteria.patient.gestation
        if gestation is not None and admits_pregnancy(listing.person, rule, weeks=gestation, today=today):
            return None
        parts = tuple(
            ScorePart(part, weight, int(values[position]) / ranking.MILLION)
            for (part, weight), values in zip(self.weights, ranked.ranking.values, strict=True)
        )
        return card(
            listing,
            permit=permit,
            rule=rule,
            mode=mode,
            today=today,
            km=float(ranked.hits.km[position]),
            wishes_met=tuple(name for name, holds in met.items() if holds),
            wishes_unmet=tuple(name for name, holds in met.items() if not holds),
            protocols_met=tuple(p for p in protocols_for(self.criteria.patient) if p in listing.protocols),
            score=Score(parts, math.fsum(part.points for part in parts)),
            key=ranked.key(position, self.table.practitioner),
        )


def rotation_days(criteria: Criteria, *, now: datetime) -> tuple[date, date]:
    """The first and last day that a page link may carry: about a week back to a day ahead, for a clock that differs."""
    today = local_day(criteria, now=now)
    return today - timedelta(days=_ROTATION_DAYS), today + timedelta(days=1)


_MODES: Mapping[int, Mode] = {number: mode for mode, number in FAMILIES.items()}


def _best_place_each(people: Ints, ranks: ranking.Ranking, km: Floats) -> Ints:
    """Positions of each person's best row: by band, turn, then nearness."""
    order = np.lexsort((km, -ranks.turn, -ranks.band, people))
    first = np.flatnonzero(np.diff(people[order], prepend=-1))
    return order[first]


def _round_radius(km: float) -> float:
    return next((float(each) for each in _ROUND_RADII_KM if km <= each), math.ceil(km / 1000) * 1000.0)


def _as_asked(criteria: Criteria) -> str:
    """What rotation is drawn for: the place to about a kilometre, the radius and the way of meeting. No health fact."""
    point = criteria.point
    return f"{point.latitude:.2f}|{point.longitude:.2f}|{criteria.radius_km:.1f}|{criteria.mode}"
