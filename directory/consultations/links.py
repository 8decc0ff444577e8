"""Links in patients' letters: random, kept as a hash, good for one thing that decides, and readable until they end."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.rules import secret_hash
from directory.consultations import rules
from directory.consultations.models import ConsultationLink, ConsultationRequest
from directory.consultations.terms import Act, Purpose
from directory.errors import Conflict, NotFound
from directory.guide.words import N_


class LinkUsed(Conflict):
    """Something was decided over this link before; a newer one decides further."""

    code = "link_used"


class LinkEnded(Conflict):
    """This link is too old to decide or to show anything."""

    code = "link_ended"


class NotOverThisLink(Conflict):
    """A link decides what its letter was about, and this one was about something else."""

    code = "not_over_this_link"


def make(
    session: Session, request: ConsultationRequest, purpose: Purpose, *, now: datetime, until: datetime | None = None
) -> str:
    """A new link of this request, as the path that a letter carries; it is written with that letter. It lives at least
    until a week after ``until``."""
    token = secrets.token_urlsafe(32)
    ends = now + rules.LINK_LIVES
    if until is not None:
        ends = max(ends, until + timedelta(days=7))
    session.add(
        ConsultationLink(
            token_hash=secret_hash(token), request_id=request.id, purpose=purpose, made_at=now, expires_at=ends
        )
    )
    return path(token)


def path(token: str) -> str:
    """Where a link leads."""
    return f"/visits/{token}"


def find(session: Session, token: str, *, lock: bool = False) -> ConsultationLink:
    """The link of this token, whether or not it still counts; ``NotFound`` for what was never one of ours, and where
    everything was erased."""
    statement = select(ConsultationLink).where(ConsultationLink.token_hash == secret_hash(token))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none() if token.isascii() and len(token) <= 100 else None
    if found is None:
        raise NotFound(
            N_("There is nothing behind this link. Perhaps a part of it is missing, or everything was erased.")
        )
    return found


def has_ended(link: ConsultationLink, *, now: datetime) -> bool:
    """Whether it shows nothing any more."""
    return now >= link.expires_at


def decides(link: ConsultationLink, act: Act, *, now: datetime) -> bool:
    """Whether this may be done over it now."""
    return not has_ended(link, now=now) and link.used_at is None and act in rules.MAY[link.purpose]


def use(session: Session, token: str, act: Act, *, now: datetime) -> ConsultationLink:
    """Take the link for this; of two who come at once with the same one, one is first. ``LinkUsed``, ``LinkEnded`` and
    ``NotOverThisLink`` say why not."""
    # The request first, as everybody does, so that no two wait for each other.
    request_id = find(session, token).request_id
    session.get_one(ConsultationRequest, request_id, with_for_update=True)
    link = find(session, token, lock=True)
    if has_ended(link, now=now):
        raise LinkEnded(N_("This link has ended. Have a new one sent to your mailbox."))
    if link.used_at is not None:
        raise LinkUsed(
            N_("This link was used before. Take the newest letter, or have a new link sent to your mailbox.")
        )
    if act not in rules.MAY[link.purpose]:
        raise NotOverThisLink(N_("This link is not for that. Take the newest letter."))
    if act not in rules.REPEATABLE:
        link.used_at, link.used_for = now, act.value
    request = session.get_one(ConsultationRequest, link.request_id)
    if request.proved_at is None and act is not Act.DISOWN:
        request.proved_at = now
    session.flush()
    return link
