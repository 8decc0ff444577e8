"""Bringing the table of jurisdictions into line with its file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.jurisdictions import rules
from directory.jurisdictions.models import JurisdictionRow
from directory.paths import SEEDS

SOURCE = SEEDS / "jurisdictions.csv"


def load(session: Session, source: Path | None = None) -> int:
    """Insert or update every row of the file and return their number; running it again changes nothing.

    The whole file is read before the first write, so that a malformed row (``InvalidInput``, naming line and column)
    leaves the table as it was. A code that left the file keeps its row: credentials still refer to it. Changed rules
    make every search index read everything again.
    """
    jurisdictions = rules.read(source or SOURCE)
    # Read at once, so that no row below is asked for alone.
    known = session.scalars(select(JurisdictionRow)).all()
    for jurisdiction in jurisdictions.values():
        session.merge(_row(jurisdiction))
    if session.new or any(session.is_modified(row) for row in known):
        changes.begin_epoch(session)
    session.flush()
    return len(jurisdictions)


def _row(jurisdiction: rules.Jurisdiction) -> JurisdictionRow:
    return JurisdictionRow(
        code=jurisdiction.code,
        country=jurisdiction.country,
        regime=jurisdiction.regime,
        open=jurisdiction.open,
        local_rule=jurisdiction.local_rule,
        exempt_bodies=list(jurisdiction.exempt_bodies),
        accepted_bodies=";".join(str(body) for body in jurisdiction.accepted_bodies),
        late_days=jurisdiction.late_days,
        cluster_day=jurisdiction.cluster_day,
        testimonials=jurisdiction.testimonials,
        regulates=jurisdiction.regulates,
        titles=jurisdiction.titles,
        body=jurisdiction.body,
        lookup=jurisdiction.lookup,
        number_pattern=jurisdiction.number_pattern,
        number_pattern_confidence=jurisdiction.number_pattern_confidence,
        renewal=jurisdiction.renewal,
        education=jurisdiction.education,
        notes=jurisdiction.notes,
        source=jurisdiction.source,
    )
