"""Moving what is sealed to a new key: everything, resumable, and honest about what no key opens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from dotenv import dotenv_values
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from directory import db
from directory.cli import keys as command
from directory.cli import main
from directory.credentials.evidence.store import Store as FileStore
from directory.crypto import keyring, new_key
from directory.jurisdictions import service as jurisdictions
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import PointPrecision, Profession

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OLD, FRESH, LOST = (new_key() for _ in range(3))
MANY = 450


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    engine = db.make_engine(upgraded_database)
    yield engine
    engine.dispose()


def _homes(engine: Engine, number: int, *, key: str) -> None:
    keyring.install([key])
    with Session(engine) as session:
        jurisdictions.load(session)
        person = Practitioner(
            slug=f"somebody-{key[:6]}",
            display_name="Somebody",
            profession=Profession.ACUPUNCTURIST,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(person)
        session.flush()
        session.add_all(
            PracticePlace(
                practitioner_id=person.id,
                label="Home",
                jurisdiction="IE",
                country="IE",
                locality="Cork",
                hidden_home=True,
                address_sealed=f"{each} Hidden Lane",
                latitude=51.9,
                longitude=-8.5,
                point_precision=PointPrecision.AREA,
                timezone="Europe/Dublin",
            )
            for each in range(number)
        )
        session.commit()


def _addresses(engine: Engine) -> set[str | None]:
    with Session(engine) as session:
        return set(session.scalars(select(PracticePlace.address_sealed)))


def test_everything_is_sealed_anew_and_the_old_key_may_go(store: Engine) -> None:
    _homes(store, MANY, key=OLD)
    keyring.install([FRESH, OLD])
    counted: list[int] = []
    outcome = command.reseal(store, progress=counted.append)
    assert (outcome.resealed, outcome.already, outcome.unopened) == (MANY, 0, [])
    assert sum(counted) == command.how_many(store) == MANY
    keyring.install([FRESH])
    assert _addresses(store) == {f"{each} Hidden Lane" for each in range(MANY)}


def test_a_rotation_that_was_stopped_goes_on_where_it_was(store: Engine) -> None:
    _homes(store, MANY, key=OLD)
    keyring.install([FRESH, OLD])

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        command.reseal(store, progress=stop)
    assert _addresses(store) == {f"{each} Hidden Lane" for each in range(MANY)}
    outcome = command.reseal(store, progress=lambda _: None)
    assert outcome.already > 0
    assert outcome.resealed == MANY - outcome.already


def test_files_are_sealed_anew_too_and_lost_ones_are_named(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = FileStore(tmp_path / "evidence")
    for name, key in (("a", OLD), ("b", FRESH), ("c", LOST)):
        keyring.install([key])
        files.write_sealed(name * 32, keyring.seal_bytes(b"a licence"))
    environment = {"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": f"{FRESH},{OLD}"}
    environment["EVIDENCE_DIR"] = str(files.folder)
    done = CliRunner(env=environment).invoke(main, ["keys", "rotate"])
    assert done.exit_code == 1
    assert "1 values were sealed anew, 1 were sealed with the first key already." in done.output
    assert f"file {'c' * 32}" in done.output
    keyring.install([FRESH])
    assert [files.read(name * 32) for name in "ab"] == [b"a licence"] * 2


def test_what_no_key_opens_is_named_and_left_as_it_is(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _homes(store, 1, key=LOST)
    _homes(store, 2, key=OLD)
    with store.connect() as connection:
        before = connection.execute(text("SELECT id, address_sealed FROM practice_place ORDER BY id")).all()
    monkeypatch.chdir(tmp_path)
    environment = {"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": f"{FRESH},{OLD}"}
    done = CliRunner(env=environment).invoke(main, ["keys", "rotate"])
    assert done.exit_code == 1
    assert f"practice_place id {before[0][0]}: address_sealed" in done.output
    assert "2 values were sealed anew" in done.output
    assert "not needed" not in done.output
    with store.connect() as connection:
        after = connection.execute(text("SELECT id, address_sealed FROM practice_place ORDER BY id")).all()
    assert after[0] == before[0]
    assert after[1:] != before[1:]


def test_the_command_says_when_the_old_key_is_not_needed(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _homes(store, 2, key=OLD)
    monkeypatch.chdir(tmp_path)
    environment = {"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": f"{FRESH},{OLD}"}
    done = CliRunner(env=environment).invoke(main, ["keys", "rotate"])
    assert done.exit_code == 0, done.output
    assert "The other keys are not needed any more." in done.output
    with store.connect() as connection:
        sealed = connection.scalars(text("SELECT address_sealed FROM practice_place")).all()
    assert all(Fernet(FRESH).decrypt(each) for each in sealed)


def test_new_keys_are_lines_for_the_settings_and_never_the_same(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        done = CliRunner().invoke(main, ["keys", "new"])
        assert done.exit_code == 0
        (tmp_path / name).write_text(done.output)
        made.append(dotenv_values(tmp_path / name))
    for each in made:
        assert len(each["SECRET_KEY"] or "") >= 32
        Fernet(each["ENCRYPTION_KEYS"] or "")
    assert made[0]["SECRET_KEY"] != made[1]["SECRET_KEY"]
    assert made[0]["ENCRYPTION_KEYS"] != made[1]["ENCRYPTION_KEYS"]
