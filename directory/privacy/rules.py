"""When somebody who left is erased. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Fate(StrEnum):
    """What the nightly work does about somebody who left."""

    WAIT = "wait"
    KEEP = "keep"
    """Something in law forbids to erase."""
    STAYED = "stayed"
    """They are shown again, so they did not leave."""
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who left, as the rule sees them."""

    erase_on: date
    shown_again: bool
    held: bool


def erase_on(today: date, *, grace_days: int) -> date:
    """The day on which somebody who leaves today is erased."""
    return today + timedelta(days=grace_days)


def fate(leaving: Leaving, *, today: date) -> Fate:
    """What to do today. Whoever is published again is never erased, whatever a row says."""
    if leaving.shown_again:
        return Fate.STAYED
    if today < leaving.erase_on:
        return Fate.WAIT
    return Fate.KEEP if leaving.held else Fate.ERASE


def slug_hash(slug: str) -> str:
    """What is kept of an address, so that whoever asks for it can be told that it is gone."""
    return hashlib.sha256(slug.encode()).hexdigest()
