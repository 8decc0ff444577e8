"""The index on disk: it saves a start from reading everybody, and a doubtful one is as good as none."""

from __future__ import annotations

import os
import resource
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from directory import changes
from directory.db import writing
from directory.search import index_file, loader, service
from directory.search.index import Table
from directory.search.index_file import BELIEVED, IndexFile, Kept
from directory.search.loader import IndexHolder
from directory.search.results import Results
from tests.db.search.people import NOW, add, here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def search(store: Engine, holder: IndexHolder, *, now: datetime = NOW) -> Results:
    with Session(store) as session:
        return service.find(session, here(), now=now, holder=holder)


def started(store: Engine, folder: Path, *, now: datetime = NOW) -> tuple[list[int], set[str]]:
    """Whom a process that starts now lists, and what it says in the log."""
    with capture_logs() as logs:
        found = search(store, IndexHolder(IndexFile(folder)), now=now)
    assert found.total == len(found.matches)
    return sorted(each.practitioner_id for each in found.matches), {str(each["event"]) for each in logs}


MAPPED = {"index_mapped"}
READ = {"index_loaded"}
REFUSED = {"index_loaded", "index_file_unusable"}


def grow(store: Engine, number: int = 1, **facts: Any) -> list[int]:
    with Session(store) as session:
        writing(session)
        people = [add(session, **facts) for _ in range(number)]
        session.commit()
    return people


def leave(store: Engine, practitioner_id: int) -> None:
    with Session(store) as session:
        writing(session)
        session.execute(text("DELETE FROM practitioner WHERE id = :id"), {"id": practitioner_id})
        changes.record(session, practitioner_id)
        session.commit()


def set_back(store: Engine, seq: int) -> None:
    """As if a copy of the database from that moment had been put in its place: later numbers are used again."""
    with Session(store) as session:
        writing(session)
        session.execute(delete(changes.SearchChange).where(changes.SearchChange.seq > seq))
        if store.dialect.name == "sqlite":
            session.execute(text("UPDATE sqlite_sequence SET seq = :seq WHERE name = 'search_change'"), {"seq": seq})
        else:
            session.execute(text("SELECT setval('search_change_seq_seq', :next, false)"), {"next": seq + 1})
        session.commit()


def position(store: Engine) -> changes.Position:
    with Session(store) as session:
        return changes.position(session)


def the_file(folder: Path) -> Path:
    (found,) = folder.glob("*.index")
    return found


# --- what it is for --------------------------------------------------------------------------------------------------


def test_the_next_process_starts_from_the_file_and_answers_the_same(store: Engine, folder: Path) -> None:
    people = grow(store, 3)
    assert started(store, folder) == (people, READ)
    assert started(store, folder) == (people, MAPPED)
    assert stat.S_IMODE(the_file(folder).stat().st_mode) == 0o600


def test_what_was_committed_since_is_read(store: Engine, folder: Path) -> None:
    first, second = grow(store, 2)
    started(store, folder)
    (third,) = grow(store)
    leave(store, first)
    assert started(store, folder) == ([second, third], MAPPED)


def test_the_start_of_a_history_is_found_again_and_later_changes_are_read(store: Engine, folder: Path) -> None:
    """Right after an upgrade or a restore nothing has a mark yet."""
    with Session(store) as session:
        writing(session)
        changes.begin_epoch(session)
        session.commit()
    assert started(store, folder) == ([], READ)
    assert started(store, folder) == ([], MAPPED)
    people = grow(store)
    assert started(store, folder) == (people, MAPPED)


