"""Opening the cases of papers that are due to be looked at again, in batches that a desk can work through."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import State
from directory.credentials.casework import kind_of
from directory.credentials.keeping import rechecks
from directory.credentials.keeping.rechecks import Paper
from directory.credentials.models import Credential
from directory.credentials.terms import CheckMethod
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus

_AT_A_TIME = 2_000


def open_cases(session: Session, *, now: datetime) -> int:
    """Ask the desk to look again at papers on which listings rest; how many were asked about tonight.

    One that is asked about already is passed over; what does not fit into a night is due tomorrow all the same.
    """
    asked = set(
        session.scalars(select(Case.subject).where(Case.state == State.OPEN, Case.subject.like("credential:%")))
    )
    chosen = {each.id: each for each in rechecks.batches(_due(session, asked, now=now), waiting=len(asked))}
    if not chosen:
        return 0
    rows = session.scalars(select(Credential).where(Credential.id.in_(chosen))).all()
    by_id = {row.id: row for row in rows}
    for key, paper in chosen.items():
        row = by_id[key]
        cases.open_for(
            session,
            kind_of(row.kind),
            f"credential:{row.id}",
            about=row.practitioner_id,
            jurisdiction=row.jurisdiction,
            risk=paper.recheck.risk,
            working_days=paper.recheck.working_days,
            now=now,
        )
    return len(chosen)


def _due(session: Session, asked: Collection[str], *, now: datetime) -> Iterator[Paper]:
    clusters = {
        code: rechecks.cluster_of(code, rule.cluster_day) for code, rule in jurisdictions.all_rules(session).items()
    }
    newer = aliased(Credential)
    statement = (
        select(Credential.id, Credential.jurisdiction, Credential.body, Credential.expires, Credential.last_checked_at)
        .join(Practitioner, Practitioner.id == Credential.practitioner_id)
        .where(
            Practitioner.account_status == AccountStatus.PUBLISHED,
            Credential.kind.in_(rechecks.FROM_REGISTERS),
            Credential.verified_on.is_not(None),
            Credential.check_method != CheckMethod.DOCUMENT_ONLY,
            Credential.last_checked_at.is_not(None),
            Credential.given_up_on.is_(None),
            Credential.id.not_in(
                select(newer.supersedes_id).where(newer.supersedes_id.is_not(None), newer.verified_on.is_not(None))
            ),
        )
        .order_by(Credential.id)
    )
    for key, code, body, expires, checked_at in session.execute(statement.execution_options(yield_per=_AT_A_TIME)):
        if checked_at is None or f"credential:{key}" in asked:
            continue
        found = rechecks.due(
            checked_on=checked_at.date(), expires=expires, cluster=clusters.get(code or ""), today=now.date()
        )
        if found is not None:
            yield Paper(key, code or body or "", found)
