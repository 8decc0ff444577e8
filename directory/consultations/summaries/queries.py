"""Reading summaries: the one that is shown now, without what is in it until somebody asks for that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from directory.consultations.models import Consultation, SharedSummary
from directory.consultations.summaries import rules
from directory.errors import Gone, NotFound
from directory.guide.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One that lies here."""

    summary_id: int
    consultation_id: int
    shared_at: datetime
    ends: datetime
    read: bool
    """Whether the practitioner sees it now; not while the talk is on hold."""


def standing(session: Session, consultation_ids: Collection[int], *, now: datetime) -> dict[int, Standing]:
    """For each of these talks the summary that lies here, if one does; one statement for any number."""
    rows = session.execute(
        select(SharedSummary, Consultation.state, Consultation.starts_at)
        .join(Consultation, Consultation.id == SharedSummary.consultation_id)
        .where(SharedSummary.consultation_id.in_(set(consultation_ids)), SharedSummary.revoked_at.is_(None))
        .order_by(SharedSummary.id)
    )
    found = {}
    for summary, state, starts_at in rows:
        ends = rules.ends_at(summary.lasts, shared_at=summary.shared_at, starts_at=starts_at)
        if not rules.is_over(state, ends=ends, revoked=False, now=now):
            found[summary.consultation_id] = Standing(
                summary_id=summary.id,
                consultation_id=summary.consultation_id,
                shared_at=summary.shared_at,
                ends=ends,
                read=rules.can_be_read(state, ends=ends, revoked=False, now=now),
            )
    return found


def content(session: Session, found: Standing | None, *, for_practitioner: bool) -> str:
    """What was handed over. ``Gone`` where it is over, was taken back, or, for the practitioner, is on hold."""
    if found is None or (for_practitioner and not found.read):
        raise Gone(N_("This summary is not here any more: its time is over, or it was taken back."))
    row = session.scalars(
        select(SharedSummary).where(SharedSummary.id == found.summary_id).options(undefer(SharedSummary.content_sealed))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such summary.")
    return row.content_sealed
