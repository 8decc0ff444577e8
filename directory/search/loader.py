"""From the database to the index: whole at first, then only what the change history names.

A row is in the index when the rules allow it on some day from today on, and carries the days between which they do, so
that midnight changes an answer without anybody doing anything. Readers swap one reference; nobody waits for a rebuild
of what they already hold, except that a search always sees every change committed before it began.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, deadline
from directory.credentials import rules
from directory.credentials.rules import Person, admits_pregnancy, permits
from directory.credentials.terms import CredentialKind, Mode
from directory.db import unhurried
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, Regime
from directory.practitioners.models import Language, Payer
from directory.practitioners.terms import Accepting, Technique
from directory.screening.rules import Weeks
from directory.search import index, listings, ranking
from directory.search.index import NEVER, Row, Table, Term, Vocabulary
from directory.search.listings import least_age, nothing_left_to_offer

log = structlog.get_logger("stillpoint.search")

LOAD_SECONDS = 120.0
"""The longest the database may take for the whole index."""

REREAD_AT_MOST = 2_000
"""Changed practitioners that are read one by one; beyond that, reading all costs no more and no statement overflows."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one search works with, from beginning to end."""

    table: Table
    vocabulary: Vocabulary
    rules: Mapping[str, Jurisdiction]
    labels: Mapping[Term, str]
    """Names of languages and payers for people."""
    token: str
    seq: int
    start: date
    """The first local day the rows speak of."""


class IndexHolder:
    """The process's index. Safe to share between threads; empty until first used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def current(self, session: Session, *, now: datetime) -> Snapshot:
        """The index with every change that is committed now; one statement when there is none."""
        snapshot = self._snapshot
        seen = None if snapshot is None else snapshot.seq
        position = changes.position(session, after=seen)
        if snapshot is not None and _is_current(snapshot, position, now):
            return snapshot
        with self._lock:
            if self._snapshot is None or not _is_current(self._snapshot, position, now):
                self._snapshot = self._next(session, position, now, seen=seen)
            return self._snapshot

    def forget(self) -> None:
        """Drop the index; the next search builds it again."""
        with self._lock:
            self._snapshot = None

    def _next(self, session: Session, position: changes.Position, now: datetime, *, seen: int | None) -> Snapshot:
        held, stale = self._snapshot, position.changed
        if (
            held is None
            or seen is None
            or held.token != position.token
            or not max(position.pruned_to, seen) <= held.seq
            or held.start > _first_local_day(now.date())
            or len(stale) > REREAD_AT_MOST
        ):
            return load(session, position, now=now)
        rows = _rows(listings.read(session, practitioner_ids=stale), held.rules, held.start)
        table = index.with_changes(held.table, stale, list(rows), held.vocabulary)
        if not table.sound():
            log.error("index_damaged", action="rebuild")
            return load(session, position, now=now)
        return replace(held, table=table, seq=position.newest)


def load(session: Session, position: changes.Position, *, now: datetime) -> Snapshot:
    """Read everything. The position was taken before, so that a change in between is read again and never lost."""
    vocabulary = Vocabulary.empty()
    start = _first_local_day(now.date())
    # A large directory takes longer to read than a page may wait; were it cut off, no later search would get further.
    with deadline.within(LOAD_SECONDS), unhurried(session.connection()):
        rows_of = jurisdictions.all_rules(session)
        table = index.build(list(_rows(listings.read(session), rows_of, start)), vocabulary)
    labels = {("languages", code): name for code, name in session.execute(select(Language.code, Language.name))}
    labels |= {("payers", code): name for code, name in session.execute(select(Payer.code, Payer.name))}
    log.info("index_loaded", rows=len(table))
    return Snapshot(table, vocabulary, rows_of, labels, position.token, position.newest, start)


def _is_current(snapshot: Snapshot, position: changes.Position, now: datetime) -> bool:
    """Whether this index knows all that the position knows; one that knows more, from a later look, will do."""
    same = snapshot.token == position.token and snapshot.seq >= position.newest
    return same and snapshot.start <= _first_local_day(now.date())


def _first_local_day(day: date) -> date:
    """The earliest local date anywhere while it is this day in UTC."""
    return day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days, as ordinals, on which somebody may be listed and whose other facts end on a day known beforehand."""

    first: int
    last: int
    pregnancy_last: int
    """The last day, from the first on, on which the pregnancy gate is open for the weeks declared."""
    certified_last: int
    penalty: float


