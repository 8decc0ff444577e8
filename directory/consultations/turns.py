"""Whose turn it is, and by when an answer is due."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from directory.consultations import rules
from directory.consultations.models import Consultation
from directory.consultations.terms import State
from directory.jurisdictions.days_off import DaysOff, days_off
from directory.practitioners.models import PracticePlace


def off(place: PracticePlace) -> DaysOff:
    """The public holidays where this place lies, as far as we know them."""
    return days_off(place.country, place.admin1, place.jurisdiction)


def ends(place: PracticePlace, *, limit_hours: int | None, now: datetime) -> datetime:
    """When nobody waits any longer for an answer from this place that is asked for now; the patient may have set a
    limit."""
    return rules.lapses_at(now, ZoneInfo(place.timezone), off(place), limit_hours=limit_hours)


def nudges(consultation: Consultation, *, asked_at: datetime, lapses: datetime, now: datetime) -> int:
    """How many reminders should have gone out by now."""
    place = consultation.place
    return rules.nudges_due(asked_at, ZoneInfo(place.timezone), off(place), lapses=lapses, now=now)


def begin(consultation: Consultation, place: PracticePlace, *, limit_hours: int | None, now: datetime) -> None:
    """Make it the turn of the practitioner at this place; the patient may have set a limit."""
    consultation.state = State.ASKED
    consultation.asked_at = now
    consultation.due_at = ends(place, limit_hours=limit_hours, now=now)
    consultation.nudges = 0


def answer_due(asked_at: datetime, place: PracticePlace, *, lapses: datetime | None) -> datetime:
    """When somebody at this place should have answered: by the norm, or when nobody waits any longer."""
    return rules.answer_by(asked_at, ZoneInfo(place.timezone), off(place), lapses=lapses)


def answer_by(consultation: Consultation, asked_at: datetime) -> datetime:
    """When an answer is due by the norm, or by the limit that the patient set where that is sooner."""
    return answer_due(asked_at, consultation.place, lapses=consultation.due_at)
