"""Measuring, once a day, and drawing whom to call, once a month. Doing either twice is doing it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from directory.accuracy import queries, rules
from directory.accuracy.models import AccuracyDay, ContactTest
from directory.accuracy.rules import Seen
from directory.accuracy.terms import Reached
from directory.credentials.rules import permits, training_checked
from directory.credentials.terms import Verification
from directory.errors import Conflict
from directory.geo.timezones import is_zone
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.search import listings
from directory.search.listings import Listing

_CHECKED = (Verification.DOCUMENT_CHECKED, Verification.INDEPENDENTLY_CONFIRMED)


def measure(session: Session, *, now: datetime) -> int:
    """Count everybody who is listed at this moment, and keep it as today's figures; how many jurisdictions."""
    today = now.date()
    seen = {(listing.practitioner.id, each.jurisdiction): each for listing, each in _listed(session, now)}
    rows = rules.measured(seen.values(), queries.calls_that_count(session, now=now), today=today)
    session.execute(delete(AccuracyDay).where(AccuracyDay.day == today))
    session.execute(insert(AccuracyDay), [{"day": today, **asdict(row)} for row in rows])
    session.flush()
    return len(rows)


def draw(session: Session, *, now: datetime) -> int:
    """Draw whose number is called this month, unless that was done; how many."""
    month = now.date().replace(day=1)
    if session.scalar(select(ContactTest.id).where(ContactTest.month == month).limit(1)) is not None:
        return 0
    places: dict[str, list[int]] = {}
    for listing, seen in _listed(session, now):
        if listing.place.telephone:
            places.setdefault(seen.jurisdiction, []).append(listing.place.id)
    where = {place: code for code, some in places.items() for place in some}
    drawn = rules.sample(places, month=month)
    if drawn:
        session.execute(
            insert(ContactTest),
            [
                {"month": month, "place_id": place, "jurisdiction": where[place], "drawn_at": now}
                for place in sorted(drawn)
            ],
        )
    session.flush()
    return len(drawn)


def record(session: Session, test_id: int, outcome: Reached, *, by: int, today: date) -> ContactTest:
    """Note what became of a call. ``Conflict`` where somebody else has noted something different."""
    row = queries.test(session, test_id)
    if row.outcome is not None:
        if row.outcome is outcome:
            return row
        raise Conflict("Somebody else has called this number already.", code="already_decided")
    row.outcome, row.done_on, row.done_by = outcome, today, by
    session.flush()
    return row


def _listed(session: Session, now: datetime) -> Iterator[tuple[Listing, Seen]]:
    """Every place at which somebody is listed today in person, by the same rule that lets patients see them."""
    all_rules = jurisdictions.all_rules(session)
    for listing in listings.read(session):
        seen = _seen(listing, all_rules, now)
        if seen is not None:
            yield listing, seen


def _seen(listing: Listing, all_rules: Mapping[str, Jurisdiction], now: datetime) -> Seen | None:
    place, person = listing.place, listing.person
    if place.jurisdiction is None or not is_zone(place.timezone):
        return None
    today = now.astimezone(ZoneInfo(place.timezone)).date()
    permit = permits(person, rule_for(place.jurisdiction, all_rules), place_id=place.id, today=today)
    if not permit.allowed:
        return None
    checked = [paper.verified_on for paper in permit.basis if paper.verified_on is not None]
    rls, declared = listing.experience, person.declaration
    treats = declared is not None and declared.treats
    return Seen(
        jurisdiction=place.jurisdiction,
        licence_checked_on=max(checked, default=None),
        attested_on=person.attested_on,
        names_rls=rls is not None and rls.patients_24m > 0,
        rls_checked=rls is not None and rls.patients_verification in _CHECKED,
        treats_pregnancy=treats,
        pregnancy_checked=declared is not None and treats and training_checked(declared),
    )
