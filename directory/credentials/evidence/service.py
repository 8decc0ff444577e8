"""Taking, answering, deciding and erasing evidence. Files are made anew by ``workbench`` before any of this begins."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from directory.credentials.evidence import rules
from directory.credentials.evidence.models import Evidence, ProfilePhoto, Told
from directory.credentials.evidence.rules import Subject
from directory.credentials.evidence.scanner import Scan
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import EvidenceState, PhotoState, Verdict, Way
from directory.credentials.evidence.workbench import Renewed
from directory.credentials.models import Credential, Indemnity
from directory.errors import Conflict, Gone, InvalidInput, NotFound, Unavailable
from directory.guide.words import N_
from directory.practitioners.models import Practitioner

SPENT: Final = N_("This link leads nowhere any more: the question was answered or taken back.")
_A_DAY: Final = timedelta(days=1)
_SOME: Final = 200
"""Rows that one run of a job takes at most, so that no transaction is long."""


def own_subject(session: Session, practitioner_id: int, text: str) -> Subject:
    """The claim of this name that is this practitioner's; ``NotFound`` for anybody else's, and for none."""
    subject = rules.subject(text)
    if subject.row_id is not None:
        owners = {
            "credential": select(Credential.practitioner_id).where(Credential.id == subject.row_id),
            "indemnity": select(Indemnity.practitioner_id).where(Indemnity.id == subject.row_id),
        }
        if session.scalar(owners[subject.kind]) != practitioner_id:
            raise NotFound("There is no such claim.")
    return subject


def add_file(
    session: Session,
    store: Store,
    *,
    practitioner_id: int,
    subject: Subject,
    renewed: Renewed,
    scan: Scan,
    now: datetime,
) -> Evidence:
    """Keep a file that was made anew. What the scanner found something in is refused and not kept; its row tells so.

    ``InvalidInput`` where the claim is not shown by files, ``rules.TooMuch`` beyond a day's number or one person's
    room, ``Unavailable`` when it cannot be written.
    """
    _must_be_a_way(subject, Way.FILE)
    _one_at_a_time(session, practitioner_id)
    rules.check_room(
        files_today=_sent_since(session, practitioner_id, Way.FILE, now - _A_DAY),
        bytes_held=_bytes_held(session, practitioner_id),
        size=len(renewed.content),
    )
    state = rules.state_after(scan.verdict)
    kept = state is not EvidenceState.REFUSED
    evidence = _new(practitioner_id, subject, Way.FILE, state, now=now)
    evidence.media_type = renewed.media_type
    evidence.size = len(renewed.content)
    evidence.pages = renewed.pages
    evidence.sha256 = renewed.sent_sha256
    evidence.stored_sha256 = hashlib.sha256(renewed.content).hexdigest() if kept else None
    evidence.verdict = scan.verdict
    evidence.found = scan.found or None
    evidence.file = store.keep(session, renewed.content) if kept else None
    session.add(evidence)
    session.flush()
    return evidence


def sign_statement(
    session: Session, *, practitioner_id: int, subject: Subject, words: str, name: str, now: datetime
) -> Evidence:
    """Keep words that the practitioner signs with their name; ``InvalidInput`` where words do not show the claim."""
    _must_be_a_way(subject, Way.STATEMENT)
    evidence = _new(practitioner_id, subject, Way.STATEMENT, EvidenceState.CLEAN, now=now)
    evidence.told = Told(words=words, name=name)
    session.add(evidence)
    session.flush()
    return evidence


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a colleague, and the secret of the link that answers it. Only the letter may hold it."""

    evidence: Evidence
    token: str


def ask_colleague(
    session: Session, *, practitioner_id: int, subject: Subject, words: str, name: str, email: str, now: datetime
) -> Asked:
    """Keep a question to a colleague, who is not asked twice about the same; the caller sends the letter.

    ``Conflict`` when they were asked already or enough letters were sent today.
    """
    _must_be_a_way(subject, Way.COLLEAGUE)
    _one_at_a_time(session, practitioner_id)
    if _sent_since(session, practitioner_id, Way.COLLEAGUE, now - _A_DAY) >= rules.MOST_LETTERS_A_DAY:
        raise Conflict(N_("You have asked five colleagues within a day. Please ask the next one tomorrow."))
    for earlier in _open_questions(session, practitioner_id, subject):
        if earlier.told is not None and earlier.told.email.casefold() == email.casefold():
            raise Conflict(N_("This colleague was asked already and has not answered yet."))
    token = secrets.token_urlsafe(32)
    evidence = _new(practitioner_id, subject, Way.COLLEAGUE, EvidenceState.ASKED, now=now)
    evidence.told = Told(words=words, name=name, email=email)
    evidence.token_hash = _hashed(token)
    session.add(evidence)
    session.flush()
    return Asked(evidence, token)


