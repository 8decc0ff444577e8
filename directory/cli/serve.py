"""``stillpoint serve``: the site, with several worker processes, from the first start to a quiet stop."""

from __future__ import annotations

import gc
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http import message
from gunicorn.util import import_app
from sqlalchemy.orm import Session

from directory import db, migrations, settings
from directory.cli import demo
from directory.cli.database import load_reference
from directory.cli.demo import sign_ins
from directory.cli.opening import opened
from directory.errors import Conflict, DomainError, InvalidInput
from directory.practitioners import queries as people

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from config import Config

APPLICATION = "directory.app:from_environment()"
WARMING_UP = ("/healthz", "/search?place=97214")
"""Pages asked for before the workers are forked: the index, the templates and the first part of the gazetteer."""
LONGEST_REQUEST_LINE = 65_536
"""Bytes of an address. What is too long for a field gets its answer on the page where it was typed."""
STOP_SECONDS = 20
"""How long requests under way may take to finish after the server was told to stop."""
JOBS_COMMAND = [sys.executable, "-c", "from directory.cli import main; main(prog_name='stillpoint')", "jobs", "run"]
SHORTEST_LIFE_SECONDS = 10
"""How long to wait at least before the process that runs the jobs is started anew."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen at.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes. [default: the setting WORKERS]")
def serve(host: str, port: int, workers: int | None) -> None:
    """Start the site.

    In development this also makes the database, the reference data and demonstration people where there are none, and
    listens on this machine only. In production it starts only on a database that is up to date.
    """
    with opened() as (config, engine), _listening(host, port, config) as listener:
        _prepare(config, engine)
        # Nothing is left open for the workers to inherit.
        engine.dispose()
        settings.listen_at(config, f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
        _Server(config, listener, workers or config.workers).run()


@contextmanager
def _listening(host: str, port: int, config: Config) -> Iterator[socket.socket]:
    """A socket bound to the address, before any work is done, that accepts nobody yet."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise InvalidInput(f"“{host}” is not an address of this machine.") from error
    if not config.production and not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise InvalidInput(
            f"In development the site listens on this machine only, and {host} can be reached from others."
            " Use 127.0.0.1, or set STILLPOINT_ENV=production."
        )
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise Conflict(
                f"Port {port} of {host} cannot be used ({(error.strerror or str(error)).lower()})."
                " Choose another with --port.",
                code="port",
            ) from error
        yield listener


def _prepare(config: Config, engine: Engine) -> None:
    """Make the database ready, or in production refuse one that is not."""
    if config.production:
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        return
    if migrations.current(engine) is None:
        click.echo("Making the database …", err=True)
    migrations.upgrade(engine)
    load_reference(engine)
    with Session(engine) as session:
        db.writing(session)
        now = datetime.now(UTC)
        if people.anybody(session, fictional=True):
            sign_ins.make(session, now=now)
            session.commit()
        if people.anybody(session, fictional=True) or people.anybody(session, fictional=False):
            return
        click.echo(f"Making {demo.DEFAULT_SIZE} fictional people, this once …", err=True)
        with (
            db.unhurried(session.connection()),
            click.progressbar(
                length=demo.DEFAULT_SIZE, label="Making people", file=sys.stderr, hidden=not sys.stderr.isatty()
            ) as bar,
        ):
            demo.populate(session, today=now.date(), now=now, progress=bar.update)
            demo.furnish(session, config, today=now.date(), now=now)
        session.commit()
    demo.note_entries(engine, now=now)


