"""The outbox: letters are laid in inside the transaction that causes them and leave it when they are handed over.

Handing over is at least once: a process that dies between the server's "250 OK" and our commit leaves a letter that is
handed over again when its lease has run out, with the same Message-ID and the same bytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from directory.errors import InvalidInput
from directory.mail import rules, suppression
from directory.mail.letters import Letter, Worded, word
from directory.mail.models import OutgoingLetter, State

ROW_KEPT = timedelta(days=400)
"""How long it stays known that there was a letter, of which purpose, and what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A letter that this process alone may hand over until its lease runs out."""

    number: int
    lease: str
    purpose: str
    mark: str
    created_at: datetime
    tries: int
    """This one included."""
    recipient: str
    worded: Worded


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be handed over, and since when the oldest does."""

    waiting: int
    oldest: datetime | None
    failed: int
    """Given up, and their text not yet erased."""


def address(raw: str) -> str:
    """The address as it is written on a letter; ``InvalidInput`` (field ``email``) when it cannot be one.

    Nobody's name server is asked. A domain outside ASCII comes back as people write it.
    """
    try:
        found = validate_email(raw.strip(), check_deliverability=False, allow_smtputf8=True, strict=True)
    except (EmailNotValidError, UnicodeError) as error:
        raise InvalidInput("This is not an email address.", field="email", code="email_address") from error
    return str(found.normalized)


def send(
    session: Session, *, to: str, letter: Letter, language: str, now: datetime, mark: str | None = None
) -> OutgoingLetter:
    """Lay a letter into the outbox; it leaves after this transaction commits, and never if it does not.

    For ``language`` and ``mark`` see ``lay_in``.
    """
    row = lay_in(session, to=to, letter=letter, language=language, now=now, mark=mark)
    session.flush()
    return row


def lay_in(
    session: Session, *, to: str, letter: Letter, language: str, now: datetime, mark: str | None = None
) -> OutgoingLetter:
    """The same, written with whatever else the session writes next.

    ``language`` is a locale such as ``en_GB``. ``mark`` is that of a letter that must not be written twice
    (``knows``), 32 signs that nobody else can guess. ``InvalidInput`` when ``to`` is no address.
    """
    row = OutgoingLetter(
        purpose=str(letter.purpose),
        state=State.WAITING,
        created_at=now,
        mark=mark or secrets.token_hex(16),
        recipient_sealed=address(to),
        text_sealed=word(letter, language).to_json(),
        tries=0,
        next_try_at=now,
    )
    session.add(row)
    return row


def knows(session: Session, mark: str) -> bool:
    """Whether a letter with this mark was written, as long as its row is kept."""
    return session.scalar(select(OutgoingLetter.id).where(OutgoingLetter.mark == mark)) is not None


