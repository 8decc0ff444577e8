"""The real server: it starts ready, refuses in one sentence, and stops without dropping anybody."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory import db, migrations
from directory.cli import main
from directory.crypto import keyring, new_key
from directory.mail import outbox
from directory.mail.letters import Letter
from directory.paths import CONFIG
from tests.databases import POSTGRESQL, SQLITE
from tests.mailserver import certificates, mail_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.databases import Databases

PATIENCE_SECONDS = 300
COMMAND = [sys.executable, "-c", "from directory.cli import main; main(prog_name='stillpoint')"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(CONFIG.parent), "PYTHONUNBUFFERED": "1", **settings}


def _production(url: str) -> dict[str, str]:
    return {
        "STILLPOINT_ENV": "production",
        "SECRET_KEY": "s" * 40,
        "ENCRYPTION_KEYS": new_key(),
        "DATABASE_URL": url,
        "SITE_URL": "https://directory.example.org",
        "TRUSTED_HOSTS": "directory.example.org,127.0.0.1",
        "OPERATOR_NAME": "The Trust",
        "OPERATOR_EMAIL": "hello@directory.example.org",
        "OPERATOR_ADDRESS": "1 Example Street",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_FROM": "Stillpoint <hello@directory.example.org>",
    }


@dataclass
class Server:
    process: subprocess.Popen[str]
    port: int
    log: Path

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_SECONDS)


@contextlib.contextmanager
def _serving(folder: Path, settings: Mapping[str, str], *arguments: str) -> Iterator[Server]:
    port = _free_port()
    log = folder / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port), *arguments],
            cwd=folder,
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in told, told + log.read_text()
        yield Server(process, port, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE_SECONDS)


def _run(folder: Path, settings: Mapping[str, str], *arguments: str) -> Result:
    """A command that starts no server, in this process: starting another one takes longer than most of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in [each for each in os.environ if each not in ("PATH", "HOME", "TMPDIR", "LANG")]:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        return CliRunner().invoke(main, list(arguments), prog_name="stillpoint")


def _refusal(done: Result) -> str:
    assert done.exit_code == 1, done.output
    return _one_line(done.stderr)


def _refused_apart(folder: Path, settings: Mapping[str, str], *arguments: str) -> str:
    """The refusal of a command in a process of its own, where no wall of the tests stands."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return _one_line(done.stderr)


def _one_line(complaint: str) -> str:
    lines = [line for line in complaint.splitlines() if line]
    assert len(lines) == 1, complaint
    assert lines[0].startswith("Error: ")
    return lines[0]


@pytest.mark.parametrize("upgraded_database", [pytest.param(POSTGRESQL, marks=pytest.mark.postgres)], indirect=True)
def test_it_says_its_address_when_it_answers_and_stops_with_zero(upgraded_database: str, tmp_path: Path) -> None:
    with _serving(tmp_path, _production(upgraded_database), "--workers", "2") as server:
        assert server.get("/healthz")[0] == 200
        assert json.loads(server.get("/readyz")[1])["ready"] is True
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        if children.exists():
            # The first worker is ready while the second is being born.
            deadline = time.monotonic() + PATIENCE_SECONDS
            # Two workers, and the process that runs the jobs.
            while len(children.read_text().split()) != 3:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert server.stop() == 0
        assert _jobs_of(server) == []
    for line in server.log.read_text().splitlines():
        json.loads(line)


def _jobs_of(server: Server) -> list[int]:
    """The processes that run the jobs of this server, by their command lines."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if command[-3:-1] == [b"--child-of", str(server.process.pid).encode()]:
                found.append(int(folder.name))
    return found


