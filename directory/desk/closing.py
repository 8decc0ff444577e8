"""Taking back a closing that was a mistake: one of the desk says so, another agrees, and then it is undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from directory.cases.terms import Kind
from directory.credentials.decisions import service as decisions
from directory.credentials.decisions.handling import Deed, Handler
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.service import Draft, NeedsAnother, OwnRecord
from directory.credentials.decisions.terms import Outcome
from directory.desk.deciding import HANDLERS
from directory.errors import Conflict
from directory.guide.words import N_
from directory.practitioners import queries as people
from directory.practitioners.closing import queries, service
from directory.practitioners.closing.terms import Closing
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus


def asked(session: Session, practitioner_id: int) -> Decision | None:
    """Who said that the closing was a mistake, while nobody else has said so too."""
    closing = queries.closing(session, practitioner_id)
    if closing is None:
        return None
    second = aliased(Decision)
    return session.scalars(
        select(Decision)
        .where(
            Decision.subject == _subject(practitioner_id),
            Decision.kind == Kind.CLOSING,
            Decision.outcome == Outcome.RESTORED,
            Decision.takes_effect.is_(False),
            Decision.decided_at >= closing.noted_at,
            ~select(second.id).where(second.second_of == Decision.id).exists(),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()


def reopen(session: Session, practitioner_id: int, *, reason: str, by: int, now: datetime) -> bool:
    """Say that a closing was a mistake; whether that was the second voice, and the profile is open again.

    ``Conflict`` where nothing is closed, for whoever has said so already, and for one's own profile.
    """
    person = people.practitioner(session, practitioner_id)
    if queries.closing(session, practitioner_id) is None:
        raise Conflict("This profile is not closed.")
    if person.account_id == by:
        raise OwnRecord(N_("This is about yourself. Two others have to decide it."))
    first = asked(session, practitioner_id)
    if first is not None and first.decided_by == by:
        raise NeedsAnother(N_("You have said so already. Somebody else has to agree."))
    draft = Draft(
        kind=Kind.CLOSING,
        subject=_subject(practitioner_id),
        practitioner_id=practitioner_id,
        outcome=Outcome.RESTORED,
        from_state=AccountStatus.CLOSED.value,
        by=by,
        takes_effect=first is not None,
        second_of=first.id if first is not None else None,
        agrees=True if first is not None else None,
        note=reason,
    )
    decisions.append(session, draft, now=now)
    if first is not None:
        service.reopen(session, practitioner_id, by=by, now=now)
    return first is not None


def _subject(practitioner_id: int) -> str:
    return f"practitioner:{practitioner_id}"


def _apply(session: Session, deed: Deed) -> None:
    about, outcome = deed.matter.about, deed.verdict.outcome
    if about is None:
        return
    if outcome is Outcome.VERIFIED:
        on = deed.verdict.read_on or deed.now.date()
        service.close(session, about, Closing.CLOSED, on=on, by=deed.by, now=deed.now)
    elif outcome is Outcome.HELD:
        publication.hold(session, about, now=deed.now)


HANDLERS[Kind.CLOSING] = Handler(apply=_apply)
