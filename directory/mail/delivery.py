"""Taking letters out of the outbox and handing them to the mail server, one after another.

Each letter is taken in one transaction, handed over outside of any, and crossed off in another: no request and no lock
waits for a mail server, and several processes share the work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from directory import db
from directory.mail import outbox, suppression
from directory.mail.messages import compose
from directory.mail.models import State, Why
from directory.mail.outbox import Taken
from directory.mail.smtp import Refused, Server, ServerAway

if TYPE_CHECKING:
    from config import Config

CROSSING_OFF_TRIES: Final = 4
MOST_BREAKS: Final = 3
"""How often in one go the server may break off before it counts as away."""

_log = structlog.get_logger("stillpoint.mail")


@dataclass(slots=True)
class Delivery:
    """What one go came to; ``away`` says how the server failed us where it did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    breaks: int = 0
    away: str | None = None


def deliver(
    engine: Engine, config: Config, *, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> Delivery:
    """Hand over what is due until nothing is, the server is away, or ``stopping`` says so."""
    told = Delivery()
    more = True
    while more and told.away is None and not stopping():
        taken = _take(engine, clock())
        if taken is None:
            break
        try:
            with Server(config) as server:
                more = _conversation(engine, config, server, taken, told, clock=clock, stopping=stopping)
        except ServerAway as away:
            told.away = str(away)
            with _writing(engine) as session:
                outbox.put_back(session, taken, trouble=str(away), now=clock())
            _log.warning("mail_server_away", why=told.away)
    return told


def keep(engine: Engine, *, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False) -> int:
    """For development without a mail server: cross letters off, which then are read at ``/mailbox`` only. How many."""
    kept = 0
    while not stopping():
        with _writing(engine) as session:
            taken = outbox.take(session, now=clock())
            if taken is None:
                break
            outbox.handed_over(session, taken, now=clock())
            kept += 1
    return kept


def _conversation(
    engine: Engine,
    config: Config,
    server: Server,
    taken: Taken | None,
    told: Delivery,
    *,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> bool:
    """Hand over letters while the server talks to us; whether there may be more, with a new conversation."""
    while taken is not None:
        message = compose(taken.worded, to=taken.recipient, mark=taken.mark, written_at=taken.created_at, config=config)
        try:
            server.hand_over(message, to=str(message["To"]))
        except Refused as refusal:
            _refused(engine, taken, str(refusal), told, for_good=refusal.for_good, now=clock())
            if refusal.status:
                _unreachable(engine, taken, refusal, now=clock())
        except ServerAway as away:
            # It may be this very letter at which it breaks off, so this counts as a try, and others get their turn.
            _refused(engine, taken, str(away), told, for_good=False, now=clock())
            told.breaks += 1
            if told.breaks >= MOST_BREAKS:
                told.away = str(away)
            return True
        else:
            ours = _cross_off(engine, taken, clock)
            told.sent += 1
            _log.info("letter_sent", letter=taken.number, purpose=taken.purpose, tries=taken.tries, lease_held=ours)
        taken = None if stopping() else _take(engine, clock())
    return False


def _cross_off(engine: Engine, taken: Taken, clock: Callable[[], datetime]) -> bool:
    """Note that it was sent, insisting a little: whoever cannot note it will send it again."""
    for _ in range(CROSSING_OFF_TRIES - 1):
        try:
            with _writing(engine) as session:
                return outbox.handed_over(session, taken, now=clock())
        except SQLAlchemyError as error:
            if not db.is_unavailable(error):
                raise
            time.sleep(1)
    with _writing(engine) as session:
        return outbox.handed_over(session, taken, now=clock())


def _refused(engine: Engine, taken: Taken, why: str, told: Delivery, *, for_good: bool, now: datetime) -> None:
    with _writing(engine) as session:
        state = outbox.refused(session, taken, trouble=why, for_good=for_good, now=now)
    told.failed += state is State.FAILED
    told.put_off += state is State.WAITING
    _log.warning("letter_refused", letter=taken.number, purpose=taken.purpose, tries=taken.tries, why=why, state=state)


def _unreachable(engine: Engine, taken: Taken, refusal: Refused, *, now: datetime) -> None:
    with _writing(engine) as session:
        suppressed = suppression.note(
            session, taken.recipient, status=refusal.status, for_good=refusal.nobody, why=Why.REFUSED, now=now
        )
    if suppressed:
        _log.warning("address_out_of_reach", letter=taken.number, status=refusal.status)


def _take(engine: Engine, now: datetime) -> Taken | None:
    with _writing(engine) as session:
        return outbox.take(session, now=now)


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        db.writing(session)
        yield session
        session.commit()
