"""One database session per request, and one commit for each request that changes something and succeeds.

Services flush and never commit. The commit happens here, before the answer is sent and where its failure still finds
the error pages; an answer of 4xx or 5xx, or an exception, rolls everything back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from flask import Flask, Response, g
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from directory import db

_KEPT = "stillpoint_session"
_AFTERWARDS = "stillpoint_afterwards"
_KEEP_REFUSAL = "stillpoint_keep_refusal"
_log = structlog.get_logger("stillpoint.web")


class UnitOfWork:
    """Gives each request its session and ends it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    def init_app(self, app: Flask) -> None:
        """Close the session of each request when it ends, whatever happened."""
        app.teardown_request(self._close)

    @property
    def session(self) -> Session:
        """The session of this request; opened when first asked for, reading until somebody says ``writing``."""
        found: Session | None = g.get(_KEPT)
        if found is None:
            found = self._sessions()
            setattr(g, _KEPT, found)
        return found

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """A session for what is read while an answer is being sent, when the request itself has ended."""
        with self._sessions() as own:
            yield own

    def write(self, answer: Callable[[], Response]) -> Response:
        """Run a view that writes: take the write lock first, commit once when it answers 2xx or 3xx."""
        session = self.session
        if not session.in_transaction():
            db.writing(session)
        elif not db.is_writing(session):
            raise LookupError("something was read before the transaction that writes began")
        response = answer()
        if response.status_code < 400 or g.pop(_KEEP_REFUSAL, False):
            session.commit()
        else:
            session.rollback()
        return response

    def keep_refusal(self) -> None:
        """Commit this request also when its answer is a refusal: a try that failed counts."""
        setattr(g, _KEEP_REFUSAL, True)

    def afterwards(self, append: Callable[[Session], None]) -> None:
        """Have this run in a writing transaction of its own when the request has ended: caches and counters only.

        Nobody waits for it and nobody learns of its failure but the log.
        """
        waiting: list[Callable[[Session], None]] = g.setdefault(_AFTERWARDS, [])
        waiting.append(append)

    def _close(self, _error: BaseException | None) -> None:
        session: Session | None = g.pop(_KEPT, None)
        if session is not None:
            session.close()
        for append in g.pop(_AFTERWARDS, ()):
            try:
                with self._sessions() as own:
                    db.writing(own)
                    append(own)
                    own.commit()
            except SQLAlchemyError as error:
                _log.warning("append_failed", error=type(error).__qualname__)
