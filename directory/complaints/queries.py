"""Reading reports and appeals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.complaints.models import Appeal, Complaint
from directory.credentials.decisions import queries as decisions
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.queries import Told
from directory.credentials.decisions.terms import Outcome
from directory.errors import NotFound

APPEALABLE = frozenset({Outcome.HELD, Outcome.SUSPENDED, Outcome.REVOKED, Outcome.REJECTED})
"""Decisions against which something can be said."""


def complaint(session: Session, complaint_id: int) -> Complaint:
    """One report; ``NotFound`` otherwise."""
    found = session.get(Complaint, complaint_id)
    if found is None:
        raise NotFound("There is no such report.")
    return found


def appeal(session: Session, appeal_id: int) -> Appeal:
    """One appeal; ``NotFound`` otherwise."""
    found = session.get(Appeal, appeal_id)
    if found is None:
        raise NotFound("There is no such appeal.")
    return found


def appeals_of(session: Session, practitioner_id: int) -> Sequence[Appeal]:
    """What this practitioner has said against decisions, the newest first."""
    mine = select(Appeal).where(Appeal.practitioner_id == practitioner_id)
    return session.scalars(mine.order_by(Appeal.id.desc())).all()


def appealable(session: Session, practitioner_id: int) -> list[Told]:
    """The newest decision about each thing of this person's, where it took something away, with the words they were
    told. A later decision about the same thing, which took nothing away, settles the earlier one."""
    newest: dict[str, Decision] = {}
    for each in decisions.of_practitioner(session, practitioner_id):
        if each.takes_effect and each.outcome not in _SAYS_NOTHING:
            newest.setdefault(_thing(each), each)
    against = [each for each in newest.values() if each.outcome in APPEALABLE]
    return decisions.told(session, sorted(against, key=lambda each: each.id, reverse=True))


def deciders(session: Session, decision: Decision) -> set[int]:
    """Who took part in a decision, or decided the same of the same person since: they do not decide an appeal."""
    rows = decisions.of_practitioner(session, decision.practitioner_id or 0)
    thing = _thing(decision)
    taking_part = {
        each.decided_by
        for each in rows
        if each.id == decision.id
        or decision.id in (each.second_of,)
        or each.id == decision.second_of
        or (each.id > decision.id and each.outcome is decision.outcome and _thing(each) == thing)
    }
    return {each for each in taking_part if each is not None}


def hold_cases(session: Session, practitioner_id: int) -> Sequence[Case]:
    """The open cases in which a second person looks at a hold of this practitioner's."""
    return session.scalars(
        select(Case).where(
            Case.kind == Kind.HOLD_REVIEW,
            Case.subject == f"practitioner:{practitioner_id}",
            Case.state == State.OPEN,
        )
    ).all()


_ON_A_PERSON = frozenset({Outcome.HELD, Outcome.RELEASED, Outcome.SUSPENDED, Outcome.REVOKED, Outcome.RESTORED})
_OF_THE_PERSON = frozenset({Kind.COMPLAINT, Kind.HARM, Kind.HOLD_REVIEW, Kind.APPEAL})
_SAYS_NOTHING = frozenset({Outcome.MORE_INFORMATION, Outcome.NO_ACTION, Outcome.NOT_CHECKED})


def _thing(decision: Decision) -> str:
    """What it decided about: whatever led to a hold, it is the person who is held."""
    of_person = decision.kind in _OF_THE_PERSON or decision.subject.startswith("practitioner:")
    if of_person and decision.outcome in _ON_A_PERSON:
        return "held" if decision.outcome in (Outcome.HELD, Outcome.RELEASED) else "standing"
    return decision.subject
