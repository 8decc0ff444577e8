"""What every table relies on, on both databases: instants, foreign keys, checks and who may write when."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import (
    Engine,
    ForeignKey,
    MetaData,
    create_engine,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from directory.changes import SearchChange
from directory.db import WRITES, Base, BigIntId, UTCDateTime, make_engine, ping, value_enum, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import Databases


class Colour(StrEnum):
    DEEP_RED = "deep-red"
    BLUE = "blue"


class Own(DeclarativeBase):
    """Tables of this file alone, named as the product names its own."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    type_annotation_map = {datetime: UTCDateTime()}


class Parent(Own):
    __tablename__ = "parent"

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    at: Mapped[datetime | None]
    colour: Mapped[Colour] = mapped_column(value_enum(Colour, name="colour"), default=Colour.BLUE)


class Child(Own):
    __tablename__ = "child"

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("parent.id"))


@pytest.fixture
def store(fresh_database: str) -> Iterator[Engine]:
    engine = make_engine(fresh_database, timeout_seconds=1)
    Own.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_an_instant_comes_back_as_the_same_instant_in_utc(store: Engine) -> None:
    chatham = datetime(2026, 1, 15, 23, 30, 5, 250_000, tzinfo=timezone(timedelta(hours=13, minutes=45)))
    with Session(store) as session:
        session.add(Parent(at=chatham))
        session.commit()
    with Session(store) as session:
        found = session.scalars(select(Parent.at)).one()
    assert found == chatham
    assert found is not None
    assert found.tzinfo is UTC


def test_instants_are_compared_as_instants(store: Engine) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with Session(store) as session:
        session.add_all([Parent(at=noon), Parent(at=noon + timedelta(hours=2)), Parent(at=None)])
        session.commit()
        one_pm_in_berlin = datetime(2026, 6, 1, 15, tzinfo=timezone(timedelta(hours=2)))
        assert session.scalars(select(Parent.at).where(Parent.at < one_pm_in_berlin)).all() == [noon]


def test_a_time_without_its_zone_is_refused(store: Engine) -> None:
    with Session(store) as session:
        session.add(Parent(at=datetime(2026, 1, 15, 12)))  # noqa: DTZ001 - the mistake under test
        with pytest.raises(StatementError, match="an instant needs its time zone"):
            session.flush()


def test_an_enum_is_stored_by_value(store: Engine) -> None:
    with Session(store) as session:
        session.add(Parent(colour=Colour.DEEP_RED))
        session.commit()
        assert session.scalar(text("SELECT colour FROM parent")) == "deep-red"
        assert session.scalars(select(Parent.colour)).one() is Colour.DEEP_RED


def test_the_database_itself_refuses_an_unknown_value(store: Engine) -> None:
    with Session(store) as session, pytest.raises(IntegrityError, match="ck_parent_colour"):
        session.execute(text("INSERT INTO parent (id, colour) VALUES (1, 'green')"))


def test_a_row_cannot_point_at_nothing(store: Engine) -> None:
    with Session(store) as session:
        session.add(Child(parent_id=404))
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            session.flush()


def test_a_living_database_answers_a_ping(store: Engine) -> None:
    with store.connect() as connection:
        ping(connection)


def test_sqlite_lets_readers_read_beside_the_writer_and_keeps_foreign_keys(databases: Databases) -> None:
    engine = make_engine(databases.create("sqlite"))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_on_sqlite_whoever_says_writing_holds_the_write_lock_from_the_start(databases: Databases) -> None:
    engine = make_engine(databases.create("sqlite"), timeout_seconds=1)
    Own.metadata.create_all(engine)
    with Session(engine) as first, Session(engine) as second, Session(engine) as reader:
        writing(first)
        assert reader.scalars(select(Parent)).all() == []
        with pytest.raises(OperationalError, match="locked"):
            writing(second)
    engine.dispose()


def test_a_second_writer_waits_for_the_first_and_sees_what_it_wrote(fresh_database: str) -> None:
    engine = make_engine(fresh_database, timeout_seconds=10)
    Own.metadata.create_all(engine)
    first_wrote = threading.Event()
    seen: list[int] = []

    def second() -> None:
        first_wrote.wait(10)
        with Session(engine) as session:
            writing(session)
            row = session.scalars(select(Parent).where(Parent.id == 1).with_for_update()).one()
            seen.append(0 if row.colour is Colour.BLUE else 1)
            session.rollback()

    with Session(engine) as session:
        session.add(Parent(id=1))
        session.commit()
        thread = threading.Thread(target=second)
        thread.start()
        writing(session)
        session.scalars(select(Parent).where(Parent.id == 1).with_for_update()).one().colour = Colour.DEEP_RED
        session.flush()
        first_wrote.set()
        thread.join(0.3)
        assert thread.is_alive(), "the second writer did not wait"
        session.commit()
    thread.join(10)
    assert seen == [1]
    engine.dispose()


def test_savepoints_roll_back_alone(store: Engine) -> None:
    with Session(store) as session:
        session.add(Parent(id=1))
        session.flush()
        savepoint = session.begin_nested()
        session.add(Child(parent_id=404))
        with pytest.raises(IntegrityError):
            session.flush()
        savepoint.rollback()
        session.commit()
        assert session.scalars(select(Parent.id)).all() == [1]


@pytest.mark.parametrize("run", ["first", "second"])
def test_what_a_test_commits_in_its_session_no_other_test_meets(session: Session, run: str) -> None:
    writing(session)
    assert session.scalars(select(SearchChange)).all() == [], f"the {run} run met the rows of the other"
    session.add(SearchChange(practitioner_id=1))
    session.commit()
    assert len(session.scalars(select(SearchChange)).all()) == 1


def test_a_connection_that_cannot_be_made_says_so_in_time() -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none", connect_args={"connect_timeout": 2})
    with pytest.raises(OperationalError):
        engine.connect()


def test_who_begins_to_write_has_the_turn_until_its_transaction_ends(databases: Databases) -> None:
    engine = make_engine(databases.create("sqlite"), timeout_seconds=1)
    Own.metadata.create_all(engine)
    for ends in (Session.commit, Session.rollback, Session.close):
        with Session(engine) as first, Session(engine) as second:
            writing(first)
            ends(first)
            writing(second)
            second.add(Parent())
            second.commit()
    with engine.connect() as lost:
        lost.execution_options(**WRITES).begin()
        lost.invalidate()
    with Session(engine) as after:
        writing(after)
        assert len(after.scalars(select(Parent)).all()) == 3
    engine.dispose()


def test_writers_who_stand_in_two_lines_take_turns_and_lose_nothing(databases: Databases) -> None:
    url = databases.create("sqlite")
    engines = [make_engine(url, timeout_seconds=60) for _ in range(2)]
    Own.metadata.create_all(engines[0])
    failed: list[Exception] = []

    def write(engine: Engine) -> None:
        try:
            for _ in range(5):
                with Session(engine) as session:
                    writing(session)
                    session.add(Parent())
                    session.commit()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test tells
            failed.append(error)

    # An engine knows nothing of the line in which another one's writers stand, as a process does not.
    threads = [threading.Thread(target=write, args=(engine,)) for engine in engines for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert not failed
    with Session(engines[0]) as session:
        assert len(session.scalars(select(Parent)).all()) == 40
    for engine in engines:
        engine.dispose()
