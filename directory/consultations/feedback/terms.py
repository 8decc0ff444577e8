"""The words of feedback."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """What is asked, each with yes or no, and each may stay open."""

    IN_TIME = "in_time"
    """They answered in the time they name."""
    PRICE_FIRST = "price_first"
    """They said the price before it was agreed."""
    LISTENED = "listened"
    AS_DESCRIBED = "as_described"
    """The room, or the call, was as described."""
    WROTE_TO_DOCTOR = "wrote_to_doctor"
    """They wrote to a doctor or midwife where that was agreed."""


class Stand(StrEnum):
    """Where words stand with the desk."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