def take(session: Session, *, now: datetime) -> Taken | None:
    """Take the letter that has been due longest, in a transaction to commit before it is handed over.

    Counts the try, so that a letter on which processes die is given up some day as well.
    """
    # A clock that was set back must not keep a letter waiting until it has caught up.
    due = or_(OutgoingLetter.next_try_at <= now, OutgoingLetter.next_try_at > now + max(rules.PAUSES))
    free = or_(
        OutgoingLetter.leased_until.is_(None),
        OutgoingLetter.leased_until <= now,
        OutgoingLetter.leased_until > now + rules.LEASE,
    )
    takable = and_(OutgoingLetter.state == State.WAITING, due, free)
    while True:
        number = session.scalar(
            select(OutgoingLetter.id)
            .where(takable)
            .order_by(OutgoingLetter.next_try_at, OutgoingLetter.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if number is None:
            return None
        row = session.get_one(
            OutgoingLetter,
            number,
            options=[undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed)],
            populate_existing=True,
        )
        if row.tries >= rules.MOST_TRIES:
            _finish(row, State.FAILED, trouble="died at every try", now=now)
            session.flush()
            continue
        if row.recipient_sealed is not None and suppression.of(session, row.recipient_sealed) is not None:
            _finish(row, State.SUPPRESSED, trouble="letters do not reach this address", now=now)
            session.flush()
            continue
        row.tries += 1
        row.lease = secrets.token_hex(16)
        row.leased_until = now + rules.LEASE
        session.flush()
        if row.recipient_sealed is None or row.text_sealed is None:
            raise AssertionError("a constraint keeps waiting letters whole")
        return Taken(
            number=row.id,
            lease=row.lease,
            purpose=row.purpose,
            mark=row.mark,
            created_at=row.created_at,
            tries=row.tries,
            recipient=row.recipient_sealed,
            worded=Worded.from_json(row.text_sealed),
        )


def handed_over(session: Session, taken: Taken, *, now: datetime) -> bool:
    """Note that the server took it; ``False`` when the lease had run out and another process has it."""
    row = _held(session, taken)
    if row is not None:
        _finish(row, State.SENT, trouble=None, now=now)
        session.flush()
    return row is not None


def refused(session: Session, taken: Taken, *, trouble: str, for_good: bool, now: datetime) -> State | None:
    """Note that the server would not take it now, or ever; the state it is in then, ``None`` for a lease run out."""
    row = _held(session, taken)
    if row is None:
        return None
    again = None if for_good or rules.too_old(row.created_at, now=now) else rules.next_try(row.tries, now=now)
    if again is None:
        _finish(row, State.FAILED, trouble=trouble, now=now)
    else:
        row.lease = row.leased_until = None
        row.trouble = trouble
        row.next_try_at = again
    session.flush()
    return row.state


def put_back(session: Session, taken: Taken, *, trouble: str | None, now: datetime) -> None:
    """Lay it back as it was: the server was away, or this process is told to stop. It does not count as a try."""
    row = _held(session, taken)
    if row is None:
        return
    row.tries -= 1
    row.trouble = trouble
    row.lease = row.leased_until = None
    if trouble is not None:
        row.next_try_at = now + rules.AWAY_PAUSE
    if trouble is not None and rules.too_old(row.created_at, now=now):
        _finish(row, State.FAILED, trouble=trouble, now=now)
    session.flush()


def forget(session: Session, *, kept: timedelta, now: datetime) -> int:
    """Erase address and text of letters finished longer than ``kept`` ago; much later the rows go too. How many."""
    erased = session.execute(
        update(OutgoingLetter)
        .where(
            OutgoingLetter.state != State.WAITING,
            OutgoingLetter.finished_at <= now - kept,
            or_(OutgoingLetter.recipient_sealed.is_not(None), OutgoingLetter.text_sealed.is_not(None)),
        )
        .values(recipient_sealed=None, text_sealed=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(OutgoingLetter)
        .where(OutgoingLetter.state != State.WAITING, OutgoingLetter.finished_at <= now - kept - ROW_KEPT)
        .execution_options(synchronize_session=False)
    )
    return int(erased.rowcount)  # type: ignore[attr-defined]


def backlog(session: Session) -> Backlog:
    """What waits, and since when."""
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutgoingLetter.created_at)).where(OutgoingLetter.state == State.WAITING)
    ).one()
    failed = session.scalar(
        select(func.count()).where(OutgoingLetter.state == State.FAILED, OutgoingLetter.text_sealed.is_not(None))
    )
    return Backlog(waiting, oldest, failed or 0)


def newest(session: Session, *, limit: int) -> Sequence[OutgoingLetter]:
    """The newest letters whose text is not erased, opened."""
    return session.scalars(
        select(OutgoingLetter)
        .where(OutgoingLetter.text_sealed.is_not(None))
        .order_by(OutgoingLetter.id.desc())
        .limit(limit)
        .options(undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed))
    ).all()


def one(session: Session, number: int) -> OutgoingLetter | None:
    """This letter, opened, unless its text is erased."""
    return session.scalar(
        select(OutgoingLetter)
        .where(OutgoingLetter.id == number, OutgoingLetter.text_sealed.is_not(None))
        .options(undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed))
    )


def _held(session: Session, taken: Taken) -> OutgoingLetter | None:
    return session.scalar(
        select(OutgoingLetter)
        .where(OutgoingLetter.id == taken.number, OutgoingLetter.lease == taken.lease)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _finish(row: OutgoingLetter, state: State, *, trouble: str | None, now: datetime) -> None:
    row.state = state
    row.finished_at = now
    row.trouble = trouble
    row.lease = row.leased_until = None
