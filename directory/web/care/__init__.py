"""What a patient does around visits: plans, papers to take along, a look back. Nothing of it is kept."""

from directory.web.care import around, papers, plans, summaries
from directory.web.care.blueprint import pages

__all__ = ["around", "pages", "papers", "plans", "summaries"]
