"""Everything that was decided about one practitioner, as a copy that they or a court can check without us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import access_log, audit
from directory.cases.models import Case
from directory.credentials.decisions import queries
from directory.credentials.decisions.models import Decision
from directory.credentials.models import Credential
from directory.errors import NotFound

SCHEMA: Final = "stillpoint-audit-export/1"
CHECK: Final = (
    "Of each line of record audit_entry: take its object sealed, write it as JSON with sorted keys, no spaces and"
    " everything outside ASCII escaped, put the value of previous in front of it, and take the SHA-256 of that: it is"
    " the value of hash. It fits into the whole log when the operator's log, checked with 'stillpoint audit verify"
    " --expect SEQ:HASH' with the head given here, holds. A reason was the one given when the SHA-256 of reason_salt,"
    " directly followed by the decision's note, a line break and its words (whichever are not empty), is reason_hash."
    " People are numbers of accounts; null is the product itself or a command. Times are UTC."
)
_BATCH: Final = 500


def export(session: Session, practitioner_id: int, *, now: datetime) -> Iterator[dict[str, Any]]:
    """The lines of the copy: one that says how to check it, the entries of the audit log, then the decisions.

    Making it is noted in the access log. What is in no transaction that was committed is not in it. ``NotFound`` where
    nothing was ever noted about such a practitioner; of somebody who was erased, everything but words is still there.
    """
    head = audit.head(session)
    decisions = _decisions(session, practitioner_id)
    subjects = _subjects(session, practitioner_id, decisions)
    entries = [] if head is None else list(audit.of(session, subjects, up_to=head.seq))
    if not entries and not decisions:
        raise NotFound(f"Nothing was ever noted about a practitioner {practitioner_id}.")
    own = f"practitioner:{practitioner_id}"
    access_log.note(
        session, actor=access_log.COMMAND, what="audit.exported", subject=own, about=practitioner_id, now=now
    )
    return _lines(session, own, head, entries, decisions, now)


def _lines(
    session: Session,
    own: str,
    head: audit.Head | None,
    entries: list[audit.AuditEntry],
    decisions: list[Decision],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    yield {
        "record": "header",
        "schema": SCHEMA,
        "about": own,
        "made_at": _plain(now),
        "head": None if head is None else {"seq": head.seq, "hash": head.hash},
        "entries": len(entries),
        "decisions": len(decisions),
        "check": CHECK,
    }
    for entry in entries:
        yield {
            "record": "audit_entry",
            "seq": entry.seq,
            "sealed": audit.sealed(entry),
            "previous": entry.previous,
            "hash": entry.hash,
        }
    for first in range(0, len(decisions), _BATCH):
        for told in queries.told(session, decisions[first : first + _BATCH]):
            row = told.decision
            columns = {each.key: _plain(getattr(row, each.key)) for each in Decision.__table__.columns}
            # Whoever was told nothing and wrote nothing has no words either: the hash in the log says which it was.
            reason = {"note": told.note, "words": told.words} if told.note or told.words else None
            yield {"record": "decision", **columns, "reason": reason}


def _decisions(session: Session, practitioner_id: int) -> list[Decision]:
    about = (Decision.practitioner_id == practitioner_id) | (Decision.subject == f"practitioner:{practitioner_id}")
    return list(session.scalars(select(Decision).where(about).order_by(Decision.id)))


def _subjects(session: Session, practitioner_id: int, decisions: list[Decision]) -> set[str]:
    """What entries about them can be about; nobody else, and no account."""
    papers = session.scalars(select(Credential.id).where(Credential.practitioner_id == practitioner_id))
    cases = session.execute(select(Case.id, Case.subject).where(Case.about == practitioner_id)).all()
    found = {f"credential:{each}" for each in papers}
    found |= {f"case:{each.id}" for each in cases} | {f"decision:{each.id}" for each in decisions}
    found |= {each.subject for each in cases} | {each.subject for each in decisions}
    others = ("practitioner:", "account:")
    return {each for each in found if not each.startswith(others)} | {f"practitioner:{practitioner_id}"}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value