def stretches(
    person: Person, rule: Jurisdiction, *, place_id: int | None, mode: Mode, start: date
) -> Iterator[Stretch]:
    """Every stretch of days from ``start`` on during which this person may be listed.

    What midnight brings back (a licence that begins, a cover after a gap) opens a stretch of its own, so that the index
    knows all of the future that is written down, and only a change needs reading again.
    """
    end = rules.last_possible_day(person)
    if end is None or end < start:
        return
    turning = [day for day in rules.turning_days(person, late_days=rule.late_days) if start < day <= end]
    weeks = _declared_weeks(person)
    held: Stretch | None = None
    for first, following in zip([start, *turning], [*turning, None], strict=True):
        permit = permits(person, rule, place_id=place_id, mode=mode, today=first)
        last = end.toordinal() if following is None else following.toordinal() - 1
        if permit.allowed:
            admitted = weeks is not None and not admits_pregnancy(person, rule, weeks=weeks, today=first)
            certified = rules.nationally_certified(person, today=first)
            found = Stretch(
                first=first.toordinal(),
                last=last,
                pregnancy_last=last if admitted else NEVER,
                certified_last=last if certified else NEVER,
                penalty=ranking.trust_penalty(permit.basis),
            )
            joined = _joined(held, found)
            if held is not None and joined is None:
                yield held
            held = joined or found
        elif held is not None:
            yield held
            held = None
    if held is not None:
        yield held


def _joined(held: Stretch | None, found: Stretch) -> Stretch | None:
    """Both as one, where what they say besides the listing only ends between them and never begins."""
    if held is None or held.penalty != found.penalty:
        return None
    pregnancy, certified = held.pregnancy_last, held.certified_last
    if found.pregnancy_last != NEVER:
        if pregnancy != held.last:
            return None
        pregnancy = found.pregnancy_last
    if found.certified_last != NEVER:
        if certified != held.last:
            return None
        certified = found.certified_last
    return Stretch(held.first, found.last, pregnancy, certified, held.penalty)


def _declared_weeks(person: Person) -> Weeks | None:
    declared = person.declaration
    if declared is None or declared.min_week is None or declared.max_week is None:
        return None
    return Weeks(declared.min_week, declared.max_week)


def _rows(found: Iterable[listings.Listing], rules_of: Mapping[str, Jurisdiction], start: date) -> Iterator[Row]:
    for listing in found:
        yield from _rows_of(listing, rules_of, start)


def _rows_of(listing: listings.Listing, rules_of: Mapping[str, Jurisdiction], start: date) -> Iterator[Row]:
    place = listing.place
    if not _is_a_zone(place.timezone):
        # Without a zone nobody knows what day it is there; one such row must not stop every search.
        log.error("time_zone_unknown", place_id=place.id)
        return
    if place.in_person:
        yield from _row(listing, rules_of.get(place.jurisdiction), Mode.IN_PERSON, start)
    if place.home_visit_radius_km > 0:
        for code in _jurisdictions_of(listing.person, rules_of):
            yield from _row(listing, rules_of[code], Mode.HOME_VISIT, start)
    if place.remote_consultation:
        for code in _jurisdictions_of(listing.person, rules_of):
            if code not in listing.remote_jurisdictions:
                continue
            yield from _row(listing, rules_of[code], Mode.REMOTE, start)


@cache
def _is_a_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _jurisdictions_of(person: Person, rules_of: Mapping[str, Jurisdiction]) -> list[str]:
    """Where this person might be allowed to work: wherever a paper of theirs speaks, or no licence exists."""
    named = {paper.jurisdiction for paper in person.papers}
    countries = {code.partition("-")[0] for code in named if code}
    certified = any(paper.kind is CredentialKind.NATIONAL_CERTIFICATION for paper in person.papers)
    return [
        code
        for code, rule in sorted(rules_of.items())
        if code in named
        or (rule.regime is Regime.VOLUNTARY and rule.country in countries)
        or (rule.regime is Regime.NONE and certified)
    ]


