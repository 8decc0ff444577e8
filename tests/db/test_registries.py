"""A file of the register counts wholly or not at all, goes on where it was stopped, and brings nobody into a search."""

from __future__ import annotations

import csv
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session, undefer

from directory import changes, db, migrations
from directory.cli import import_nppes as command
from directory.cli import main
from directory.cli.import_nppes import Taken, take_in
from directory.crypto import keyring, new_key
from directory.downloads import BrokenFile
from directory.errors import Conflict, NotFound
from directory.paths import CONFIG
from directory.registries import queries, reading, service
from directory.registries.models import (
    RegistryEntry,
    RegistryImport,
    RegistryLead,
    RegistryReject,
    RegistryRemoval,
    RegistryStaged,
)
from directory.registries.service import OlderFile
from directory.registries.terms import Flaw, ImportState, Reach, Standing
from directory.search.criteria import Criteria, Point
from directory.search.loader import IndexHolder
from directory.search.service import find
from tests import factories, nppes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
KEY = new_key()
TABLES = (RegistryEntry, RegistryLead, RegistryRemoval, RegistryImport, RegistryStaged, RegistryReject)


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    keyring.install([KEY])
    engine = db.make_engine(upgraded_database)
    yield engine
    engine.dispose()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stage every few rows, so that a small file is read in several steps."""
    monkeypatch.setattr(reading, "_BATCH_ROWS", 5)


def take(engine: Engine, file: Path, **options: Any) -> Taken:
    standard: dict[str, Any] = {"reach": None, "allow_older": False, "now": NOW}
    return take_in(engine, file, **standard | options)


def crowd(count: int, first: int = 1) -> list[dict[str, str]]:
    return [nppes.person(number) for number in range(first, first + count)]


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the register, as it lies in the database."""
    with engine.connect() as connection:
        return {
            model.__tablename__: sorted(
                tuple(row) for row in connection.execute(text(f"SELECT * FROM {model.__tablename__}"))
            )
            for model in TABLES
        }


def told(engine: Engine) -> list[tuple[Any, ...]]:
    """What is held of people, apart from how it is sealed."""
    columns = [each for each in RegistryEntry.__table__.columns if each.name != "contact_sealed"]
    with engine.connect() as connection:
        entries = [tuple(row) for row in connection.execute(select(*columns).order_by(RegistryEntry.npi))]
        leads = [tuple(row) for row in connection.execute(select(RegistryLead.__table__).order_by("npi", "slot"))]
    return [*entries, *leads]


def standings(engine: Engine) -> dict[str, Standing]:
    with Session(engine) as session:
        return {each.npi: each.standing for each in session.scalars(select(RegistryEntry))}


def applied(taken: Taken) -> dict[str, int]:
    """What a file did, without the noughts."""
    assert taken.applied is not None
    return {name: getattr(taken.applied, name) for name in taken.applied.__slots__ if getattr(taken.applied, name)}


# --- what is taken ---------------------------------------------------------------------------------------------------


def test_people_are_taken_with_leads_and_a_sealed_way_to_reach_them(store: Engine, tmp_path: Path) -> None:
    row = nppes.person(1, middle="Q") | nppes.slot(9, licence="25MZ1", state="NJ")
    taken = take(store, nppes.write(tmp_path / nppes.MONTH, [row, nppes.organisation(2), nppes.deactivated(3)]))
    assert (taken.reach, taken.as_of) == (Reach.FULL, date(2026, 1, 11))
    assert applied(taken) == {"new": 1}
    with Session(store) as session:
        entry = session.scalars(select(RegistryEntry).options(undefer(RegistryEntry.contact_sealed))).one()
        assert (entry.last_name, entry.city, entry.region, entry.name_key) == (
            "UNDERHILL",
            "PORTLAND",
            "OR",
            "underhill",
        )
        assert (entry.enumerated_on, entry.updated_on) == (date(2012, 4, 2), date(2026, 1, 6))
        assert "12 FERN WAY" in (entry.contact_sealed or "")
        leads = session.scalars(select(RegistryLead).order_by(RegistryLead.slot)).all()
        assert [(each.slot, each.state, each.number, each.is_primary) for each in leads] == [
            (1, "OR", "AC150001", True),
            (9, "NJ", "25MZ1", False),
        ]
    for rows in everything(store).values():
        assert "FERN" not in str(rows)
        assert "5035550142" not in str(rows)