class _Jobs:
    """The process that runs the jobs: a program of its own, because a fork of a server would inherit its threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = float("-inf")

    def keep_alive(self) -> None:
        """Start it, or start it anew when it has died."""
        if self._process is not None and self._process.poll() is None:
            return
        if time.monotonic() - self._started > SHORTEST_LIFE_SECONDS:
            self._started = time.monotonic()
            self._process = subprocess.Popen(  # noqa: S603 -- our own command
                [*JOBS_COMMAND, "--child-of", str(os.getpid())], stdin=subprocess.DEVNULL
            )

    def tell_to_stop(self) -> None:
        """Ask it to finish what it is at."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def see_off(self, seconds: float) -> None:
        """Wait until it is gone, but not longer than this. What it was at is done again by the next that runs."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn publishes no types
    """A master for whom Ctrl-C means what SIGTERM means: finish what is under way, then go.

    Once a second it also looks after the process that runs the jobs.
    """

    handle_int = Arbiter.handle_term

    def manage_workers(self) -> None:
        super().manage_workers()
        if self.app.jobs is not None:
            self.app.jobs.keep_alive()

    def stop(self, graceful: bool = True) -> None:
        began = time.monotonic()
        if self.app.jobs is not None:
            self.app.jobs.tell_to_stop()
        super().stop(graceful)
        if self.app.jobs is not None:
            self.app.jobs.see_off(max(1.0, began + STOP_SECONDS - time.monotonic()))


class _Log(Logger):  # type: ignore[misc]
    """Hands gunicorn's own lines to our log; what was asked for is logged by the site, without its query string."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Write nothing."""


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, config: Config, listener: socket.socket, workers: int) -> None:
        self._config = config
        self._listener = listener
        self._workers = workers
        self.jobs = _Jobs() if config.jobs == "embedded" else None
        # One byte for whichever worker is ready first; who finds it tells the person at the terminal.
        self._turn, turn = os.pipe()
        os.set_blocking(self._turn, False)
        os.write(turn, b"1")
        os.close(turn)
        super().__init__()

    def load_config(self) -> None:
        settings = {
            # gunicorn closes the descriptor it is given.
            "bind": f"fd://{os.dup(self._listener.fileno())}",
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": self._config.threads,
            "preload_app": True,
            "graceful_timeout": STOP_SECONDS,
            "timeout": self._config.request_deadline_seconds + 60,
            "control_socket_disable": True,
            "limit_request_line": LONGEST_REQUEST_LINE,
            "errorlog": None,
            # Births and deaths of workers are an operator's news; whoever tries the site out wants its address.
            "loglevel": self._config.log_level if self._config.production else "warning",
            "logger_class": _Log,
            # Whom to believe about the visitor's address and scheme is the setting PROXY_COUNT's to say.
            "secure_scheme_headers": {},
            "post_worker_init": self._worker_is_ready,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)
        # Whatever its setting says, gunicorn allows no more than this, and answers with a page that is not ours.
        message.MAX_REQUEST_LINE = LONGEST_REQUEST_LINE

    def load(self) -> Any:
        """The application, warmed up before the workers are forked, so that they share its index and its places."""
        # What is made here lives as long as the server: looking through it for garbage costs time now, and in the
        # workers it would copy every page of memory that they share.
        gc.disable()
        application = import_app(APPLICATION)
        visitor = application.test_client()
        for page in WARMING_UP:
            visitor.get(page, base_url=self._config.site_url)
        structlog.contextvars.clear_contextvars()
        gc.freeze()
        gc.enable()
        return application

    def run(self) -> None:
        """Serve until told to stop; then leave with exit code 0."""
        try:
            _Arbiter(self).run()
        except RuntimeError as error:
            raise DomainError(f"The server cannot start: {error}") from error

    def _worker_is_ready(self, _worker: object) -> None:
        # A Ctrl-C reaches every process of the terminal; only the master decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            first = os.read(self._turn, 1)
        except BlockingIOError:
            return
        if first:
            host, port, *_ = self._listener.getsockname()
            shown = f"[{host}]" if ":" in host else host
            click.echo(f"{self._config.site_name} is ready at http://{shown}:{port}/ (press Ctrl-C to stop)")
            if not self._config.production:
                for line in sign_ins.told(f"http://{shown}:{port}"):
                    click.echo(line)
            if not self._config.smtp_host:
                click.echo(f"Letters are not sent; read them at http://{shown}:{port}/mailbox")
