"""Work items: nobody who waits is overlooked, nothing they wrote lies open, and closing erases it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory import db
from directory.cases import service as cases
from directory.cases.models import Case, Contact
from directory.cases.service import TooMany
from directory.cases.terms import Kind, State
from directory.cli import main
from directory.crypto import keyring, new_key
from directory.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
KEY = new_key()
WHO = Contact(name="Juniper Underhill", email="juniper@example.org", reach="mornings", note="one\n\x1b[31mtwo")


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([KEY])


def claim(session: Session, subject: str = "npi:2000000010", *, now: datetime = NOW, **contact: Any) -> Case:
    who = Contact(**({"name": WHO.name, "email": WHO.email, "reach": WHO.reach, "note": WHO.note} | contact))
    return cases.open_case(session, Kind.PROFILE_CLAIM, subject, who, now=now)


def test_the_same_person_about_the_same_thing_within_a_day_is_one_case(session: Session) -> None:
    first = claim(session)
    assert claim(session, now=NOW + timedelta(hours=23), email="JUNIPER@EXAMPLE.ORG") is first
    others = [
        claim(session, now=NOW + timedelta(hours=25)),
        claim(session, email="ash@example.org"),
        claim(session, subject="npi:2000000028"),
    ]
    assert len({each.id for each in (first, *others)}) == 4
    assert first.contact == WHO


def test_a_closed_case_does_not_swallow_a_new_one(session: Session) -> None:
    first = claim(session)
    cases.close(session, first.id, now=NOW)
    assert claim(session).id != first.id


def test_a_flood_about_one_thing_or_about_everything_is_held_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(cases.MOST_OF_ONE_SUBJECT):
        claim(session, email=f"{number}@example.org")
    with pytest.raises(TooMany):
        claim(session, email="more@example.org")
    claim(session, email="more@example.org", now=NOW + timedelta(days=1))
    monkeypatch.setattr(cases, "MOST_A_DAY", 6)
    with pytest.raises(TooMany):
        claim(session, subject="npi:2000000028")


def test_closing_erases_what_was_written_and_keeps_that_it_was(session: Session) -> None:
    case = claim(session)
    cases.close(session, case.id, now=NOW + timedelta(hours=1))
    session.expire_all()
    kept = session.get_one(Case, case.id)
    assert (kept.state, kept.closed_at, kept.contact) == (State.CLOSED, NOW + timedelta(hours=1), None)
    assert kept.subject == "npi:2000000010"
    for number in (case.id, 999_999):
        with pytest.raises(NotFound):
            cases.close(session, number, now=NOW)


def test_what_waits_is_listed_by_when_it_is_due(session: Session) -> None:
    late = claim(session, subject="b", now=NOW + timedelta(days=3))
    soon = claim(session, subject="a")
    closed = claim(session, subject="c")
    cases.close(session, closed.id, now=NOW)
    assert [each.id for each in cases.open_cases(session)] == [soon.id, late.id]


def test_two_that_come_at_once_open_one_case(upgraded_database: str) -> None:
    engine = db.make_engine(upgraded_database, timeout_seconds=20)

    def send(_: int) -> int:
        with Session(engine) as session:
            db.writing(session)
            case = claim(session)
            session.commit()
            return case.id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    engine.dispose()


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    engine = db.make_engine(upgraded_database)
    with Session(engine) as session:
        db.writing(session)
        claim(session, now=datetime.now(UTC) - timedelta(days=30))
        claim(session, subject="npi:2000000028", now=datetime.now(UTC))
        session.commit()
    yield engine
    engine.dispose()


def test_the_command_lists_closes_and_opens_what_was_written_only_when_asked(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": KEY}
    runner = CliRunner(env=environment)
    listed = runner.invoke(main, ["cases"])
    assert listed.exit_code == 0, listed.output
    first, second, last = listed.output.splitlines()
    assert "profile_claim  npi:2000000010" in first
    assert first.endswith("OVERDUE")
    assert "npi:2000000028" in second
    assert not second.endswith("OVERDUE")
    assert last == "2 open. Times are UTC."
    assert "uniper" not in listed.output
    opened = runner.invoke(main, ["cases", "--contacts"]).output
    assert "juniper@example.org" in opened
    assert "\x1b" not in opened
    number = first.split()[0]
    assert "erased" in runner.invoke(main, ["cases", "close", number]).output
    assert "1 open" in runner.invoke(main, ["cases"]).output
    again = runner.invoke(main, ["cases", "close", number])
    assert (again.exit_code, again.output) == (1, f"Error: There is no open case {number}.\n")
    with store.connect() as connection:
        sealed = connection.execute(text("SELECT contact_sealed FROM work_case ORDER BY id")).scalars().all()
    assert sealed[0] is None


def test_a_list_needs_no_key_to_what_is_sealed(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": new_key()}
    done = CliRunner(env=environment).invoke(main, ["cases"])
    assert "2 open" in done.output
