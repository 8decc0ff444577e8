"""Every job of the product, in the order in which they run when several are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from directory import audit
from directory.errors import Conflict, Unavailable
from directory.figures import service as figures
from directory.jobs.runner import Job, Work
from directory.mail import delivery, outbox
from directory.privacy import service as privacy


def _letters(work: Work) -> int:
    if not work.config.smtp_host:
        return delivery.keep(work.engine, clock=work.clock, stopping=work.stopping)
    told = delivery.deliver(work.engine, work.config, clock=work.clock, stopping=work.stopping)
    if told.away is not None:
        raise Unavailable(f"The mail server is away: {told.away}.")
    return told.sent


def _forget_letters(work: Work) -> int:
    with work.writing() as session:
        return outbox.forget(session, kept=timedelta(days=work.config.mail_kept_days), now=work.clock())


def _audit(work: Work) -> int:
    with work.reading() as session:
        verdict = audit.verify(session)
    if verdict.fault is not None:
        raise Conflict(f"The audit log does not hold at {verdict.fault.seq}: {verdict.fault.why}.")
    return verdict.entries


def _erase_departed(work: Work) -> int:
    with work.writing() as session:
        return privacy.erase_due(session, today=work.clock().date(), now=work.clock())


def _forget_figures(work: Work) -> int:
    with work.writing() as session:
        return figures.forget_old(session, today=work.clock().date())


JOBS: Final[tuple[Job, ...]] = (
    Job(name="letters", every=timedelta(seconds=10), run=_letters),
    Job(name="forget_letters", every=timedelta(hours=1), run=_forget_letters),
    Job(name="audit", every=timedelta(days=1), run=_audit, longest=timedelta(hours=1)),
    Job(name="erase_departed", every=timedelta(hours=6), run=_erase_departed),
    Job(name="forget_figures", every=timedelta(days=1), run=_forget_figures),
)
"""To have something done again and again, add a line: a name that stays, how often, and a function that takes a
``Work`` and says how many things it did."""
