"""What practitioners see of their own practice here: where they are listed, and what keeps it true."""

from __future__ import annotations

from directory.web.practice import figures, home, leaving, preview, rank
from directory.web.practice.blueprint import pages

__all__ = ["figures", "home", "leaving", "pages", "preview", "rank"]
