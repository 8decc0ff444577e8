"""Coming onto the list, step by step, and changing one's profile afterwards: the same screens for both."""

from __future__ import annotations

from directory.web.registration import alike, offers, overview, places, prefill, review, who_you_are, words, work
from directory.web.registration.blueprint import pages

__all__ = ["alike", "offers", "overview", "pages", "places", "prefill", "review", "who_you_are", "words", "work"]
