"""The real server for the browser: ``stillpoint serve`` over the demonstration people and a file of the register; and
the site in this process, by a clock that the test moves, for journeys that last months."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from werkzeug.serving import make_server

from config import Config
from directory.app import create_app
from directory.paths import CONFIG
from tests import nppes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Engine

COMMAND = (sys.executable, "-c", "from directory.cli import main; main(prog_name='stillpoint')")
PATIENCE_SECONDS = 300
"""Three workers start together on two cores that others use as well."""
PEOPLE = 1500
"""Enough for several dozen around Portland, Oregon, a handful of whom take on the twelfth week of pregnancy."""
DATABASE = Path("var") / "stillpoint.db"


@dataclass(frozen=True, slots=True)
class Site:
    """A site that answers."""

    origin: str
    database: Path

    def slug(self, account_status: str) -> str:
        """Somebody who was published once and whose account is in this state now."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            found = database.execute(
                "SELECT slug FROM practitioner WHERE account_status = ? AND published_at IS NOT NULL ORDER BY id",
                (account_status,),
            ).fetchone()
        return str(found[0])

    def case(self, kind: str, media_type: str = "") -> int:
        """An open case of this kind that does not wait for an answer, if there is one that nobody works on; with a file
        of this type, where one is named."""
        files = "EXISTS (SELECT 1 FROM evidence WHERE evidence.subject = work_case.subject AND media_type = ?)"
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            found = database.execute(
                "SELECT id FROM work_case WHERE kind = ? AND state = 'open' AND waiting_since IS NULL"
                f" AND (? = '' OR {files}) ORDER BY claimed_by IS NOT NULL, id",
                (kind, media_type, media_type),
            ).fetchone()
        return int(found[0])

    def about(self, case_id: int) -> str:
        """The address of the practitioner whom a case is about."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            found = database.execute(
                "SELECT slug FROM practitioner JOIN work_case ON practitioner.id = about WHERE work_case.id = ?",
                (case_id,),
            ).fetchone()
        return str(found[0])


def populated(folder: Path) -> None:
    """Make the demonstration people there, and take the register's sample, once, however many test workers ask."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            for arguments in (["seed-demo", "--size", str(PEOPLE)], ["import-nppes", str(nppes.SAMPLE)]):
                subprocess.run(
                    [*COMMAND, *arguments],
                    cwd=folder,
                    env=_environment(),
                    check=True,
                    timeout=PATIENCE_SECONDS,
                    stdout=subprocess.DEVNULL,
                )
            (folder / "made").touch()


@contextlib.contextmanager
def serving(folder: Path, log: Path, **settings: str) -> Iterator[Site]:
    """The site on a port of its own, from the line that says it is ready to its last answer."""
    port = _free_port()
    with log.open("w") as complaints:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port), "--workers", "1"],
            cwd=folder,
            env={**_environment(), **settings},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    # A server that never says anything is killed, so that reading its first line cannot last for ever.
    watch = threading.Timer(PATIENCE_SECONDS, process.kill)
    watch.start()
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in told, told + log.read_text()
        watch.cancel()
        yield Site(f"http://127.0.0.1:{port}", folder / DATABASE)
    finally:
        watch.cancel()
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@contextlib.contextmanager
def shared(folder: Path, log: Path, **settings: str) -> Iterator[Site]:
    """The site that ``serving`` starts for whichever test worker asks first; that one ends it when no other has it any
    more. Two locks tell the workers about each other, because a lock ends with its holder, however that ends."""
    address = folder / "address"
    with (folder / "turn").open("w") as turn, (folder / "used").open("w") as used, contextlib.ExitStack() as mine:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if address.exists():
            site = Site(address.read_text(), folder / DATABASE)
        else:
            site = mine.enter_context(serving(folder, log, **settings))
            address.write_text(site.origin)
            mine.callback(_last, address, turn, used)
        fcntl.flock(used, fcntl.LOCK_SH)
        fcntl.flock(turn, fcntl.LOCK_UN)
        try:
            yield site
        finally:
            fcntl.flock(used, fcntl.LOCK_UN)


def _last(address: Path, turn: IO[str], used: IO[str]) -> None:
    """Wait until nobody uses the site, and tell those who come later that there is none."""
    fcntl.flock(turn, fcntl.LOCK_EX)
    address.unlink()
    fcntl.flock(turn, fcntl.LOCK_UN)
    fcntl.flock(used, fcntl.LOCK_EX)


@contextlib.contextmanager
def serving_by(clock: Callable[[], datetime], folder: Path, engine: Engine) -> Iterator[Site]:
    """The site in threads of this process, by this clock, with settings and database of this folder."""
    app = create_app(Config.from_environment({}, cwd=folder), engine=engine, clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.port}", folder / DATABASE)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(CONFIG.parent), "PYTHONUNBUFFERED": "1"}
