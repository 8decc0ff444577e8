"""Whose turn it is, and by when an answer is due."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from directory.consultations import rules
from directory.consultations.models import Consultation
from directory.consultations.terms import State


def begin(consultation: Consultation, *, now: datetime) -> None:
    """Make it this practitioner's turn."""
    zone = ZoneInfo(consultation.place.timezone)
    consultation.state = State.ASKED
    consultation.asked_at = now
    consultation.due_at = rules.lapses_at(now, zone, limit_hours=consultation.request.limit_hours)
    consultation.nudges = 0


def answer_by(consultation: Consultation, asked_at: datetime) -> datetime:
    """When an answer is due by the norm, or by the limit that the patient set where that is sooner."""
    zone = ZoneInfo(consultation.place.timezone)
    by_norm = rules.working_days_after(asked_at, rules.REPLY_DAYS, zone)
    return by_norm if consultation.due_at is None else min(by_norm, consultation.due_at)