def question(session: Session, token: str, *, now: datetime) -> Evidence:
    """What a colleague's link asks; ``Gone`` when it is spent, taken back or too old, and where it never was."""
    evidence = session.scalar(
        select(Evidence).where(Evidence.token_hash == _hashed(token)).options(undefer(Evidence.told_sealed))
    )
    if evidence is None:
        raise Gone(SPENT)
    if evidence.sent_at + timedelta(days=rules.LETTER_DAYS) <= now:
        raise Gone(N_("This link was good for 30 days, and they are over."))
    return evidence


def answer(session: Session, token: str, *, confirms: bool, name: str, words: str, now: datetime) -> Evidence:
    """A colleague's answer, once; the link is spent. Who answered stays unproved until somebody looks into it."""
    evidence = question(session, token, now=now)
    if evidence.told is None:
        raise Gone(SPENT)
    evidence.told = replace(evidence.told, answered_by=name, answer=words)
    evidence.state = EvidenceState.CONFIRMED if confirms else EvidenceState.DECLINED
    evidence.token_hash = None
    evidence.answered_at = now
    session.flush()
    return evidence


def withdraw(session: Session, store: Store, *, practitioner_id: int, code: str, now: datetime) -> Evidence:
    """Erase one's own piece of evidence; ``NotFound`` for another's, ``Conflict`` once somebody has decided on it."""
    evidence = session.scalar(
        select(Evidence).where(Evidence.code == code, Evidence.practitioner_id == practitioner_id).with_for_update()
    )
    if evidence is None or evidence.state is EvidenceState.ERASED:
        raise NotFound(N_("There is nothing at this address."))
    if not rules.may_be_withdrawn(evidence.state, evidence.decided_at):
        raise Conflict(
            N_("A decision rests on this, so it stays until its time is over. Then it is deleted by itself.")
        )
    _erase(session, store, evidence, now=now)
    session.flush()
    return evidence


def let_go(session: Session, practitioner_id: int, subject: str, *, now: datetime) -> None:
    """Have everything shown for a claim erased by the next run of the job: the claim itself was taken back."""
    session.execute(
        update(Evidence)
        .where(
            Evidence.practitioner_id == practitioner_id,
            Evidence.subject == subject,
            Evidence.state != EvidenceState.ERASED,
        )
        .values(delete_after=now, token_hash=None)
    )


