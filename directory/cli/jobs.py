"""``stillpoint jobs``: what the product does by itself."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory import migrations
from directory.cli.opening import opened
from directory.jobs.models import JobRun, Outcome
from directory.jobs.runner import Ran, run_due, run_forever
from directory.jobs.table import JOBS
from directory.mail import outbox
from directory.mail.outbox import Backlog

_LOOKS_AFTER_ITS_PARENT_SECONDS = 1.0
_LATE = timedelta(hours=1)


@click.group()
def jobs() -> None:
    """Send letters, remind, delete what is due: run it, or see how it goes."""


@jobs.command()
@click.option("--once", is_flag=True, help="Run what is due now and leave; exit code 1 when a job failed.")
@click.option("--child-of", type=int, hidden=True, help="End when this process is not the parent any more.")
@click.pass_context
def run(context: click.Context, *, once: bool, child_of: int | None) -> None:
    """Run the jobs as they fall due, until SIGTERM or Ctrl-C. Any number of processes may do so at once."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: stop.set())
    tell = _teller(all_of_them=once)
    with opened() as (config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        if once:
            ran = run_due(JOBS, engine, config, clock=_now, stopping=stop.is_set, told=tell)
            if not ran:
                click.echo("Nothing is due.")
            context.exit(1 if any(each.outcome is Outcome.FAILED for each in ran) else 0)
        if child_of is not None:
            threading.Thread(target=_end_with, args=(child_of, stop), daemon=True).start()
        elif sys.stderr.isatty():
            click.echo("Running jobs as they fall due (press Ctrl-C to stop) …", err=True)
        run_forever(JOBS, engine, config, clock=_now, stop=stop, told=tell)


@jobs.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Say when each job ran last and what waits.

    The exit code is 1 when a job fails, nothing has run for an hour, or a letter waits for longer than that.
    """
    now = _now()
    with opened() as (config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        rows, backlog = _state(engine)
    for job in JOBS:
        click.echo(f"{job.name:18} {_in_words(rows.get(job.name), now)}")
    oldest = "" if backlog.oldest is None else f", the oldest for {_span(now - backlog.oldest)}"
    click.echo(f"\n{backlog.waiting} letters wait{oldest}. {backlog.failed} were given up lately.")
    if not config.smtp_host:
        click.echo("There is no mail server (SMTP_HOST): letters are only shown at /mailbox.")
    ran = max((row.finished_at for row in rows.values() if row.finished_at is not None), default=None)
    still = ran is not None and now - ran > _LATE
    if ran is not None and still:
        click.echo(
            f"Nothing has run for {_span(now - ran)}: neither stillpoint serve nor stillpoint jobs run is at it."
        )
    late = backlog.oldest is not None and now - backlog.oldest > _LATE
    failing = any(rows[job.name].failures for job in JOBS if job.name in rows)
    context.exit(1 if late or still or failing else 0)


def _state(engine: Engine) -> tuple[dict[str, JobRun], Backlog]:
    with Session(engine) as session:
        rows = {row.name: row for row in session.scalars(select(JobRun))}
        backlog = outbox.backlog(session)
        session.expunge_all()
    return rows, backlog


def _in_words(row: JobRun | None, now: datetime) -> str:
    if row is None:
        return "has never run"
    told = []
    if row.lease_until is not None and row.started_at is not None:
        told.append(
            f"running for {_span(now - row.started_at)}"
            if row.lease_until > now
            else f"died {_span(now - row.lease_until)} ago or more; it is run again"
        )
    if row.finished_at is not None:
        told.append(f"{row.outcome} {_span(now - row.finished_at)} ago ({row.done})")
    if row.failures:
        told.append(f"failed {row.failures} times: {row.trouble}")
    told.append(f"next in {_span(row.due_at - now)}" if row.due_at > now else "due now")
    return "; ".join(told)


def _span(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def _teller(*, all_of_them: bool) -> Callable[[Ran], None]:
    """What a person at the terminal is told; everybody else reads the log."""

    def tell(ran: Ran) -> None:
        if not all_of_them and not (sys.stderr.isatty() and (ran.done or ran.outcome is Outcome.FAILED)):
            return
        why = f": {ran.trouble}" if ran.trouble else ""
        click.echo(
            f"{_now():%H:%M:%S}  {ran.name:18} {ran.outcome}, {ran.done} in {ran.seconds:.1f} s{why}",
            err=not all_of_them,
        )

    return tell


def _end_with(parent: int, stop: threading.Event) -> None:
    while os.getppid() == parent and not stop.wait(_LOOKS_AFTER_ITS_PARENT_SECONDS):
        pass
    stop.set()


def _now() -> datetime:
    return datetime.now(UTC)
