"""Letting the public see somebody when the last thing that was lacking is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from directory.credentials.registration import queries as registrations
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners import queries as people
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus
from directory.search import listings
from directory.search.visible import open_places


def publish_when_ready(session: Session, practitioner_id: int, *, now: datetime) -> bool:
    """Publish who handed in their registration and lacks nothing else at one place at least; whether it was done.

    Somebody who was published before has paused, left or was suspended: that is theirs, or a decision, to undo.
    """
    person = people.practitioner(session, practitioner_id)
    if person.account_status is not AccountStatus.DRAFT or person.published_at is not None:
        return False
    registration = registrations.registration(session, practitioner_id)
    if registration is None or registration.submitted_at is None or person.holder_proved_on is None:
        return False
    rules = jurisdictions.all_rules(session)
    own = [
        replace(each, person=replace(each.person, account_status=AccountStatus.PUBLISHED))
        for each in listings.read(session, practitioner_ids=[practitioner_id])
    ]
    if not open_places(own, rules, now=now):
        return False
    publication.publish(session, practitioner_id, now=now)
    return True
