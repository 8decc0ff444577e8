"""The command that keeps somebody's data while a complaint or a court needs it, and the job that heeds it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from config import Config
from directory import db
from directory.cli import main
from directory.crypto import keyring, new_key
from directory.jobs.runner import run_due
from directory.jobs.table import JOBS
from directory.practitioners.models import Practitioner
from directory.privacy import service
from tests.db.search import people

KEY = new_key()
ERASING = [job for job in JOBS if job.name == "erase_departed"]


def test_a_hold_stops_the_job_until_it_is_lifted(
    upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": KEY}
    keyring.install([KEY])
    engine = db.make_engine(upgraded_database)
    now = datetime.now(UTC)
    with Session(engine) as session:
        db.writing(session)
        people.reference(session)
        ada = people.add(session)
        service.leave(session, ada, grace_days=30, by=None, now=now)
        session.commit()
    config = Config.from_environment(environment, cwd=tmp_path)
    runner = CliRunner(env=environment)

    def after(days: int) -> int:
        """How many departures the job settles so many days later."""
        (ran,) = run_due(ERASING, engine, config, clock=lambda: now + timedelta(days=days))
        assert ran.trouble is None
        return ran.done

    placed = runner.invoke(main, ["legal-hold", "place", str(ada), "--reason", "A complaint"])
    assert placed.exit_code == 0, placed.output
    assert after(29) == 0
    assert after(31) == 0
    assert "is lifted" in runner.invoke(main, ["legal-hold", "lift", str(ada)]).output
    again = runner.invoke(main, ["legal-hold", "lift", str(ada)])
    assert (again.exit_code, again.output) == (1, f"Error: There is no hold on practitioner {ada}.\n")
    assert after(32) == 1
    with Session(engine) as session:
        assert session.get(Practitioner, ada) is None
    engine.dispose()


def test_nobody_can_be_put_under_a_hold_who_is_not_there(
    upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": KEY}
    engine = db.make_engine(upgraded_database)
    engine.dispose()
    refused = CliRunner(env=environment).invoke(main, ["legal-hold", "place", "7", "--reason", "x"])
    assert (refused.exit_code, refused.output) == (1, "Error: There is no such practitioner.\n")