def test_the_same_file_twice_changes_nothing_at_all(store: Engine, tmp_path: Path) -> None:
    file = nppes.write(tmp_path / nppes.MONTH, crowd(20))
    take(store, file)
    before = everything(store)
    again = take(store, file, now=NOW + timedelta(days=1))
    assert again.applied is None
    assert everything(store) == before


def test_the_same_rows_in_another_packing_change_nobody(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(20)))
    before = everything(store)["registry_entry"]
    assert applied(take(store, nppes.write(tmp_path / f"{nppes.WEEK}.gz", crowd(20)))) == {"unchanged": 20}
    assert everything(store)["registry_entry"] == before


def test_a_later_file_changes_takes_down_and_brings_back(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(5)))
    one, two, three, _four, five, six = (nppes.npi(number) for number in range(1, 7))
    later = [
        nppes.person(1, city="SALEM"),
        nppes.deactivated(2),
        nppes.person(3) | nppes.slot(1, nppes.MASSAGE),
        nppes.person(5),
        nppes.person(6),
        nppes.deactivated(7),
    ]
    taken = take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, later))
    assert applied(taken) == {"new": 1, "changed": 1, "taken_down": 2, "unchanged": 1}
    assert standings(store) == {
        one: Standing.SHOWN,
        two: Standing.DEACTIVATED,
        three: Standing.OTHER_WORK,
        nppes.npi(4): Standing.SHOWN,
        five: Standing.SHOWN,
        six: Standing.SHOWN,
    }
    with Session(store) as session:
        gone = session.get_one(RegistryEntry, two)
        assert (gone.standing_since, gone.contact_sealed, gone.city) == (date(2026, 1, 8), None, "")
        assert session.scalar(select(func.count()).where(RegistryLead.npi.in_([two, three]))) == 0
        assert session.get_one(RegistryEntry, five).as_of == date(2026, 1, 18)
        assert session.get_one(RegistryEntry, nppes.npi(4)).as_of == date(2026, 1, 11)
    back = [nppes.person(2, deactivated="01/08/2026", reactivated="01/19/2026"), nppes.person(3)]
    taken = take(store, nppes.write(tmp_path / "npidata_pfile_20260119-20260125.csv", back), now=NOW + timedelta(7))
    assert applied(taken) == {"back": 2}
    assert set(standings(store).values()) == {Standing.SHOWN}
    with Session(store) as session:
        assert "FERN" in (session.get_one(RegistryEntry, two).contact_sealed or "")


def test_whoever_a_full_file_does_not_name_is_hidden_and_not_deleted(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.MONTH, crowd(10)))
    rest = [*crowd(9), *(nppes.organisation(number) for number in range(50, 52))]
    taken = take(store, nppes.write(tmp_path / nppes.NEXT_MONTH, rest), now=NOW + timedelta(30))
    assert applied(taken) == {"unchanged": 9, "absent": 1}
    with Session(store) as session:
        hidden = session.get_one(RegistryEntry, nppes.npi(10))
        assert (hidden.standing, hidden.standing_since) == (Standing.ABSENT, date(2026, 2, 8))
        assert (hidden.contact_sealed, hidden.as_of) == (None, date(2026, 1, 11))
    week = nppes.write(tmp_path / "npidata_pfile_20260209-20260215.csv", [nppes.person(10)])
    assert applied(take(store, week, now=NOW + timedelta(40))) == {"back": 1}


def test_whoever_a_weekly_file_does_not_name_stays(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.MONTH, crowd(10)))
    take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(1)))
    assert set(standings(store).values()) == {Standing.SHOWN}


def test_whose_row_cannot_be_used_was_named_all_the_same(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.MONTH, crowd(10)))
    rows = [*crowd(9), nppes.person(10, updated="someday")]
    taken = take(store, nppes.write(tmp_path / nppes.NEXT_MONTH, rows), now=NOW + timedelta(30))
    assert applied(taken) == {"unchanged": 9}
    assert standings(store)[nppes.npi(10)] is Standing.SHOWN


def test_a_full_file_that_lost_rows_or_names_too_few_is_refused(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.MONTH, crowd(200)))
    before = told(store)
    cut = nppes.write(tmp_path / nppes.NEXT_MONTH, crowd(197))
    with pytest.raises(BrokenFile, match="has 197 rows and the one before had 200"):
        take(store, cut, now=NOW + timedelta(30))
    others = [*crowd(170), *(nppes.organisation(number) for number in range(2000, 2031))]
    with pytest.raises(BrokenFile, match="does not name 30 of the people shown"):
        take(store, nppes.write(tmp_path / nppes.NEXT_MONTH, others), now=NOW + timedelta(30))
    assert told(store) == before
    taken = take(store, tmp_path / nppes.NEXT_MONTH, reach=Reach.PARTIAL, now=NOW + timedelta(30))
    assert applied(taken) == {"unchanged": 170}


