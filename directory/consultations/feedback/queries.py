"""Reading feedback. What is shown is judged by the law of the place at the moment of reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from directory.accounts.rules import secret_hash
from directory.consultations.feedback import rules
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Stand
from directory.errors import NotFound
from directory.guide.words import N_
from directory.jurisdictions.rules import Jurisdiction, rule_for

MOST_SHOWN = 100
"""Of one person, the newest; whoever has more has had them in two years."""


def shown(
    session: Session, practitioner_id: int, law: Mapping[str, Jurisdiction], *, now: datetime
) -> list[ServiceStory]:
    """Every published one of this person, newest first, of places whose law allows it today."""
    rows = session.scalars(
        _of(practitioner_id)
        .where(ServiceStory.stand == Stand.PUBLISHED, ServiceStory.decided_at > now - rules.SHOWN_FOR)
        .order_by(ServiceStory.sent_at.desc(), ServiceStory.id.desc())
        .limit(MOST_SHOWN)
    )
    return [each for each in rows if rules.may_be_shown(rule_for(each.place.jurisdiction, law))]


def of_practitioner(session: Session, practitioner_id: int) -> Sequence[ServiceStory]:
    """What the practitioner may read: what is published about them, newest first."""
    return session.scalars(
        _of(practitioner_id)
        .where(ServiceStory.stand == Stand.PUBLISHED)
        .order_by(ServiceStory.sent_at.desc(), ServiceStory.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def own(session: Session, practitioner_id: int, story_id: int) -> ServiceStory:
    """A published one about this person, held; ``NotFound`` for anybody else's."""
    found = session.scalars(
        select(ServiceStory)
        .where(
            ServiceStory.id == story_id,
            ServiceStory.practitioner_id == practitioner_id,
            ServiceStory.stand == Stand.PUBLISHED,
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def story(session: Session, story_id: int, *, lock: bool = False) -> ServiceStory:
    """This one, with its place; ``NotFound`` where it was taken back or erased."""
    statement = select(ServiceStory).where(ServiceStory.id == story_id).options(joinedload(ServiceStory.place))
    if lock:
        statement = statement.with_for_update(of=ServiceStory).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(N_("It was taken back, or erased."))
    return found


def by_token(session: Session, token: str) -> ServiceStory | None:
    """What was said over this link, if anything."""
    if not token.isascii():
        return None
    return session.scalars(
        select(ServiceStory)
        .where(ServiceStory.token_hash == secret_hash(token))
        .options(joinedload(ServiceStory.practitioner), joinedload(ServiceStory.place))
    ).one_or_none()


def _of(practitioner_id: int):  # type: ignore[no-untyped-def]
    return (
        select(ServiceStory)
        .where(ServiceStory.practitioner_id == practitioner_id)
        .options(joinedload(ServiceStory.place))
    )
