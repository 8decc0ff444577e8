"""What practitioners see of their own practice here: where they are listed, and what keeps it true."""

from __future__ import annotations

from directory.web.practice import listed, still_true
from directory.web.practice.blueprint import pages

__all__ = ["listed", "pages", "still_true"]
