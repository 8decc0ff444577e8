"""The log of what was decided: in the order of the commits, whole, and only ever added to."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory import audit, changes, db, migrations, permanent
from directory.audit import AuditEntry, Head
from directory.cli import main
from directory.crypto import keyring, new_key
from tests.databases import POSTGRESQL

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 26, 9, 30, 1, 123_456, tzinfo=UTC)


@pytest.fixture
def house(upgraded_database: str) -> Iterator[Engine]:
    engine = db.make_engine(upgraded_database)
    migrations.models().create_all(engine)
    with Session(engine) as session:
        changes.begin_epoch(session)
        session.commit()
    yield engine
    engine.dispose()


def _note(session: Session, number: int, reason: str | None = None) -> AuditEntry:
    return audit.record(
        session,
        action="credential.accepted",
        actor=number,
        subject=f"credential:{number}",
        reason=reason,
        now=NOW + timedelta(seconds=number),
    )


def _fill(engine: Engine, entries: int) -> None:
    with Session(engine) as session:
        db.writing(session)
        for number in range(1, entries + 1):
            _note(session, number, "seen at the board")
        session.commit()


def _verify(engine: Engine, expected: Head | None = None) -> audit.Verdict:
    with Session(engine) as session:
        return audit.verify(session, expected=expected)


def test_an_entry_says_who_did_what_and_hides_why(session: Session) -> None:
    entry = _note(session, 5, "The board says so.")
    session.commit()
    assert (entry.seq, entry.actor, entry.action, entry.subject) == (1, 5, "credential.accepted", "credential:5")
    assert entry.at == NOW + timedelta(seconds=5)
    assert audit.told(entry, "The board says so.")
    assert not audit.told(entry, "The board says no.")
    other = _note(session, 6, "The board says so.")
    session.commit()
    assert entry.reason_hash != other.reason_hash
    assert [each.id for each in audit.about(session, "credential:5")] == [entry.id]


@pytest.mark.parametrize(
    ("action", "subject"),
    [
        ("", "practitioner:1"),
        ("Accepted by Zoë", "practitioner:1"),
        ("accepted", "zoe@example.org"),
        ("accepted", "practitioner:Zoë O’Neill"),
        ("accepted", "practitioner:"),
        ("accepted\n", "practitioner:1"),
    ],
)
def test_nothing_that_could_name_somebody_gets_in(session: Session, action: str, subject: str) -> None:
    with pytest.raises(ValueError, match="an audit entry names"):
        audit.record(session, action=action, actor=None, subject=subject, now=NOW)


def test_the_chain_holds_over_many_entries_and_transactions(house: Engine) -> None:
    assert _verify(house) == audit.Verdict(0, None, None)
    for _ in range(3):
        _fill(house, 700)
    verdict = _verify(house)
    assert (verdict.entries, verdict.fault) == (2_100, None)
    with Session(house) as session:
        assert audit.head(session) == verdict.head


def test_an_entry_falls_with_its_transaction_and_with_its_savepoint(house: Engine) -> None:
    with Session(house) as session:
        db.writing(session)
        _note(session, 1)
        session.rollback()
        db.writing(session)
        _note(session, 2)
        inner = session.begin_nested()
        _note(session, 3)
        inner.rollback()
        with session.begin_nested():
            _note(session, 4)
        session.commit()
    with Session(house) as session:
        told = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [(each.seq, each.actor) for each in told] == [(1, 2), (2, 4)]
    assert _verify(house).fault is None


def test_transactions_that_overlap_keep_one_chain_in_the_order_of_their_commits(house: Engine) -> None:
    """On PostgreSQL all are open at once; on SQLite they wait for each other. Some also note changes of the search."""

    def work(number: int) -> None:
        engine = db.make_engine(house.url.render_as_string(hide_password=False), timeout_seconds=60)
        try:
            for round_ in range(5):
                with Session(engine) as session:
                    db.writing(session)
                    _note(session, number * 10 + round_, "why")
                    if number % 2:
                        changes.record(session, number)
                    _note(session, number * 10 + round_)
                    session.commit()
        finally:
            engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    verdict = _verify(house)
    assert (verdict.entries, verdict.fault) == (60, None)


@pytest.mark.parametrize("upgraded_database", [pytest.param(POSTGRESQL, marks=pytest.mark.postgres)], indirect=True)
def test_who_began_first_and_commits_last_comes_last(house: Engine) -> None:
    """SQLite has one writer at a time."""
    with Session(house) as first, Session(house) as second:
        _note(first, 1)
        _note(second, 2)
        second.commit()
        first.commit()
        order = first.scalars(select(AuditEntry.actor).order_by(AuditEntry.seq)).all()
        assert order == [2, 1]
    assert _verify(house).fault is None


@pytest.mark.parametrize("upgraded_database", [pytest.param(POSTGRESQL, marks=pytest.mark.postgres)], indirect=True)
def test_a_commit_waits_for_the_one_before_it_and_not_for_ever(house: Engine) -> None:
    """SQLite has one writer at a time."""
    came = threading.Event()

    def later() -> None:
        with Session(house) as session:
            _note(session, 2)
            session.commit()
            came.set()

    with Session(house) as first:
        db.commit_in_order(first)
        thread = threading.Thread(target=later)
        thread.start()
        assert not came.wait(0.5)
        first.rollback()
    assert came.wait(20)
    thread.join()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 9 WHERE seq = 2",
        "UPDATE audit_entry SET hash = NULL, seq = NULL, previous = NULL",
        "DELETE FROM audit_entry WHERE seq = 3",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(house: Engine, statement: str) -> None:
    _fill(house, 3)
    with house.connect() as connection, pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(text(statement))
    assert _verify(house).entries == 3


@pytest.mark.parametrize("upgraded_database", [pytest.param(POSTGRESQL, marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_refuses_to_empty_the_whole_table(house: Engine) -> None:
    _fill(house, 3)
    with house.connect() as connection, pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(text("TRUNCATE audit_entry"))


@pytest.mark.parametrize(
    ("statement", "seq", "why"),
    [
        ("UPDATE audit_entry SET actor = 9 WHERE seq = 3", 3, "not what was written"),
        ("UPDATE audit_entry SET action = 'credential.refused' WHERE seq = 3", 3, "not what was written"),
        ("UPDATE audit_entry SET subject = 'credential:7' WHERE seq = 1", 1, "not what was written"),
        ("UPDATE audit_entry SET reason_hash = NULL WHERE seq = 2", 2, "not what was written"),
        ("UPDATE audit_entry SET at = '2025-01-01 00:00:00' WHERE seq = 5", 5, "not what was written"),
        ("DELETE FROM audit_entry WHERE seq = 1", 1, "missing"),
        ("DELETE FROM audit_entry WHERE seq = 4", 4, "missing"),
        ("UPDATE audit_entry SET seq = seq + 10 WHERE seq >= 4", 4, "missing"),
        ("UPDATE audit_entry SET previous = hash WHERE seq = 4", 4, "does not follow"),
        ("UPDATE audit_entry SET seq = NULL, previous = NULL, hash = NULL WHERE seq = 5", None, "no place"),
    ],
)
def test_who_gets_around_the_database_is_found_out(house: Engine, statement: str, seq: int | None, why: str) -> None:
    _fill(house, 5)
    with house.begin() as connection, permanent.open_to_change(connection):
        connection.execute(text(statement))
    fault = _verify(house).fault
    assert fault is not None
    assert fault.seq == seq
    assert why in fault.why
    # And it is closed again.
    with house.connect() as connection, pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(text("DELETE FROM audit_entry"))


def test_a_tail_that_was_cut_off_is_missed_by_whoever_noted_its_head(house: Engine) -> None:
    _fill(house, 5)
    noted = _verify(house).head
    assert noted is not None
    assert _verify(house, noted).fault is None
    with house.begin() as connection, permanent.open_to_change(connection):
        connection.execute(text("DELETE FROM audit_entry WHERE seq > 3"))
    assert _verify(house).fault is None
    fault = _verify(house, noted).fault
    assert fault is not None
    assert "not in the chain" in fault.why
    _fill(house, 5)
    assert _verify(house, noted).fault is not None


def test_an_entry_of_a_session_without_our_listener_is_not_overlooked(house: Engine) -> None:
    with house.begin() as connection:
        connection.execute(
            text("INSERT INTO audit_entry (at, action, subject) VALUES ('2026-11-26 09:00:00', 'a.b', 'x:1')")
        )
    fault = _verify(house).fault
    assert fault is not None
    assert fault.seq is None


def test_the_command_says_what_to_note_down_and_exits_with_1_when_the_chain_is_broken(
    upgraded_database: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    monkeypatch.setenv("DATABASE_URL", upgraded_database)
    key = new_key()
    monkeypatch.setenv("ENCRYPTION_KEYS", key)
    keyring.install([key])
    engine = db.make_engine(upgraded_database)
    _fill(engine, 4)
    run = CliRunner().invoke(main, ["audit", "verify"])
    assert run.exit_code == 0, run.output
    noted = run.stdout.splitlines()[-1]
    assert noted.startswith("4:")
    assert CliRunner().invoke(main, ["audit", "verify", "--expect", noted]).exit_code == 0
    assert CliRunner().invoke(main, ["audit", "verify", "--expect", "4:beef"]).exit_code == 2
    # The revision protects as the models do.
    with engine.connect() as connection, pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(text("DELETE FROM audit_entry"))
    with engine.begin() as connection, permanent.open_to_change(connection):
        connection.execute(text("UPDATE audit_entry SET actor = 9 WHERE seq = 2"))
    run = CliRunner().invoke(main, ["audit", "verify"])
    assert run.exit_code == 1
    assert "at entry 2" in run.stderr
    engine.dispose()


def test_importing_the_log_alone_chains_what_it_writes(house: Engine) -> None:
    script = (
        "import sys; from datetime import UTC, datetime; from directory import audit, db;"
        "from sqlalchemy.orm import Session; session = Session(db.make_engine(sys.argv[1])); db.writing(session);"
        "audit.record(session, action='a.b', actor=None, subject='x:1', now=datetime.now(UTC)); session.commit()"
    )
    url = house.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", script, url], check=True, timeout=300)
    assert _verify(house).entries == 1


def test_reading_the_chain_leaves_the_session_as_it_is(session: Session) -> None:
    entry = _note(session, 1)
    session.commit()
    assert audit.verify(session).fault is None
    assert entry in session
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1
