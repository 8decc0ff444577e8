"""Reading what falls due, and how long decisions took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from directory.cases.terms import Kind
from directory.credentials.decisions.models import Decision
from directory.credentials.keeping import rechecks
from directory.credentials.models import Credential
from directory.desk.forecast import rules
from directory.desk.forecast.rules import Falling, Forecast
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus

_MEASURED_DAYS: Final = 90
_MOST_MEASURED: Final = 1_000
_NATIONAL: Final = ""


def forecast(session: Session, today: date, *, days: int = rules.DAYS) -> Forecast:
    """The coming days; three statements."""
    return rules.forecast(_falling(session, today, days), _took(session, today), today=today, days=days)


def _falling(session: Session, today: date, days: int) -> Iterator[Falling]:
    """Papers of published people that end in these days, and those of unknown end whose register renews in them."""
    last = today + timedelta(days=days - 1)
    clusters: dict[str, date] = {}
    for code, rule in jurisdictions.all_rules(session).items():
        cluster = rechecks.cluster_of(code, rule.cluster_day)
        if cluster is not None and cluster.next_from(today) <= last:
            clusters[code] = cluster.next_from(today)
    newer = aliased(Credential)
    statement = (
        select(Credential.practitioner_id, Credential.jurisdiction, Credential.expires)
        .join(Practitioner, Practitioner.id == Credential.practitioner_id)
        .where(
            Practitioner.account_status == AccountStatus.PUBLISHED,
            Credential.kind.in_(rechecks.FROM_REGISTERS),
            Credential.given_up_on.is_(None),
            or_(
                Credential.expires.between(today, last),
                Credential.expires.is_(None) & Credential.no_expiry.is_(False) & Credential.jurisdiction.in_(clusters),
            ),
            Credential.id.not_in(select(newer.supersedes_id).where(newer.supersedes_id.is_not(None))),
        )
    )
    for person, jurisdiction, expires in session.execute(statement):
        code = jurisdiction or _NATIONAL
        on: date | None = expires or clusters.get(code)
        if on is not None:
            yield Falling(on, code, person)


def _took(session: Session, today: date) -> list[int]:
    since = datetime.combine(today - timedelta(days=_MEASURED_DAYS), time(), tzinfo=UTC)
    statement = (
        select(Decision.took_seconds)
        .where(
            Decision.decided_at >= since,
            Decision.took_seconds.is_not(None),
            Decision.kind.in_((Kind.LICENCE, Kind.CERTIFICATION)),
        )
        .order_by(Decision.id.desc())
        .limit(_MOST_MEASURED)
    )
    return [seconds for seconds in session.scalars(statement) if seconds is not None]
