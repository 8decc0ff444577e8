"""Reading what the dashboard shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.cases.models import Case
from directory.cases.terms import Kind, Risk, State
from directory.credentials.decisions import queries as decisions
from directory.desk.dashboard import rules
from directory.desk.dashboard.rules import Age, Week
from directory.desk.forecast import queries as forecasts
from directory.registries import lateness
from directory.registries.lateness import Source


@dataclass(frozen=True, slots=True)
class Reviewer:
    """How often others agreed with somebody's decisions."""

    name: str
    looked_at: int
    disagreed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Everything that the page shows."""

    ages: tuple[Age, ...]
    weeks: tuple[Week, ...]
    expiring_papers: int
    expiring_hours: float
    urgent_exclusions: int
    possible_exclusions: int
    sources: Sequence[Source]
    reviewers: Sequence[Reviewer]
    second_looks_waiting: int


def dashboard(session: Session, *, now: datetime) -> Dashboard:
    """The state of the desk at this moment, from one statement for each of its parts."""
    today = now.date()
    waiting = session.execute(
        select(Case.opened_at, Case.due).where(Case.state == State.OPEN, Case.waiting_since.is_(None))
    )
    since = datetime.combine(rules.first_day(today), time(), tzinfo=UTC)
    closed = session.execute(
        select(Case.opened_at, Case.closed_at).where(Case.state == State.CLOSED, Case.closed_at >= since)
    )
    rows = session.execute(
        select(Case.risk, func.count().label("cases"))
        .where(Case.state == State.OPEN, Case.kind == Kind.EXCLUSION)
        .group_by(Case.risk)
    )
    by_risk = {row.risk: row.cases for row in rows}
    second_looks = select(func.count()).where(Case.state == State.OPEN, Case.kind == Kind.SECOND_LOOK)
    coming = forecasts.forecast(session, today)
    return Dashboard(
        ages=rules.ages(((began, due) for began, due in waiting), now=now),
        weeks=rules.weeks(((began, ended) for began, ended in closed if ended is not None), today=today),
        expiring_papers=coming.papers,
        expiring_hours=coming.hours,
        urgent_exclusions=by_risk.get(Risk.URGENT, 0),
        possible_exclusions=sum(number for risk, number in by_risk.items() if risk != Risk.URGENT),
        sources=lateness.sources(session, now=now),
        reviewers=_reviewers(session),
        second_looks_waiting=session.scalar(second_looks) or 0,
    )


def _reviewers(session: Session) -> list[Reviewer]:
    agreed = decisions.agreement(session)
    names = {
        row.id: row.email for row in session.execute(select(Account.id, Account.email).where(Account.id.in_(agreed)))
    }
    return [
        Reviewer(names.get(by, ""), each.looked_at, each.disagreed)
        for by, each in sorted(agreed.items(), key=lambda item: -item[1].looked_at)
    ]
