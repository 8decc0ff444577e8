"""Bringing the table of jurisdictions into line with its file, and hiding one at a word."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit, changes
from directory.errors import Conflict, InvalidInput, NotFound
from directory.jurisdictions import rules
from directory.jurisdictions.models import JurisdictionRow, JurisdictionSwitch
from directory.paths import SEEDS

SOURCE = SEEDS / "jurisdictions.csv"

LONGEST_REASON: Final = 1000


def load(session: Session, source: Path | None = None) -> int:
    """Insert or update every row of the file and return their number; running it again changes nothing.

    The whole file is read before the first write, so that a malformed row (``InvalidInput``, naming line and column)
    leaves the table as it was. A code that left the file keeps its row: credentials still refer to it. Changed rules
    make every search index read everything again.
    """
    jurisdictions = rules.read(source or SOURCE)
    # Read at once, so that no row below is asked for or written alone.
    known = {row.code: row for row in session.scalars(select(JurisdictionRow))}
    for code, jurisdiction in jurisdictions.items():
        if code in known:
            session.merge(_row(jurisdiction))
        else:
            session.add(_row(jurisdiction))
    if session.new or any(session.is_modified(row) for row in known.values()):
        changes.begin_epoch(session)
    session.flush()
    return len(jurisdictions)


def hide(session: Session, code: str, *, reason: str, by: int | None, now: datetime) -> JurisdictionSwitch:
    """Show nobody in this jurisdiction until ``show`` is said, in every process with the next page it makes.

    Nothing about anybody is changed. ``NotFound``; ``Conflict`` where it is hidden already or its rules list nobody;
    ``InvalidInput`` without a reason.
    """
    row = session.get(JurisdictionRow, code, with_for_update=True)
    if row is None:
        raise NotFound("There is no such jurisdiction.")
    if not row.open:
        raise Conflict("Nobody is listed there in any case.")
    if session.get(JurisdictionSwitch, code) is not None:
        raise Conflict("It is hidden already.")
    _reason(reason)
    switch = JurisdictionSwitch(code=code, closed_since=now, closed_by=by, reason_sealed=reason)
    session.add(switch)
    _turned(session, "jurisdiction.hidden", code, reason=reason, by=by, now=now)
    return switch


def show(session: Session, code: str, *, reason: str, by: int | None, now: datetime) -> None:
    """Let the rules alone decide again who is shown there. ``Conflict`` where it is not hidden."""
    switch = session.get(JurisdictionSwitch, code, with_for_update=True)
    if switch is None:
        raise Conflict("It is not hidden.")
    _reason(reason)
    session.delete(switch)
    _turned(session, "jurisdiction.shown", code, reason=reason, by=by, now=now)


def _reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Please say why. Only the desk reads it.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("That is too long.", field="reason")


def _turned(session: Session, action: str, code: str, *, reason: str, by: int | None, now: datetime) -> None:
    """Every index begins anew: whoever works or comes there is judged under a rule that is no more."""
    session.flush()
    changes.begin_epoch(session)
    audit.record(session, action=action, actor=by, subject=f"jurisdiction:{code}", reason=reason, now=now)


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
