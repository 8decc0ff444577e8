"""The pages of the people who run the site: what waits for them, and what they decide."""

from __future__ import annotations

from directory.web.desk import complaints, deciding, queue
from directory.web.desk.blueprint import pages

__all__ = ["complaints", "deciding", "pages", "queue"]