def decided(session: Session, practitioner_id: int, subject: str, *, now: datetime, retention_days: int) -> int:
    """Say that a decision was taken on all that somebody showed for a claim: it is erased so many days later.

    Returns how many pieces there are. Colleagues who have not answered are not waited for any more.
    """
    rows = session.scalars(
        select(Evidence)
        .where(
            Evidence.practitioner_id == practitioner_id,
            Evidence.subject == subject,
            Evidence.decided_at.is_(None),
            Evidence.state != EvidenceState.ERASED,
        )
        .with_for_update()
    ).all()
    for each in rows:
        each.decided_at = now
        each.delete_after = rules.kept_until(each.sent_at, now, retention_days=retention_days)
        each.token_hash = None
    session.flush()
    return len(rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that the scanner has not seen."""

    row: type[Evidence | ProfilePhoto]
    id: int
    file: str


def waiting_for_scanner(session: Session) -> list[Waiting]:
    """What came while the scanner was away, the oldest first. Scan each outside any transaction, then record it."""
    files = select(Evidence.id, Evidence.file).where(Evidence.state == EvidenceState.WAITING_SCAN)
    photos = select(ProfilePhoto.id, ProfilePhoto.large_file).where(ProfilePhoto.state == PhotoState.WAITING_SCAN)
    return [
        *(Waiting(Evidence, number, str(file)) for number, file in session.execute(files.order_by(Evidence.id))),
        *(
            Waiting(ProfilePhoto, number, str(file))
            for number, file in session.execute(photos.order_by(ProfilePhoto.id))
        ),
    ]


def record_scan(session: Session, store: Store, waiting: Waiting, scan: Scan, *, now: datetime) -> None:
    """Keep what the scanner said; what it found something in is erased. Nothing happens while it is away."""
    if scan.verdict is Verdict.AWAY:
        return
    if waiting.row is Evidence:
        evidence = session.get(Evidence, waiting.id, with_for_update=True)
        if evidence is None or evidence.state is not EvidenceState.WAITING_SCAN:
            return
        evidence.verdict, evidence.found = scan.verdict, scan.found or None
        evidence.state = rules.state_after(scan.verdict)
        if evidence.state is EvidenceState.REFUSED:
            _drop_files(session, store, evidence)
    else:
        photo = session.get(ProfilePhoto, waiting.id, with_for_update=True)
        if photo is None or photo.state is not PhotoState.WAITING_SCAN:
            return
        photo.verdict = scan.verdict
        photo.state = rules.photo_state_after(scan.verdict)
        if photo.state is PhotoState.REFUSED:
            photo.decided_at = now
            _drop_files(session, store, photo)
    session.flush()


def erase_due(session: Session, store: Store, *, now: datetime) -> int:
    """Erase what has been kept long enough, and questions whose link is too old; how many there were."""
    due = session.scalars(
        select(Evidence)
        .where(Evidence.state != EvidenceState.ERASED, Evidence.delete_after <= now)
        .order_by(Evidence.id)
        .limit(_SOME)
    ).all()
    for each in due:
        _erase(session, store, each, now=now)
    session.flush()
    return len(due)


def erase_all(session: Session, store: Store, practitioner_id: int, *, now: datetime) -> int:
    """Erase everything that somebody who leaves has shown, their photos too; how many pieces there were."""
    rows = session.scalars(
        select(Evidence).where(Evidence.practitioner_id == practitioner_id, Evidence.state != EvidenceState.ERASED)
    ).all()
    for each in rows:
        _erase(session, store, each, now=now)
    photos = session.scalars(select(ProfilePhoto).where(ProfilePhoto.practitioner_id == practitioner_id)).all()
    for photo in photos:
        _drop_files(session, store, photo)
        session.delete(photo)
    session.flush()
    return len(rows) + len(photos)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a comparison of the store with the tables found."""

    removed: int
    """Files without a row."""
    missing: tuple[str, ...]
    """Rows without a file, such as ``evidence 12``."""


def sweep(session: Session, store: Store, *, now: datetime) -> Swept:
    """Remove files that no row names, and name rows that have no file."""
    named = named_files(session)
    there = set(store.names())
    missing = tuple(sorted(row for name, row in named.items() if name not in there))
    return Swept(store.sweep(lambda name: name in named, now=now), missing)


def named_files(session: Session) -> dict[str, str]:
    """The name of every file that a row needs, with the row in words."""
    found = {
        str(file): f"evidence {number}"
        for number, file in session.execute(select(Evidence.id, Evidence.file).where(Evidence.file.is_not(None)))
    }
    columns = (ProfilePhoto.large_file, ProfilePhoto.small_file)
    for number, *files in session.execute(select(ProfilePhoto.id, *columns)):
        found |= {str(file): f"profile_photo {number}" for file in files if file is not None}
    return found


def read(store: Store, evidence: Evidence) -> bytes:
    """The content of a file that may be opened; ``Unavailable`` when it is not there as it was stored."""
    if evidence.file is None or not rules.may_be_opened(evidence.state):
        raise NotFound(N_("There is nothing at this address."))
    try:
        content = store.read(evidence.file)
    except NotFound as error:
        raise Unavailable(N_("This file cannot be opened just now."), code="store") from error
    if hashlib.sha256(content).hexdigest() != evidence.stored_sha256:
        raise Unavailable(N_("This file cannot be opened just now."), code="store")
    return content


def _new(practitioner_id: int, subject: Subject, way: Way, state: EvidenceState, *, now: datetime) -> Evidence:
    return Evidence(
        code=secrets.token_urlsafe(16),
        practitioner_id=practitioner_id,
        subject=subject.text,
        way=way,
        state=state,
        sent_at=now,
        delete_after=rules.kept_until(now, None, retention_days=0),
    )


def _must_be_a_way(subject: Subject, way: Way) -> None:
    if way not in subject.ways:
        raise InvalidInput(N_("This claim is shown in another way."), code="other_way")


def _one_at_a_time(session: Session, practitioner_id: int) -> None:
    """Let requests of one person that come at once count each other."""
    session.execute(select(Practitioner.id).where(Practitioner.id == practitioner_id).with_for_update())


def _sent_since(session: Session, practitioner_id: int, way: Way, since: datetime) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Evidence.practitioner_id == practitioner_id, Evidence.way == way, Evidence.sent_at > since
            )
        )
        or 0
    )


def _bytes_held(session: Session, practitioner_id: int) -> int:
    held = select(func.sum(Evidence.size)).where(
        Evidence.practitioner_id == practitioner_id, Evidence.file.is_not(None)
    )
    return int(session.scalar(held) or 0)


def _open_questions(session: Session, practitioner_id: int, subject: Subject) -> list[Evidence]:
    asked = select(Evidence).where(
        Evidence.practitioner_id == practitioner_id,
        Evidence.subject == subject.text,
        Evidence.state == EvidenceState.ASKED,
    )
    return list(session.scalars(asked.options(undefer(Evidence.told_sealed))))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _erase(session: Session, store: Store, evidence: Evidence, *, now: datetime) -> None:
    _drop_files(session, store, evidence)
    evidence.state = EvidenceState.ERASED
    evidence.told_sealed = None
    evidence.token_hash = None
    evidence.found = None
    evidence.erased_at = now


def _drop_files(session: Session, store: Store, holder: Evidence | ProfilePhoto) -> None:
    for name in ("file",) if isinstance(holder, Evidence) else ("large_file", "small_file"):
        file = getattr(holder, name)
        if file is not None:
            store.drop(session, file)
            setattr(holder, name, None)
