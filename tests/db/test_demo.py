"""Demonstration people: the same every time, fictional in every field, and as good as their papers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from directory import db, migrations
from directory.cli.demo import populate, seed_demo
from directory.cli.demo.density import spots_of
from directory.cli.demo.people import Maker
from directory.credentials.models import Credential
from directory.crypto import keyring, new_key
from directory.errors import Conflict
from directory.jurisdictions.rules import read
from directory.paths import SEEDS
from directory.practitioners import service as practitioners
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.rules import npi_is_valid
from directory.practitioners.terms import PointPrecision
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import PregnancyStatus
from directory.search import service as search
from directory.search.criteria import Criteria, Point
from directory.search.loader import IndexHolder
from tests.factories import NOW, TODAY, person_draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PORTLAND = Point(45.5152, -122.6445, "US", "US-OR", "America/Los_Angeles")
FICTION = re.compile(
    r"\+1 [2-9]\d\d 555 01\d\d|020 7946 0\d{3}|0131 496 0\d{3}|029 2018 0\d{3}|028 9649 6\d{3}|01632 960\d{3}"
    r"|\(0[2378]\) 5550 \d{4}"
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The population that a first start makes."""
    keyring.install([new_key()])
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    migrations.models().create_all(engine)
    with Session(engine) as session:
        db.writing(session)
        assert populate(session, size=3000, today=TODAY, now=NOW) == 3000
        session.commit()
    yield engine
    engine.dispose()


def test_portland_has_a_good_list_and_pregnancy_changes_it(demo: Engine) -> None:
    holder = IndexHolder()
    with Session(demo) as session:
        everybody = search.find(session, Criteria(point=PORTLAND), now=NOW, holder=holder)
        patient = Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(12, 13))
        pregnant = search.find(session, Criteria(point=PORTLAND, patient=patient), now=NOW, holder=holder)
    assert everybody.total >= 15
    assert 1 <= pregnant.total < everybody.total / 2
    assert all(match.fictional for match in everybody.matches)
    assert everybody.matches[0].score.total > everybody.matches[-1].score.total


def test_most_are_listed_and_some_are_not(demo: Engine) -> None:
    holder = IndexHolder()
    with Session(demo) as session:
        rows = holder.current(session, now=NOW).table
    listed = len(set(rows.practitioner.tolist()))
    assert 0.82 * 3000 < listed < 0.95 * 3000


def test_nothing_can_reach_a_real_person(demo: Engine) -> None:
    with Session(demo) as session:
        assert session.scalar(select(func.count()).where(Practitioner.fictional.is_(False))) == 0
        telephones = set(session.scalars(select(PracticePlace.telephone).where(PracticePlace.telephone.is_not(None))))
        assert telephones
        assert [each for each in telephones if not FICTION.fullmatch(str(each))] == []
        assert not session.scalars(
            select(PracticePlace.id).where(PracticePlace.country == "NZ", PracticePlace.telephone.is_not(None))
        ).all()
        for npi, mail, site in session.execute(select(Practitioner.npi, Practitioner.email, Practitioner.website)):
            assert npi is None or (npi.startswith("2") and npi_is_valid(npi))
            assert mail is None or mail.endswith("@example.com")
            assert site is None or site.startswith("https://example.org/")
        numbers = session.scalars(select(Credential.number))
        assert all(str(number).startswith("DEMO-") for number in numbers)


def test_places_are_where_somebody_may_be_listed(demo: Engine) -> None:
    with Session(demo) as session:
        codes = set(session.scalars(select(PracticePlace.jurisdiction)))
        hidden = session.scalars(select(PracticePlace).where(PracticePlace.hidden_home)).all()
    assert not codes & {"US-AL", "US-SD"}
    assert {"US-OK", "GB-WLS", "GB-SCT", "CA-other", "AU", "NZ"} <= codes
    assert 100 < len(hidden) < 500
    assert all(place.street is None and place.point_precision is PointPrecision.AREA for place in hidden)


