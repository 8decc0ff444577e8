"""What is written once: after the last revision, both databases refuse to change or to remove it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory import audit, db, migrations, permanent
from directory.audit import AuditEntry

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
_DECISION = (
    "INSERT INTO decision (kind, subject, outcome, decided_at, takes_effect)"
    " VALUES ('licence', 'credential:1', 'verified', '2026-11-26 09:30:00', true)"
)


def test_neither_the_log_nor_a_decision_is_changed_or_removed(upgraded_database: str) -> None:
    migrations.models()
    assert permanent.protected() >= {"audit_entry", "decision"}
    engine = db.make_engine(upgraded_database)
    with Session(engine) as session:
        db.writing(session)
        audit.record(session, action="a.b", actor=1, subject="credential:1", now=NOW)
        session.execute(text(_DECISION))
        session.commit()
    acts = ["UPDATE {} SET subject = 'credential:2'", "DELETE FROM {}"]
    if engine.dialect.name == "postgresql":
        acts.append("TRUNCATE {} CASCADE")
    for table in ("audit_entry", "decision"):
        for act in acts:
            with engine.connect() as connection, pytest.raises(DBAPIError, match=r"only ever added to|never changed"):
                connection.execute(text(act.format(table)))
    with engine.begin() as connection, permanent.open_to_change(connection):
        connection.execute(text("DELETE FROM decision"))
    with engine.begin() as connection:
        connection.execute(text(_DECISION))
    with engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text("DELETE FROM decision"))
    engine.dispose()


def test_states_are_sealed_in_and_entries_without_them_keep_their_hash(session: Session) -> None:
    plain = audit.record(session, action="a.b", actor=1, subject="x:1", now=NOW)
    told = audit.record(
        session, action="a.b", actor=1, subject="x:1", from_state="active", to_state="suspended", now=NOW
    )
    session.commit()
    assert audit.verify(session).fault is None
    # Written down from the form that entries had before there were states.
    assert plain.hash == "c77d6a1576b851d760272f8d333413d124dfc9e69f84c463d2999a48e6f5188c"
    with permanent.open_to_change(session.connection()):
        session.execute(
            AuditEntry.__table__.update().where(AuditEntry.id == told.id).values(to_state="active")  # type: ignore[attr-defined]
        )
    fault = audit.verify(session).fault
    assert fault is not None
    assert fault.seq == 2


@pytest.mark.parametrize("state", ["", "Zoë O’Neill", "zoe@example.org", "a" * 81])
def test_a_state_names_nobody(session: Session, state: str) -> None:
    with pytest.raises(ValueError, match="states by words"):
        audit.record(session, action="a.b", actor=1, subject="x:1", to_state=state, now=NOW)
