"""The words of the measurement."""

from __future__ import annotations

from enum import StrEnum


class Reached(StrEnum):
    """What became of a call to the telephone number that the directory prints."""

    PRACTICE = "practice"
    """Somebody of the practice answered, or its own message did."""
    NO_ANSWER = "no_answer"
    """Three tries on two days, and nobody."""
    WRONG_NUMBER = "wrong_number"
    """It is somebody else's."""
    OUT_OF_SERVICE = "out_of_service"
    NO_LONGER_HERE = "no_longer_here"
    """The practice answered, and this practitioner does not work there."""
