"""What practitioners see of their own practice here: where they are listed, and what keeps it true."""

from __future__ import annotations

from directory.web.practice import (
    appeal,
    away,
    closing,
    code,
    feedback,
    figures,
    home,
    leaving,
    listed,
    preview,
    questions,
    rank,
    requests,
    still_true,
)
from directory.web.practice.blueprint import pages

__all__ = [
    "appeal",
    "away",
    "closing",
    "code",
    "feedback",
    "figures",
    "home",
    "leaving",
    "listed",
    "pages",
    "preview",
    "questions",
    "rank",
    "requests",
    "still_true",
]