def test_another_seed_makes_other_people() -> None:
    rules = read(SEEDS / "jurisdictions.csv")
    spots = spots_of("NZ", ["NZ"])[""]
    made = [Maker(rules, {}, TODAY).make(1, spots, Random(seed)).person.display_name for seed in range(8)]
    assert len(set(made)) == 8


def test_names_are_of_many_origins(demo: Engine) -> None:
    with Session(demo) as session:
        names = set(session.scalars(select(Practitioner.display_name)))
    assert len(names) > 2950
    assert any("֐" <= sign <= "ۿ" for name in names for sign in name)
    assert any("’" in name for name in names)
    assert max(map(len, names)) > 30


def _everybody(session: Session) -> list[tuple[object, ...]]:
    people = select(
        Practitioner.slug,
        Practitioner.gender,
        Practitioner.account_status,
        PracticePlace.latitude,
        PracticePlace.telephone,
        PracticePlace.accepting_confirmed_on,
        PracticePlace.price_first_visit,
    ).join(PracticePlace, PracticePlace.practitioner_id == Practitioner.id)
    return [tuple(row) for row in session.execute(people.order_by(PracticePlace.id))]


def test_the_same_seed_makes_the_same_people(session: Session) -> None:
    keyring.install([new_key()])
    made = []
    for _ in range(2):
        populate(session, size=40, seed=1, today=TODAY, now=NOW)
        made.append(_everybody(session))
        practitioners.remove_fictional(session)
    assert made[0] == made[1]


def test_dates_move_with_the_day(session: Session) -> None:
    keyring.install([new_key()])
    later = date(2031, 2, 28)
    populate(session, size=80, today=later, now=datetime(2031, 2, 28, 9, tzinfo=UTC))
    newest = session.scalar(select(func.max(Credential.verified_on)))
    assert newest is not None
    assert later - timedelta(days=30) < newest < later


def test_never_beside_real_people(session: Session) -> None:
    practitioners.register(session, person_draft(fictional=False, languages=()), now=NOW)
    with pytest.raises(Conflict, match="real practitioners"):
        populate(session, size=5, today=TODAY, now=NOW)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the command makes its own database."""
    monkeypatch.chdir(tmp_path)
    for name in ("STILLPOINT_ENV", "DATABASE_URL", "ENCRYPTION_KEYS", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _count(folder: Path) -> int:
    engine = db.make_engine(f"sqlite:///{folder / 'var' / 'stillpoint.db'}")
    with Session(engine) as session:
        number = session.scalar(select(func.count()).select_from(Practitioner)) or 0
    engine.dispose()
    return number


def test_the_command_adds_people_once_and_anew_when_told(folder: Path) -> None:
    runner = CliRunner()
    first = runner.invoke(seed_demo, ["--size", "40", "--today", "2026-11-23"])
    assert (first.exit_code, first.stdout) == (0, "")
    assert _count(folder) == 40
    again = runner.invoke(seed_demo, ["--size", "40"])
    assert isinstance(again.exception, Conflict)
    assert _count(folder) == 40
    assert runner.invoke(seed_demo, ["--size", "30", "--replace"]).exit_code == 0
    assert _count(folder) == 30


def test_an_interrupted_seeding_leaves_nobody(folder: Path) -> None:
    assert CliRunner().invoke(seed_demo, ["--size", "1"]).exit_code == 0
    engine = db.make_engine(f"sqlite:///{folder / 'var' / 'stillpoint.db'}")

    def interrupted(_more: int) -> None:
        raise KeyboardInterrupt

    with Session(engine) as session:
        db.writing(session)
        practitioners.remove_fictional(session)
        with pytest.raises(KeyboardInterrupt):
            populate(session, size=600, today=TODAY, now=NOW, progress=interrupted)
    engine.dispose()
    assert _count(folder) == 1


def test_never_in_production(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLPOINT_ENV", "production")
    result = CliRunner().invoke(seed_demo, ["--size", "5"])
    assert result.exit_code != 0
    assert not (folder / "var" / "stillpoint.db").exists()
