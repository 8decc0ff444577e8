"""Reading the table of jurisdictions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from directory.jurisdictions.models import JurisdictionRow, JurisdictionSwitch
from directory.jurisdictions.rules import Jurisdiction, accepted_bodies, instead_of


def all_rules(session: Session) -> dict[str, Jurisdiction]:
    """Every jurisdiction by its code, in the order of the codes, as it is now: one that is hidden is not open."""
    # As plain rows: every page that shows somebody reads all of them, and objects of the session take longest.
    return _by_code(session.execute(_ALL))


def rules_at(session: Session, codes: Iterable[str | None]) -> dict[str, Jurisdiction]:
    """What ``rules.rule_for`` needs to find the rules of these codes, as they are now."""
    named = {code for code in codes if code is not None}
    instead = {stand_in for code in named if (stand_in := instead_of(code)) is not None}
    session.flush()
    return _by_code(session.connection().execute(_SOME, {"codes": list(named | instead)}))


def _by_code(rows: Iterable[Any]) -> dict[str, Jurisdiction]:
    return {row.code: rules_of(row, hidden=row.switch is not None) for row in rows}


_ALL = (
    select(*JurisdictionRow.__table__.columns, JurisdictionSwitch.code.label("switch"))
    .outerjoin(JurisdictionSwitch, JurisdictionSwitch.code == JurisdictionRow.code)
    .order_by(JurisdictionRow.code)
)
_SOME = _ALL.where(JurisdictionRow.code.in_(bindparam("codes", expanding=True)))


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
