"""Reading the table of jurisdictions."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.jurisdictions.models import JurisdictionRow
from directory.jurisdictions.rules import Jurisdiction, accepted_bodies


def all_rules(session: Session) -> dict[str, Jurisdiction]:
    """Every jurisdiction by its code, in the order of the codes."""
    rows = session.scalars(select(JurisdictionRow).order_by(JurisdictionRow.code))
    return {row.code: rules_of(row) for row in rows}


def rules_of(row: JurisdictionRow) -> Jurisdiction:
    """The rules that a row holds."""
    return Jurisdiction(
        code=row.code,
        country=row.country,
        regime=row.regime,
        open=row.open,
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
    )