def _row(listing: listings.Listing, rule: Jurisdiction | None, mode: Mode, start: date) -> Iterator[Row]:
    if rule is None or nothing_left_to_offer(listing, rule):
        return
    place, practitioner = listing.place, listing.practitioner
    place_id = place.id if mode is Mode.IN_PERSON else None
    days = list(stretches(listing.person, rule, place_id=place_id, mode=mode, start=start))
    if not days:
        return
    standing = _standing(listing)
    price = listings.price_for_filter(place)
    declared = listing.declaration
    row = Row(
        practitioner=practitioner.id,
        place=place.id,
        mode=mode,
        latitude=place.latitude,
        longitude=place.longitude,
        timezone=place.timezone,
        jurisdiction=rule.code,
        first_day=NEVER,
        last_day=NEVER,
        reach_km=place.home_visit_radius_km if mode is Mode.HOME_VISIT else 0.0,
        min_age=least_age(listing, rule),
        price=math.nan if price is None else float(price),
        currency=place.price_currency or "",
        accepting_day=place.accepting_confirmed_on.toordinal()
        if place.accepting is Accepting.YES and place.accepting_confirmed_on
        else NEVER,
        pregnancy_last_day=NEVER,
        min_week=declared.min_week or 0 if declared else 0,
        max_week=declared.max_week or 0 if declared else 0,
        rls_own=standing.own,
        rls_own_training=standing.own_training,
        rls_checked=standing.checked,
        rls_checked_training=standing.checked_training,
        training_day=standing.training_day,
        attested_day=standing.attested_day,
        pregnancy=_pregnancy_value(listing),
        certified_until=NEVER,
        penalty=0.0,
        terms=frozenset(_terms(listing)),
    )
    for stretch in days:
        yield replace(
            row,
            first_day=stretch.first,
            last_day=stretch.last,
            pregnancy_last_day=stretch.pregnancy_last,
            certified_until=stretch.certified_last,
            penalty=stretch.penalty,
        )


def _standing(listing: listings.Listing) -> ranking.RlsStanding:
    declared = listing.experience
    if declared is None:
        return ranking.RlsStanding()
    return ranking.rls_standing(
        patients=declared.patients_24m,
        patients_verification=declared.patients_verification,
        years=declared.years,
        years_verification=declared.years_verification,
        training_hours=declared.training_hours,
        training_on=declared.training_on,
        training_verification=declared.training_verification,
        outcomes=declared.outcomes,
        outcomes_verification=declared.outcomes_verification,
        liaison=declared.liaison,
        liaison_verification=declared.liaison_verification,
        publications=declared.publications,
        publications_verification=declared.publications_verification,
        attested_on=declared.attested_on,
    )


def _pregnancy_value(listing: listings.Listing) -> float:
    declared = listing.declaration
    if declared is None:
        return 0.0
    return ranking.pregnancy_value(
        hours=declared.training_hours,
        verification=declared.training_verification,
        patients=declared.patients_24m,
        liaison=declared.liaison,
    )


def _terms(listing: listings.Listing) -> Iterator[Term]:
    """The plain facts of a listing, as filters and gates ask for them."""
    place, declared = listing.place, listing.person.declaration
    facts = {
        "step_free": place.step_free is True,
        "closed": place.accepting is Accepting.CLOSED,
        "non_insertive": any(not each.inserts_needles for each in listing.techniques),
        "electro_only": listing.techniques == {Technique.ELECTRO},
        "perinatal": declared is not None and declared.treats and rules.training_checked(declared),
    }
    yield from (("fact", name) for name, holds in facts.items() if holds)
    yield ("gender", listing.practitioner.gender.value)
    yield from (("languages", code) for code in listing.spoken)
    yield from (("techniques", each.value) for each in listing.techniques)
    yield from (("availability", each.value) for each in listing.availability)
    yield from (("payers", code) for code, _ in listing.payers)
    yield from (("declines", each.value) for each in listing.declines)
    yield from (("protocols", each.value) for each in listing.protocols)
