"""The words of outcomes."""

from __future__ import annotations

from enum import StrEnum


class Contact(StrEnum):
    """What became of trying to reach a practitioner, in the patient's word."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    """The number or address in the entry is not theirs."""
    NOT_TAKING = "not_taking"
    """They take no new patients."""
