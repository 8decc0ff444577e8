"""The closed lists of words of reports."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """What a report is about."""

    NAME = "name"
    LICENCE = "licence"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    HOURS = "hours"
    PRICES = "prices"
    LANGUAGES = "languages"
    ACCEPTING = "accepting"
    """They take no new patients, or do although the page says no."""
    PHOTO = "photo"
    WORDS = "words"
    ACCESS = "access"
    """Steps, doors or a toilet were not as described."""
    MEDICINE = "medicine"
    """They told somebody to stop or change a medicine."""
    CLAIMS = "claims"
    """They say that they treat an illness for good."""
    OTHER = "other"
    HARM = "harm"
    """Somebody was harmed or felt unsafe: told on a page of its own."""


class Result(StrEnum):
    """What came of a report."""

    CORRECTED = "corrected"
    ASKED = "asked"
    """The practitioner was asked, and has answered or put it right."""
    NOTHING_FOUND = "nothing_found"
    PASSED_ON = "passed_on"
    """To the board, the register or the police."""
    HIDDEN = "hidden"
    """The profile is hidden for now, or taken off the list."""
