"""When somebody is reminded, and of what: each occasion once, however often and however late anybody looks. Pure.

A thing has an anchor (the day something was confirmed, or the day it ends) and steps counted from it. Who has not
looked for days finds several steps past: the newest is worth a letter, the others have been overtaken and are noted as
such. What lies back too far is noted and not written about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from directory.practitioners.rules import ATTESTATION_DAYS, WARN_DAYS

PROFILE_STEPS: Final = (WARN_DAYS - 15, WARN_DAYS - 10, WARN_DAYS - 5, WARN_DAYS + 1, WARN_DAYS + 14, 110, 118, 121)
"""Days after "all still true": before searchers are warned, after it, before the profile goes, and when it has gone."""

ENDING_STEPS: Final = (-60, -30, -7, 0)
"""Days from the last day of a paper."""

PATIENCE_DAYS: Final = 30
"""For so long a step is still worth a letter, if none has come after it."""


@dataclass(frozen=True, slots=True, order=True)
class Occasion:
    """One step of one thing: what it is about, the day it counts from, and how many days away from it."""

    about: str
    anchor: date
    step: int

    @property
    def day(self) -> date:
        """When it is due."""
        return self.anchor + timedelta(days=self.step)

    @property
    def key(self) -> str:
        """A name that no other occasion of the same person has."""
        return f"{self.about}:{self.anchor.isoformat()}:{self.step}"


@dataclass(frozen=True, slots=True)
class Due:
    """What to do about one thing today: ``write`` about one occasion, and note the others as ``overtaken``."""

    write: Occasion | None
    overtaken: tuple[Occasion, ...]


def due(about: str, anchor: date, steps: Iterable[int], *, today: date, noted: Collection[str]) -> Due:
    """What is due about this thing, given the keys noted so far."""
    past = [each for each in (Occasion(about, anchor, step) for step in sorted(steps)) if each.day <= today]
    if not past or past[-1].key in noted:
        # Notes come in order: once the newest is noted, whatever came before it is as well, or is of no more use.
        return Due(None, ())
    *earlier, newest = (each for each in past)
    unnoted = tuple(each for each in earlier if each.key not in noted)
    if today - newest.day > timedelta(days=PATIENCE_DAYS):
        return Due(None, (*unnoted, newest))
    return Due(newest, unnoted)


def profile_is_off(occasion: Occasion) -> bool:
    """Whether a place has gone from the list by the time of this occasion."""
    return occasion.step > ATTESTATION_DAYS