def _until(right: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not right():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes where Linux lists them")
def test_letters_leave_by_a_process_beside_the_workers_that_comes_back_and_does_not_outlive_the_server(
    databases: Databases, tmp_path: Path
) -> None:
    url = databases.copy(SQLITE)
    engine = db.make_engine(url)
    settings = _production(url)
    keyring.install([settings["ENCRYPTION_KEYS"]])

    def write() -> None:
        letter = Letter(purpose="hello", subject="A short word", paragraphs=("Hello.",))
        with Session(engine) as session:
            db.writing(session)
            outbox.send(session, to="a@example.org", letter=letter, language="en_US", now=datetime.now(UTC))
            session.commit()

    def idle() -> bool:
        with engine.connect() as connection:
            waiting = connection.scalar(text("SELECT count(*) FROM outgoing_letter WHERE state = 'waiting'"))
            return waiting == connection.scalar(text("SELECT count(*) FROM job_run WHERE lease IS NOT NULL")) == 0

    tls = certificates(tmp_path)
    with mail_server(tls) as mail, _serving(tmp_path, {**settings, **mail.settings(), **tls.trust()}) as server:
        write()
        _until(lambda: len(mail.received) == 1)
        # Killed in the midst of a letter, it would be another's turn only when its lease is over.
        _until(idle)
        (first,) = _jobs_of(server)
        os.kill(first, signal.SIGKILL)
        write()
        _until(lambda: len(mail.received) == 2)
        (second,) = _jobs_of(server)
        assert second != first
        server.process.kill()
        server.process.wait(PATIENCE_SECONDS)
        _until(lambda: _jobs_of(server) == [])
    for line in server.log.read_text().splitlines():
        json.loads(line)
    engine.dispose()


def test_a_query_string_may_be_long_and_stands_in_no_log_and_jobs_may_run_elsewhere(
    databases: Databases, tmp_path: Path
) -> None:
    url = databases.copy(SQLITE)
    with _serving(tmp_path, {**_production(url), "JOBS": "separate"}) as server:
        server.get("/nowhere?place=97214&pregnant=yes")
        server.get("/healthz?place=97214")
        status, page = server.get("/search?place=" + "x" * 60_000)
        assert status == 422
        assert b'name="place"' in page
        assert server.get("/search?place=" + "x" * 70_000)[0] == 414
        assert _jobs_of(server) == []
        assert server.stop() == 0
    log = server.log.read_text()
    assert "request" in log
    assert "97214" not in log


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_finished_before_it_stops(
    databases: Databases, tmp_path: Path, how: signal.Signals
) -> None:
    url = databases.copy(SQLITE)
    with _serving(tmp_path, {**_production(url), "JOBS": "separate"}) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
            slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            time.sleep(0.7)
            server.process.send_signal(how)
            time.sleep(0.7)
            slow.sendall(b"Connection: close\r\n\r\n")
            assert slow.recv(4096).startswith(b"HTTP/1.1 200")
        assert server.process.wait(PATIENCE_SECONDS) == 0


def _worked(pid: int) -> float:
    """Seconds that a process and its ended children have worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def test_it_starts_in_good_time_a_second_time_and_keeps_what_is_there(databases: Databases, tmp_path: Path) -> None:
    url = databases.copy(SQLITE)
    engine = db.make_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO practitioner (slug, display_name, profession, gender, words, min_patient_age,"
                " account_status, fictional, created_at, updated_at) VALUES ('ada', 'Ada', 'acupuncturist', 'female',"
                " '', 18, 'draft', 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
            )
        )
    with _serving(tmp_path, {"DATABASE_URL": url}) as server:
        if Path("/proc/self/stat").exists():
            # Of work, and not of a clock: how long that takes hangs on what else the machine does.
            assert _worked(server.process.pid) < 15, "seconds of work until it answers"
        described = json.loads(server.get("/api/v1/openapi.json")[1])
        assert described["servers"][0]["url"].startswith(f"http://127.0.0.1:{server.port}/")
        assert server.stop() == 0
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM practitioner")) == 1
        assert connection.scalar(text("SELECT count(*) FROM jurisdiction")) > 0
    engine.dispose()


def test_a_port_that_is_taken_is_one_sentence(upgraded_database: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in _refusal(_run(tmp_path, _production(upgraded_database), "serve", "--port", port))


def test_production_does_not_start_on_a_database_that_waits_for_an_upgrade(fresh_database: str, tmp_path: Path) -> None:
    done = _run(tmp_path, _production(fresh_database), "serve", "--port", str(_free_port()))
    assert "stillpoint db upgrade" in _refusal(done)


def test_a_missing_setting_is_one_sentence(tmp_path: Path) -> None:
    assert "SECRET_KEY" in _refusal(_run(tmp_path, {"STILLPOINT_ENV": "production"}, "serve"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_development_is_for_this_machine_alone(tmp_path: Path, host: str) -> None:
    done = _run(tmp_path, {}, "serve", "--host", host, "--port", str(_free_port()))
    assert "this machine only" in _refusal(done)


def test_a_host_that_is_nobodys_is_one_sentence(tmp_path: Path) -> None:
    assert "not an address" in _refused_apart(tmp_path, {}, "serve", "--host", "no such host")


def test_a_database_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{_free_port()}/none"
    for command in (["db", "status"], ["db", "upgrade"], ["backup"], ["keys", "rotate"], ["serve"]):
        assert "does not answer" in _refusal(_run(tmp_path, _production(url), *command))


def test_help_and_version_need_no_settings(tmp_path: Path) -> None:
    for arguments in (["--help"], ["--version"], ["serve", "--help"], ["db", "--help"], ["keys", "--help"]):
        done = _run(tmp_path, {"STILLPOINT_ENV": "nonsense"}, *arguments)
        assert done.exit_code == 0, done.output
        assert done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_database_commands_say_where_it_stands(fresh_database: str, tmp_path: Path) -> None:
    settings = _production(fresh_database)
    waits = _run(tmp_path, settings, "db", "status")
    assert waits.exit_code == 1
    assert "Run: stillpoint db upgrade" in waits.stdout
    assert _run(tmp_path, settings, "db", "upgrade").exit_code == 0
    done = _run(tmp_path, settings, "db", "status")
    assert done.exit_code == 0, done.output
    assert migrations.head() in done.stdout
    assert "jurisdictions" in _run(tmp_path, settings, "reference").stdout
