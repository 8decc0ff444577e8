"""Writing down who looks at something of somebody else, before they get to see it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory import access_log, db
from directory.http import who
from directory.http.site import session, site


def note(what: str, subject: str, *, about: int | None = None) -> None:
    """Write down that the asker is about to look at ``subject``, which is of the practitioner ``about``.

    In the transaction of the request where it writes, and otherwise in one of its own; without the entry nothing is
    shown.
    """
    actor, now = who.account().id, site().clock()
    if db.is_writing(session()):
        access_log.note(session(), actor=actor, what=what, subject=subject, about=about, now=now)
        return
    with Session(site().database.engine) as own:
        db.writing(own)
        access_log.note(own, actor=actor, what=what, subject=subject, about=about, now=now)
        own.commit()
