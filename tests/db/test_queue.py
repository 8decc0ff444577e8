"""The queue on both databases: pages and numbers are those of a plain look at every case, and nobody shares a case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import bindparam, event, select, text
from sqlalchemy.orm import Session

from directory import db
from directory.cases import service as cases
from directory.cases import views
from directory.cases.models import Case, DeskView
from directory.cases.rules import LOCK_LASTS
from directory.cases.terms import Kind, Risk, State
from directory.desk import queue, taking
from directory.desk.criteria import RECENTLY, Clock, Criteria, Pile, clock
from directory.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
ME, OTHER = 7, 8
KINDS = (Kind.LICENCE, Kind.PHOTO, Kind.SECOND_LOOK, Kind.HARM)
PLACES = ("US-OR", "US-NY", None)

CRITERIA = [
    *(Criteria(pile=pile) for pile in Pile),
    *(Criteria(pile=pile, kinds=(Kind.LICENCE, Kind.PHOTO)) for pile in (Pile.OPEN, Pile.OVERDUE, Pile.DECIDED)),
    Criteria(jurisdiction="US-OR"),
    Criteria(kinds=(Kind.LICENCE,), jurisdiction="US-OR"),
    Criteria(pile=Pile.OVERDUE, risk=Risk.HIGH),
    Criteria(pile=Pile.SECOND, jurisdiction="US-NY"),
    Criteria(before=NOW.date() - timedelta(days=3), risk=Risk.LOW),
]


@pytest.fixture
def everything(session: Session) -> Sequence[Case]:
    """Four hundred cases of every sort."""
    random = Random(20261126)
    rows = []
    for number in range(400):
        state = random.choice((State.OPEN, State.OPEN, State.OPEN, State.CLOSED))
        is_open = state is State.OPEN
        holder = random.choice((None, None, ME, OTHER)) if is_open else None
        rows.append(
            Case(
                kind=random.choice(KINDS),
                subject=f"credential:{number}",
                state=state,
                opened_at=NOW - timedelta(days=random.randrange(9)),
                due=NOW + random.randrange(-30, 30) * HOUR,
                closed_at=None if is_open else NOW - timedelta(days=random.randrange(20)),
                risk=random.randrange(4),
                jurisdiction=random.choice(PLACES),
                claimed_by=holder,
                claimed_until=None if holder is None else NOW + random.choice((-HOUR, HOUR)),
                assigned_to=random.choice((None, ME, OTHER)),
                not_by=random.choice((None, None, None, ME, OTHER)),
                waiting_since=NOW - HOUR if is_open and random.random() < 0.2 else None,
            )
        )
    session.add_all(rows)
    session.flush()
    return rows


def lies_on(pile: Pile, case: Case) -> bool:
    """Whether a case lies on a pile, said as plainly as can be."""
    if pile is Pile.DECIDED:
        return case.closed_at is not None and case.closed_at > NOW - RECENTLY
    if case.closed_at is not None:
        return False
    held = case.claimed_until is not None and case.claimed_until > NOW
    return {
        Pile.OPEN: case.waiting_since is None,
        Pile.OVERDUE: case.waiting_since is None and case.due < NOW,
        Pile.WAITING: case.waiting_since is not None,
        Pile.MINE: held and case.claimed_by == ME,
        Pile.ASSIGNED: case.assigned_to == ME,
        Pile.SECOND: case.kind is Kind.SECOND_LOOK or case.not_by is not None,
    }[pile]


def fits(criteria: Criteria, case: Case) -> bool:
    return (
        lies_on(criteria.pile, case)
        and (not criteria.kinds or case.kind in criteria.kinds)
        and (criteria.jurisdiction is None or case.jurisdiction == criteria.jurisdiction)
        and (criteria.risk is None or case.risk == criteria.risk)
        and (criteria.before is None or case.opened_at.date() < criteria.before)
    )


def order(criteria: Criteria, case: Case) -> tuple[float, ...]:
    if criteria.pile is Pile.DECIDED:
        assert case.closed_at is not None
        return (-case.closed_at.timestamp(), -case.id)
    return (case.risk, case.due.timestamp(), case.id)


def test_pages_are_what_a_look_at_every_case_finds(session: Session, everything: Sequence[Case]) -> None:
    for criteria in CRITERIA:
        expected = sorted((each for each in everything if fits(criteria, each)), key=lambda each: order(criteria, each))
        found: list[int] = []
        after = None
        while True:
            page = queue.page(session, criteria, by=ME, now=NOW, after=after, size=17)
            found += [line.id for line in page.lines]
            if page.after is None:
                break
            after = page.after
        assert found == [each.id for each in expected], criteria
        assert found, criteria


def test_numbers_are_what_a_look_at_every_case_finds(session: Session, everything: Sequence[Case]) -> None:
    for criteria in CRITERIA:
        told = queue.counts(session, criteria, by=ME, now=NOW)
        assert told is not None
        of_pile = {pile: sum(fits(replace(criteria, pile=pile), each) for each in everything) for pile in Pile}
        of_kind = {kind: sum(fits(replace(criteria, kinds=(kind,)), each) for each in everything) for kind in Kind}
        assert {pile: each.number for pile, each in told.piles.items()} == of_pile, criteria
        assert {kind: each.number for kind, each in told.kinds.items()} == of_kind, criteria
        assert told.shown == queue.Count(of_pile[criteria.pile])


def test_beyond_what_anybody_works_off_a_number_says_that_there_are_more(session: Session) -> None:
    session.add_all(
        Case(kind=Kind.PHOTO, subject=f"practitioner:{number}", state=State.OPEN, opened_at=NOW, due=NOW, risk=3)
        for number in range(queue.MOST_COUNTED + 5)
    )
    session.flush()
    told = queue.counts(session, Criteria(), by=ME, now=NOW)
    assert told is not None
    assert told.shown == told.kinds[Kind.PHOTO] == queue.Count(queue.MOST_COUNTED, more=True)
    assert told.piles[Pile.OVERDUE] == queue.Count(0)


def test_a_lock_that_ran_out_is_nobodys(session: Session) -> None:
    case = cases.open_for(session, Kind.PHOTO, "practitioner:1", now=NOW)
    assert taking.take(session, [case.id], by=OTHER, now=NOW).taken == (case.id,)
    for later, found in ((timedelta(0), None), (LOCK_LASTS - HOUR / 60, None), (LOCK_LASTS, case.id)):
        mine = taking.next_one(session, Criteria(), by=ME, now=NOW + later)
        assert (None if mine is None else mine.id) == found
    refused = taking.take(session, [case.id], by=OTHER, now=NOW + LOCK_LASTS)
    assert refused.taken == ()
    assert refused.held[case.id].until == NOW + 2 * LOCK_LASTS
    assert taking.release(session, [case.id], by=OTHER) == ()
    assert taking.release(session, [case.id], by=ME) == (case.id,)


def test_the_next_one_is_never_one_that_waits_or_is_for_somebody_else(session: Session) -> None:
    for number, facts in enumerate(({"waiting_since": NOW}, {"not_by": ME}, {"state": State.CLOSED, "closed_at": NOW})):
        case = cases.open_for(session, Kind.HARM, f"complaint:{number}", now=NOW)
        for name, value in facts.items():
            setattr(case, name, value)
    last = cases.open_for(session, Kind.PHOTO, "practitioner:1", now=NOW)
    session.flush()
    for criteria in (Criteria(), Criteria(pile=Pile.SECOND)):
        found = taking.next_one(session, criteria, by=ME, now=NOW)
        assert (None if found is None else found.id) == (last.id if criteria.pile is Pile.OPEN else None)
    second = taking.next_one(session, Criteria(pile=Pile.SECOND), by=OTHER, now=NOW)
    assert second is not None
    assert second.not_by == ME


def test_who_asks_in_the_same_instant_gets_another_case(fresh_database: str) -> None:
    """Real transactions side by side: each of eight asks twelve times, and no case is given twice."""
    engine = db.make_engine(fresh_database, timeout_seconds=30)
    db.Base.metadata.create_all(engine)
    with Session(engine) as session:
        db.writing(session)
        for number in range(90):
            cases.open_for(session, Kind.PHOTO, f"practitioner:{number}", now=NOW)
        session.commit()
    together = Barrier(8)

    def ask(account: int) -> list[int]:
        taken = []
        together.wait()
        for _ in range(12):
            with Session(engine) as session:
                db.writing(session)
                case = taking.next_one(session, Criteria(), by=account, now=NOW)
                taken += [] if case is None else [case.id]
                session.commit()
        return taken

    with ThreadPoolExecutor(8) as pool:
        given = [case_id for each in pool.map(ask, range(101, 109)) for case_id in each]
    assert len(given) == len(set(given)) == 90
    with Session(engine) as session:
        assert len(session.scalars(select(Case.id).where(Case.claimed_by.is_not(None))).all()) == 90
    engine.dispose()


def test_of_two_who_take_the_same_ones_each_is_one_persons(fresh_database: str) -> None:
    engine = db.make_engine(fresh_database, timeout_seconds=30)
    db.Base.metadata.create_all(engine)
    with Session(engine) as session:
        db.writing(session)
        ids = [cases.open_for(session, Kind.PHOTO, f"practitioner:{number}", now=NOW).id for number in range(10)]
        session.commit()
    together = Barrier(4)

    def take(account: int) -> tuple[int, ...]:
        together.wait()
        with Session(engine) as session:
            db.writing(session)
            taken = taking.take(session, ids if account % 2 else reversed(ids), by=account, now=NOW).taken
            session.commit()
            return taken

    with ThreadPoolExecutor(4) as pool:
        given = [case_id for each in pool.map(take, range(101, 105)) for case_id in each]
    assert sorted(given) == ids
    engine.dispose()


def test_an_account_has_one_view_that_opens_first_and_no_two_of_a_name(session: Session) -> None:
    numbers = count(1)

    def keep(name: str = "") -> DeskView:
        return views.keep(session, ME, name=name or f"View {next(numbers)}", query="state=open", now=NOW)

    first, second = keep(), keep()
    for view in (first, second, second):
        views.open_with(session, ME, view.id, wanted=True)
    assert [each.default_for for each in views.of_account(session, ME)] == [None, ME]
    views.open_with(session, ME, second.id, wanted=False)
    assert [each.default_for for each in views.of_account(session, ME)] == [None, None]
    for name in ("", "   ", "view  1", "x" * 61):
        with pytest.raises(InvalidInput):
            views.keep(session, ME, name=name, query="state=open", now=NOW)
    with pytest.raises(NotFound):
        views.rename(session, OTHER, first.id, name="Mine")
    views.keep(session, OTHER, name="View 1", query="state=open", now=NOW)
    while len(views.of_account(session, ME)) < views.MOST:
        keep()
    with pytest.raises(Conflict):
        keep("One more")
    views.erase_account(session, ME)
    assert len(session.scalars(select(DeskView)).all()) == 1


@pytest.mark.parametrize(
    ("due", "waiting", "closed", "expected"),
    [
        (-HOUR, False, False, Clock.OVERDUE),
        (timedelta(0), False, False, Clock.SOON),
        (8 * HOUR, False, False, Clock.SOON),
        (9 * HOUR, False, False, Clock.LATER),
        (-HOUR, True, False, Clock.WAITING),
        (-HOUR, True, True, Clock.STOPPED),
    ],
)
def test_the_clock(due: timedelta, waiting: bool, closed: bool, expected: Clock) -> None:
    stands = clock(due=NOW + due, waiting_since=NOW if waiting else None, closed_at=NOW if closed else None, now=NOW)
    assert stands is expected


MANY, AT_ONCE = 20_000, 10_000
CROWDED = (
    Criteria(),
    Criteria(pile=Pile.OVERDUE),
    Criteria(pile=Pile.WAITING),
    Criteria(pile=Pile.DECIDED),
    Criteria(kinds=(Kind.LICENCE,), jurisdiction="US-CA"),
    Criteria(kinds=(Kind.LICENCE, Kind.PHOTO)),
)


def test_among_many_cases_every_list_walks_an_index(session: Session) -> None:
    _fill(session)
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    for criteria in CROWDED:
        page = queue.page(session, criteria, by=ME, now=NOW, after=None)
        assert len(page.lines) == queue.PAGE, criteria
    event.remove(session.get_bind(), "before_cursor_execute", note)
    assert len(asked) == len(CROWDED)
    sqlite = session.get_bind().dialect.name == "sqlite"
    explain, whole_table = ("EXPLAIN QUERY PLAN", "SCAN work_case") if sqlite else ("EXPLAIN", "Seq Scan on work_case")
    for statement, parameters in asked:
        plan = session.connection().exec_driver_sql(f"{explain} {statement}", parameters).all()
        lines = [" ".join(str(part) for part in row) for row in plan]
        assert any("ix_work_case" in line for line in lines), lines
        assert [line for line in lines if whole_table in line and "INDEX" not in line] == []


def _fill(session: Session) -> None:
    """Many cases of three kinds in five jurisdictions: one in nine waits, and one in twenty was decided lately."""
    early, late = NOW - timedelta(days=3), NOW + timedelta(days=1)
    rows = text(
        "WITH RECURSIVE number(n) AS"
        " (SELECT CAST(:first AS INTEGER) UNION ALL SELECT n + 1 FROM number WHERE n < :last) "
        "INSERT INTO work_case (kind, subject, state, opened_at, due, risk, jurisdiction, closed_at, waiting_since)"
        " SELECT CASE n % 3 WHEN 0 THEN 'photo' WHEN 1 THEN 'licence' ELSE 'indemnity' END, 'case ' || n,"
        " CASE n % 20 WHEN 0 THEN 'closed' ELSE 'open' END, :early,"
        " CASE n % 2 WHEN 0 THEN :early ELSE :late END, n % 4,"
        " CASE n % 5 WHEN 0 THEN 'US-CA' WHEN 1 THEN 'US-OR' WHEN 2 THEN 'US-WA' WHEN 3 THEN 'GB-ENG' END,"
        " CASE n % 20 WHEN 0 THEN :early END, CASE WHEN n % 20 > 0 AND n % 9 = 0 THEN :early END FROM number"
    ).bindparams(bindparam("early", early, Case.due.type), bindparam("late", late, Case.due.type))
    for first in range(1, MANY, AT_ONCE):
        session.execute(rows, {"first": first, "last": first + AT_ONCE - 1})
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE work_case"))  # as its autovacuum does
