"""Whose turn it is, and by when an answer is due."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from directory.consultations import rules
from directory.consultations.models import Consultation
from directory.consultations.terms import State


def begin(consultation: Consultation, timezone: str, *, limit_hours: int | None, now: datetime) -> None:
    """Make it this practitioner's turn, who works by the clock of this zone; the patient may have set a limit."""
    consultation.state = State.ASKED
    consultation.asked_at = now
    consultation.due_at = rules.lapses_at(now, ZoneInfo(timezone), limit_hours=limit_hours)
    consultation.nudges = 0


def answer_by(consultation: Consultation, asked_at: datetime) -> datetime:
    """When an answer is due by the norm, or by the limit that the patient set where that is sooner."""
    return rules.answer_by(asked_at, ZoneInfo(consultation.place.timezone), lapses=consultation.due_at)