# --- removals --------------------------------------------------------------------------------------------------------


def remove(engine: Engine, number: int) -> None:
    with Session(engine) as session:
        db.writing(session)
        service.remove(session, nppes.npi(number), now=NOW)
        session.commit()


def test_whoever_was_removed_stays_out_of_every_file(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(3)))
    remove(store, 2)
    remove(store, 2)
    with Session(store) as session:
        assert session.get(RegistryEntry, nppes.npi(2)) is None
        assert session.scalar(select(func.count()).where(RegistryLead.npi == nppes.npi(2))) == 0
    taken = take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, [*crowd(3), nppes.person(4)]))
    assert applied(taken) == {"new": 1, "unchanged": 2, "removed": 1}
    assert nppes.npi(2) not in standings(store)
    with Session(store) as session:
        db.writing(session)
        service.readmit(session, nppes.npi(2))
        session.commit()
    taken = take(
        store, nppes.write(tmp_path / nppes.NEXT_MONTH, [nppes.organisation(9), *crowd(4)]), now=NOW + timedelta(30)
    )
    assert applied(taken) == {"new": 1, "unchanged": 3}


def test_nobody_is_removed_who_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        service.remove(session, nppes.npi(1), now=NOW)
    with pytest.raises(NotFound):
        service.readmit(session, nppes.npi(1))


def test_a_removal_while_a_file_is_being_read_holds(store: Engine, tmp_path: Path, small_batches: None) -> None:
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(3)))
    file = nppes.write(tmp_path / nppes.NEXT_WEEK, [nppes.person(number, city="SALEM") for number in range(1, 30)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command.Progress, "at", _at_the_third(lambda: remove(store, 1)))
        taken = take(store, file)
    assert nppes.npi(1) not in standings(store)
    assert applied(taken) == {"new": 26, "changed": 2}


def _at_the_third(act: Any) -> Any:
    """A progress that does something when the third batch was staged."""
    calls = 0

    def at(self: command.Progress, position: int, *, rows: int = 0) -> None:
        nonlocal calls
        calls += rows > 0
        if calls == 3 and rows:
            act()

    return at


# --- older -----------------------------------------------------------------------------------------------------------


def test_a_file_older_than_the_last_is_refused_with_both_days(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(3)))
    before = everything(store)
    with pytest.raises(OlderFile, match="of 2026-01-11, and the newest one taken is of 2026-01-18"):
        take(store, nppes.write(tmp_path / nppes.WEEK, crowd(4)))
    assert everything(store) == before


def test_a_file_without_a_day_in_its_name_is_dated_by_its_rows(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(3)))
    before = everything(store)
    file = nppes.write(tmp_path / "export.csv", crowd(4))
    with pytest.raises(OlderFile, match="of 2026-01-06"):
        take(store, file)
    assert everything(store) == before
    newer = nppes.write(tmp_path / "export.csv", [nppes.person(9, updated="01/19/2026")])
    taken = take(store, newer)
    assert (taken.as_of, taken.reach) == (date(2026, 1, 19), Reach.PARTIAL)


def test_a_file_of_deactivations_alone_takes_down_whom_it_names_and_nobody_else(store: Engine, tmp_path: Path) -> None:
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(3)))
    gone = [nppes.deactivated(number, "01/15/2026") for number in (2, 77)]
    taken = take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, gone))
    assert applied(taken) == {"taken_down": 1}
    one, two, three = (nppes.npi(number) for number in (1, 2, 3))
    assert standings(store) == {one: Standing.SHOWN, two: Standing.DEACTIVATED, three: Standing.SHOWN}


