"""From the database to the index: whole at first, then only what the change history names.

A row is in the index when the rules allow it on some day from today on, and carries the days between which they do, so
that midnight changes an answer without anybody doing anything. Readers swap one reference; nobody waits for a rebuild
of what they already hold, except that a search always sees every change committed before it began.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.credentials import rules
from directory.credentials.rules import Mode, Permit, Person, admits_pregnancy, permits
from directory.credentials.terms import ConditionCode, CredentialKind
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, Regime
from directory.practitioners.models import Language, Payer
from directory.practitioners.terms import Accepting, Technique
from directory.screening.rules import Weeks
from directory.search import index, listings, ranking
from directory.search.index import ALWAYS, NEVER, Row, Table, Term, Vocabulary

log = structlog.get_logger("stillpoint.search")

ADULT = 18


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


class IndexHolder:
    """The process's index. Safe to share between threads; empty until first used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def current(self, session: Session, *, now: datetime) -> Snapshot:
        """The index with every change that is committed now; one statement when there is none."""
        position = changes.position(session)
        snapshot = self._snapshot
        if snapshot is not None and _is_current(snapshot, position, now):
            return snapshot
        with self._lock:
            if self._snapshot is None or not _is_current(self._snapshot, position, now):
                self._snapshot = self._next(session, position, now)
            return self._snapshot

    def forget(self) -> None:
        """Drop the index; the next search builds it again."""
        with self._lock:
            self._snapshot = None

    def _next(self, session: Session, position: changes.Position, now: datetime) -> Snapshot:
        held = self._snapshot
        if held is None or held.token != position.token or not position.pruned_to <= held.seq <= position.newest:
            return load(session, position, now=now)
        stale = set(changes.since(session, held.seq)) | _due_for_recheck(held, now)
        rows = list(_rows(listings.read(session, practitioner_ids=stale), held.rules, now.date())) if stale else []
        table = index.with_changes(held.table, stale, rows, held.vocabulary)
        if not table.sound():
            log.error("index_damaged", action="rebuild")
            return load(session, position, now=now)
        return Snapshot(table, held.vocabulary, held.rules, held.labels, position.token, position.newest)


def load(session: Session, position: changes.Position, *, now: datetime) -> Snapshot:
    """Read everything. The position was taken before, so that a change in between is read again and never lost."""
    vocabulary = Vocabulary.empty()
    rows_of = jurisdictions.all_rules(session)
    table = index.build(list(_rows(listings.read(session), rows_of, now.date())), vocabulary)
    labels = {("languages", code): name for code, name in session.execute(select(Language.code, Language.name))}
    labels |= {("payers", code): name for code, name in session.execute(select(Payer.code, Payer.name))}
    log.info("index_loaded", rows=len(table))
    return Snapshot(table, vocabulary, rows_of, labels, position.token, position.newest)


def _is_current(snapshot: Snapshot, position: changes.Position, now: datetime) -> bool:
    same = snapshot.token == position.token and snapshot.seq == position.newest
    return same and not _due_for_recheck(snapshot, now)


def _due_for_recheck(snapshot: Snapshot, now: datetime) -> set[int]:
    table = snapshot.table
    due = (table.recheck_day != NEVER) & (table.recheck_day <= _first_local_day(now.date()).toordinal())
    return {int(each) for each in table.practitioner[due]}


def _first_local_day(day: date) -> date:
    """The earliest local date anywhere while it is this day in UTC."""
    return day - timedelta(days=1)


class Span(NamedTuple):
    """The first stretch of days on which something holds; ``recheck`` is when it may hold again after ``last``."""

    first: int
    last: int
    recheck: int


def span(holds: Callable[[date], bool], turning: Iterable[date], *, start: date) -> Span | None:
    """The first stretch from ``start`` on during which ``holds``, which changes on turning days only."""
    days = [start, *(day for day in turning if day > start)]
    first: date | None = None
    for at, day in enumerate(days):
        if first is None and holds(day):
            first = day
        elif first is not None and not holds(day):
            again = next((later for later in days[at + 1 :] if holds(later)), None)
            last = (day - timedelta(days=1)).toordinal()
            return Span(first.toordinal(), last, again.toordinal() if again else NEVER)
    return None if first is None else Span(first.toordinal(), ALWAYS, NEVER)


