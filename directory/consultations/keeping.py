"""How long what was told is kept, and erasing it. What stays afterwards names nobody: who was asked, when, and how far
it came, from which the time that somebody takes to answer is worked out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from directory.consultations import course, post, queries, rules
from directory.consultations.letters import patients
from directory.consultations.models import (
    Consultation,
    ConsultationLink,
    ConsultationMessage,
    ConsultationRequest,
    ProposedTime,
    SharedSummary,
)
from directory.consultations.terms import Side, State
from directory.db import UTCDateTime

ROW_KEPT: Final = timedelta(days=400)
"""How long it stays known that there was a request."""


def erase(session: Session, request_id: int, *, held: bool, now: datetime) -> bool:
    """End what is open, and erase what was told and written; ``held`` ends it and keeps it. Whether it was erased."""
    theirs = queries.of_request(session, request_id, lock=True)
    for each in theirs:
        if course.is_agreed(each):
            course.call_off(session, each, by=Side.PATIENT, now=now)
        elif each.state in rules.UNDER_WAY:
            course.end(session, each, State.WITHDRAWN, by=Side.PATIENT, now=now)
    if held:
        return False
    _wipe(session, [request_id], now=now)
    return True


def due(session: Session, *, kept: timedelta, held: Collection[int], now: datetime) -> list[int]:
    """Requests whose time is over, by their ids: nothing is open, and the last thing that happened is longer ago than
    ``kept``. None that went to somebody in ``held``, about whom the law makes us keep everything."""
    last = func.max(
        func.coalesce(Consultation.closed_at, Consultation.starts_at, Consultation.asked_at), type_=UTCDateTime()
    )
    open_or_held = (
        select(Consultation.id)
        .where(
            Consultation.request_id == ConsultationRequest.id,
            Consultation.state.in_(rules.UNDER_WAY) | Consultation.practitioner_id.in_(list(held)),
        )
        .exists()
    )
    latest = select(last).where(Consultation.request_id == ConsultationRequest.id).scalar_subquery()
    before = now - kept
    statement = (
        select(ConsultationRequest.id)
        .where(
            ConsultationRequest.erased_at.is_(None),
            ConsultationRequest.created_at <= before,
            ~open_or_held,
            func.coalesce(latest, ConsultationRequest.created_at, type_=UTCDateTime()) <= before,
        )
        .order_by(ConsultationRequest.id)
    )
    return list(session.scalars(statement))


def forget(session: Session, *, kept: timedelta, held: Collection[int] = (), now: datetime) -> int:
    """Erase what is due, and long after that the rows; how many requests were erased."""
    found = due(session, kept=kept, held=held, now=now)
    _wipe(session, found, now=now)
    yesterday = now - rules.DAY
    session.execute(
        update(ConsultationRequest)
        .where(ConsultationRequest.erased_at <= yesterday, ConsultationRequest.email_hash != "")
        .values(email_hash="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(ConsultationRequest)
        .where(ConsultationRequest.erased_at <= now - ROW_KEPT)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return len(found)


def leave(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Tell every patient with something open that this person is not here any more; their rows go with the person's."""
    ids = session.scalars(
        select(Consultation.id)
        .where(Consultation.practitioner_id == practitioner_id, Consultation.state.in_(rules.UNDER_WAY))
        .order_by(Consultation.id)
    ).all()
    for each in ids:
        found = queries.one(session, each, lock=True)
        was_asked = found.state is not State.QUEUED
        post_it = patients.not_any_more(found.practitioner.display_name)
        session.delete(found)
        session.flush()
        if was_asked:
            post.to_patient(session, found.request, post_it, now=now)
            course.ask_next(session, found.request, now=now)


def _wipe(session: Session, request_ids: list[int], *, now: datetime) -> None:
    theirs = select(Consultation.id).where(Consultation.request_id.in_(request_ids))
    for model, column in (
        (ConsultationMessage, ConsultationMessage.consultation_id.in_(theirs)),
        (SharedSummary, SharedSummary.consultation_id.in_(theirs)),
        (ConsultationLink, ConsultationLink.request_id.in_(request_ids)),
        (ProposedTime, ProposedTime.request_id.in_(request_ids)),
    ):
        session.execute(delete(model).where(column).execution_options(synchronize_session=False))
    for row in session.scalars(select(Consultation).where(Consultation.request_id.in_(request_ids))):
        row.how_sealed = None
    for request in session.scalars(select(ConsultationRequest).where(ConsultationRequest.id.in_(request_ids))):
        request.erased_at = now
        request.jurisdiction = None
        request.name_sealed = request.email_sealed = request.telephone_sealed = request.guardian_sealed = None
        request.point_sealed = request.facts_sealed = request.shared_sealed = request.words_sealed = None
    session.flush()
    session.expire_all()
