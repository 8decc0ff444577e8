"""Every job of the product, in the order in which they run when several are due."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from directory import access_log, audit, kept, logs
from directory.accounts import queries as account_queries
from directory.accounts import service as accounts
from directory.accounts.api_keys import service as api_keys
from directory.accuracy import service as accuracy
from directory.alerts import queries as alerts
from directory.alerts import service as saving
from directory.complaints import service as complaints
from directory.consultations import keeping, rounds
from directory.consultations.feedback import service as feedback
from directory.consultations.outcomes import queries as outcome_queries
from directory.consultations.outcomes import service as outcomes
from directory.consultations.summaries import service as summaries
from directory.credentials.control import service as control
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.scanner import Scanner
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import Verdict
from directory.credentials.keeping import looking_again, reminding
from directory.desk.duplicates import service as duplicates
from directory.desk.listed import service as listed
from directory.entries import service as entries
from directory.errors import Conflict, NotFound, Unavailable
from directory.figures import service as figures
from directory.jobs.runner import Job, Work
from directory.mail import delivery, outbox, suppression
from directory.privacy import queries as privacy_queries
from directory.privacy import service as privacy
from directory.registries import lateness
from directory.registries.crosscheck import crosscheck
from directory.registries.exclusions import queries as exclusions
from directory.registries.exclusions import service as screening
from directory.search.index_file import IndexFile
from directory.search.loader import IndexHolder

_log = structlog.get_logger("stillpoint.jobs")


def _each(work: Work, what: str, numbers: Sequence[int], do: Callable[[Session, int], int]) -> int:
    """Do it with each of these, in a transaction of its own; how many things were done.

    What fails with one is logged without what it holds and keeps nobody else waiting. At the end the job fails, so that
    it stands out in ``stillpoint jobs status``; whatever failed is tried again the next time.
    """
    done = failed = 0
    for number in numbers:
        if work.stopping():
            break
        try:
            with work.writing() as session:
                done += do(session, number)
        except (OperationalError, InterfaceError):
            # The database is away or busy: that is nothing of this one, and the others would fare no better.
            raise
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one, the others must not wait for it
            failed += 1
            _log.error("one_failed", what=what, id=number, error=logs.described(error))
    if failed:
        raise Conflict(f"{failed} of {len(numbers)} failed ({what}); {done} were done.")
    return done


def _letters(work: Work) -> int:
    if not work.config.smtp_host:
        return delivery.keep(work.engine, clock=work.clock, stopping=work.stopping)
    told = delivery.deliver(work.engine, work.config, clock=work.clock, stopping=work.stopping)
    if told.away is not None:
        raise Unavailable(f"The mail server is away: {told.away}.")
    return told.sent


def _forget_letters(work: Work) -> int:
    with work.writing() as session:
        erased = outbox.forget(session, kept=timedelta(days=work.config.mail_kept_days), now=work.clock())
        return erased + suppression.forget_old(session, now=work.clock())


def _reminders(work: Work) -> int:
    """A transaction for each person: whoever was written to stays so, whatever happens to the next."""
    with work.reading() as session:
        people = reminding.perhaps_due(session, now=work.clock())
    written = 0
    for practitioner_id in people:
        if work.stopping():
            break
        try:
            with work.writing() as session:
                written += reminding.remind(session, practitioner_id, now=work.clock())
        except IntegrityError:
            # Another process was at the same person and has written.
            continue
    return written


def _forget_accounts(work: Work) -> int:
    # Whose session has ended finds again what they had typed, so its row stays a while.
    kept = timedelta(hours=max(work.config.session_hours, work.config.staff_session_hours), days=7)
    with work.writing() as session:
        return accounts.forget(session, kept=kept, now=work.clock())


def _end_emergencies(work: Work) -> int:
    with work.writing() as session:
        return accounts.end_emergencies(session, now=work.clock())


def _forget_typed(work: Work) -> int:
    with work.writing() as session:
        return kept.drop_old(session, now=work.clock())


def _forget_looks(work: Work) -> int:
    with work.writing() as session:
        return access_log.forget(session, kept=timedelta(days=work.config.access_log_days), now=work.clock())


def _audit(work: Work) -> int:
    with work.reading() as session:
        verdict = audit.verify(session)
    if verdict.fault is not None:
        raise Conflict(f"The audit log does not hold at {verdict.fault.seq}: {verdict.fault.why}.")
    return verdict.entries


def _erase_departed(work: Work) -> int:
    """A transaction for each person: erasing one takes a while, and nobody else writes on SQLite meanwhile."""
    now, store, done = work.clock(), Store(work.config.evidence_dir), 0
    with work.reading() as session:
        due = privacy.due(session, today=now.date())
    for practitioner_id, _ in due:
        if work.stopping():
            break
        with work.writing() as session:
            done += privacy.settle(session, store, practitioner_id, today=now.date(), now=now)
    return done


def _duplicates(work: Work) -> int:
    with work.writing() as session:
        return duplicates.ask_about_pairs(session, now=work.clock())


def _look_again(work: Work) -> int:
    with work.writing() as session:
        return looking_again.open_cases(session, now=work.clock())


def _forget_proving(work: Work) -> int:
    with work.writing() as session:
        return control.forget(session, kept=timedelta(days=work.config.evidence_retention_days), now=work.clock())


def _forget_figures(work: Work) -> int:
    with work.writing() as session:
        return figures.forget_old(session, today=work.clock().date())


def _forget_reports(work: Work) -> int:
    with work.writing() as session:
        return complaints.forget(session, kept=timedelta(days=work.config.evidence_retention_days), now=work.clock())


def _tell_eligibility(work: Work) -> int:
    """A transaction for each person: whoever was told stays so, whatever happens to the next."""
    with work.reading() as session:
        people = listed.changed(session, now=work.clock())
    told = 0
    for practitioner_id in people:
        if work.stopping():
            break
        with work.writing() as session:
            told += listed.tell(session, practitioner_id, now=work.clock())
    return told


def _requests(work: Work) -> int:
    """A transaction for each request: who was told stays so, whatever happens to the next."""
    with work.reading() as session:
        waiting = rounds.perhaps_due(session, now=work.clock())
    return _each(work, "request", waiting, lambda session, each: rounds.step(session, each, now=work.clock()))


def _forget_requests(work: Work) -> int:
    kept = timedelta(days=work.config.consultation_kept_days)
    with work.writing() as session:
        return keeping.forget(session, kept=kept, held=privacy_queries.held(session), now=work.clock())


def _forget_summaries(work: Work) -> int:
    with work.writing() as session:
        return summaries.forget(session, held=privacy_queries.held(session), now=work.clock())


def _scan(work: Work) -> int:
    """Each file is scanned outside any transaction; what waits for a scanner that is still away waits on."""
    store, scanner = Store(work.config.evidence_dir), Scanner(work.config.clamd)
    with work.reading() as session:
        waiting = evidence.waiting_for_scanner(session)
    done = 0
    for each in waiting:
        if work.stopping():
            break
        try:
            scan = scanner.scan(store.read(each.file))
        except NotFound:
            # The daily look at the store names it.
            continue
        if scan.verdict is Verdict.AWAY:
            raise Unavailable(f"The virus scanner is away, and {len(waiting) - done} files wait for it.")
        with work.writing() as session:
            evidence.record_scan(session, store, each, scan, now=work.clock())
        done += 1
    return done


def _erase_evidence(work: Work) -> int:
    store, done = Store(work.config.evidence_dir), 0
    while not work.stopping():
        with work.writing() as session:
            erased = evidence.erase_due(session, store, now=work.clock())
        done += erased
        if not erased:
            break
    return done


def _sweep_evidence(work: Work) -> int:
    with work.reading() as session:
        swept = evidence.sweep(session, Store(work.config.evidence_dir), now=work.clock())
    if swept.missing:
        named = ", ".join(swept.missing[:5])
        raise Conflict(f"{len(swept.missing)} rows name a file that is not in EVIDENCE_DIR: {named}.")
    return swept.removed


def _ask_outcomes(work: Work) -> int:
    """A transaction for each letter: whoever was asked stays so, whatever happens to the next."""
    with work.reading() as session:
        due = outcome_queries.due(session, now=work.clock())
    asked = 0
    for consultation_id in due:
        if work.stopping():
            break
        try:
            with work.writing() as session:
                asked += outcomes.ask(session, consultation_id, now=work.clock())
        except (IntegrityError, NotFound):
            # Another process has asked, or the request is gone meanwhile.
            continue
    return asked


def _forget_outcomes(work: Work) -> int:
    with work.writing() as session:
        return outcomes.forget(session, now=work.clock()) + feedback.forget(session, now=work.clock())


def _measure(work: Work) -> int:
    with work.writing() as session:
        return accuracy.measure(session, now=work.clock())


def _draw_calls(work: Work) -> int:
    with work.writing() as session:
        return accuracy.draw(session, now=work.clock())


def _compare_registers(work: Work) -> int:
    """Whoever came or changed since the newest files were taken is compared with them too. It only opens cases."""
    with work.writing() as session:
        opened = crosscheck(session, now=work.clock()).opened
    with work.reading() as session:
        file = exclusions.newest(session)
        moment = None if file is None else file.screened_at
        due = file is not None and (moment is None or exclusions.changed_since(session, moment))
    if due:
        with work.writing() as session:
            opened += screening.screen(session, now=work.clock()).opened
    return opened


def _old_registers(work: Work) -> int:
    """Write to everybody at the desk, each once for each file that is too old; and fail, so that it stands out in
    ``stillpoint jobs status`` until a newer file is taken. A transaction for each letter."""
    now = work.clock()
    with work.reading() as session:
        late = lateness.late(session, now=now)
        staff = [each.id for each in account_queries.staff(session)] if late else []
    for source, account_id in itertools.product(late, staff):
        if work.stopping():
            break
        try:
            with work.writing() as session:
                lateness.tell(session, account_id, source, now=now)
        except IntegrityError:
            # Another process was first.
            continue
    if late:
        told = "; ".join(f"{each.name} of {each.as_of}: {each.command}" for each in late)
        raise Conflict(f"Take in a newer file: {told}.")
    return 0


def _entries(work: Work) -> int:
    """A transaction for some at a time, and at the end one that says how far the ledger is; cut short, the next run
    looks at them again and finds nothing different."""
    now = work.clock()
    with work.reading() as session:
        seen = entries.waiting(session, now=now)
    if seen.nothing_new:
        return 0
    done = 0
    for people in seen.batches():
        if work.stopping():
            return done
        with work.writing() as session:
            done += entries.look(session, people, now=now)
    with work.writing() as session:
        entries.settle(session, seen, now=now)
    return done


def _forget_use(work: Work) -> int:
    with work.writing() as session:
        return api_keys.forget(session, now=work.clock())


def _saved_searches(work: Work) -> int:
    """A transaction for each search: whoever was written to stays so, whatever happens to the next."""
    with work.reading() as session:
        due = alerts.to_look_at(session, now=work.clock())
    if not due:
        return 0
    holder = IndexHolder(IndexFile(work.config.var_dir / "index"))

    def look(session: Session, search_id: int) -> int:
        return saving.look(session, search_id, holder=holder, site_url=work.config.site_url, now=work.clock())

    return _each(work, "saved search", due, look)


def _forget_searches(work: Work) -> int:
    with work.writing() as session:
        return saving.forget(session, now=work.clock())


JOBS: Final[tuple[Job, ...]] = (
    # Letters have leases of their own, so two processes at once do no harm, and one that died delays the others little.
    Job(name="letters", every=timedelta(seconds=10), run=_letters, longest=timedelta(minutes=1)),
    Job(name="forget_letters", every=timedelta(hours=1), run=_forget_letters),
    Job(name="reminders", every=timedelta(hours=1), run=_reminders, longest=timedelta(hours=1)),
    Job(name="scan_evidence", every=timedelta(minutes=1), run=_scan),
    Job(name="erase_evidence", every=timedelta(hours=1), run=_erase_evidence),
    Job(name="sweep_evidence", every=timedelta(days=1), run=_sweep_evidence),
    Job(name="forget_accounts", every=timedelta(hours=1), run=_forget_accounts),
    Job(name="end_emergencies", every=timedelta(minutes=5), run=_end_emergencies),
    Job(name="forget_typed", every=timedelta(hours=1), run=_forget_typed),
    Job(name="forget_looks", every=timedelta(days=1), run=_forget_looks),
    Job(name="audit", every=timedelta(days=1), run=_audit, longest=timedelta(hours=1)),
    Job(name="erase_departed", every=timedelta(hours=6), run=_erase_departed),
    Job(name="accuracy", every=timedelta(days=1), run=_measure, longest=timedelta(minutes=30)),
    Job(name="draw_calls", every=timedelta(days=1), run=_draw_calls, longest=timedelta(minutes=30)),
    Job(name="duplicates", every=timedelta(days=1), run=_duplicates, longest=timedelta(minutes=30)),
    Job(name="look_again", every=timedelta(days=1), run=_look_again, longest=timedelta(minutes=10)),
    Job(name="ask_outcomes", every=timedelta(hours=1), run=_ask_outcomes),
    Job(name="forget_outcomes", every=timedelta(days=1), run=_forget_outcomes),
    Job(name="forget_reports", every=timedelta(days=1), run=_forget_reports),
    Job(name="forget_proving", every=timedelta(days=1), run=_forget_proving),
    Job(name="eligibility_told", every=timedelta(hours=6), run=_tell_eligibility, longest=timedelta(hours=1)),
    Job(name="requests", every=timedelta(minutes=10), run=_requests, longest=timedelta(minutes=30)),
    Job(name="forget_requests", every=timedelta(days=1), run=_forget_requests),
    Job(name="forget_summaries", every=timedelta(hours=1), run=_forget_summaries),
    Job(name="compare_registers", every=timedelta(hours=1), run=_compare_registers),
    Job(name="old_registers", every=timedelta(days=1), run=_old_registers),
    Job(name="entries", every=timedelta(minutes=2), run=_entries, longest=timedelta(minutes=30)),
    Job(name="forget_use", every=timedelta(hours=1), run=_forget_use),
    Job(name="saved_searches", every=timedelta(hours=1), run=_saved_searches, longest=timedelta(hours=1)),
    Job(name="forget_searches", every=timedelta(hours=6), run=_forget_searches),
    Job(name="forget_figures", every=timedelta(days=1), run=_forget_figures),
)
"""To have something done again and again, add a line: a name that stays, how often, and a function that takes a
``Work`` and says how many things it did."""