def _rows(found: Iterable[listings.Listing], rules_of: Mapping[str, Jurisdiction], today: date) -> Iterator[Row]:
    start = _first_local_day(today)
    for listing in found:
        yield from _rows_of(listing, rules_of, start)


def _rows_of(listing: listings.Listing, rules_of: Mapping[str, Jurisdiction], start: date) -> Iterator[Row]:
    place = listing.place
    if place.in_person:
        yield from _row(listing, rules_of.get(place.jurisdiction), Mode.IN_PERSON, start)
    if place.home_visit_radius_km > 0:
        for code in _jurisdictions_of(listing.person, rules_of):
            yield from _row(listing, rules_of[code], Mode.HOME_VISIT, start)
    if place.remote_consultation:
        for code in sorted(listing.remote_jurisdictions & rules_of.keys()):
            yield from _row(listing, rules_of[code], Mode.REMOTE, start)


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
    if rule is None or _only_forbidden_techniques(listing):
        return
    person, place, practitioner = listing.person, listing.place, listing.practitioner
    turning = rules.turning_days(person, late_days=rule.late_days)
    place_id = place.id if mode is Mode.IN_PERSON else None

    def permit(day: date) -> Permit:
        return permits(person, rule, place_id=place_id, mode=mode, today=day)

    days = span(lambda day: permit(day).allowed, turning, start=start)
    if days is None:
        return
    pregnancy = _pregnancy_span(person, rule, turning, start)
    standing = _standing(listing)
    price = listings.price_for_filter(place)
    declared = listing.declaration
    codes = {code for paper in person.papers for code in paper.codes}
    yield Row(
        practitioner=practitioner.id,
        place=place.id,
        mode=mode,
        latitude=place.latitude,
        longitude=place.longitude,
        timezone=place.timezone,
        jurisdiction=rule.code,
        first_day=days.first,
        last_day=days.last,
        recheck_day=max(days.recheck, pregnancy.recheck)
        if days.recheck and pregnancy.recheck
        else days.recheck or pregnancy.recheck,
        reach_km=place.home_visit_radius_km if mode is Mode.HOME_VISIT else 0.0,
        min_age=max(practitioner.min_patient_age, ADULT if ConditionCode.EXCLUDES_MINORS in codes else 0),
        price=math.nan if price is None else float(price),
        currency=place.price_currency or "",
        accepting_day=place.accepting_confirmed_on.toordinal()
        if place.accepting is Accepting.YES and place.accepting_confirmed_on
        else NEVER,
        pregnancy_first_day=pregnancy.first,
        pregnancy_last_day=pregnancy.last,
        min_week=declared.min_week or 0 if declared else 0,
        max_week=declared.max_week or 0 if declared else 0,
        rls_own=standing.own,
        rls_own_training=standing.own_training,
        rls_checked=standing.checked,
        rls_checked_training=standing.checked_training,
        training_day=standing.training_day,
        attested_day=standing.attested_day,
        pregnancy=_pregnancy_value(listing),
        certified_until=_certified_until(person, turning, start),
        penalty=ranking.trust_penalty(permit(date.fromordinal(days.first)).basis),
        terms=frozenset(_terms(listing)),
    )


def _pregnancy_span(person: Person, rule: Jurisdiction, turning: list[date], start: date) -> Span:
    """When the pregnancy gate is open for the weeks declared; a span that never holds where it is not."""
    declared = person.declaration
    closed = Span(ALWAYS, NEVER, NEVER)
    if declared is None or declared.min_week is None or declared.max_week is None or declared.signed_on is None:
        return closed
    weeks = Weeks(declared.min_week, declared.max_week)
    ends = rules.declaration_ends(declared.signed_on) + timedelta(days=1)
    days = sorted({*turning, declared.signed_on, ends})
    return span(lambda day: not admits_pregnancy(person, rule, weeks=weeks, today=day), days, start=start) or closed


def _certified_until(person: Person, turning: list[date], start: date) -> int:
    days = span(lambda day: rules.nationally_certified(person, today=day), turning, start=start)
    return days.last if days is not None and days.first <= start.toordinal() + 1 else NEVER


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


def _only_forbidden_techniques(listing: listings.Listing) -> bool:
    """Whether all that somebody offers is what a condition on their paper rules out."""
    no_electro = any(ConditionCode.NO_ELECTRO in paper.codes for paper in listing.person.papers)
    return no_electro and listing.techniques == {Technique.ELECTRO}


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
