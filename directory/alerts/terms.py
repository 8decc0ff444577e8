"""The words and texts of saved searches."""

from __future__ import annotations

from typing import Final

from directory.guide.words import N_

FACTS_CONSENT: Final = "saved-search-facts-1"
"""The version of the sentence below that somebody agreed to; a change of its meaning takes a new number."""

FACTS_CONSENT_TEXT: Final = N_(
    "Also keep what I told you about my health, sealed, with this search, so that the letters are made for me. I can "
    "take this back at any time with the link in each letter."
)
