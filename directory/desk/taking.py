"""Taking cases, letting go of them, and going on to the next one. Nobody gets a case that somebody else works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.rules import is_taken_by_another
from directory.cases.service import AlreadyDecided
from directory.cases.terms import State
from directory.desk import queue
from directory.desk.criteria import Criteria, Pile
from directory.desk.queue import Key
from directory.errors import NotFound

MOST_AT_ONCE: Final = 50
_LOOKED_AT: Final = 8
"""How many cases are looked at together for one that is free; more than verifiers who ask in the same instant."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on a case, and until when."""

    email: str | None
    """``None`` for an account that is not there any more."""
    until: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a wish to take cases."""

    taken: tuple[int, ...]
    held: Mapping[int, Holder]
    """Those that somebody else works on."""
    closed: tuple[int, ...]
    """Those that were decided, or taken back, meanwhile."""


def take(session: Session, case_ids: Iterable[int], *, by: int, now: datetime) -> Taken:
    """Take these cases, as far as nobody else has them. ``NotFound`` where one does not exist."""
    taken: list[int] = []
    held: dict[int, Holder] = {}
    closed: list[int] = []
    # In the order of their numbers, so that two who take the same ones do not wait for each other.
    for case_id in sorted(set(case_ids)):
        try:
            case = cases.locked(session, case_id)
        except AlreadyDecided:
            closed.append(case_id)
            continue
        if is_taken_by_another(case.claimed_by, case.claimed_until, by=by, now=now):
            held[case_id] = _holder(session, case)
            continue
        cases.take(session, case_id, by=by, now=now)
        taken.append(case_id)
    return Taken(tuple(taken), held, tuple(closed))


def release(session: Session, case_ids: Iterable[int], *, by: int) -> tuple[int, ...]:
    """Let go of these cases; which of them were this account's. Nothing happens to any other."""
    freed = []
    for case_id in sorted(set(case_ids)):
        try:
            case = cases.locked(session, case_id)
        except AlreadyDecided:
            continue
        if case.claimed_by == by:
            cases.release(session, case_id, by=by)
            freed.append(case_id)
    return tuple(freed)


def next_one(session: Session, criteria: Criteria, *, by: int, now: datetime, behind: int | None = None) -> Case | None:
    """Take the next case of a filter that nobody works on and that this account may decide; ``None`` where none is.

    Of the cases that are this account's already, the one that follows ``behind``. Two who ask in the same instant get
    two cases.
    """
    if criteria.pile is Pile.MINE:
        return _next_of_mine(session, criteria, by=by, now=now, behind=behind)
    if criteria.pile in (Pile.WAITING, Pile.DECIDED):
        return None
    after: Key | None = None
    while found := queue.free_ones(session, criteria, by=by, now=now, after=after, size=_LOOKED_AT):
        statement = (
            select(Case)
            .where(
                Case.id.in_([key.id for key in found]),
                Case.state == State.OPEN,
                Case.waiting_since.is_(None),
                *queue.free(by=by, now=now),
            )
            .order_by(Case.risk, Case.due, Case.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        case = session.scalars(statement).one_or_none()
        if case is not None:
            return cases.take(session, case.id, by=by, now=now)
        after = found[-1]
    return None


def _next_of_mine(session: Session, criteria: Criteria, *, by: int, now: datetime, behind: int | None) -> Case | None:
    """The one behind the case at hand in the order of the queue, and behind the last one the first."""
    at_hand = session.get(Case, behind) if behind is not None else None
    after = None if at_hand is None else Key(at_hand.risk, at_hand.due, at_hand.id)
    for start in dict.fromkeys((after, None)):
        found = queue.page(session, criteria, by=by, now=now, after=start, size=1).lines
        if found:
            return cases.take(session, found[0].id, by=by, now=now)
    return None


def _holder(session: Session, case: Case) -> Holder:
    if case.claimed_by is None or case.claimed_until is None:
        raise NotFound("Nobody works on this case.")
    account = session.get(Account, case.claimed_by)
    return Holder(None if account is None else account.email, case.claimed_until)
