"""The closed list of words about a pair."""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """What is known of a pair. Two that were found to be one are one row afterwards, and no pair."""

    OPEN = "open"
    NOT_THE_SAME = "not_the_same"
