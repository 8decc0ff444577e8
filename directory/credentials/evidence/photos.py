"""The photo of a profile. Its owner alone sees a new one until it was accepted; till then the old one stays."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials.evidence import queries, rules
from directory.credentials.evidence.models import ProfilePhoto
from directory.credentials.evidence.scanner import Scan
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import PhotoState
from directory.credentials.evidence.workbench import Portrait
from directory.errors import Conflict, NotFound
from directory.guide.words import N_
from directory.practitioners.models import Practitioner


def add_photo(
    session: Session, store: Store, *, practitioner_id: int, portrait: Portrait, scan: Scan, now: datetime
) -> ProfilePhoto:
    """Keep a new photo in place of one that waits, and tell the desk where the profile was published already.

    The photo that is shown stays.
    """
    earlier = queries.newer_photo(session, practitioner_id)
    if earlier is not None:
        _discard(session, store, earlier)
    state = rules.photo_state_after(scan.verdict)
    kept = state is not PhotoState.REFUSED
    photo = ProfilePhoto(
        practitioner_id=practitioner_id,
        state=state,
        sha256=hashlib.sha256(portrait.large).hexdigest(),
        large_file=store.keep(session, portrait.large) if kept else None,
        small_file=store.keep(session, portrait.small) if kept else None,
        verdict=scan.verdict,
        uploaded_at=now,
        decided_at=None if kept else now,
    )
    session.add(photo)
    session.flush()
    if session.scalar(select(Practitioner.published_at).where(Practitioner.id == practitioner_id)) is not None:
        hand_in(session, practitioner_id, now=now)
    return photo


def hand_in(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Ask the desk to look at the photo that waits, if there is one: with a whole registration, or on its own."""
    newer = queries.newer_photo(session, practitioner_id)
    if newer is not None and newer.state is not PhotoState.REFUSED:
        cases.open_for(session, Kind.PHOTO, f"practitioner:{practitioner_id}", about=practitioner_id, now=now)


def accept_photo(session: Session, store: Store, photo_id: int, *, now: datetime) -> ProfilePhoto:
    """Show this photo from now on, and erase the one before; ``Conflict`` when it does not wait to be looked at."""
    photo = _waiting(session, photo_id)
    before = queries.live_photo(session, photo.practitioner_id)
    if before is not None:
        _discard(session, store, before)
    photo.state = PhotoState.ACCEPTED
    photo.decided_at = now
    session.flush()
    return photo


def refuse_photo(session: Session, store: Store, photo_id: int, *, reason: str, now: datetime) -> ProfilePhoto:
    """Erase this photo and keep the reason for its owner; the one that is shown stays."""
    photo = _waiting(session, photo_id)
    photo.state = PhotoState.REFUSED
    photo.reason_sealed = reason
    photo.decided_at = now
    _drop(session, store, photo)
    session.flush()
    return photo


def remove_photo(session: Session, store: Store, practitioner_id: int, *, live: bool, now: datetime) -> None:
    """Take back one's own photo: the one that is shown, at once and without anybody's leave, or the newer one."""
    found = queries.live_photo(session, practitioner_id) if live else queries.newer_photo(session, practitioner_id)
    if found is None:
        return
    _discard(session, store, found)
    if not live:
        cases.withdraw(session, Kind.PHOTO, f"practitioner:{practitioner_id}", now=now)


def by_id(session: Session, photo_id: int) -> ProfilePhoto:
    """One photo, in whichever state; ``NotFound`` where there is none."""
    photo = session.get(ProfilePhoto, photo_id)
    if photo is None:
        raise NotFound("There is no such photo.")
    return photo


def read(store: Store, photo: ProfilePhoto, *, small: bool) -> bytes:
    """The JPEG; ``NotFound`` while the scanner has not seen it, and for one that was refused."""
    file = photo.small_file if small else photo.large_file
    if file is None or photo.state is PhotoState.WAITING_SCAN:
        raise NotFound("There is no such photo.")
    return store.read(file)


def _waiting(session: Session, photo_id: int) -> ProfilePhoto:
    photo = session.scalar(select(ProfilePhoto).where(ProfilePhoto.id == photo_id).with_for_update())
    if photo is None:
        raise NotFound("There is no such photo.")
    if photo.state is not PhotoState.WAITING:
        raise Conflict(N_("This photo does not wait for a decision. Perhaps somebody else was first."))
    return photo


def _discard(session: Session, store: Store, photo: ProfilePhoto) -> None:
    _drop(session, store, photo)
    session.delete(photo)
    session.flush()


def _drop(session: Session, store: Store, photo: ProfilePhoto) -> None:
    for file in (photo.large_file, photo.small_file):
        if file is not None:
            store.drop(session, file)
    if photo.state is PhotoState.REFUSED:
        photo.large_file = photo.small_file = None
