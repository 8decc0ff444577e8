"""The pages of the people who run the site: what waits for them, and what they decide."""

from __future__ import annotations

from directory.web.desk import case, queue
from directory.web.desk.blueprint import pages

__all__ = ["case", "pages", "queue"]
