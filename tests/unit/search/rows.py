"""Rows of the index with nothing special about them."""

from __future__ import annotations

import math
from typing import Any

from directory.credentials.terms import Mode
from directory.search.building import Row
from directory.search.index import ALWAYS, NEVER


def row(practitioner: int, latitude: float = 45.5, longitude: float = -122.6, **facts: Any) -> Row:
    """A row that is eligible for ever."""
    standard: dict[str, Any] = {
        "place": practitioner * 10,
        "mode": Mode.IN_PERSON,
        "timezone": "America/Los_Angeles",
        "jurisdiction": "US-OR",
        "first_day": 1,
        "last_day": ALWAYS,
        "reach_km": 0.0,
        "min_age": 18,
        "price": math.nan,
        "currency": "",
        "accepting_day": NEVER,
        "away_first": NEVER,
        "away_last": NEVER,
        "pregnancy_last_day": NEVER,
        "min_week": 0,
        "max_week": 0,
        "rls_own": 0.0,
        "rls_own_training": 0.0,
        "rls_checked": 0.0,
        "rls_checked_training": 0.0,
        "training_day": 0,
        "attested_day": 0,
        "pregnancy": 0.0,
        "certified_until": NEVER,
        "penalty": 0.0,
        "terms": frozenset(),
    }
    return Row(practitioner=practitioner, latitude=latitude, longitude=longitude, **(standard | facts))
