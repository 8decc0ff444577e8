"""Reading decisions, questions, and how often reviewers agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from directory.accounts.models import Account, AccountRole, Passkey
from directory.accounts.permissions import PRIVILEGED
from directory.accounts.terms import Role
from directory.credentials.decisions.models import Decision, DecisionNote, Question
from directory.credentials.decisions.terms import Outcome
from directory.errors import NotFound


@dataclass(frozen=True, slots=True)
class Told:
    """A decision with what was written beside it, as far as that was not erased."""

    decision: Decision
    note: str
    """Why, for those who look at it later."""
    words: str
    """What the practitioner was told."""
    by: str | None
    """The address of whoever decided; ``None`` for the product itself and for an account that is gone."""


def decision(session: Session, decision_id: int) -> Decision:
    """One decision; ``NotFound`` otherwise."""
    found = session.get(Decision, decision_id)
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def of_subject(session: Session, subject: str) -> Sequence[Decision]:
    """What was decided about this, the newest first."""
    return session.scalars(select(Decision).where(Decision.subject == subject).order_by(Decision.id.desc())).all()


def of_practitioner(session: Session, practitioner_id: int, *, limit: int = 200) -> Sequence[Decision]:
    """What was decided about this person and everything of theirs, the newest first."""
    mine = select(Decision).where(Decision.practitioner_id == practitioner_id)
    return session.scalars(mine.order_by(Decision.id.desc()).limit(limit)).all()


def of_case(session: Session, case_id: int) -> Sequence[Decision]:
    """What was decided in this case, the newest first."""
    return session.scalars(select(Decision).where(Decision.case_id == case_id).order_by(Decision.id.desc())).all()


def told(session: Session, decisions: Collection[Decision]) -> list[Told]:
    """These decisions with their words and whoever decided them, in the same order; one statement."""
    if not decisions:
        return []
    rows = session.execute(
        select(Decision.id, DecisionNote, Account.email)
        .outerjoin(DecisionNote, DecisionNote.decision_id == Decision.id)
        .outerjoin(Account, Account.id == Decision.decided_by)
        .where(Decision.id.in_([each.id for each in decisions]))
    )
    beside: dict[int, tuple[DecisionNote | None, str | None]] = {key: (note, by) for key, note, by in rows}
    found = []
    for each in decisions:
        note, by = beside[each.id]
        found.append(Told(each, note.text_sealed if note else "", (note and note.words_sealed) or "", by))
    return found


def waiting_for_second(session: Session, case_id: int) -> Decision | None:
    """The first of two decisions in this case, while nobody else has said anything to it."""
    second = aliased(Decision)
    return session.scalars(
        select(Decision)
        .outerjoin(second, second.second_of == Decision.id)
        .where(
            Decision.case_id == case_id,
            Decision.takes_effect.is_(False),
            Decision.second_of.is_(None),
            second.id.is_(None),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()


def was_revoked(session: Session, *, subject: str, practitioner_id: int | None) -> bool:
    """Whether this, or the person whose it is, was revoked and has not been restored since."""
    about = [Decision.subject == subject]
    if practitioner_id is not None:
        about.append(Decision.subject == f"practitioner:{practitioner_id}")
    for one in about:
        newest = session.scalars(
            select(Decision.outcome)
            .where(
                one,
                Decision.takes_effect,
                Decision.outcome.in_((Outcome.REVOKED, Outcome.RESTORED)),
            )
            .order_by(Decision.id.desc())
            .limit(1)
        ).one_or_none()
        if newest is Outcome.REVOKED:
            return True
    return False


def is_colleague(session: Session, account_id: int | None) -> bool:
    """Whether this account belongs to somebody who works at the desk."""
    if account_id is None:
        return False
    works = select(AccountRole.account_id).where(AccountRole.account_id == account_id, AccountRole.role.in_(PRIVILEGED))
    return session.scalar(works.limit(1)) is not None


def deciders(session: Session) -> set[int]:
    """The accounts that can decide today: verifiers who are let in and have a second factor."""
    with_passkey = select(Passkey.account_id)
    return set(
        session.scalars(
            select(Account.id)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .where(
                AccountRole.role == Role.VERIFIER,
                Account.active,
                Account.totp_since.is_not(None) | Account.id.in_(with_passkey),
            )
        )
    )


def questions_of_case(session: Session, case_id: int) -> Sequence[Question]:
    """What was asked in this case, in the order in which it was asked."""
    return session.scalars(select(Question).where(Question.case_id == case_id).order_by(Question.id)).all()


def questions_of(session: Session, practitioner_id: int, *, open_only: bool = False) -> Sequence[Question]:
    """What this practitioner was asked, the newest first."""
    asked = select(Question).where(Question.practitioner_id == practitioner_id)
    if open_only:
        asked = asked.where(Question.answered_at.is_(None))
    return session.scalars(asked.order_by(Question.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often others agreed with what one person decided."""

    looked_at: int
    disagreed: int


def agreement(session: Session) -> Mapping[int, Agreement]:
    """Of each account whose decisions a second person looked at: how many, and with how many they disagreed."""
    second = aliased(Decision)
    rows = session.execute(
        select(
            Decision.decided_by,
            func.count(second.id),
            func.sum(case((second.agrees.is_(False), 1), else_=0)),
        )
        .join(second, second.second_of == Decision.id)
        .where(Decision.decided_by.is_not(None))
        .group_by(Decision.decided_by)
    )
    return {by: Agreement(looked_at, int(disagreed)) for by, looked_at, disagreed in rows if by is not None}