def test_a_table_from_the_file_is_the_table_that_was_written(store: Engine, folder: Path) -> None:
    grow(store, 4)
    holder = IndexHolder(IndexFile(folder))
    search(store, holder)
    assert holder._snapshot is not None
    kept = IndexFile(folder).read(position(store).token, now=NOW)
    assert kept is not None
    for each in fields(Table):
        ours, theirs = getattr(holder._snapshot.table, each.name), getattr(kept.table, each.name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
        assert not theirs.flags.writeable
    for book in ("timezones", "jurisdictions", "currencies", "terms"):
        assert getattr(kept.vocabulary, book).names() == getattr(holder._snapshot.vocabulary, book).names()


def test_a_running_process_writes_the_file_again_when_it_lags(
    store: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "KEEP_AFTER_CHANGES", 3)
    holder = IndexHolder(IndexFile(folder))
    search(store, holder)
    token = position(store).token

    def kept_at() -> int:
        kept = IndexFile(folder).read(token, now=NOW + timedelta(hours=2))
        assert kept is not None
        return kept.seq

    start = kept_at()
    grow(store, 2)
    search(store, holder)
    assert kept_at() == start, "two changes are not worth it"
    grow(store, 1)
    search(store, holder)
    assert kept_at() == start + 3
    (gone,) = grow(store, 1)
    leave(store, gone)
    search(store, holder, now=NOW + timedelta(hours=1, minutes=1))
    assert kept_at() == start + 5, "whoever was erased does not stay in it"


# --- what makes it doubtful ------------------------------------------------------------------------------------------


def test_a_database_that_was_set_back_and_went_another_way_is_read(store: Engine, folder: Path) -> None:
    """The numbers are the same again; the people are not."""
    start = position(store).newest
    first, second = grow(store, 2)
    started(store, folder)
    with Session(store) as session:
        session.execute(text("DELETE FROM practitioner WHERE id = :id"), {"id": second})
        session.commit()
    set_back(store, start + 1)
    (other,) = grow(store)
    assert position(store).newest == start + 2
    assert started(store, folder) == ([first, other], REFUSED)


def test_a_database_that_was_set_back_to_before_the_file_is_read(store: Engine, folder: Path) -> None:
    start = position(store).newest
    first, second = grow(store, 2)
    started(store, folder)
    with Session(store) as session:
        session.execute(text("DELETE FROM practitioner WHERE id = :id"), {"id": second})
        session.commit()
    set_back(store, start + 1)
    assert started(store, folder) == ([first], REFUSED)


def test_a_running_process_notices_it_too(store: Engine) -> None:
    holder = IndexHolder()
    start = position(store).newest
    first, second = grow(store, 2)
    assert search(store, holder).total == 2
    with Session(store) as session:
        session.execute(text("DELETE FROM practitioner WHERE id = :id"), {"id": second})
        session.commit()
    set_back(store, start + 1)
    (other,) = grow(store)
    assert sorted(each.practitioner_id for each in search(store, holder).matches) == [first, other]


def test_a_history_pruned_past_the_file_is_read(store: Engine, folder: Path) -> None:
    grow(store)
    started(store, folder)
    grow(store, 3)
    with Session(store) as session:
        writing(session)
        changes.prune(session, keep=1)
        session.commit()
    listed, log = started(store, folder)
    assert (len(listed), log) == (4, REFUSED)


def test_another_history_has_another_file(store: Engine, folder: Path) -> None:
    grow(store)
    started(store, folder)
    with Session(store) as session:
        writing(session)
        session.execute(text("DELETE FROM practitioner"))
        changes.begin_epoch(session)
        session.commit()
    assert started(store, folder) == ([], READ)
    assert len(list(folder.glob("*.index"))) == 2


def test_a_file_under_anothers_name_is_not_believed(store: Engine, folder: Path) -> None:
    people = grow(store)
    started(store, folder)
    with Session(store) as session:
        writing(session)
        changes.begin_epoch(session)
        session.commit()
    the_file(folder).rename(folder / f"{position(store).token}.index")
    assert started(store, folder) == (people, REFUSED)


def test_rules_that_changed_behind_the_history_are_noticed(store: Engine, folder: Path) -> None:
    grow(store, 2)
    started(store, folder)
    with Session(store) as session:
        session.execute(text("UPDATE jurisdiction SET open = false WHERE code = 'US-OR'"))
        session.commit()
    assert started(store, folder) == ([], REFUSED)


@pytest.mark.parametrize(
    ("later", "log"),
    [
        (timedelta(hours=-2), REFUSED),  # the clock was set back
        (timedelta(), MAPPED),
        (BELIEVED, MAPPED),
        (BELIEVED + timedelta(seconds=1), REFUSED),
    ],
)
def test_only_a_recent_reading_is_believed(store: Engine, folder: Path, later: timedelta, log: set[str]) -> None:
    people = grow(store)
    started(store, folder)
    assert started(store, folder, now=NOW + later) == (people, log)


def test_midnight_changes_what_the_file_says_as_it_changes_the_index(store: Engine, folder: Path) -> None:
    (lasting,) = grow(store)
    (ending,) = grow(store, licence={"expires": NOW.date() + timedelta(days=1)})
    assert started(store, folder) == ([lasting, ending], READ)
    assert started(store, folder, now=NOW + timedelta(days=3)) == ([lasting], MAPPED)


def test_another_version_of_the_program_does_not_read_it(
    store: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = grow(store)
    started(store, folder)
    monkeypatch.setattr(index_file, "code_fingerprint", lambda: "another")
    assert started(store, folder) == (people, REFUSED)
    monkeypatch.setattr(index_file, "code_fingerprint", lambda: "")
    assert started(store, folder) == (people, REFUSED), "without a source nobody knows what wrote it"


def test_what_is_not_committed_is_not_kept(store: Engine, folder: Path) -> None:
    with Session(store) as session:
        writing(session)
        add(session)
        assert service.find(session, here(), now=NOW, holder=IndexHolder(IndexFile(folder))).total == 1
        session.rollback()
    assert started(store, folder) == ([], READ)


# --- damage, crowds and full disks -----------------------------------------------------------------------------------


def damaged(content: bytes) -> Iterator[bytes]:
    yield b""
    yield b"\0" * len(content)
    yield os.urandom(len(content))
    for share in (0.001, 0.01, 0.3, 0.9, 0.9999):
        yield content[: int(len(content) * share)]
    for share in range(0, 100, 4):
        at = len(content) * share // 100
        yield content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


def test_damage_anywhere_is_noticed_or_does_not_matter(store: Engine, folder: Path) -> None:
    people = grow(store, 3)
    started(store, folder)
    path = the_file(folder)
    whole = path.read_bytes()
    noticed = 0
    for content in damaged(whole):
        path.write_bytes(content)
        listed, log = started(store, folder)
        assert listed == people
        assert log in (REFUSED, MAPPED), "a byte between two columns means nothing"
        noticed += log == REFUSED
    assert noticed > 20
    assert started(store, folder) == (people, MAPPED), "and a good one is left in its place"


@contextmanager
def disk_of(bytes_left: int) -> Iterator[None]:
    """No file of this process may become larger: what a full disk does, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def kept_by(store: Engine, folder: Path) -> Kept:
    kept = IndexFile(folder).read(position(store).token, now=NOW)
    assert kept is not None
    return kept


def test_a_full_disk_leaves_the_old_file_and_no_other(store: Engine, folder: Path) -> None:
    people = grow(store, 3)
    started(store, folder)
    kept = kept_by(store, folder)
    before = the_file(folder).read_bytes()
    with disk_of(2_000), capture_logs() as logs:
        assert not IndexFile(folder).write(replace(kept, seq=kept.seq + 1))
    assert [each["event"] for each in logs] == ["index_file_not_written"]
    assert the_file(folder).read_bytes() == before
    assert len(list(folder.iterdir())) == 1
    assert started(store, folder) == (people, MAPPED)


def test_a_folder_that_cannot_be_made_keeps_nobody_from_searching(store: Engine, tmp_path: Path) -> None:
    people = grow(store)
    (tmp_path / "taken").write_text("a file")
    listed, log = started(store, tmp_path / "taken" / "index")
    assert listed == people
    assert log == {"index_file_unusable", "index_loaded", "index_file_not_written"}


def test_what_a_killed_process_left_is_cleared_and_harms_nobody(store: Engine, folder: Path) -> None:
    people = grow(store)
    folder.mkdir()
    old, fresh, foreign = (folder / name for name in ("a.index.1.part", "a.index.2.part", "notes.txt"))
    for path in (old, fresh, foreign):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    assert started(store, folder) == (people, READ)
    assert {path.name for path in folder.iterdir()} == {fresh.name, foreign.name, the_file(folder).name}
    assert started(store, folder) == (people, MAPPED)


def test_many_write_and_read_at_once_and_every_reader_sees_a_whole_file(store: Engine, folder: Path) -> None:
    grow(store, 3)
    started(store, folder)
    kept = kept_by(store, folder)
    wrong: list[object] = []
    done = threading.Event()

    def write(number: int) -> None:
        wrong.extend(each for each in range(25) if not IndexFile(folder).write(replace(kept, seq=number * 1000 + each)))

    def read() -> None:
        while not done.is_set():
            found = IndexFile(folder).read(kept.token, now=NOW)
            if found is None or not np.array_equal(found.table.practitioner, kept.table.practitioner):
                wrong.append(found)

    def run(*jobs: Callable[[], None]) -> list[threading.Thread]:
        threads = [threading.Thread(target=job) for job in jobs]
        for thread in threads:
            thread.start()
        return threads

    readers = run(read, read)
    for thread in run(lambda: write(1), lambda: write(2)):
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert not wrong
    assert len(list(folder.iterdir())) == 1


def test_who_has_mapped_a_file_keeps_it_when_another_takes_its_place(store: Engine, folder: Path) -> None:
    people = grow(store, 3)
    started(store, folder)
    kept = kept_by(store, folder)
    empty = replace(kept, table=Table(**{each.name: getattr(kept.table, each.name)[..., :0] for each in fields(Table)}))
    assert IndexFile(folder).write(empty)
    assert sorted(kept.table.practitioner.tolist()) == people
    assert kept.table.sound()


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "a/b", "A" * 32, "0" * 31 + "\n"])
def test_a_name_that_is_not_ours_reaches_no_file(folder: Path, token: str) -> None:
    assert IndexFile(folder).read(token, now=NOW) is None
    assert not folder.exists()
