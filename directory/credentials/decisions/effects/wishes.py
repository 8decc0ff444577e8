"""What decisions do to photos and to wished changes of a profile."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from directory import changes
from directory.cases.terms import Kind
from directory.credentials.decisions import letters
from directory.credentials.decisions.effects.telling import tell_of_claim
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.terms import Outcome
from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.credentials.evidence import photos
from directory.credentials.evidence import queries as evidence_queries
from directory.errors import Conflict
from directory.guide.words import N_


def _photo_state(session: Session, matter: Matter) -> str | None:
    newer = evidence_queries.newer_photo(session, matter.row_id)
    live = evidence_queries.live_photo(session, matter.row_id)
    shown = newer or live
    return None if shown is None else str(shown.state)


def _decide_photo(session: Session, deed: Deed) -> None:
    photo, store = evidence_queries.newer_photo(session, deed.matter.row_id), deed.tools.store
    if photo is None or store is None:
        raise Conflict(N_("There is no photo that waits."))
    if deed.verdict.outcome is Outcome.VERIFIED:
        photos.accept_photo(session, store, photo.id, now=deed.now)
    else:
        photos.refuse_photo(session, store, photo.id, reason=deed.verdict.words, now=deed.now)
    changes.record(session, deed.matter.row_id)


def _photo_told(session: Session, deed: Deed, _decision: Decision) -> None:
    tell_of_claim(session, deed, deed.matter.row_id, letters.about(Kind.PHOTO))


def _edit_state(session: Session, matter: Matter) -> str | None:
    return str(edit_queries.edit(session, matter.row_id).state) if matter.is_of("edit") else None


def _decide_edit(session: Session, deed: Deed) -> None:
    if not deed.matter.is_of("edit") or deed.verdict.outcome is Outcome.MORE_INFORMATION:
        return
    if deed.verdict.outcome is Outcome.VERIFIED:
        edits.accept(session, deed.matter.row_id, now=deed.now)
    else:
        edits.refuse(session, deed.matter.row_id, answer=deed.verdict.words, now=deed.now)


def _edit_told(session: Session, deed: Deed, _decision: Decision) -> None:
    if deed.matter.about is not None:
        tell_of_claim(session, deed, deed.matter.about, letters.about(Kind.SENSITIVE_EDIT))


PHOTO: Final = Handler(state=_photo_state, apply=_decide_photo, afterwards=_photo_told)
EDIT: Final = Handler(state=_edit_state, apply=_decide_edit, afterwards=_edit_told)
