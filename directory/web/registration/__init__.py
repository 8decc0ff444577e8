"""Coming onto the list, step by step, and changing one's profile afterwards: the same screens for both."""

from __future__ import annotations

from directory.web.registration import (
    alike,
    education,
    licences,
    offers,
    overview,
    places,
    prefill,
    pregnancy,
    review,
    rls,
    who_you_are,
    words,
    work,
)
from directory.web.registration.blueprint import pages

__all__ = [
    "alike",
    "education",
    "licences",
    "offers",
    "overview",
    "pages",
    "places",
    "prefill",
    "pregnancy",
    "review",
    "rls",
    "who_you_are",
    "words",
    "work",
]
