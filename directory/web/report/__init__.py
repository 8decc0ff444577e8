"""Saying that an entry is wrong, and that one was harmed or felt unsafe: for everybody, without an account."""

from __future__ import annotations

from directory.web.report import entry, harm
from directory.web.report.blueprint import pages

__all__ = ["entry", "harm", "pages"]
