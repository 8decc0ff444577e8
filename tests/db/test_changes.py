"""The search's change log: the order of numbers is the order of commits, and nothing rolled back is ever told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from directory import changes, db, migrations
from tests.databases import POSTGRESQL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import Databases


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    engine = db.make_engine(upgraded_database, timeout_seconds=10)
    yield engine
    engine.dispose()


def _note(engine: Engine, *ids: int) -> None:
    with Session(engine) as session:
        db.writing(session)
        for each in ids:
            changes.record(session, each)
        session.commit()


def _position(engine: Engine) -> changes.Position:
    with Session(engine) as session:
        return changes.position(session)


def _since(engine: Engine, seq: int) -> set[int]:
    with Session(engine) as session:
        return set(changes.position(session, after=seq).changed)


def test_what_was_noted_is_told_once_after_the_commit(store: Engine) -> None:
    start = _position(store)
    with Session(store) as session:
        db.writing(session)
        changes.record(session, 5)
        changes.record(session, 5)
        changes.record(session, 3)
        assert _since(store, start.newest) == set()
        session.commit()
    assert _since(store, start.newest) == {3, 5}
    assert _position(store).newest == start.newest + 2


def test_a_session_that_goes_on_does_not_tell_twice(store: Engine) -> None:
    start = _position(store).newest
    with Session(store) as session:
        changes.record(session, 1)
        session.commit()
        session.commit()
    assert _position(store).newest == start + 1


def test_what_is_rolled_back_is_dropped(store: Engine) -> None:
    start = _position(store)
    with Session(store) as session:
        db.writing(session)
        changes.record(session, 5)
        session.rollback()
        session.commit()
    assert _position(store) == start


def test_a_savepoint_that_is_released_is_told_with_the_commit_and_not_before(store: Engine) -> None:
    start = _position(store).newest
    with Session(store) as session:
        db.writing(session)
        with session.begin_nested():
            changes.record(session, 5)
        assert session.scalar(select(func.count()).select_from(changes.SearchChange)) == 0
        session.commit()
    assert _since(store, start) == {5}


@pytest.mark.postgres
def test_who_commits_first_has_the_lower_number_whoever_began_first(databases: Databases) -> None:
    """Two transactions overlap; a reader who looks in between must not miss the one that commits later.

    SQLite has one writer at a time, so nothing overlaps there.
    """
    store = db.make_engine(databases.copy(POSTGRESQL), timeout_seconds=10)
    with Session(store) as slow, Session(store) as fast:
        slow.execute(select(1))
        changes.record(slow, 1)
        slow.flush()
        changes.record(fast, 2)
        fast.commit()
        seen = _position(store).newest
        assert _since(store, 0) == {2}
        slow.commit()
    assert _since(store, seen) == {1}
    store.dispose()


def test_a_number_is_never_seen_before_a_lower_one(store: Engine) -> None:
    """Writers commit as fast as they can; a reader that remembers the newest number it saw hears of every change."""
    heard: set[int] = set()
    writers = [
        threading.Thread(target=lambda first=first: [_note(store, first + each) for each in range(15)])
        for first in (0, 100, 200)
    ]
    for each in writers:
        each.start()
    seen = 0
    while True:
        running = any(each.is_alive() for each in writers)
        newest = _position(store).newest
        if newest > seen:
            with Session(store) as session:
                rows = session.execute(
                    select(changes.SearchChange.seq, changes.SearchChange.practitioner_id).where(
                        changes.SearchChange.seq > seen
                    )
                ).all()
            heard |= {row.practitioner_id for row in rows}
            seen = max(row.seq for row in rows)
        if not running:
            break
    for each in writers:
        each.join()
    heard |= _since(store, seen)
    assert heard == {first + each for first in (0, 100, 200) for each in range(15)}


def test_pruning_keeps_the_newest_and_says_how_far_it_went(store: Engine) -> None:
    for each in range(10):
        _note(store, each)
    before = _position(store)
    with Session(store) as session:
        db.writing(session)
        changes.prune(session, keep=4)
        session.commit()
    after = _position(store)
    assert (after.token, after.newest) == (before.token, before.newest)
    assert after.pruned_to == before.newest - 4
    assert _since(store, after.pruned_to) == {6, 7, 8, 9}
    assert _since(store, 0) == {6, 7, 8, 9}
    with Session(store) as session:
        changes.prune(session, keep=100)
        session.commit()
    assert _position(store) == after


def test_numbers_go_on_when_every_row_is_pruned(store: Engine) -> None:
    _note(store, 1, 2, 3)
    newest = _position(store).newest
    with Session(store) as session:
        db.writing(session)
        changes.prune(session, keep=0)
        session.commit()
    assert _position(store).newest == newest
    _note(store, 4)
    assert _position(store).newest == newest + 1
    assert _since(store, newest) == {4}


def test_a_new_epoch_has_another_name_and_goes_on_counting(store: Engine) -> None:
    _note(store, 1, 2)
    before = _position(store)
    with Session(store) as session:
        db.writing(session)
        changes.begin_epoch(session)
        session.commit()
    after = _position(store)
    assert after.token != before.token
    assert after.newest == before.newest
    assert after.pruned_to == before.newest


def test_a_history_that_never_began_is_empty_and_has_no_name(fresh_database: str) -> None:
    engine = db.make_engine(fresh_database)
    migrations.models().create_all(engine)
    assert _position(engine) == changes.Position(token="", newest=0, pruned_to=0)
    engine.dispose()


def test_a_savepoint_taken_back_takes_nothing_back_that_was_noted_before_it(store: Engine) -> None:
    start = _position(store).newest
    with Session(store) as session:
        db.writing(session)
        changes.record(session, 5)
        savepoint = session.begin_nested()
        changes.record(session, 6)
        savepoint.rollback()
        session.commit()
    assert 5 in _since(store, start)


def test_the_history_prunes_itself_as_it_grows(store: Engine) -> None:
    _note(store, *range(changes.KEPT + 5_000))
    with Session(store) as session:
        kept = session.scalar(select(func.count()).select_from(changes.SearchChange))
    assert kept == changes.KEPT
    assert _position(store).pruned_to == 5_000


def test_the_same_number_bears_another_mark_in_another_history(store: Engine) -> None:
    """As when a copy of the database file is put back, and other edits come to the same numbers."""
    start = _position(store).newest
    marks = []
    for _ in range(2):
        _note(store, 5, 6)
        marks.append(_position(store).mark)
        with Session(store) as session:
            seen = changes.position(session, after=start + 2)
            assert (seen.mark, seen.mark_seen, seen.changed) == (marks[-1], marks[-1], frozenset())
            assert changes.position(session, after=start + 1).changed == {6}
            assert changes.position(session, after=start + 3).mark_seen is None
            session.execute(delete(changes.SearchChange).where(changes.SearchChange.seq > start))
            if session.get_bind().dialect.name == "sqlite":
                session.execute(text("UPDATE sqlite_sequence SET seq = :seq"), {"seq": start})
            else:
                session.execute(text("SELECT setval('search_change_seq_seq', :seq, false)"), {"seq": start + 1})
            session.commit()
    assert None not in marks
    assert len(set(marks)) == 2
