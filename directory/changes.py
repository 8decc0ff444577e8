"""What the search index must re-read: one row for each practitioner whose listing may have changed.

Rows are written just before commit, under a lock that every writer takes, so that they become visible in the order of
their numbers: a reader that has seen number *n* has seen everything below it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    bindparam,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from directory import db
from directory.db import Base, BigIntId

_PENDING = "stillpoint_changed_practitioners"

_BETWEEN_PRUNINGS = 1_000

KEPT = 20_000
"""How many change rows are kept; a reader further behind than this re-reads everything."""


class SearchChange(Base):
    """Practitioner so-and-so may look different to a search. Numbers never repeat (AUTOINCREMENT on SQLite)."""

    __tablename__ = "search_change"
    __table_args__ = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=True)
    practitioner_id: Mapped[int] = mapped_column(BigIntId)
    mark: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Drawn anew for each commit. A database put back to an older state comes to the same numbers again, never to the
    same marks: whoever remembers both knows whether what they saw is still part of the history. 0 says nothing."""


class SearchEpoch(Base):
    """One row: which continuous history the change numbers belong to, and how far it has been pruned."""

    __tablename__ = "search_epoch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(32))
    pruned_to: Mapped[int] = mapped_column(BigIntId)


@dataclass(frozen=True, slots=True)
class Position:
    """How far the history goes: its token, the newest number, and the number up to which rows are gone.

    ``changed`` are the practitioners noted after the number that was asked about.
    """

    token: str
    newest: int
    pruned_to: int
    mark: int | None = None
    """That of the newest number; ``None`` when its row is gone or never was."""
    changed: frozenset[int] = frozenset()
    mark_seen: int | None = None
    """That of the number asked about, as the history has it now."""


def record(session: Session, practitioner_id: int) -> None:
    """Note that this practitioner's listing may have changed; written with the commit, dropped with a rollback."""
    session.info.setdefault(_PENDING, set()).add(practitioner_id)


def position(session: Session, *, after: int | None = None) -> Position:
    """Where the history stands now and who was noted after a number, in one statement.

    A history nobody has begun has an empty token.
    """
    # By the connection: there is nothing here for a session to look after, and every search comes this way.
    connection = session.connection()
    if after is None:
        return newest(connection.execute(NEWEST).one())
    rows = connection.execute(_FROM, {"after": after}).all()
    held, pruned_to, last, *_ = rows[0]
    marks = {seq: mark or None for *_, seq, _, mark in rows}
    return Position(
        token=held,
        newest=max(pruned_to, last),
        pruned_to=pruned_to,
        mark=marks.get(last) if last >= pruned_to else None,
        changed=frozenset(practitioner_id for *_, seq, practitioner_id, _ in rows if seq is not None and seq > after),
        mark_seen=marks.get(after),
    )


def newest(row: Sequence[Any]) -> Position:
    """Where the history stands, as a row of ``NEWEST`` tells it."""
    token, pruned_to, last, _, _, drawn = row
    mark = drawn or None
    return Position(token, max(pruned_to, last), pruned_to, mark if last >= pruned_to else None, mark_seen=mark)


def _noted(from_on: ColumnElement[int] | None) -> Select[Any]:
    """The stand of the history beside every change row from this number on, or beside the newest one."""
    token = func.coalesce(select(SearchEpoch.token).scalar_subquery(), "")
    pruned = func.coalesce(select(SearchEpoch.pruned_to).scalar_subquery(), 0)
    newest = func.coalesce(select(func.max(SearchChange.seq)).scalar_subquery(), 0)
    stand = select(token.label("token"), pruned.label("pruned_to"), newest.label("newest")).subquery()
    change = (SearchChange.seq, SearchChange.practitioner_id, SearchChange.mark)
    told = SearchChange.seq >= (stand.c.newest if from_on is None else from_on)
    return select(stand, *change).outerjoin_from(stand, SearchChange, told)


# Every search asks this first, so both forms are put together once.
NEWEST = _noted(None)
"""The stand of the history in one row, for ``newest``."""
_FROM = _noted(bindparam("after", type_=BigInteger))


def begin_epoch(session: Session) -> None:
    """Start a new history: every reader re-reads everything. For a new, restored or wholesale rewritten database."""
    newest = session.scalar(select(func.max(SearchChange.seq))) or 0
    values = {"token": secrets.token_hex(16), "pruned_to": newest}
    if session.execute(update(SearchEpoch).values(**values)).rowcount == 0:  # type: ignore[attr-defined]
        session.execute(insert(SearchEpoch).values(id=1, **values))


def prune(session: Session, *, keep: int = KEPT) -> None:
    """Forget all but the newest ``keep`` rows."""
    newest = session.scalar(select(func.max(SearchChange.seq))) or 0
    limit = newest - keep
    if limit > 0:
        session.execute(update(SearchEpoch).values(pruned_to=limit))
        session.execute(delete(SearchChange).where(SearchChange.seq <= limit))


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    pending: set[int] = session.info.get(_PENDING, set())
    if not pending or session.in_nested_transaction():
        return
    session.flush()
    db.commit_in_order(session)
    mark = 1 + secrets.randbits(62)
    session.execute(insert(SearchChange), [{"practitioner_id": each, "mark": mark} for each in sorted(pending)])
    newest = session.scalar(select(func.max(SearchChange.seq))) or 0
    if newest % _BETWEEN_PRUNINGS < len(pending):
        prune(session)
    pending.clear()


@event.listens_for(Session, "after_soft_rollback")
def _drop(session: Session, ended: SessionTransaction) -> None:
    # A savepoint taken back takes back what was written inside it; what was noted before it still stands.
    if ended.parent is None:
        session.info.pop(_PENDING, None)
