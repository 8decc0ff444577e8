"""Jobs run when they are due, once, in however many processes, and outlive those that die at them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from config import Config
from directory import audit, db, migrations, permanent
from directory.accounts import service as accounts
from directory.accounts.terms import Role
from directory.cli import main
from directory.crypto import keyring, new_key
from directory.errors import Unavailable
from directory.jobs.models import JobRun, Outcome
from directory.jobs.runner import SLOWEST_RETRY, Job, Ran, Work, run_due, run_forever
from directory.jobs.table import JOBS
from directory.mail import outbox
from directory.mail.letters import Letter
from directory.mail.models import OutgoingLetter
from directory.paths import CONFIG
from directory.practitioners.models import Practitioner
from directory.registries.exclusions.models import ExclusionFile
from directory.registries.rosters.models import RosterFile
from directory.registries.rosters.terms import FileState
from tests import factories
from tests.databases import POSTGRESQL, SQLITE
from tests.mailserver import Certificates, certificates, mail_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 300
LETTER = Letter(purpose="hello", subject="A short word", paragraphs=("Hello.",))


@pytest.fixture
def house(upgraded_database: str) -> Iterator[Engine]:
    keyring.install([new_key()])
    engine = db.make_engine(upgraded_database)
    migrations.models().create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.from_environment({}, cwd=tmp_path)


def _job(name: str, run: Callable[[Work], int], *, every: timedelta = HOUR) -> Job:
    return Job(name=name, every=every, run=run)


def _row(engine: Engine, name: str) -> JobRun:
    with Session(engine) as session:
        return session.get_one(JobRun, name)


def test_a_job_runs_at_once_and_then_at_its_interval(house: Engine, config: Config) -> None:
    ran: list[datetime] = []
    clock = [NOW]

    def run(work: Work) -> int:
        ran.append(work.clock())
        return 3

    job = _job("a", run)
    for minutes in range(0, 200, 10):
        clock[0] = NOW + timedelta(minutes=minutes)
        run_due([job], house, config, clock=lambda: clock[0])
    assert ran == [NOW + HOUR * number for number in range(4)]
    row = _row(house, "a")
    assert (row.outcome, row.done, row.failures, row.lease) == (Outcome.DONE, 3, 0, None)


def test_nothing_is_written_while_nothing_is_due(house: Engine, config: Config) -> None:
    job = _job("a", lambda _: 0)
    run_due([job], house, config, clock=lambda: NOW)
    commits: list[str] = []
    event.listen(house, "commit", lambda _: commits.append("commit"))
    assert run_due([job], house, config, clock=lambda: NOW + HOUR / 2) == []
    assert commits == []


def test_what_was_missed_is_done_once(house: Engine, config: Config) -> None:
    ran: list[int] = []
    job = _job("a", lambda _: ran.append(1) or 0)
    run_due([job], house, config, clock=lambda: NOW)
    for _ in range(3):
        run_due([job], house, config, clock=lambda: NOW + HOUR * 100)
    assert len(ran) == 2


def test_one_that_fails_is_counted_tried_again_and_stops_nobody(house: Engine, config: Config) -> None:
    ran: list[str] = []
    clock = [NOW]

    def broken(_: Work) -> int:
        ran.append("broken")
        raise RuntimeError("zoe@example.org is pregnant")

    jobs = [_job("broken", broken, every=timedelta(days=1)), _job("fine", lambda _: ran.append("fine") or 0)]
    (first, second) = run_due(jobs, house, config, clock=lambda: clock[0])
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.DONE)
    row = _row(house, "broken")
    assert row.failures == 1
    assert row.trouble is not None
    assert "RuntimeError at test_jobs.py" in row.trouble
    assert "zoe" not in row.trouble
    pauses = []
    for _ in range(12):
        due = _row(house, "broken").due_at
        pauses.append(due - clock[0])
        clock[0] = due
        run_due(jobs[:1], house, config, clock=lambda: clock[0])
    assert pauses[0] == timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert pauses[-1] == SLOWEST_RETRY
    assert _row(house, "broken").failures == 13


def test_a_job_never_waits_longer_for_its_retry_than_for_its_turn(house: Engine, config: Config) -> None:
    def away(_: Work) -> int:
        raise Unavailable("It is away.")

    job = _job("a", away, every=timedelta(seconds=10))
    run_due([job], house, config, clock=lambda: NOW)
    row = _row(house, "a")
    assert row.due_at == NOW + timedelta(seconds=10)
    assert row.trouble == "It is away."


def test_several_processes_run_it_once(house: Engine, config: Config) -> None:
    url = house.url.render_as_string(hide_password=False)
    ran: list[int] = []
    inside = threading.Barrier(6, timeout=PATIENCE_SECONDS)

    def work(_: int) -> list[Ran]:
        own = db.make_engine(url, timeout_seconds=60)
        try:
            inside.wait()
            return run_due([_job("a", lambda _: ran.append(1) or 0)], own, config, clock=lambda: NOW)
        finally:
            own.dispose()

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(work, range(6)))
    assert len(ran) == 1
    assert sum(map(len, told)) == 1


def test_one_that_died_is_run_again_when_its_lease_is_over(house: Engine, config: Config) -> None:
    class Killed(BaseException):
        """What no ``except Exception`` catches, as a kill is caught by nobody."""

    def dies(_: Work) -> int:
        raise Killed

    with pytest.raises(Killed):
        run_due([_job("a", dies)], house, config, clock=lambda: NOW)
    job = _job("a", lambda _: 1)
    assert run_due([job], house, config, clock=lambda: NOW + job.longest / 2) == []
    (ran,) = run_due([job], house, config, clock=lambda: NOW + job.longest)
    assert ran.outcome is Outcome.DONE


def test_one_that_outlives_its_lease_does_not_undo_what_the_next_one_noted(house: Engine, config: Config) -> None:
    def slow(_: Work) -> int:
        (other,) = run_due([_job("a", lambda _: 7)], house, config, clock=lambda: NOW + 2 * HOUR)
        assert other.done == 7
        return 1

    run_due([_job("a", slow)], house, config, clock=lambda: NOW)
    assert _row(house, "a").done == 7


def test_a_clock_that_was_set_back_keeps_nothing_waiting(house: Engine, config: Config) -> None:
    job = _job("a", lambda _: 1)
    run_due([job], house, config, clock=lambda: NOW + timedelta(days=400))
    assert len(run_due([job], house, config, clock=lambda: NOW)) == 1
    assert run_due([job], house, config, clock=lambda: NOW) == []


def test_told_to_stop_a_job_ends_early_and_goes_on_with_the_next_process(house: Engine, config: Config) -> None:
    stop = threading.Event()

    def run(work: Work) -> int:
        done = 0
        while not work.stopping():
            done += 1
            stop.set()
        return done

    run_forever([_job("a", run), _job("b", run)], house, config, clock=lambda: NOW, stop=stop)
    row = _row(house, "a")
    assert (row.outcome, row.done, row.due_at) == (Outcome.STOPPED, 1, NOW)
    with Session(house) as session:
        assert session.get(JobRun, "b") is None


def test_the_loop_waits_for_a_database_that_is_away(tmp_path: Path, config: Config) -> None:
    folder = tmp_path / "away"
    engine = db.make_engine(f"sqlite:///{folder / 'site.db'}")
    stop = threading.Event()
    ran = threading.Event()
    thread = threading.Thread(
        target=run_forever,
        args=([_job("a", lambda _: ran.set() or 1)], engine, config),
        kwargs={"clock": lambda: NOW, "stop": stop},
    )
    thread.start()
    assert not ran.wait(0.5)
    folder.mkdir()
    migrations.models().create_all(engine)
    assert ran.wait(PATIENCE_SECONDS)
    stop.set()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    engine.dispose()


def test_every_job_of_the_product_runs_on_an_empty_database(house: Engine, config: Config) -> None:
    ran = run_due(JOBS, house, config, clock=lambda: NOW)
    assert [(each.name, each.outcome, each.trouble) for each in ran] == [(job.name, Outcome.DONE, None) for job in JOBS]
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(len(job.name) <= 48 for job in JOBS)


def test_the_text_of_letters_goes_when_its_time_is_over_and_waiting_ones_stay(house: Engine, config: Config) -> None:
    with Session(house) as session:
        db.writing(session)
        for _ in range(2):
            outbox.send(session, to="a@example.org", letter=LETTER, language="en_US", now=NOW)
        taken = outbox.take(session, now=NOW)
        assert taken is not None
        outbox.handed_over(session, taken, now=NOW)
        session.commit()
    (forget,) = [job for job in JOBS if job.name == "forget_letters"]
    kept = timedelta(days=config.mail_kept_days)

    def texts() -> list[bool]:
        with house.connect() as connection:
            rows = connection.execute(
                select(OutgoingLetter.recipient_sealed, OutgoingLetter.text_sealed).order_by(OutgoingLetter.id)
            )
            return [row.recipient_sealed is not None and row.text_sealed is not None for row in rows]

    assert run_due([forget], house, config, clock=lambda: NOW + kept - HOUR)[0].done == 0
    assert texts() == [True, True]
    assert run_due([forget], house, config, clock=lambda: NOW + kept + HOUR)[0].done == 1
    assert texts() == [False, True]
    run_due([forget], house, config, clock=lambda: NOW + kept + outbox.ROW_KEPT + HOUR)
    assert texts() == [True]


def test_a_broken_audit_log_makes_its_job_fail(house: Engine, config: Config) -> None:
    with Session(house) as session:
        db.writing(session)
        for number in range(3):
            audit.record(session, action="a.b", actor=number, subject="x:1", now=NOW)
        session.commit()
    with house.begin() as connection, permanent.open_to_change(connection):
        connection.execute(text("UPDATE audit_entry SET actor = 9 WHERE seq = 2"))
    (job,) = [job for job in JOBS if job.name == "audit"]
    (ran,) = run_due([job], house, config, clock=lambda: NOW)
    assert ran.outcome is Outcome.FAILED
    assert ran.trouble is not None
    assert "at 2" in ran.trouble


# The command


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def ready(upgraded_database: str) -> Iterator[tuple[Engine, dict[str, str]]]:
    """A database at the head with one letter in it, and the environment of a production that has it."""
    key = new_key()
    keyring.install([key])
    engine = db.make_engine(upgraded_database)
    with Session(engine) as session:
        db.writing(session)
        outbox.send(session, to="a@example.org", letter=LETTER, language="en_US", now=datetime.now(UTC))
        session.commit()
    yield (
        engine,
        {
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
            "PYTHONPATH": str(CONFIG.parent),
            "PYTHONUNBUFFERED": "1",
            "STILLPOINT_ENV": "production",
            "SECRET_KEY": "s" * 40,
            "ENCRYPTION_KEYS": key,
            "DATABASE_URL": upgraded_database,
            "SITE_URL": "https://directory.example.org",
            "TRUSTED_HOSTS": "directory.example.org",
            "OPERATOR_NAME": "The Trust",
            "OPERATOR_EMAIL": "hello@directory.example.org",
            "OPERATOR_ADDRESS": "1 Example Street",
        },
    )
    engine.dispose()


def _invoked(folder: Path, environment: Mapping[str, str], *arguments: str) -> Result:
    """A command that ends by itself, in this process: starting another one takes longer than all that it does."""
    heard = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            for name in [each for each in os.environ if each not in environment]:
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            return CliRunner().invoke(main, ["jobs", *arguments], prog_name="stillpoint")
    finally:
        for each, how in heard.items():
            signal.signal(each, how)


def _command(folder: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from directory.cli import main; main(prog_name='stillpoint')", "jobs", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_once_sends_what_waits_says_so_and_leaves(
    ready: tuple[Engine, dict[str, str]], tls: Certificates, tmp_path: Path
) -> None:
    _, environment = ready
    with mail_server(tls) as server:
        environment |= {**server.settings(), **tls.trust()}
        waiting = _invoked(tmp_path, environment, "status")
        assert waiting.exit_code == 0, waiting.output
        assert "1 letters wait" in waiting.stdout
        assert "has never run" in waiting.stdout
        once = _invoked(tmp_path, environment, "run", "--once")
        assert once.exit_code == 0, once.output
        assert "letters" in once.stdout
        assert len(server.received) == 1
    for line in once.stderr.splitlines():
        assert "example.org" not in json.loads(line).values()
    after = _invoked(tmp_path, environment, "status").stdout
    assert "0 letters wait" in after
    assert "has never run" not in after


def test_once_exits_with_1_when_the_mail_server_is_away(ready: tuple[Engine, dict[str, str]], tmp_path: Path) -> None:
    _, environment = ready
    with mail_server() as server:
        gone = server.settings()
    environment |= gone
    once = _invoked(tmp_path, environment, "run", "--once")
    assert once.exit_code == 1
    assert "The mail server is away" in once.stdout
    status = _invoked(tmp_path, environment, "status")
    assert status.exit_code == 1
    assert "failed 1 times" in status.stdout


@pytest.mark.parametrize(
    ("upgraded_database", "how"),
    [(SQLITE, signal.SIGTERM), pytest.param(POSTGRESQL, signal.SIGINT, marks=pytest.mark.postgres)],
    indirect=["upgraded_database"],
)
def test_the_loop_sends_and_stops_when_told(
    ready: tuple[Engine, dict[str, str]], tls: Certificates, tmp_path: Path, how: signal.Signals
) -> None:
    _, environment = ready
    with mail_server(tls) as server:
        loop = _command(tmp_path, {**environment, **server.settings(), **tls.trust()}, "run")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.received and time.monotonic() < deadline:
            time.sleep(0.05)
        loop.send_signal(how)
        _, complaint = loop.communicate(timeout=PATIENCE_SECONDS)
        assert server.received, complaint
    assert loop.returncode == 0, complaint


@pytest.mark.parametrize("upgraded_database", [SQLITE], indirect=True)
def test_it_ends_with_the_process_that_started_it(ready: tuple[Engine, dict[str, str]], tmp_path: Path) -> None:
    _, environment = ready
    nobody = _command(
        tmp_path, {**environment, "SMTP_HOST": "127.0.0.1", "SMTP_FROM": "a@b.example"}, "run", "--child-of", "1"
    )
    nobody.communicate(timeout=PATIENCE_SECONDS)
    assert nobody.returncode == 0


_DIES_AT_THE_FOURTH_LETTER = """
import sys
import time
from datetime import datetime
from pathlib import Path
from sqlalchemy import event
from config import Config
from directory import db
from directory.crypto import keyring
from directory.jobs.runner import run_due
from directory.jobs.table import JOBS

