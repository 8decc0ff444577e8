"""The words of summaries."""

from __future__ import annotations

from enum import StrEnum


class Lasts(StrEnum):
    """How long the other side may read it."""

    TALK = "talk"
    """Until a day after the talk, whenever that is moved to."""
    WEEK = "week"
    MONTH = "month"
    """Thirty days."""
