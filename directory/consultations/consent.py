"""What a patient agrees to before a request is sent. Each wording has a version, which is kept with the request.

A wording that was ever shown is never changed: a new one is added, and the newest is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.guide.words import N_

CURRENT: Final = "2026-11"

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "2026-11": (
        N_(
            "I agree that what I tick and write here about my health is sent to the people I chose, and to nobody "
            "else, so that they can answer me."
        ),
        N_(
            "I agree that this site keeps it encrypted, together with what I said about pregnancy, age and health, to "
            "check again before a talk that the rules still allow it, and erases it after the time it states."
        ),
    )
}
"""The box beside it is never ticked beforehand. Taking it back is as easy: every letter has a link to do so."""


def known(version: str) -> bool:
    """Whether somebody may have agreed to this wording."""
    return version in TEXTS
