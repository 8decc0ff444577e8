"""The closed list of words of closing."""

from __future__ import annotations

from enum import StrEnum


class Closing(StrEnum):
    """Why somebody practises no longer. Nobody but the desk is told which it is."""

    RETIRED = "retired"
    DIED = "died"
    CLOSED = "closed"
    MOVED = "moved"
    """To where we list nobody, or where they do not want to be listed."""
