"""Reading what was measured, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accuracy import rules
from directory.accuracy.models import AccuracyDay, ContactTest
from directory.accuracy.rules import Measured
from directory.accuracy.terms import Reached
from directory.errors import NotFound
from directory.practitioners.models import PracticePlace, Practitioner


@dataclass(frozen=True, slots=True)
class Report:
    """The newest measurement: the day, all together, and each jurisdiction by its code."""

    day: date
    everywhere: Measured
    jurisdictions: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class ToCall:
    """One number to call."""

    id: int
    jurisdiction: str
    name: str
    slug: str
    place: str
    telephone: str
    month: date


def newest(session: Session) -> Report | None:
    """What was measured last; ``None`` before the first time."""
    last = select(func.max(AccuracyDay.day)).scalar_subquery()
    rows = session.scalars(select(AccuracyDay).where(AccuracyDay.day == last).order_by(AccuracyDay.jurisdiction)).all()
    if not rows:
        return None
    everywhere, *others = (_measured(row) for row in rows)
    return Report(rows[0].day, everywhere, tuple(others))


def to_call(session: Session, *, limit: int = 50) -> Sequence[ToCall]:
    """Who is still to be called, the oldest draw first."""
    rows = session.execute(
        select(ContactTest, PracticePlace, Practitioner)
        .join(PracticePlace, ContactTest.place_id == PracticePlace.id)
        .join(Practitioner, PracticePlace.practitioner_id == Practitioner.id)
        .where(ContactTest.outcome.is_(None), PracticePlace.telephone.is_not(None))
        .order_by(ContactTest.month, ContactTest.jurisdiction, ContactTest.id)
        .limit(limit)
    )
    return [
        ToCall(
            id=test.id,
            jurisdiction=test.jurisdiction,
            name=person.display_name,
            slug=person.slug,
            place=", ".join(part for part in (place.label, place.locality) if part),
            telephone=place.telephone or "",
            month=test.month,
        )
        for test, place, person in rows
    ]


def test(session: Session, test_id: int) -> ContactTest:
    """The call with this number, held until the end of the transaction."""
    row = session.scalars(select(ContactTest).where(ContactTest.id == test_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no such call.")
    return row


def calls_that_count(session: Session, *, now: datetime) -> dict[str, list[Reached]]:
    """What became of the calls of the last year, by jurisdiction."""
    since = (now - rules.CALLS_COUNT_FOR).date()
    found: dict[str, list[Reached]] = {}
    for code, outcome in session.execute(
        select(ContactTest.jurisdiction, ContactTest.outcome).where(ContactTest.done_on >= since)
    ):
        if outcome is not None:
            found.setdefault(code, []).append(outcome)
    return found


def _measured(row: AccuracyDay) -> Measured:
    return Measured(
        jurisdiction=row.jurisdiction,
        listed=row.listed,
        checked_recently=row.checked_recently,
        median_age=row.median_age,
        attested_recently=row.attested_recently,
        say_rls=row.say_rls,
        rls_checked=row.rls_checked,
        say_pregnancy=row.say_pregnancy,
        pregnancy_checked=row.pregnancy_checked,
        called=row.called,
        reached=row.reached,
    )
