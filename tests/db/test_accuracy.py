"""Measuring the directory, and the calls: twice is once, and only those count whom patients can find."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accuracy import queries, service
from directory.accuracy.models import ContactTest
from directory.accuracy.terms import Reached
from directory.errors import Conflict, NotFound
from directory.practitioners.publication import service as publication
from tests import factories

NOW = factories.NOW


@pytest.fixture
def listed(session: Session) -> list[factories.Listed]:
    factories.reference(session)
    return [factories.listed(session, factories.Changes(place={"telephone": "503 555 0142"})) for _ in range(3)]


def test_who_is_hidden_is_not_measured(session: Session, listed: list[factories.Listed]) -> None:
    assert service.measure(session, now=NOW) == 2
    publication.hold(session, listed[0].id, now=NOW)
    assert service.measure(session, now=NOW) == 2
    report = queries.newest(session)
    assert report is not None
    assert report.day == NOW.date()
    assert [(each.jurisdiction, each.listed) for each in report.jurisdictions] == [("US-OR", 2)]
    assert report.everywhere.listed == 2


def test_nobody_is_measured_when_nobody_has_confirmed_for_long(
    session: Session, listed: list[factories.Listed]
) -> None:
    service.measure(session, now=NOW + timedelta(days=200))
    report = queries.newest(session)
    assert report is not None
    assert (report.everywhere.listed, report.jurisdictions) == (0, ())


def test_a_month_is_drawn_once(session: Session, listed: list[factories.Listed]) -> None:
    drawn = service.draw(session, now=NOW)
    assert drawn == len(queries.to_call(session)) == 3
    assert service.draw(session, now=NOW) == 0
    assert service.draw(session, now=NOW + timedelta(days=31)) == 3


def test_a_call_counts_for_a_year(session: Session, listed: list[factories.Listed]) -> None:
    service.draw(session, now=NOW)
    first, second, third = (each.id for each in queries.to_call(session))
    service.record(session, first, Reached.PRACTICE, by=5, today=NOW.date())
    service.record(session, first, Reached.PRACTICE, by=6, today=NOW.date())
    service.record(session, second, Reached.WRONG_NUMBER, by=6, today=NOW.date())
    with pytest.raises(Conflict):
        service.record(session, first, Reached.NO_ANSWER, by=6, today=NOW.date())
    with pytest.raises(NotFound):
        service.record(session, third + 1000, Reached.NO_ANSWER, by=6, today=NOW.date())
    assert session.scalars(select(ContactTest.done_by).order_by(ContactTest.id)).all() == [5, 6, None]
    service.measure(session, now=NOW)
    report = queries.newest(session)
    assert report is not None
    assert (report.everywhere.called, report.everywhere.reached) == (2, 1)
    assert not queries.calls_that_count(session, now=NOW + timedelta(days=400))
