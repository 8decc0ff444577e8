"""The pages of the people who run the site: what waits for them, and what they decide."""

from __future__ import annotations

from directory.web.desk import calls, queue
from directory.web.desk.blueprint import pages

__all__ = ["calls", "pages", "queue"]
from directory.web.desk import deciding

__all__ = ["deciding", "pages", "queue"]
from directory.web.desk import closing, duplicates, jurisdictions

__all__ = ["closing", "deciding", "duplicates", "jurisdictions", "pages", "queue"]
