"""Counts are added up in the database, whoever writes them, and go when they are old or their person is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from directory.figures import queries, rules, service
from directory.figures.models import SearchAppearance
from directory.figures.rules import KEEP_DAYS, Count
from directory.practitioners.models import Practitioner
from tests.db.search import people
from tests.db.search.people import TODAY


def somebody(session: Session) -> int:
    return people.add(session, licence=None)


def test_what_is_written_twice_is_added(session: Session) -> None:
    people.reference(session)
    ada, bea = somebody(session), somebody(session)
    service.write(session, {(ada, TODAY): Count(3, 9, 0, 1), (bea, TODAY): Count(0, 0, 5, 0)})
    service.write(session, {(ada, TODAY): Count(3, 3, 0, 4), (ada, people.day(-1)): Count(1, 1)})
    week = queries.weeks(session, ada, today=TODAY)[-1]
    assert week.monday == rules.monday_of(TODAY)
    assert (week.appearances, week.mean_rank, week.views) == (6, 2.0, 5)
    assert queries.weeks(session, bea, today=TODAY)[-1].apart == 5


def test_whoever_left_meanwhile_is_passed_over(session: Session) -> None:
    people.reference(session)
    ada = somebody(session)
    service.write(session, {(ada, TODAY): Count(views=5), (ada + 1000, TODAY): Count(views=5)})
    assert session.scalar(select(func.count()).select_from(SearchAppearance)) == 1


def test_a_page_of_counts_takes_two_statements(session: Session) -> None:
    people.reference(session)
    ids = [somebody(session) for _ in range(20)]
    session.flush()
    sent: list[str] = []
    connection = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    service.write(session, {(each, TODAY): Count(1, 1) for each in ids})
    event.remove(connection, "before_cursor_execute", note)
    assert len(sent) == 2, sent


def test_old_counts_are_forgotten_and_a_persons_go_with_them(session: Session) -> None:
    people.reference(session)
    ada = somebody(session)
    kept, old = TODAY - timedelta(days=KEEP_DAYS), TODAY - timedelta(days=KEEP_DAYS + 1)
    service.write(session, {(ada, day): Count(views=5) for day in (kept, old)})
    assert service.forget_old(session, today=TODAY) == 1
    assert session.scalars(select(SearchAppearance.day)).all() == [kept]
    session.execute(delete(Practitioner).where(Practitioner.id == ada))
    assert not session.scalar(select(func.count()).select_from(SearchAppearance))


def test_there_is_no_column_for_whoever_asked() -> None:
    assert {column.name for column in SearchAppearance.__table__.columns} == {
        "practitioner_id",
        "day",
        "appearances",
        "sum_of_rank",
        "apart",
        "views",
    }
