"""Handing a summary over, taking it back, and erasing what is over.

``LinkEnded``, ``LinkUsed`` and ``NotOverThisLink`` say why a link does not count, ``WrongState`` that nothing is
agreed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.consultations import choosing, course, links, post, queries
from directory.consultations.letters import practitioners
from directory.consultations.models import Consultation, SharedSummary
from directory.consultations.summaries import rules
from directory.consultations.terms import Act, Lasts, State
from directory.errors import InvalidInput, NotFound
from directory.guide.words import N_

LINK_OUTLIVES: timedelta = timedelta(days=1)
"""The link that handed something over opens at least so much longer than it is read: taking back needs no new one."""


def share(
    session: Session, token: str, code: str, content: str, *, lasts: Lasts, consent: str, held: bool, now: datetime
) -> Consultation:
    """Hand it to the one with whom this talk is agreed, in place of what was handed over before.

    ``content`` was checked by whoever knows what is in it. ``held``: the law makes us keep what is taken back.
    ``InvalidInput`` where it is too long, or nobody agreed to this wording.
    """
    if len(content) > rules.LONGEST:
        raise InvalidInput(N_("This is too long to hand over."), field="content")
    if consent not in rules.CONSENTS:
        raise InvalidInput(N_("Please agree first."), field="agree")
    found = choosing.of_link(session, token, code, Act.SHARE, now=now)
    course.must_be(found, State.CONFIRMED)
    ends = rules.ends_at(lasts, shared_at=now, starts_at=found.starts_at)
    if ends <= now:
        raise InvalidInput(N_("That time is over. Please choose another."), field="lasts")
    _take_back(session, found.id, held=held, now=now)
    session.add(
        SharedSummary(
            consultation_id=found.id, content_sealed=content, lasts=lasts, consent_version=consent, shared_at=now
        )
    )
    link = links.find(session, token, lock=True)
    link.expires_at = max(link.expires_at, ends + LINK_OUTLIVES)
    post.to_practitioner(session, found.practitioner, practitioners.handed_over(found.code), now=now)
    session.flush()
    return found


def revoke(session: Session, token: str, code: str, *, held: bool, now: datetime) -> None:
    """Take it back. Any link of the request does it until it ends, also one that has decided something before."""
    link = links.find(session, token)
    if links.has_ended(link, now=now):
        raise links.LinkEnded(N_("This link has ended. Have a new one sent to your mailbox."))
    theirs = queries.of_request(session, link.request_id, lock=True)
    found = next((each for each in theirs if each.code == code), None)
    if found is None:
        raise NotFound("There is no such request.")
    _take_back(session, found.id, held=held, now=now)
    session.flush()


def forget(session: Session, *, held: Collection[int] = (), now: datetime) -> int:
    """Erase what nobody may read any more, save what went to somebody in ``held``; how many."""
    rows = session.execute(
        select(
            SharedSummary.id,
            SharedSummary.lasts,
            SharedSummary.shared_at,
            SharedSummary.revoked_at,
            Consultation.state,
            Consultation.starts_at,
        )
        .join(Consultation, Consultation.id == SharedSummary.consultation_id)
        .where(Consultation.practitioner_id.not_in(list(held)))
    ).all()
    over = [
        row.id
        for row in rows
        if rules.is_over(
            row.state,
            ends=rules.ends_at(row.lasts, shared_at=row.shared_at, starts_at=row.starts_at),
            revoked=row.revoked_at is not None,
            now=now,
        )
    ]
    session.execute(
        delete(SharedSummary).where(SharedSummary.id.in_(over)).execution_options(synchronize_session=False)
    )
    session.flush()
    return len(over)


def _take_back(session: Session, consultation_id: int, *, held: bool, now: datetime) -> None:
    theirs = SharedSummary.consultation_id == consultation_id
    if held:
        session.execute(
            update(SharedSummary)
            .where(theirs, SharedSummary.revoked_at.is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session=False)
        )
    else:
        session.execute(delete(SharedSummary).where(theirs).execution_options(synchronize_session=False))
