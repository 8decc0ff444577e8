"""Reading the table of jurisdictions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.jurisdictions.models import JurisdictionRow, JurisdictionSwitch
from directory.jurisdictions.rules import Jurisdiction, accepted_bodies


def all_rules(session: Session) -> dict[str, Jurisdiction]:
    """Every jurisdiction by its code, in the order of the codes, as it is now: one that is hidden is not open."""
    # As plain rows: every page that shows somebody reads all of them, and objects of the session take longest.
    rows: Iterable[Any] = session.execute(_ALL)
    return {row.code: rules_of(row, hidden=row.switch is not None) for row in rows}


_ALL = (
    select(*JurisdictionRow.__table__.columns, JurisdictionSwitch.code.label("switch"))
    .outerjoin(JurisdictionSwitch, JurisdictionSwitch.code == JurisdictionRow.code)
    .order_by(JurisdictionRow.code)
)


def switches(session: Session) -> dict[str, JurisdictionSwitch]:
    """The jurisdictions that are hidden, by code."""
    return {each.code: each for each in session.scalars(select(JurisdictionSwitch))}


def rules_of(row: JurisdictionRow, *, hidden: bool) -> Jurisdiction:
    """The rules that a row holds; nobody is listed where the jurisdiction is hidden."""
    return Jurisdiction(
        code=row.code,
        country=row.country,
        regime=row.regime,
        open=row.open and not hidden,
        local_rule=row.local_rule,
        exempt_bodies=tuple(row.exempt_bodies),
        accepted_bodies=accepted_bodies(row.accepted_bodies),
        late_days=row.late_days,
        cluster_day=row.cluster_day,
        testimonials=row.testimonials,
        regulates=row.regulates,
        titles=row.titles,
        body=row.body,
        lookup=row.lookup,
        number_pattern=row.number_pattern,
        number_pattern_confidence=row.number_pattern_confidence,
        renewal=row.renewal,
        education=row.education,
        notes=row.notes,
        source=row.source,
        hidden=hidden and row.open,
    )
