"""From a listing to rows of the index: each way to meet somebody, on each stretch of days the rules allow it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import structlog

from directory.credentials import rules
from directory.credentials.rules import Person, admits_pregnancy, permits
from directory.credentials.terms import CredentialKind, Mode
from directory.geo.timezones import is_zone
from directory.jurisdictions.rules import Jurisdiction, Regime, rule_for
from directory.practitioners.terms import Accepting, Technique
from directory.screening.rules import Weeks
from directory.search import listings, ranking
from directory.search.building import Row
from directory.search.index import NEVER, Term
from directory.search.listings import least_age

log = structlog.get_logger("stillpoint.search")


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


def rows(found: Iterable[listings.Listing], rules_of: Mapping[str, Jurisdiction], start: date) -> Iterator[Row]:
    """Every row that these listings have from ``start`` on. Places of one person that follow each other share work."""
    judged: _Judged = {}
    whose = None
    for listing in found:
        if listing.practitioner.id != whose:
            whose, judged = listing.practitioner.id, {}
        yield from _rows_of(listing, rules_of, start, judged)


_Judged: TypeAlias = dict[tuple[str, date | None, Mode | None, int | None], list[Stretch]]
"""The stretches of one person, by rule, by the day on which the place was last said to be true, and by way and place
where the rule looks at those."""


def _rows_of(
    listing: listings.Listing, rules_of: Mapping[str, Jurisdiction], start: date, judged: _Judged
) -> Iterator[Row]:
    place = listing.place
    if not is_zone(place.timezone):
        # Without a zone nobody knows what day it is there; one such row must not stop every search.
        log.error("time_zone_unknown", place_id=place.id)
        return
    facts: dict[str, Any] | None = None
    for rule, mode in _ways(listing, rules_of):
        place_id = place.id if mode is Mode.IN_PERSON else None
        said = listing.person.attested_on
        key = (rule.code, said, mode, place_id) if rules.asks_for_local_papers(rule) else (rule.code, said, None, None)
        days = judged.get(key)
        if days is None:
            days = judged[key] = list(stretches(listing.person, rule, place_id=place_id, mode=mode, start=start))
        for stretch in days:
            facts = facts or _facts(listing)
            yield Row(
                **facts,
                mode=mode,
                jurisdiction=rule.code,
                reach_km=place.home_visit_radius_km if mode is Mode.HOME_VISIT else 0.0,
                min_age=least_age(listing, rule),
                first_day=stretch.first,
                last_day=stretch.last,
                pregnancy_last_day=stretch.pregnancy_last,
                certified_until=stretch.certified_last,
                penalty=stretch.penalty,
            )


def _ways(listing: listings.Listing, rules_of: Mapping[str, Jurisdiction]) -> Iterator[tuple[Jurisdiction, Mode]]:
    """Under which rules this place offers which way of meeting."""
    place = listing.place
    here = rule_for(place.jurisdiction, rules_of)
    if place.in_person and here is not None:
        yield here, Mode.IN_PERSON
    if not (place.home_visit_radius_km > 0 or place.remote_consultation):
        return
    for code in _jurisdictions_of(listing.person, rules_of):
        if place.home_visit_radius_km > 0:
            yield rules_of[code], Mode.HOME_VISIT
        if place.remote_consultation and code in listing.remote_jurisdictions:
            yield rules_of[code], Mode.REMOTE


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


def _facts(listing: listings.Listing) -> dict[str, Any]:
    """What all rows of this place have in common."""
    place, declared = listing.place, listing.declaration
    standing = _standing(listing)
    price = listings.price_for_filter(place)
    confirmed = place.accepting_confirmed_on if place.accepting is Accepting.YES else None
    away = listings.absence(place)
    return {
        "practitioner": listing.practitioner.id,
        "place": place.id,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "timezone": place.timezone,
        "price": math.nan if price is None else float(price),
        "currency": place.price_currency or "",
        "accepting_day": confirmed.toordinal() if confirmed else NEVER,
        "away_first": away.first.toordinal() if away else NEVER,
        "away_last": away.last.toordinal() if away else NEVER,
        "min_week": declared.min_week or 0 if declared else 0,
        "max_week": declared.max_week or 0 if declared else 0,
        "rls_own": standing.own,
        "rls_own_training": standing.own_training,
        "rls_checked": standing.checked,
        "rls_checked_training": standing.checked_training,
        "training_day": standing.training_day,
        "attested_day": standing.attested_day,
        "pregnancy": _pregnancy_value(listing),
        "terms": frozenset(_terms(listing)),
    }


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