def test_an_older_file_may_add_and_replaces_nothing(store: Engine, tmp_path: Path) -> None:
    newer = [nppes.person(1, city="SALEM", updated="01/15/2026"), nppes.person(2), nppes.person(3)]
    take(store, nppes.write(tmp_path / nppes.MONTH, newer))
    take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, [nppes.deactivated(2, "01/15/2026")]))
    older = [nppes.person(1), nppes.person(2), nppes.person(4)]
    taken = take(store, nppes.write(tmp_path / nppes.WEEK, older), allow_older=True)
    assert applied(taken) == {"new": 1, "unchanged": 2}
    with Session(store) as session:
        assert session.get_one(RegistryEntry, nppes.npi(1)).city == "SALEM"
        assert session.get_one(RegistryEntry, nppes.npi(2)).standing is Standing.DEACTIVATED
        assert session.get_one(RegistryEntry, nppes.npi(3)).standing is Standing.SHOWN
        assert queries.newest_day(session) == date(2026, 1, 18)


def test_a_file_of_a_day_that_has_not_come_is_refused(store: Engine, tmp_path: Path) -> None:
    file = nppes.write(tmp_path / "npidata_pfile_20260105-20270111.csv", crowd(1))
    with pytest.raises(BrokenFile, match="has not come: 2027-01-11"):
        take(store, file)


def test_a_file_that_nothing_dates_is_refused(store: Engine, tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="nothing that dates it"):
        take(store, nppes.write(tmp_path / "export.csv", [nppes.organisation(1) | {"Last Update Date": ""}]))
    assert not any(everything(store).values())


# --- broken ----------------------------------------------------------------------------------------------------------


def _broken(kind: str, rows: list[dict[str, str]], file: Path) -> Path:
    whole = nppes.text(rows).encode()
    if kind == "cut":
        file.write_bytes(whole[: len(whole) * 3 // 4])
    elif kind == "header":
        file.write_bytes(whole.replace(b'"NPI"', b'"N"', 1))
    elif kind == "encoding":
        file.write_bytes(whole.replace(b"JUNIPER", b"JUNIP\xe9R"))
    elif kind == "late encoding":
        file.write_bytes(whole + nppes.text([nppes.person(999, first="É")]).split("\n")[1].encode("latin-1"))
    elif kind == "archive":
        nppes.write(file.with_suffix(".csv.gz"), rows)
        packed = file.with_suffix(".csv.gz")
        packed.write_bytes(packed.read_bytes()[:-5])
        return packed
    return file


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("kind", ["cut", "header", "encoding", "late encoding", "archive"])
def test_a_broken_file_changes_nothing_and_exits_with_2(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(10)))
    before = everything(store)
    file = _broken(kind, [nppes.person(number, city="SALEM") for number in range(1, 61)], tmp_path / nppes.NEXT_WEEK)
    monkeypatch.chdir(tmp_path)
    done = CliRunner(env=_environment(upgraded_database)).invoke(main, ["import-nppes", str(file)])
    assert done.exit_code == 2, done.output
    (line,) = done.output.strip().splitlines()
    assert line.startswith("Error: ")
    assert line.endswith("Nothing was changed.")
    assert everything(store) == before


def _environment(url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": KEY}


def test_an_older_file_exits_with_2(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(1)))
    file = nppes.write(tmp_path / nppes.WEEK, crowd(2))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env=_environment(upgraded_database))
    done = runner.invoke(main, ["import-nppes", str(file)])
    assert done.exit_code == 2
    assert "2026-01-18" in done.output
    assert runner.invoke(main, ["import-nppes", str(file), "--allow-older"]).exit_code == 0


# --- rejects ---------------------------------------------------------------------------------------------------------


def test_what_was_not_taken_is_kept_with_line_and_reason_and_written_out(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [nppes.person(1), nppes.person(2, last=""), nppes.person(3, npi='=cmd|"calc"'), nppes.person(1)]
    file = nppes.write(tmp_path / nppes.WEEK, rows)
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env=_environment(upgraded_database))
    for _ in range(2):
        done = runner.invoke(main, ["import-nppes", str(file), "--rejects", "rejects.csv"])
        assert done.exit_code == 0, done.output
        assert "3 rows are named in rejects.csv" in done.output
        with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as told:
            assert list(csv.reader(told)) == [
                ["line", "npi", "reason"],
                ["3", nppes.npi(2), Flaw.NAME.reason],
                ["4", "", Flaw.NPI.reason],
                ["5", nppes.npi(1), Flaw.TWICE.reason],
            ]
    take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(1)))
    assert everything(store)["registry_reject"] == []


def test_a_file_of_which_too_much_cannot_be_used_is_refused(store: Engine, tmp_path: Path) -> None:
    rows = [*crowd(10), *(nppes.person(number, last="") for number in range(100, 201))]
    with pytest.raises(BrokenFile, match="101 of 111 rows cannot be used"):
        take(store, nppes.write(tmp_path / nppes.WEEK, rows))
    assert not any(everything(store).values())


