"""Who did what to whom and when, in a log that is only ever added to and whose entries seal one another.

Each entry carries the SHA-256 of itself and of the entry before it, so whoever changes, removes or slips in one must
make every later one anew, and ``verify`` names the first that does not fit. People are numbers here and reasons are
hashes: the text of a reason lies, erasable, beside the decision it explains, so that erasing it never breaks the chain.

An entry is written at once, in the transaction of what it tells of, and falls with it. It gets its number and its place
in the chain just before the commit, one transaction after another. The database itself refuses to change an entry that
has its place, or to remove any (``permanent``; ``open_to_change`` there is for putting a backup back). What this cannot
show is that the newest entries were cut off: keep what ``head`` says somewhere else, and give it to ``verify``.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    String,
    Table,
    UniqueConstraint,
    event,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from directory import db, permanent
from directory.db import Base, BigIntId

FIRST: Final = "0" * 64
"""What stands in the first entry for the hash of the one before it."""

_PENDING = "stillpoint_audit_pending"
_ACTION = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_SUBJECT = re.compile(r"[a-z][a-z0-9_]*:[A-Za-z0-9_-]+")
_STATE = re.compile(r"[a-z0-9][a-z0-9_.:,+-]{0,79}")
_BATCH = 1_000


class AuditEntry(Base):
    """One thing that somebody did."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint(
            "(seq IS NULL AND hash IS NULL AND previous IS NULL)"
            " OR (seq IS NOT NULL AND hash IS NOT NULL AND previous IS NOT NULL)",
            name="placed_whole",
        ),
        UniqueConstraint("seq"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    """Its place in the chain, from 1 and without gaps; ``None`` until the transaction commits."""
    at: Mapped[datetime]
    actor: Mapped[int | None] = mapped_column(BigInteger)
    """The account of who did it; ``None`` for the product itself and for commands."""
    action: Mapped[str] = mapped_column(String(60))
    """Such as ``credential.accepted``."""
    subject: Mapped[str] = mapped_column(String(80), index=True)
    """Such as ``practitioner:12``."""
    reason_salt: Mapped[str | None] = mapped_column(String(32))
    reason_hash: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))
    from_state: Mapped[str | None] = mapped_column(String(80))
    """What it was before, such as ``active``; ``None`` where nothing has a state, and in entries of before 0017."""
    to_state: Mapped[str | None] = mapped_column(String(80))


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: note it down elsewhere, and ``verify`` will miss it when it is gone."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the chain does not hold. ``seq`` is ``None`` where no place can be named."""

    seq: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries fit, the newest of them, and what does not."""

    entries: int
    head: Head | None
    fault: Fault | None


def record(
    session: Session,
    *,
    action: str,
    actor: int | None,
    subject: str,
    now: datetime,
    reason: str | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
) -> AuditEntry:
    """Note that ``actor`` (an account's number) did ``action`` to ``subject``; it stands or falls with the transaction.

    ``action`` is words joined by ``_`` and ``.``, ``subject`` a kind and a number or code such as ``credential:12``,
    ``from_state`` and ``to_state`` words of closed lists such as ``active``; ``ValueError`` for anything else,
    so that no name or address is written where nothing can be erased. Of ``reason``
    only a salted hash is kept: ``told`` says later whether a text was the reason given.
    """
    if not _ACTION.fullmatch(action) or not _SUBJECT.fullmatch(subject):
        raise ValueError(
            "an audit entry names an action such as credential.accepted and a subject such as practitioner:12"
        )
    if not all(each is None or _STATE.fullmatch(each) for each in (from_state, to_state)):
        raise ValueError("an audit entry names states by words such as active, in at most 80 characters")
    salt = None if reason is None else secrets.token_hex(16)
    entry = AuditEntry(
        at=now,
        actor=actor,
        action=str(action),
        subject=subject,
        reason_salt=salt,
        reason_hash=None if reason is None or salt is None else _reason_hash(salt, reason),
        from_state=None if from_state is None else str(from_state),
        to_state=None if to_state is None else str(to_state),
    )
    session.add(entry)
    session.flush()
    session.info[_PENDING] = True
    return entry


def told(entry: AuditEntry, reason: str) -> bool:
    """Whether this text was the reason given with the entry."""
    return entry.reason_salt is not None and _reason_hash(entry.reason_salt, reason) == entry.reason_hash


def head(session: Session) -> Head | None:
    """The newest entry of the chain."""
    placed = select(AuditEntry).where(AuditEntry.seq.is_not(None))
    return _head(session.scalar(placed.order_by(AuditEntry.seq.desc()).limit(1)))


def about(session: Session, subject: str, *, limit: int = 100) -> list[AuditEntry]:
    """The newest entries about a subject, the newest first."""
    newest = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id.desc()).limit(limit)
    return list(session.scalars(newest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which entries are wanted; what is ``None`` narrows nothing."""

    subject: str | None = None
    action: str | None = None
    """With which it begins, such as ``decision``."""
    actor: int | None = None
    day: date | None = None
    """Of UTC."""


def newest(session: Session, wanted: Filter, *, below: int | None = None, limit: int = 100) -> list[AuditEntry]:
    """The newest entries that are wanted and have their place in the chain, before place ``below``; newest first."""
    found = select(AuditEntry).where(AuditEntry.seq.is_not(None))
    if wanted.subject is not None:
        found = found.where(AuditEntry.subject == wanted.subject)
    if wanted.action is not None:
        found = found.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.actor is not None:
        found = found.where(AuditEntry.actor == wanted.actor)
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time.min, UTC)
        found = found.where(AuditEntry.at >= begins, AuditEntry.at <= datetime.combine(wanted.day, time.max, UTC))
    if below is not None:
        found = found.where(AuditEntry.seq < below)
    return list(session.scalars(found.order_by(AuditEntry.seq.desc()).limit(limit)))


