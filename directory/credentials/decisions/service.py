"""Writing decisions, which are never changed afterwards, and what the desk and practitioners ask one another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import audit
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials.decisions.models import Decision, DecisionNote, Question
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.terms import CredentialStatus
from directory.errors import Conflict, InvalidInput, NotFound
from directory.guide.words import N_

LONGEST_ANSWER: Final = 4_000


class NeedsAnother(Conflict):
    """This was decided by the same person before, and waits for somebody else."""

    code = "needs_another"


class OwnRecord(Conflict):
    """Nobody decides about themselves."""

    code = "own_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision before it is written down."""

    kind: Kind
    subject: str
    outcome: Outcome
    by: int | None
    """The account; ``None`` for the product itself."""
    case_id: int | None = None
    practitioner_id: int | None = None
    method: Method | None = None
    read_on: date | None = None
    status_read: CredentialStatus | None = None
    raw_status: str | None = None
    expires_read: date | None = None
    name_read: str | None = None
    source: str | None = None
    snapshot_hash: str | None = None
    reason_code: ReasonCode | None = None
    from_state: str | None = None
    to_state: str | None = None
    took_seconds: int | None = None
    takes_effect: bool = True
    second_of: int | None = None
    agrees: bool | None = None
    note: str = ""
    words: str = ""
    proposed: Verdict | None = None
    """Of the first of two."""


def append(session: Session, draft: Draft, *, now: datetime) -> Decision:
    """Write a decision down, with its words beside it and an entry in the audit log."""
    row = Decision(
        case_id=draft.case_id,
        kind=draft.kind,
        subject=draft.subject,
        practitioner_id=draft.practitioner_id,
        outcome=draft.outcome,
        method=draft.method,
        read_on=draft.read_on,
        status_read=draft.status_read,
        raw_status=draft.raw_status,
        expires_read=draft.expires_read,
        name_read=draft.name_read,
        source=draft.source,
        snapshot_hash=draft.snapshot_hash,
        reason_code=draft.reason_code,
        from_state=draft.from_state,
        to_state=draft.to_state,
        decided_by=draft.by,
        decided_at=now,
        took_seconds=draft.took_seconds,
        takes_effect=draft.takes_effect,
        second_of=draft.second_of,
        agrees=draft.agrees,
    )
    session.add(row)
    session.flush()
    if draft.note or draft.words or draft.proposed is not None:
        proposed = None if draft.proposed is None else json.dumps(draft.proposed.to_plain(), ensure_ascii=False)
        session.add(
            DecisionNote(
                decision_id=row.id,
                text_sealed=draft.note,
                words_sealed=draft.words or None,
                proposed_sealed=proposed,
            )
        )
    audit.record(
        session,
        action=f"decision.{draft.outcome}" if draft.takes_effect else f"decision.{draft.outcome}.first",
        actor=draft.by,
        subject=f"decision:{row.id}" if draft.practitioner_id is None else f"practitioner:{draft.practitioner_id}",
        reason="\n".join(each for each in (draft.note, draft.words) if each) or None,
        from_state=draft.from_state,
        to_state=draft.to_state,
        now=now,
    )
    session.flush()
    return row


def proposed(session: Session, first: Decision) -> Verdict:
    """What the first of two wanted. ``Conflict`` when its words were erased meanwhile."""
    note = session.get(DecisionNote, first.id)
    if note is None or note.proposed_sealed is None:
        raise Conflict(N_("What the first person decided was erased. Please decide anew."))
    return Verdict.from_plain(json.loads(note.proposed_sealed))


def snapshot(text: str) -> str:
    """SHA-256 of a copy of what was seen; the copy itself is not kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def ask(session: Session, decision: Decision, texts: Sequence[str], *, now: datetime) -> list[Question]:
    """Put questions to the practitioner whom this decision is about."""
    if decision.case_id is None or decision.practitioner_id is None:
        raise Conflict(N_("There is no practitioner here whom we could ask."))
    rows = [
        Question(
            decision_id=decision.id,
            case_id=decision.case_id,
            kind=decision.kind,
            subject=decision.subject,
            practitioner_id=decision.practitioner_id,
            text_sealed=each,
            asked_at=now,
        )
        for each in (text.strip() for text in texts)
        if each
    ]
    session.add_all(rows)
    session.flush()
    return rows


def answer(session: Session, question_id: int, words: str, *, practitioner_id: int, now: datetime) -> Question:
    """A practitioner's answer. When the last question of a case is answered, its clock goes on.

    ``NotFound`` for somebody else's question; the same answer again is the same answer.
    """
    row = session.scalars(
        select(Question).where(Question.id == question_id, Question.practitioner_id == practitioner_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such question.")
    case = _held(session, row.case_id)
    session.refresh(row)
    text = words.strip()
    if row.answered_at is not None:
        if row.answer_sealed == text:
            return row
        raise Conflict(N_("You have answered this already."))
    if not text:
        raise InvalidInput(N_("Please write your answer."), field="answer")
    if len(text) > LONGEST_ANSWER:
        raise InvalidInput(N_("That is too long. There is room for 4,000 characters."), field="answer")
    row.answer_sealed, row.answered_at = text, now
    session.flush()
    waits = select(Question.id).where(Question.case_id == row.case_id, Question.answered_at.is_(None))
    if case is not None and case.state is State.OPEN and session.scalar(waits.limit(1)) is None:
        cases.answered(session, case, now=now)
    return row


def forget(session: Session, practitioner_id: int) -> None:
    """Erase every word beside the decisions about somebody; that they were taken stays."""
    about = select(Decision.id).where(Decision.practitioner_id == practitioner_id)
    session.execute(delete(DecisionNote).where(DecisionNote.decision_id.in_(about)))
    session.execute(delete(Question).where(Question.practitioner_id == practitioner_id))


def _held(session: Session, case_id: int) -> Case | None:
    return session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one_or_none()