# --- stopped on the way ----------------------------------------------------------------------------------------------


class Stopped(BaseException):
    """Whatever ends a command."""


def _stop() -> None:
    raise Stopped


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".zip"])
def test_a_stopped_import_shows_nothing_and_goes_on_where_it_was(
    store: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    rows = [*crowd(20), nppes.person(2), nppes.organisation(50), *crowd(20, first=21)]
    file = nppes.write(tmp_path / f"npidata_pfile_20260105-20260111{ending}", rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command.Progress, "at", _at_the_third(_stop))
        with pytest.raises(Stopped):
            take(store, file)
    assert standings(store) == {}
    with Session(store) as session:
        stopped = queries.unfinished(session)
        assert stopped is not None
        assert stopped.state is ImportState.READING
        assert session.scalar(select(func.count()).select_from(RegistryStaged)) == 15
    taken = take(store, file)
    assert "Going on at line 17" in capsys.readouterr().err
    assert applied(taken) == {"new": 40}
    counts = taken.counts
    assert (counts.rows, counts.people, counts.organisations, counts.rejected) == (42, 41, 1, 1)
    assert everything(store)["registry_staged"] == []


@pytest.mark.usefixtures("small_batches")
def test_another_file_takes_the_place_of_a_stopped_one(store: Engine, tmp_path: Path) -> None:
    file = nppes.write(tmp_path / nppes.WEEK, crowd(40))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command.Progress, "at", _at_the_third(_stop))
        with pytest.raises(Stopped):
            take(store, file)
    taken = take(store, nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(3)))
    assert applied(taken) == {"new": 3}
    with Session(store) as session:
        assert queries.unfinished(session) is None
        assert session.scalar(select(func.count()).select_from(RegistryImport)) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from datetime import UTC, datetime
from directory import db
from directory.cli import import_nppes as command
from directory.crypto import keyring
from directory.registries import reading, service
from sqlalchemy import event

url, key, file, moment = sys.argv[1:]
keyring.install([key])
reading._BATCH_ROWS = 5
engine = db.make_engine(url)
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if moment == "between batches":
    seen = []
    command.Progress.at = lambda self, position, rows=0: rows and (seen.append(rows), len(seen) == 3 and die())
elif moment == "while staging":
    @event.listens_for(engine, "before_cursor_execute")
    def _(connection, cursor, statement, *rest):
        if "UPDATE registry_import" in statement:
            die()
else:
    @event.listens_for(engine, "before_cursor_execute")
    def _(connection, cursor, statement, *rest):
        if "INSERT INTO registry_lead" in statement:
            die()
