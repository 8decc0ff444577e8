"""Stamps that are held say at every moment what the ledger says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from directory.api.fhir.held import Held
from directory.api.fhir.prefixes import microseconds_of
from directory.db import make_engine, writing
from directory.entries.models import Entry, EntryLedger

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGAN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
PEOPLE = np.array([1, 2, 3, 9], dtype=np.int64)


@pytest.fixture
def engine(upgraded_database: str) -> Iterator[Engine]:
    engine = make_engine(upgraded_database)
    yield engine
    engine.dispose()


def at(minutes: int) -> datetime:
    return BEGAN + timedelta(minutes=minutes, microseconds=7)


def note(session: Session, stamps: dict[int, datetime]) -> None:
    """What a look at these people leaves behind."""
    for person, stamp in stamps.items():
        session.merge(Entry(practitioner_id=person, first_shown_at=BEGAN, changed_at=stamp))
    session.execute(update(EntryLedger).values(looked_at=max(stamps.values())))


def says(held: Held, session: Session) -> list[float]:
    """What is held, which must be what somebody reads who held nothing."""
    known = held.stamps(session).of(PEOPLE).tolist()
    assert known == Held().stamps(session).of(PEOPLE).tolist()
    return known


def test_what_is_held_keeps_up_with_the_ledger(engine: Engine) -> None:
    held = Held()
    began = microseconds_of(BEGAN)
    with Session(engine) as session:
        writing(session)
        assert says(held, session) == [0.0] * 4
        session.add(EntryLedger(id=1, began_at=BEGAN, looked_at=BEGAN, token="a", seq=0))
        session.flush()
        assert says(held, session) == [began] * 4
        note(session, {2: at(1), 9: at(2)})
        first = [began, microseconds_of(at(1)), began, microseconds_of(at(2))]
        assert says(held, session) == first
        assert held.stamps(session) is held.stamps(session)
        note(session, {1: at(3), 2: at(4)})
        assert says(held, session) == [microseconds_of(at(3)), microseconds_of(at(4)), *first[2:]]


def test_a_ledger_that_was_put_back_is_read_anew(engine: Engine) -> None:
    held = Held()
    with Session(engine) as session:
        writing(session)
        session.add(EntryLedger(id=1, began_at=BEGAN, looked_at=BEGAN, token="a", seq=0))
        session.flush()
        note(session, {1: at(1), 2: at(5)})
        says(held, session)
        session.execute(delete(Entry).where(Entry.practitioner_id == 2))
        session.execute(update(EntryLedger).values(looked_at=at(1)))
        assert says(held, session)[:2] == [microseconds_of(at(1)), microseconds_of(BEGAN)]
        session.execute(update(EntryLedger).values(token="b", looked_at=at(9)))
        session.execute(update(Entry).values(changed_at=at(1)))
        assert says(held, session)[0] == microseconds_of(at(1))
