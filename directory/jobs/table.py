"""Every job of the product, in the order in which they run when several are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from directory import audit
from directory.accounts import service as accounts
from directory.errors import Conflict, Unavailable
from directory.jobs.runner import Job, Work
from directory.mail import delivery, outbox


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


def _forget_accounts(work: Work) -> int:
    # Whose session has ended finds again what they had typed, so its row stays a while.
    kept = timedelta(hours=max(work.config.session_hours, work.config.staff_session_hours), days=7)
    with work.writing() as session:
        return accounts.forget(session, kept=kept, now=work.clock())


def _audit(work: Work) -> int:
    with work.reading() as session:
        verdict = audit.verify(session)
    if verdict.fault is not None:
        raise Conflict(f"The audit log does not hold at {verdict.fault.seq}: {verdict.fault.why}.")
    return verdict.entries


JOBS: Final[tuple[Job, ...]] = (
    # Letters have leases of their own, so two processes at once do no harm, and one that died delays the others little.
    Job(name="letters", every=timedelta(seconds=10), run=_letters, longest=timedelta(minutes=1)),
    Job(name="forget_letters", every=timedelta(hours=1), run=_forget_letters),
    Job(name="forget_accounts", every=timedelta(hours=1), run=_forget_accounts),
    Job(name="audit", every=timedelta(days=1), run=_audit, longest=timedelta(hours=1)),
)
"""To have something done again and again, add a line: a name that stays, how often, and a function that takes a
``Work`` and says how many things it did."""
