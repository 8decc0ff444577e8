"""How careful a change must be, and how a proposed one stands."""

from __future__ import annotations

from enum import StrEnum


class FieldClass(StrEnum):
    """What happens when its owner changes a field of a published profile."""

    FREE = "free"
    """Shown at once."""
    REVIEWED = "reviewed"
    """Shown when somebody has read it."""
    REVERIFY = "reverify"
    """Shown when it was checked anew; every old way of reaching the person is told."""


class EditState(StrEnum):
    """How a proposed change stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