url, key, now, folder = sys.argv[1:]
keyring.install([key])
engine = db.make_engine(url)
commits = []


def hang(_connection):
    commits.append(1)
    if len(commits) == 6:
        print("midway", flush=True)
        time.sleep(600)


event.listen(engine, "commit", hang)
jobs = [each for each in JOBS if each.name == "reminders"]
config = Config.from_environment({}, cwd=Path(folder))
run_due(jobs, engine, config, clock=lambda: datetime.fromisoformat(now))
"""


def test_a_runner_that_is_killed_midway_leaves_nothing_undone_and_nothing_done_twice(
    house: Engine, config: Config, tmp_path: Path
) -> None:
    key = new_key()
    keyring.install([key])
    with Session(house) as session:
        factories.reference(session)
        for number in range(5):
            person = session.get_one(Practitioner, factories.listed(session).id)
            email = f"p{number}@example.org"
            person.account_id = accounts.create(session, email, roles=(Role.PRACTITIONER,), now=factories.NOW).id
        session.commit()
    due = factories.NOW + timedelta(days=75)
    (job,) = [job for job in JOBS if job.name == "reminders"]

    def written() -> list[str]:
        with Session(house) as session:
            return sorted(session.scalars(select(OutgoingLetter.recipient_sealed)))

    url = house.url.render_as_string(hide_password=False)
    runner = subprocess.Popen(
        [sys.executable, "-c", _DIES_AT_THE_FOURTH_LETTER, url, key, due.isoformat(), str(tmp_path)],
        cwd=CONFIG.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert runner.stdout is not None
    assert runner.stdout.readline() == "midway\n"
    runner.send_signal(signal.SIGKILL)
    runner.wait(PATIENCE_SECONDS)
    runner.stdout.close()
    assert len(written()) == 3
    dead = _row(house, "reminders").lease
    assert dead is not None
    assert run_due([job], house, config, clock=lambda: due + job.longest / 2) == []
    assert _row(house, "reminders").lease == dead
    (ran,) = run_due([job], house, config, clock=lambda: due + job.longest)
    assert (ran.outcome, ran.done, _row(house, "reminders").lease) == (Outcome.DONE, 2, None)
    assert written() == [f"p{number}@example.org" for number in range(5)]
    run_due([job], house, config, clock=lambda: due + job.longest + job.every)
    assert len(written()) == 5


def test_everybody_at_the_desk_is_told_once_of_each_file_that_is_too_old(house: Engine, config: Config) -> None:
    with Session(house) as session:
        for name, roles in (("v", [Role.VERIFIER]), ("a", [Role.ADMINISTRATOR]), ("p", [Role.PRACTITIONER])):
            account = accounts.create(session, f"{name}@example.org", roles=roles, now=NOW)
            account.password = "x"
        gone = accounts.create(session, "gone@example.org", roles=[Role.VERIFIER], now=NOW)
        gone.password, gone.active = "x", False
        session.add(
            ExclusionFile(
                sha256="a" * 64,
                file_name="UPDATED.csv",
                reader=1,
                as_of=NOW.date(),
                taken_at=NOW,
                screened_at=NOW,
                entries=1,
                counts={},
            )
        )
        session.add(
            RosterFile(
                jurisdiction="US-MD",
                sha256="b" * 64,
                file_name="md.csv",
                reader=1,
                as_of=NOW.date(),
                taken_at=NOW,
                state=FileState.APPLIED,
                rejects=[],
                counts={},
            )
        )
        session.commit()
    (job,) = [job for job in JOBS if job.name == "old_registers"]

    def told(days: int) -> tuple[Outcome, int]:
        (ran,) = run_due([job], house, config, clock=lambda: NOW + timedelta(days=days))
        with Session(house) as session:
            letters = session.scalars(select(OutgoingLetter).where(OutgoingLetter.purpose == "old_register")).all()
            assert {each.recipient_sealed for each in letters} <= {"v@example.org", "a@example.org"}
            return ran.outcome, len(letters)

    assert told(35) == (Outcome.DONE, 0)
    assert told(36) == (Outcome.FAILED, 2)
    assert told(37) == (Outcome.FAILED, 2)
    assert told(46) == (Outcome.FAILED, 4)
    assert told(69) == (Outcome.FAILED, 4)
    assert told(70) == (Outcome.FAILED, 6)