def of(session: Session, subjects: Collection[str], *, up_to: int) -> Iterator[AuditEntry]:
    """Every entry about any of these subjects whose place is not behind ``up_to``, in the order of the chain."""
    wanted, after = sorted(subjects), 0
    while True:
        some = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject.in_(wanted), AuditEntry.seq > after, AuditEntry.seq <= up_to)
            .order_by(AuditEntry.seq)
            .limit(_BATCH)
        ).all()
        yield from some
        if len(some) < _BATCH:
            return
        after = some[-1].seq or up_to


def verify(session: Session, *, expected: Head | None = None) -> Verdict:
    """Read the whole chain and say whether every entry is what was written; ``expected`` is a head noted earlier."""
    number, previous = 0, FIRST
    fault: Fault | None = None
    seen_expected = expected is None
    while fault is None:
        # Rows and not objects, so that what the session holds stays as it is.
        some = session.execute(
            select(*AuditEntry.__table__.columns).where(AuditEntry.seq > number).order_by(AuditEntry.seq).limit(_BATCH)
        ).all()
        for entry in some:
            fault = _fault(entry, number + 1, previous)
            if fault is not None:
                break
            number, previous = number + 1, entry.hash
            seen_expected = seen_expected or expected == Head(number, previous)
        if len(some) < _BATCH:
            break
    if fault is None and not seen_expected and expected is not None:
        fault = Fault(expected.seq, "the entry that was noted down earlier is not in the chain")
    loose = session.scalar(select(func.count()).where(AuditEntry.seq.is_(None))) or 0
    if fault is None and loose:
        fault = Fault(None, f"{loose} entries have no place in the chain")
    return Verdict(number, Head(number, previous) if number else None, fault)


def _head(entry: AuditEntry | None) -> Head | None:
    if entry is None or entry.seq is None or entry.hash is None:
        return None
    return Head(entry.seq, entry.hash)


def _fault(entry: Any, seq: int, previous: str) -> Fault | None:
    if entry.seq != seq:
        return Fault(seq, "the entry is missing")
    if entry.previous != previous:
        return Fault(seq, "the entry does not follow the one before it")
    if entry.hash != _hash(entry):
        return Fault(seq, "the entry is not what was written")
    return None


def sealed(entry: Any) -> dict[str, Any]:
    """What the hash of an entry is made of, besides the hash of the one before it."""
    facts = {
        "seq": entry.seq,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "reason_salt": entry.reason_salt,
        "reason_hash": entry.reason_hash,
    }
    # Entries from before states were noted keep the hash they were written with.
    return facts | {
        name: getattr(entry, name) for name in ("from_state", "to_state") if getattr(entry, name) is not None
    }


def _hash(entry: Any) -> str:
    canonical = json.dumps(sealed(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{entry.previous}{canonical}".encode("ascii")).hexdigest()


def _reason_hash(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt}{reason}".encode()).hexdigest()


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if not session.info.get(_PENDING) or session.in_nested_transaction():
        return
    session.flush()
    db.commit_in_order(session)
    newest = head(session)
    number, previous = (newest.seq, newest.hash) if newest is not None else (0, FIRST)
    for entry in session.scalars(select(AuditEntry).where(AuditEntry.seq.is_(None)).order_by(AuditEntry.id)):
        number += 1
        entry.seq, entry.previous = number, previous
        entry.hash = previous = _hash(entry)
    session.flush()
    session.info.pop(_PENDING)


@event.listens_for(Session, "after_soft_rollback")
def _drop(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_PENDING, None)


permanent.protect(
    cast("Table", AuditEntry.__table__), refusal="the audit log is only ever added to", once="OLD.hash IS NOT NULL"
)
