"""Papers that are due come back to the desk, once each and in batches, and the forecast counts the same papers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, Risk
from directory.credentials import service as credentials
from directory.credentials.keeping import looking_again
from directory.credentials.service import Check
from directory.desk.forecast import queries as forecasts
from directory.practitioners.publication import service as publication
from tests.factories import NOW, TODAY, Changes, listed, reference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_what_ends_soon_comes_first_and_nothing_is_asked_twice(session: Session) -> None:
    reference(session)
    checked = Check(verified_on=TODAY - timedelta(days=5))
    soon = listed(session, Changes(licence={"expires": TODAY + timedelta(days=7), "check": checked}))
    swept = listed(session)
    fresh = listed(session, Changes(licence={"check": checked}))
    paused = listed(session)
    publication.pause(session, paused.id, now=NOW)
    assert looking_again.open_cases(session, now=NOW) == 2
    assert looking_again.open_cases(session, now=NOW) == 0
    found = {each.about: each for each in session.scalars(select(Case).where(Case.kind == Kind.LICENCE))}
    assert {key: each.risk for key, each in found.items()} == {soon.id: Risk.HIGH, swept.id: Risk.LOW}
    assert found[soon.id].due < found[swept.id].due
    assert found[soon.id].jurisdiction == "US-OR"
    credentials.record_check(session, soon.licence_id, Check(verified_on=TODAY), now=NOW)
    cases.close(session, found[soon.id].id, now=NOW)
    assert looking_again.open_cases(session, now=NOW) == 0
    assert looking_again.open_cases(session, now=NOW + timedelta(days=7)) == 1
    assert looking_again.open_cases(session, now=NOW + timedelta(days=26)) == 1
    newest = session.scalars(select(Case).order_by(Case.id.desc())).first()
    assert newest is not None
    assert newest.about == fresh.id


def test_the_forecast_counts_people_and_what_renews_together(session: Session) -> None:
    reference(session)
    on = TODAY + timedelta(days=10)
    for _ in range(3):
        listed(session, Changes(licence={"expires": on}))
    australia = {"jurisdiction": "AU", "expires": None}
    listed(session, Changes(licence=australia))
    listed(session, Changes(licence=australia | {"no_expiry": True}))
    found = forecasts.forecast(session, TODAY)
    told = {(each.on, each.jurisdiction): each.people for each in found.loads}
    assert told == {(on, "US-OR"): 3, (TODAY.replace(month=11, day=30), "AU"): 1}
