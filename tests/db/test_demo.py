"""Demonstration people: the same every time, fictional in every field, and as good as their papers."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from directory import db, migrations
from directory.accounts import demonstration
from directory.accounts import queries as accounts
from directory.accounts.models import Account
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.service import TakenByAnother
from directory.cases.terms import Kind, Risk
from directory.cli.demo import DEFAULT_SEED, desk, invented, populate, seed_demo, sign_ins, talks
from directory.cli.demo.density import spots_of
from directory.cli.demo.people import Maker
from directory.consultations import queries as consultations
from directory.consultations import rounds
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Stand
from directory.consultations.models import Consultation
from directory.consultations.terms import State
from directory.credentials.decisions.models import Decision, Question
from directory.credentials.evidence.models import Evidence
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import MediaType
from directory.credentials.models import Credential
from directory.crypto import keyring, new_key
from directory.errors import Conflict
from directory.jurisdictions.rules import read
from directory.mail.models import OutgoingLetter
from directory.paths import SEEDS
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.rules import npi_is_valid
from directory.practitioners.terms import PointPrecision
from directory.registries.exclusions.models import ExclusionFile, ExclusionHit
from directory.registries.exclusions.terms import By
from directory.registries.rosters import rules as rosters
from directory.registries.rosters.models import RosterFile
from directory.registries.rosters.terms import FileState
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import PregnancyStatus
from directory.search import service as search
from directory.search.criteria import Criteria, Point
from directory.search.loader import IndexHolder
from tests.factories import NOW, TODAY, person_draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 600
FEW = 60
KEY = new_key()
WIDE = 100.0
CITIES = (
    Point(45.5152, -122.6445, "US", "US-OR", "America/Los_Angeles"),
    Point(34.05, -118.25, "US", "US-CA", "America/Los_Angeles"),
    Point(40.73, -73.99, "US", "US-NY", "America/New_York"),
    Point(49.26, -123.11, "CA", "CA-BC", "America/Vancouver"),
    Point(51.5, -0.12, "GB", "GB-LDN", "Europe/London"),
)
RULES = read(SEEDS / "jurisdictions.csv")
FICTION = re.compile(
    r"\+1 [2-9]\d\d 555 01\d\d|020 7946 0\d{3}|0131 496 0\d{3}|029 2018 0\d{3}|028 9649 6\d{3}|01632 960\d{3}"
    r"|\(0[2378]\) 5550 \d{4}"
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A population like that of a first start, a fifth of its size."""
    keyring.install([new_key()])
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    migrations.models().create_all(engine)
    with Session(engine) as session:
        db.writing(session)
        assert populate(session, size=SIZE, today=TODAY, now=NOW) == SIZE
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def desk_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Where the evidence of the demonstration lies."""
    return Store(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="module")
def sown(tmp_path_factory: pytest.TempPathFactory, desk_store: Store) -> Iterator[Engine]:
    """A small population and the desk that waits for a verifier of it, sealed with ``KEY``."""
    keyring.install([KEY])
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('desk') / 'desk.db'}")
    migrations.models().create_all(engine)
    with Session(engine) as session:
        db.writing(session)
        populate(session, size=FEW, today=TODAY, now=NOW)
        person = sign_ins.make(session, now=NOW)
        assert person is not None
        assert desk.fill(session, desk_store, today=TODAY, now=NOW) == len(cases.open_cases(session))
        assert talks.fill(session, person, secret="a secret of the demonstration", store=desk_store, now=NOW) > 10
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def desk_of_few(sown: Engine) -> Engine:
    """The same, legible whatever key was used meanwhile."""
    keyring.install([KEY])
    return sown


@pytest.fixture(scope="module")
def holder(demo: Engine) -> IndexHolder:
    """An index of them, read once."""
    held = IndexHolder()
    with Session(demo) as session:
        search.ready(session, held, now=NOW)
    return held


def test_large_cities_have_lists_and_pregnancy_shortens_them(demo: Engine, holder: IndexHolder) -> None:
    patient = Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(12, 13))

    with Session(demo) as session:
        everybody = [
            search.find(session, Criteria(point=city, radius_km=WIDE), now=NOW, holder=holder) for city in CITIES
        ]
        pregnant = [
            search.find(session, Criteria(point=city, patient=patient, radius_km=WIDE), now=NOW, holder=holder)
            for city in CITIES
        ]
    assert all(found.total >= 3 for found in everybody)
    assert all(match.fictional for found in everybody for match in found.matches)
    assert all(found.matches[0].score.total > found.matches[-1].score.total for found in everybody)
    share = sum(found.total for found in pregnant) / sum(found.total for found in everybody)
    assert 0.05 < share < 0.30


def test_most_are_listed_and_some_are_not(demo: Engine, holder: IndexHolder) -> None:
    with Session(demo) as session:
        rows = holder.current(session, now=NOW).table
    listed = len(set(rows.practitioner.tolist()))
    assert 0.82 * SIZE < listed < 0.95 * SIZE


def test_nobody_hides_another_by_bearing_the_same_number(demo: Engine) -> None:
    shared = select(Credential.number).group_by(Credential.jurisdiction, Credential.number).having(func.count() > 1)
    with Session(demo) as session:
        assert session.scalars(shared).all() == []


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
    assert {"US-OR", "GB-ENG", "CA-BC", "AU", "NZ"} <= codes
    assert 20 < len(hidden) < 100
    assert all(place.street is None and place.point_precision is PointPrecision.AREA for place in hidden)


def test_another_seed_makes_other_people() -> None:
    spots = spots_of("NZ", ["NZ"])[""]
    made = [Maker(RULES, TODAY).make(1, spots, Random(seed)).person.display_name for seed in range(8)]
    assert len(set(made)) == 8


def test_the_same_seed_makes_the_same_people(demo: Engine) -> None:
    first, second = (list(invented(RULES, size=SIZE, seed=DEFAULT_SEED, today=TODAY)) for _ in range(2))
    assert first == second
    with Session(demo) as session:
        stored = list(session.scalars(select(Practitioner.display_name).order_by(Practitioner.id)))
    assert stored == [made.person.display_name for made in first]


def test_american_places_are_spelt_as_americans_do(demo: Engine) -> None:
    with Session(demo) as session:
        labels = session.execute(select(PracticePlace.country, PracticePlace.label)).all()
    assert {country for country, label in labels if label.endswith("Center")} == {"US"}
    assert "US" not in {country for country, label in labels if label.endswith("Centre")}


def test_dates_move_with_the_day(session: Session) -> None:
    keyring.install([new_key()])
    later = date(2031, 2, 28)
    populate(session, size=20, today=later, now=datetime(2031, 2, 28, 9, tzinfo=UTC))
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
    first = runner.invoke(seed_demo, ["--size", "6", "--today", "2026-11-23"])
    assert (first.exit_code, first.stdout) == (0, "")
    assert _count(folder) == 6
    again = runner.invoke(seed_demo, ["--size", "6"])
    assert isinstance(again.exception, Conflict)
    assert _count(folder) == 6
    assert runner.invoke(seed_demo, ["--size", "4", "--replace"]).exit_code == 0
    assert _count(folder) == 4


def test_an_interrupted_seeding_leaves_nobody(folder: Path) -> None:
    assert CliRunner().invoke(seed_demo, ["--size", "1"]).exit_code == 0
    engine = db.make_engine(f"sqlite:///{folder / 'var' / 'stillpoint.db'}")

    def interrupted(_more: int) -> None:
        raise KeyboardInterrupt

    with Session(engine) as session:
        db.writing(session)
        practitioners.remove_fictional(session)
        with pytest.raises(KeyboardInterrupt):
            populate(session, size=SIZE, today=TODAY, now=NOW, progress=interrupted)
    engine.dispose()
    assert _count(folder) == 1


def test_the_desk_has_a_case_of_every_kind(desk_of_few: Engine) -> None:
    with Session(desk_of_few) as session:
        waiting = cases.open_cases(session)
        assert {case.kind for case in waiting} == set(Kind)
        assert {case.risk for case in waiting} == set(Risk)
        assert any(case.due < NOW for case in waiting)
        asked = {case.id for case in waiting if case.waiting_since is not None}
        questions = session.scalars(select(Question)).all()
        assert {each.case_id for each in questions} == asked
        assert all(each.text_sealed and each.answered_at is None for each in questions)


def test_whoever_signs_in_as_the_practitioner_sees_requests_in_every_state(desk_of_few: Engine) -> None:
    with Session(desk_of_few) as session:
        account = accounts.by_email(session, demonstration.PRACTITIONER.email)
        assert account is not None
        person = people.of_account(session, account.id)
        assert person is not None
        states = {each.state for each in consultations.of_practitioner(session, person.id)}
        assert states == set(State) - {State.QUEUED}, "who is in line is not shown to whom it is not their turn"
        assert session.scalars(select(Consultation).where(Consultation.state == State.QUEUED)).all()
        stands = [(each.stand, each.reply_stand) for each in session.scalars(select(ServiceStory))]
        assert set(stands) == {
            (Stand.WAITING, None),
            (Stand.PUBLISHED, Stand.WAITING),
            (Stand.PUBLISHED, Stand.PUBLISHED),
        }
        for each in session.scalars(select(Consultation.id)).all():
            rounds.step(session, each, now=NOW)
        later = {each.state for each in consultations.of_practitioner(session, person.id)}
        assert later == states, "the jobs of the first hour leave them as they are"
        session.rollback()


def test_somebody_else_works_on_a_case_of_the_demonstration(desk_of_few: Engine) -> None:
    with Session(desk_of_few) as session:
        staff = demonstration.make(session, now=NOW)
        verifier, colleague = staff[demonstration.VERIFIER].id, staff[demonstration.COLLEAGUE].id
        (locked,) = session.scalars(select(Case).where(Case.claimed_by == colleague))
        with pytest.raises(TakenByAnother):
            cases.take(session, locked.id, by=verifier, now=NOW + timedelta(hours=8))
        decided = session.scalars(select(Decision.decided_by)).all()
        assert set(decided) == {colleague}, "so that the first verifier may look at all of it again"
        assert verifier in {case.assigned_to for case in cases.open_cases(session)}


def test_papers_are_shown_as_a_picture_and_as_a_document(desk_of_few: Engine, desk_store: Store) -> None:
    with Session(desk_of_few) as session:
        shown = session.scalars(select(Evidence).where(Evidence.media_type.is_not(None))).all()
        assert {each.media_type for each in shown} == {MediaType.JPEG, MediaType.PDF}
        documents = [each for each in shown if each.media_type is MediaType.PDF]
        assert {each.pages for each in documents} == {2}
        assert desk_store.read(str(documents[0].file)).startswith(b"%PDF-")


def test_what_registers_of_the_demonstration_publish_lets_a_real_file_in(desk_of_few: Engine) -> None:
    with Session(desk_of_few) as session:
        files = session.scalars(select(RosterFile).where(RosterFile.state == FileState.APPLIED)).all()
        stale = [each for each in files if rosters.is_stale(each.as_of, today=TODAY)]
        assert (len(files), len(stale)) == (2, 1)
        (listed,) = session.scalars(select(ExclusionFile))
        assert listed.as_of < TODAY - timedelta(days=365)
        hits = session.scalars(select(ExclusionHit.by)).all()
        assert set(hits) == {By.NAME, By.NUMBER}
        hidden = select(Practitioner.id).join(ExclusionHit).where(Practitioner.held_since.is_not(None))
        assert session.scalars(hidden).all() == [], "the list hides nobody by itself"


def test_nobody_on_the_desk_is_real(desk_of_few: Engine) -> None:
    with Session(desk_of_few) as session:
        assert session.scalar(select(func.count()).where(Practitioner.fictional.is_(False))) == 0
        addresses = session.scalars(select(Account.email)).all()
        assert all(each.endswith(("@example.org", "@example.com")) for each in addresses)
        assert session.scalar(select(func.count()).where(Account.fictional.is_(False))) == 0
        recipients = session.scalars(select(OutgoingLetter.recipient_sealed)).all()
        assert recipients
        to_nobody = ("@example.com", demonstration.PRACTITIONER.email)
        assert all(str(each).endswith(to_nobody) for each in recipients)


def _open_by_kind(folder: Path) -> dict[Kind, int]:
    engine = db.make_engine(f"sqlite:///{folder / 'var' / 'stillpoint.db'}")
    with Session(engine) as session:
        found = Counter(case.kind for case in cases.open_cases(session))
    engine.dispose()
    return dict(found)


def test_made_anew_the_desk_is_the_same(folder: Path) -> None:
    sown = ["--size", "40", "--today", "2026-11-23"]
    assert CliRunner().invoke(seed_demo, sown).exit_code == 0
    first = _open_by_kind(folder)
    assert CliRunner().invoke(seed_demo, [*sown, "--replace"]).exit_code == 0
    assert _open_by_kind(folder) == first


def test_a_handful_of_people_has_no_desk(folder: Path) -> None:
    assert CliRunner().invoke(seed_demo, ["--size", "6"]).exit_code == 0
    assert _open_by_kind(folder) == {}


def test_never_in_production(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLPOINT_ENV", "production")
    result = CliRunner().invoke(seed_demo, ["--size", "5"])
    assert result.exit_code != 0
    assert not (folder / "var" / "stillpoint.db").exists()
