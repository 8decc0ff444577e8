"""A patient's pages behind the links in letters: without an account, and nothing is decided by opening one."""

from directory.web.visits import deciding, reading
from directory.web.visits.blueprint import pages

__all__ = ["deciding", "pages", "reading"]
