"""What is committed is in the next search, whoever wrote it; what is not, is not."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from directory import changes, migrations
from directory.db import make_engine, writing
from directory.search import loader, service
from directory.search.loader import IndexHolder
from directory.search.results import Results
from tests.databases import POSTGRESQL, Databases
from tests.db.search.people import NOW, add, day, here, reference


def search(store: Engine, holder: IndexHolder) -> Results:
    with Session(store) as session:
        return service.find(session, here(), now=NOW, holder=holder)


def grow(store: Engine, number: int = 1) -> list[int]:
    with Session(store) as session:
        writing(session)
        people = [add(session) for _ in range(number)]
        session.commit()
    return people


def rebuilds(logs: list[dict[str, object]]) -> int:
    return sum(each["event"] == "index_loaded" for each in logs)


def test_a_commit_is_in_every_workers_next_search(store: Engine) -> None:
    workers = [IndexHolder(), IndexHolder()]
    assert [search(store, each).total for each in workers] == [0, 0]
    grow(store)
    with capture_logs() as logs:
        assert [search(store, each).total for each in workers] == [1, 1]
    assert rebuilds(logs) == 0, "a change is read alone"


def test_what_is_open_or_rolled_back_is_not_seen(store: Engine, holder: IndexHolder) -> None:
    search(store, holder)
    with Session(store) as session:
        writing(session)
        add(session)
        assert search(store, holder).total == 0
        session.rollback()
    assert search(store, holder).total == 0
    grow(store)
    assert search(store, holder).total == 1


def test_a_change_noted_before_a_savepoint_that_failed_is_seen(store: Engine, holder: IndexHolder) -> None:
    search(store, holder)
    with Session(store) as session:
        writing(session)
        add(session)
        savepoint = session.begin_nested()
        savepoint.rollback()
        session.commit()
    assert search(store, holder).total == 1


def test_a_person_who_is_gone_is_gone(store: Engine, holder: IndexHolder) -> None:
    first, second = grow(store, 2)
    assert search(store, holder).total == 2
    with Session(store) as session:
        writing(session)
        session.execute(text("DELETE FROM practitioner WHERE id = :id"), {"id": first})
        changes.record(session, first)
        session.commit()
    assert [each.practitioner_id for each in search(store, holder).matches] == [second]


def test_a_history_pruned_past_the_index_is_read_anew(store: Engine, holder: IndexHolder) -> None:
    grow(store)
    search(store, holder)
    grow(store, 3)
    with Session(store) as session:
        writing(session)
        changes.prune(session, keep=1)
        session.commit()
    with capture_logs() as logs:
        assert search(store, holder).total == 4
    assert rebuilds(logs) == 1


def test_a_history_pruned_up_to_the_index_is_not(store: Engine, holder: IndexHolder) -> None:
    grow(store, 3)
    search(store, holder)
    with Session(store) as session:
        writing(session)
        changes.prune(session, keep=0)
        session.commit()
    with capture_logs() as logs:
        assert search(store, holder).total == 3
    assert rebuilds(logs) == 0


def test_a_new_epoch_is_read_anew(store: Engine, holder: IndexHolder) -> None:
    grow(store)
    search(store, holder)
    with Session(store) as session:
        writing(session)
        session.execute(text("DELETE FROM practitioner"))
        changes.begin_epoch(session)
        session.commit()
    assert search(store, holder).total == 0


def test_a_long_tail_is_read_as_a_whole(store: Engine, holder: IndexHolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "REREAD_AT_MOST", 3)
    search(store, holder)
    grow(store, 5)
    with capture_logs() as logs:
        assert search(store, holder).total == 5
    assert rebuilds(logs) == 1


def test_a_tail_of_more_people_than_a_statement_takes_parameters(store: Engine, holder: IndexHolder) -> None:
    search(store, holder)
    with Session(store) as session:
        writing(session)
        add(session)
        for each in range(40_000):
            changes.record(session, 1_000_000 + each)
        session.commit()
    assert search(store, holder).total == 1


def test_a_reader_whose_look_is_older_neither_rebuilds_nor_sets_back(store: Engine, holder: IndexHolder) -> None:
    """On SQLite a transaction goes on seeing what it saw first, while another search has moved the index on."""
    grow(store)
    with Session(store) as old:
        assert service.find(old, here(), now=NOW, holder=holder).total == 1
        grow(store)
        assert search(store, holder).total == 2
        with capture_logs() as logs:
            service.find(old, here(), now=NOW, holder=holder)
            assert search(store, holder).total == 2
    assert rebuilds(logs) == 0


def test_a_clock_that_went_back_reads_anew(store: Engine, holder: IndexHolder) -> None:
    with Session(store) as session:
        writing(session)
        add(
            session,
            licence={"expires": day(-9), "verified_on": day(-60)},
            cover={"verified_on": day(-60)},
            attested_at=NOW - timedelta(days=20),
        )
        session.commit()
        for days, total in ((0, 0), (-9, 1), (0, 0)):
            assert service.find(session, here(), now=NOW + timedelta(days=days), holder=holder).total == total


@pytest.mark.postgres
def test_a_writer_who_began_first_and_commits_last_is_not_missed(databases: Databases, holder: IndexHolder) -> None:
    """SQLite has one writer at a time, so nothing overlaps there."""
    store = make_engine(databases.create(POSTGRESQL), timeout_seconds=10)
    migrations.upgrade(store)
    with Session(store) as session:
        reference(session)
        session.commit()
    with Session(store) as slow:
        add(slow)
        grow(store)
        assert search(store, holder).total == 1
        slow.commit()
        assert search(store, holder).total == 2
    store.dispose()


def test_a_damaged_index_is_rebuilt(store: Engine, holder: IndexHolder) -> None:
    grow(store, 3)
    search(store, holder)
    snapshot = holder._snapshot
    assert snapshot is not None
    holder._snapshot = replace(snapshot, table=replace(snapshot.table, x=snapshot.table.x[:1]))
    with capture_logs() as logs:
        assert search(store, holder).total == 3
    assert {"index_damaged", "index_loaded"} <= {str(each["event"]) for each in logs}


def test_threads_search_while_others_commit(store: Engine, holder: IndexHolder) -> None:
    """Each search must show everybody committed before it began; counts only rise."""
    grow(store, 2)
    search(store, holder)
    done = threading.Event()
    committed = [2]
    wrong: list[object] = []

    def write() -> None:
        try:
            for _ in range(12):
                committed[0] += len(grow(store))
        except Exception as error:  # noqa: BLE001 - a thread's failure must fail the test
            wrong.append(error)
        done.set()

    def read() -> None:
        try:
            while not done.is_set():
                before = committed[0]
                found = search(store, holder)
                if not before <= found.total <= 14 or len(found.matches) != found.total:
                    wrong.append((before, found.total, len(found.matches)))
        except Exception as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=each) for each in (write, read, read)]
    with capture_logs() as logs:
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
    assert not wrong
    assert search(store, holder).total == 14
    assert rebuilds(logs) == 0