command.take_in(engine, Path(file), reach=None, allow_older=False, now=datetime(2026, 1, 20, 12, tzinfo=UTC))
"""


@pytest.mark.parametrize("moment", ["between batches", "while staging", "while applying"])
def test_a_killed_import_leaves_nothing_half_and_goes_on(
    store: Engine, upgraded_database: str, tmp_path: Path, moment: str
) -> None:
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(3)))
    before = told(store)
    file = nppes.write(tmp_path / nppes.NEXT_WEEK, [nppes.person(number, city="SALEM") for number in range(1, 41)])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, upgraded_database, KEY, str(file), moment],
        env={**os.environ, "PYTHONPATH": str(CONFIG.parent)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert told(store) == before
    assert applied(take(store, file)) == {"new": 37, "changed": 3}
    assert {each.npi for each in _shown(store)} == {nppes.npi(number) for number in range(1, 41)}
    assert {each.city for each in _shown(store)} == {"SALEM"}


def _shown(engine: Engine) -> list[RegistryEntry]:
    with Session(engine) as session:
        return list(session.scalars(select(RegistryEntry).where(RegistryEntry.standing == Standing.SHOWN)))


def test_of_two_imports_at_once_the_second_is_sent_away(store: Engine, tmp_path: Path) -> None:
    with command._alone(store), pytest.raises(Conflict, match="Another import is under way"), command._alone(store):
        pass
    with command._alone(store):
        pass


def test_a_locked_database_ends_the_command_in_one_line_and_it_can_be_run_again(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = nppes.write(tmp_path / nppes.WEEK, crowd(10))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env=_environment(upgraded_database) | {"DATABASE_TIMEOUT_SECONDS": "1"})
    with store.connect().execution_options(**db.WRITES) as other, other.begin():
        if store.dialect.name == "postgresql":
            other.execute(text("LOCK TABLE registry_import IN ACCESS EXCLUSIVE MODE"))
        done = runner.invoke(main, ["import-nppes", str(file)])
    assert done.exit_code == 1
    (line,) = done.output.strip().splitlines()
    assert "does not answer or cannot be written to" in line
    assert runner.invoke(main, ["import-nppes", str(file)]).exit_code == 0
    assert len(_shown(store)) == 10


def test_a_full_disk_leaves_everything_as_it_was(databases: Any, tmp_path: Path) -> None:
    keyring.install([KEY])
    url = databases.create("sqlite")
    migrations.upgrade(db.make_engine(url))
    take(db.make_engine(url), nppes.write(tmp_path / nppes.WEEK, crowd(5)))
    small = db.make_engine(url)
    with closing(sqlite3.connect(small.url.database or "")) as raw:
        (pages,) = raw.execute("PRAGMA page_count").fetchone()

    @event.listens_for(small, "connect")
    def _full(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 4}")

    before = told(small)
    file = nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(300))
    with pytest.raises(Exception, match="full") as caught:
        take(small, file)
    assert db.is_unavailable(caught.value)
    assert told(small) == before
    roomy = db.make_engine(url)
    assert applied(take(roomy, file)) == {"new": 295, "unchanged": 5}


# --- never a match ---------------------------------------------------------------------------------------------------


def test_the_search_does_not_notice_a_file(store: Engine, tmp_path: Path) -> None:
    holder = IndexHolder()
    with Session(store) as session:
        db.writing(session)
        factories.reference(session)
        factories.listed(session)
        session.commit()
        before = changes.position(session)
        snapshot = holder.current(session, now=factories.NOW)
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(50)))
    with Session(store) as session:
        assert changes.position(session) == before
        assert holder.current(session, now=factories.NOW) is snapshot
        assert len(IndexHolder().current(session, now=factories.NOW).table) == len(snapshot.table) == 1
        point = Point(*factories.PORTLAND, "US", "US-OR", "America/Los_Angeles")
        results = find(session, Criteria(point=point, radius_km=500.0), now=factories.NOW, holder=holder)
        assert len(results.matches) == results.total == 1
        assert all(each.count <= 1 for facet in results.facets.values() for each in facet)


# --- the commands ----------------------------------------------------------------------------------------------------


def test_the_status_says_what_was_taken_and_a_removal_can_be_taken_back(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env=_environment(upgraded_database))
    assert "No file was taken yet" in runner.invoke(main, ["registry", "status"]).output
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(3)))
    remove(store, 2)
    told = runner.invoke(main, ["registry", "status"]).output
    assert f"The newest file is {nppes.WEEK}, of 2026-01-11." in told
    assert "2 have a page" in told
    assert "1 were taken out because somebody asked" in told
    assert runner.invoke(main, ["registry", "readmit", nppes.npi(2)]).exit_code == 0
    again = runner.invoke(main, ["registry", "readmit", nppes.npi(2)])
    assert (again.exit_code, again.output) == (1, "Error: Nobody was taken out under this number.\n")


def test_the_summary_counts_everybody_and_full_and_partial_overrule_the_name(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env=_environment(upgraded_database))
    rows = [*crowd(3), nppes.organisation(8), nppes.deactivated(9), nppes.person(7, last="")]
    done = runner.invoke(main, ["import-nppes", str(nppes.write(tmp_path / nppes.WEEK, rows))])
    assert "6 rows: 4 people, 3 of them acupuncturists" in done.output
    assert "1 organisations, passed over; 1 deactivated numbers; 1 rows that cannot be used" in done.output
    assert "3 new, 0 changed, 0 back" in done.output
    rest = nppes.write(tmp_path / nppes.NEXT_WEEK, crowd(2))
    done = runner.invoke(main, ["import-nppes", str(rest), "--full"])
    assert "the full file as of 2026-01-18" in done.output
    assert "1 people are not named in it any more" in done.output
    assert "was taken already" in runner.invoke(main, ["import-nppes", str(rest)]).output


def test_without_a_terminal_progress_is_a_line_now_and_then(
    store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_SECONDS_BETWEEN_LINES", 0.0)
    take(store, nppes.write(tmp_path / nppes.WEEK, crowd(5)))
    assert "Reading: 100 %, 5 rows, " in capsys.readouterr().err
