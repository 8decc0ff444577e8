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


def ends(consultation: Consultation, *, now: datetime) -> datetime:
    """When nobody waits any longer for an answer that is asked for now."""
    place = consultation.place
    limit_hours = consultation.request.limit_hours
    return rules.lapses_at(now, ZoneInfo(place.timezone), off(place), limit_hours=limit_hours)


def nudges(consultation: Consultation, *, asked_at: datetime, lapses: datetime, now: datetime) -> int:
    """How many reminders should have gone out by now."""
    place = consultation.place
    return rules.nudges_due(asked_at, ZoneInfo(place.timezone), off(place), lapses=lapses, now=now)


def begin(consultation: Consultation, *, now: datetime) -> None:
    """Make it this practitioner's turn."""
    consultation.state = State.ASKED
    consultation.asked_at = now
    consultation.due_at = ends(consultation, now=now)
    consultation.nudges = 0


def answer_by(consultation: Consultation, asked_at: datetime) -> datetime:
    """When an answer is due by the norm, or by the limit that the patient set where that is sooner."""
    place = consultation.place
    by_norm = rules.working_days_after(asked_at, rules.REPLY_DAYS, ZoneInfo(place.timezone), off(place))
    return by_norm if consultation.due_at is None else min(by_norm, consultation.due_at)
