"""The directory as open data: one table for whoever wants to use it, with what each field means and where it comes
from."""

from __future__ import annotations

from directory.web.data import table
from directory.web.data.blueprint import pages

__all__ = ["pages", "table"]
