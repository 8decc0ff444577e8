"""What a practitioner says about how many requests they take."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from directory.consultations.models import ConsultationSetting
from directory.consultations.rules import Capacity
from directory.consultations.terms import Talk
from directory.errors import InvalidInput
from directory.guide.words import N_


def state(session: Session, practitioner_id: int, capacity: Capacity, *, now: datetime) -> None:
    """How many requests somebody takes, and how they talk, in their own word. ``InvalidInput`` names the field."""
    if not 1 <= capacity.most_open <= 50:
        raise InvalidInput(N_("Please give a number from 1 to 50."), field="most_open")
    if capacity.most_a_week is not None and not 1 <= capacity.most_a_week <= 50:
        raise InvalidInput(N_("Please give a number from 1 to 50."), field="most_a_week")
    if not capacity.talks:
        raise InvalidInput(N_("Please choose at least one."), field="talks")
    if capacity.minutes % 15 or not 15 <= capacity.minutes <= 120:
        raise InvalidInput(N_("Please choose one of these."), field="minutes")
    session.merge(
        ConsultationSetting(
            practitioner_id=practitioner_id,
            most_open=capacity.most_open,
            most_a_week=capacity.most_a_week,
            phone=Talk.PHONE in capacity.talks,
            video=Talk.VIDEO in capacity.talks,
            in_person=Talk.IN_PERSON in capacity.talks,
            minutes=capacity.minutes,
            not_before=capacity.not_before,
            stated_at=now,
        )
    )
    session.flush()
