"""The one way to search. Pages, map, API and ``stillpoint judge`` all call ``find``."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from sqlalchemy.orm import Session

from directory.credentials.rules import admits_pregnancy, permits
from directory.credentials.terms import Mode
from directory.screening.rules import matching_stops
from directory.search import listings, ranking
from directory.search.cards import card
from directory.search.criteria import Criteria, Page, PageKey
from directory.search.index import FAMILIES
from directory.search.listings import Listing
from directory.search.loader import IndexHolder, Snapshot
from directory.search.matching import Hits, local_day, protocols_for, still_suits
from directory.search.results import Match, Relaxation, Results, Score, ScorePart, Step, Stop
from directory.search.selection import NEAREST_OFFERED, Ranked, Selection
from directory.search.stands import Stand, absence

log = structlog.get_logger("stillpoint.search")

NEIGHBOURS = 5
"""Of how many just above somebody an average is told, at most."""

FEWEST_NEIGHBOURS = 3
"""With fewer than these an average would be the values of somebody who can be named."""

SPARE = 5
"""Rows fetched beyond a page, in case one no longer passes the gates."""

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


def stands(
    session: Session,
    practitioner_id: int,
    questions: Callable[[Sequence[Listing]], Sequence[Criteria]],
    *,
    now: datetime,
    holder: IndexHolder,
) -> tuple[tuple[Listing, ...], tuple[Stand, ...]]:
    """Where one practitioner stands in the list of each question, and their places by which it was judged; two
    statements. What is asked may hang on those places, such as on the weeks of pregnancy they take on.

    Nothing is weighed anew: rows, order, gates and sums are those that ``find`` shows to a patient.
    """
    snapshot = holder.current(session, now=now)
    own = tuple(listings.read(session, practitioner_ids=[practitioner_id]))
    searches = [_Search(session, snapshot, criteria, Page(), now) for criteria in questions(own)]
    return own, tuple(search.stand(practitioner_id, own) for search in searches)


@dataclass(frozen=True, slots=True)
class Fitting:
    """Everybody who fits a search, and the first of those who were not known before."""

    everybody: frozenset[int]
    new: tuple[Match, ...]


def fitting(
    session: Session, criteria: Criteria, *, known: Collection[int], most: int, now: datetime, holder: IndexHolder
) -> Fitting:
    """Who fits a search, all pages of it, and up to ``most`` of those who are not ``known``; at most two statements.

    Gates, order and cards are those that ``find`` shows.
    """
    return _Search(session, holder.current(session, now=now), criteria, Page(), now).fitting(known, most)


class _Search:
    """One search under way: what the index says, and the rows that are read again before anybody is shown."""

    def __init__(self, session: Session, snapshot: Snapshot, criteria: Criteria, page: Page, now: datetime) -> None:
        self.session = session
        self.snapshot = snapshot
        self.criteria = criteria
        self.page = page
        self.now = now
        self.selection = Selection(snapshot, criteria, now=now, day=page.day)
        self.matching = self.selection.matching
        self.table = snapshot.table

    # --- the whole -------------------------------------------------------------------------------------------------

    def results(self) -> Results:
        if matching_stops(self.criteria.patient.red_flags):
            return self._nothing(Stop.RED_FLAG)
        ranked = self.selection.ranked
        total = len(ranked)
        without = self.selection.without_pregnancy()
        if total == 0:
            return replace(self._empty(), without_pregnancy=without)
        shown, left = ranked.first(self.page.size + SPARE, after=self.page.after)
        newcomers = ranked.newcomers(shown[: self.page.size]) if self.page.after is None else []
        found = self._cards(ranked, [*shown, *newcomers])
        passed = [position for position in shown if position in found]
        dropped = len(shown) - len(passed)
        if dropped == total:
            return replace(self._empty(), without_pregnancy=without)
        listed = passed[: self.page.size]
        more = len(passed) > self.page.size or left > len(shown)
        # A page from which the gates took more than the spare rows still leads on to those behind it.
        last = listed[-1] if len(listed) == self.page.size else shown[-1] if shown else None
        return Results(
            day=self.selection.day,
            total=total - dropped,
            matches=tuple(found[position] for position in listed),
            next_key=ranked.keys([last])[0] if more and last is not None else None,
            weights=self.selection.weights,
            facets=self.selection.facets(),
            before=total - left,
            newcomers=tuple(found[each] for each in newcomers if each in found and each not in listed),
            without_pregnancy=without,
        )

    def stand(self, practitioner_id: int, own: Sequence[Listing]) -> Stand:
        """Where this person stands in the list of this search."""
        ranked = self.selection.ranked
        order, total = ranked.first(len(ranked))
        people = self.table.practitioner[ranked.hits.rows[order]]
        at = np.flatnonzero(people == practitioner_id)
        found: Match | None = None
        if len(at):
            position = order[int(at[0])]
            places = {each.place.id: each for each in own}
            found = self._of_one(ranked, [position], places).get(position)
        if found is None:
            lacking = absence(own, self.criteria, self.snapshot.rules, now=self.now)
            return Stand(total=total - len(at), weights=self.selection.weights, absence=lacking)
        above = order[max(0, int(at[0]) - NEIGHBOURS) : int(at[0])]
        return Stand(
            total=total,
            weights=self.selection.weights,
            position=int(at[0]) + 1,
            match=found,
            above=len(above),
            means=self._means(ranked, above) if len(above) >= FEWEST_NEIGHBOURS else (),
        )

    def fitting(self, known: Collection[int], most: int) -> Fitting:
        """Everybody of this list, and the first who are not known."""
        if matching_stops(self.criteria.patient.red_flags):
            return Fitting(frozenset(), ())
        ranked = self.selection.ranked
        order, _ = ranked.first(len(ranked))
        people = self.table.practitioner[ranked.hits.rows[np.array(order, dtype=np.int64)]].tolist()
        unknown = [position for position, person in zip(order, people, strict=True) if person not in known]
        cards = self._cards(ranked, unknown[: most + SPARE])
        return Fitting(frozenset(people), tuple(cards[each] for each in unknown if each in cards)[:most])

    def _means(self, ranked: Ranked, positions: Sequence[int]) -> tuple[ScorePart, ...]:
        return tuple(
            ScorePart(part, weight, float(np.mean(values[positions])) / ranking.MILLION)
            for (part, weight), values in zip(self.selection.weights, ranked.ranking.values, strict=True)
        )

    def _nothing(self, stop: Stop | None, relaxations: Iterable[Relaxation] = ()) -> Results:
        return Results(
            day=self.selection.day,
            total=0,
            matches=(),
            next_key=None,
            weights=self.selection.weights,
            facets={},
            relaxations=tuple(relaxations),
            stop=stop,
        )

    def _empty(self) -> Results:
        """No dead end: what a wider circle, or one must less, would give. The gates stay as they are."""
        rule = self.snapshot.rules.get(self.criteria.point.jurisdiction or "")
        stop = None
        if rule is None:
            stop = Stop.JURISDICTION_UNKNOWN
        elif not rule.open:
            stop = Stop.JURISDICTION_HIDDEN if rule.hidden else Stop.JURISDICTION_CLOSED
        best = [(step, ranked, ranked.first(NEAREST_OFFERED)[0]) for step, ranked in self._planned()]
        offers = []
        cards = self._cards_of([(ranked, positions) for _, ranked, positions in best])
        for (step, ranked, positions), found in zip(best, cards, strict=True):
            matches = tuple(found[position] for position in positions if position in found)
            if matches:
                dropped = len(positions) - len(matches)
                offers.append(replace(step, total=len(ranked) - dropped, matches=matches))
        return replace(self._nothing(stop), relaxations=tuple(offers), facets=self.selection.facets())

    def _planned(self) -> list[tuple[Relaxation, Ranked]]:
        selection, radius = self.selection, self.criteria.radius_km
        plans: list[tuple[Relaxation, Ranked]] = []
        remote = self.criteria.mode is Mode.REMOTE
        if not remote:
            plans += self._nearest(wish=None)
        for name in selection.masks:
            ranked = selection.rank(selection.but_for(name), radius)
            if len(ranked):
                plans.append((Relaxation(Step.MUST, name, radius, 0, ()), ranked))
        if not plans and selection.masks:
            ranked = selection.rank(selection.gated, radius)
            if len(ranked):
                plans.append((Relaxation(Step.MUST, "all", radius, 0, ()), ranked))
            elif not remote:
                plans += self._nearest(wish="all")
        return plans

    def _nearest(self, *, wish: str | None) -> list[tuple[Relaxation, Ranked]]:
        ranked = self.selection.nearest(musts=wish is None)
        return [] if ranked is None else [(Relaxation(Step.RADIUS, wish, ranked.radius_km, 0, ()), ranked)]

    # --- rows to cards ---------------------------------------------------------------------------------------------

    def _cards(self, ranked: Ranked, positions: Sequence[int]) -> dict[int, Match]:
        return self._cards_of([(ranked, positions)])[0]

    def _cards_of(self, asked: Sequence[tuple[Ranked, Sequence[int]]]) -> list[dict[int, Match]]:
        """The cards of these positions, from one statement; whoever no longer passes the gates is missing."""
        places = {int(self.table.place[ranked.hits.rows[p]]) for ranked, positions in asked for p in positions}
        if not places:
            return [{} for _ in asked]
        found = {listing.place.id: listing for listing in listings.read(self.session, place_ids=places)}
        return [self._of_one(ranked, positions, found) for ranked, positions in asked]

    def _of_one(self, ranked: Ranked, positions: Sequence[int], found: Mapping[int, Listing]) -> dict[int, Match]:
        cards: dict[int, Match] = {}
        if not positions:
            return cards
        at = np.array(positions, dtype=np.int64)
        hits = Hits(ranked.hits.rows[at], ranked.hits.squared[at])
        wishes = {name: self.matching.mask(hits, self.criteria.wishes, name) for name in self.criteria.wishes.asked()}
        keys = ranked.keys(positions)
        for number, position in enumerate(positions):
            row = int(ranked.hits.rows[position])
            listing = found.get(int(self.table.place[row]))
            mode = _MODES[int(self.table.mode[row])]
            met = {name: bool(mask[number]) for name, mask in wishes.items()}
            made = self._card(ranked, position, keys[number], listing, mode, met) if listing is not None else None
            if made is None:
                log.error("listing_dropped", practitioner_id=int(self.table.practitioner[row]))
            else:
                cards[position] = made
        return cards

    def _card(
        self, ranked: Ranked, position: int, key: PageKey, listing: Listing, mode: Mode, met: Mapping[str, bool]
    ) -> Match | None:
        """The card of a row, or nothing when the facts just read do not allow it any more."""
        place = listing.place
        in_person = mode is Mode.IN_PERSON
        code = place.jurisdiction if in_person else self.criteria.point.jurisdiction
        zone = place.timezone if in_person else self.criteria.point.timezone
        today = self.now.astimezone(ZoneInfo(zone)).date()
        rule = self.snapshot.rules.get(code or "")
        permit = permits(listing.person, rule, place_id=place.id if in_person else None, mode=mode, today=today)
        if rule is None or not permit.allowed or not still_suits(listing, self.criteria, rule, mode=mode, now=self.now):
            return None
        gestation = self.criteria.patient.gestation
        if gestation is not None and admits_pregnancy(listing.person, rule, weeks=gestation, today=today):
            return None
        parts = tuple(
            ScorePart(part, weight, int(values[position]) / ranking.MILLION)
            for (part, weight), values in zip(self.selection.weights, ranked.ranking.values, strict=True)
        )
        return card(
            listing,
            permit=permit,
            rule=rule,
            mode=mode,
            today=today,
            there=self.now.astimezone(ZoneInfo(place.timezone)).date(),
            km=float(ranked.hits.km[position]),
            wishes_met=tuple(name for name, holds in met.items() if holds),
            wishes_unmet=tuple(name for name, holds in met.items() if not holds),
            protocols_met=tuple(p for p in protocols_for(self.criteria.patient) if p in listing.protocols),
            score=Score(parts, math.fsum(part.points for part in parts)),
            key=key,
        )


def rotation_days(criteria: Criteria, *, now: datetime) -> tuple[date, date]:
    """The first and last day that a page link may carry: about a week back to a day ahead, for a clock that differs."""
    today = local_day(criteria, now=now)
    return today - timedelta(days=_ROTATION_DAYS), today + timedelta(days=1)


_MODES: Mapping[int, Mode] = {number: mode for mode, number in FAMILIES.items()}
