"""Running what is due, in any number of processes at once, without doubling.

A process takes a job by writing its lease into the job's row, for as long as the job may take at most. Whoever dies at
it leaves a lease that runs out, and another process begins anew; so a job does its work in small transactions of its
own (``Work.writing``), each of which may have happened already, and looks now and then whether it should stop
(``Work.stopping``). What goes wrong is logged, counted and tried again, and never keeps another job from running.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import Engine, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from directory import db, logs
from directory.errors import DomainError
from directory.jobs.models import JobRun, Outcome

if TYPE_CHECKING:
    from config import Config

LONGEST_PAUSE_SECONDS: Final = 5.0
"""How often the loop looks whether something is due."""

SLOWEST_RETRY: Final = timedelta(hours=1)

_log = structlog.get_logger("stillpoint.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a job is given to work with."""

    engine: Engine
    config: Config
    clock: Callable[[], datetime]
    stopping: Callable[[], bool]
    """Whether the job should end soon, because the process is told to or the lease is over. The next run goes on."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed at the end; short, because on SQLite nobody else writes meanwhile."""
        with Session(self.engine, expire_on_commit=False) as session:
            db.writing(session)
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do again and again. ``run`` says how many things it did; being run twice must do no harm."""

    name: str
    every: timedelta
    run: Callable[[Work], int]
    longest: timedelta = timedelta(minutes=15)
    """After this another process may begin it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run that this process made."""

    name: str
    outcome: Outcome
    done: int
    trouble: str | None
    seconds: float


def run_due(
    jobs: Sequence[Job],
    engine: Engine,
    config: Config,
    *,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    told: Callable[[Ran], None] = lambda _: None,
) -> list[Ran]:
    """Run each job that is due and that nobody else is at, one after another."""
    ran: list[Ran] = []
    for job in jobs:
        if stopping():
            break
        lease = _take(engine, job, now=clock())
        if lease is not None:
            ran.append(_run(job, lease, engine, config, clock=clock, stopping=stopping))
            told(ran[-1])
    return ran


def run_forever(
    jobs: Sequence[Job],
    engine: Engine,
    config: Config,
    *,
    clock: Callable[[], datetime],
    stop: threading.Event,
    told: Callable[[Ran], None] = lambda _: None,
) -> None:
    """Run what is due until ``stop`` is set. A database that is away is waited for."""
    while not stop.is_set():
        try:
            run_due(jobs, engine, config, clock=clock, stopping=stop.is_set, told=told)
        except SQLAlchemyError as error:
            _log.warning("jobs_wait_for_the_database", error=logs.described(error))
        stop.wait(LONGEST_PAUSE_SECONDS)


def _take(engine: Engine, job: Job, *, now: datetime) -> str | None:
    """The lease of a job that is due and free, which is this process's from now on."""
    # Seen without a lock, so that nothing is written while nothing is due.
    with Session(engine) as session:
        row = session.get(JobRun, job.name)
    if row is None:
        _introduce(engine, job, now=now)
    elif not _due(job, row, now=now):
        return None
    lease = secrets.token_hex(16)
    with Session(engine) as session:
        db.writing(session)
        taken = session.execute(
            update(JobRun)
            .where(
                JobRun.name == job.name,
                or_(JobRun.due_at <= now, JobRun.due_at > now + _farthest(job)),
                or_(JobRun.lease_until.is_(None), JobRun.lease_until <= now, JobRun.lease_until > now + job.longest),
            )
            .values(lease=lease, lease_until=now + job.longest, started_at=now)
            .execution_options(synchronize_session=False)
        )
        session.commit()
    return lease if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def _due(job: Job, row: JobRun, *, now: datetime) -> bool:
    # A clock that was ahead and was set back must not keep a job waiting until it has caught up.
    due = row.due_at <= now or row.due_at > now + _farthest(job)
    free = row.lease_until is None or row.lease_until <= now or row.lease_until > now + job.longest
    return due and free


def _farthest(job: Job) -> timedelta:
    return max(job.every, SLOWEST_RETRY)


def _introduce(engine: Engine, job: Job, *, now: datetime) -> None:
    try:
        with Session(engine) as session:
            db.writing(session)
            session.add(JobRun(name=job.name, due_at=now, done=0, failures=0))
            session.commit()
    except IntegrityError:
        # Another process was first.
        return


def _run(
    job: Job,
    lease: str,
    engine: Engine,
    config: Config,
    *,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> Ran:
    began = time.monotonic()

    def over() -> bool:
        return stopping() or time.monotonic() - began > job.longest.total_seconds()

    outcome, done, trouble = Outcome.DONE, 0, None
    try:
        done = job.run(Work(engine=engine, config=config, clock=clock, stopping=over))
    except DomainError as error:
        outcome, trouble = Outcome.FAILED, str(error)[:200]
        _log.warning("job_failed", job=job.name, why=trouble)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other jobs must run
        described = logs.described(error)
        where = described["stack"][-1].rpartition("/")[2] if described["stack"] else "nowhere"
        outcome, trouble = Outcome.FAILED, f"{described['type']} at {where}"[:200]
        _log.error("job_failed", job=job.name, error=described)
    else:
        if stopping():
            outcome = Outcome.STOPPED
    ran = Ran(name=job.name, outcome=outcome, done=done, trouble=trouble, seconds=time.monotonic() - began)
    if not _finish(engine, job, lease, ran, now=clock()):
        _log.warning("job_outlived_its_lease", job=job.name, seconds=round(ran.seconds, 1))
    if outcome is not Outcome.FAILED and done:
        _log.info("job_done", job=job.name, done=done, seconds=round(ran.seconds, 1))
    return ran


def _finish(engine: Engine, job: Job, lease: str, ran: Ran, *, now: datetime) -> bool:
    with Session(engine) as session:
        db.writing(session)
        row = session.scalar(select(JobRun).where(JobRun.name == job.name, JobRun.lease == lease).with_for_update())
        if row is None:
            return False
        row.lease = row.lease_until = None
        row.finished_at, row.outcome, row.done, row.trouble = now, ran.outcome, ran.done, ran.trouble
        row.failures = row.failures + 1 if ran.outcome is Outcome.FAILED else 0
        row.due_at = _next(job, row, now=now)
        session.commit()
    return True


def _next(job: Job, row: JobRun, *, now: datetime) -> datetime:
    if row.outcome is Outcome.STOPPED:
        return now
    if row.outcome is Outcome.FAILED:
        patience = min(timedelta(minutes=2 ** min(row.failures - 1, 10)), SLOWEST_RETRY)
        return now + min(job.every, patience)
    began = row.started_at or now
    # Intervals that were missed are not made up for.
    return max(now, began + job.every)
