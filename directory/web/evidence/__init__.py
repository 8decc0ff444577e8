"""Showing what is true: files, statements, a colleague's word, and the photo of a profile."""

from __future__ import annotations

from directory.web.evidence import attaching, confirming, photo, serving
from directory.web.evidence.blueprint import pages

__all__ = ["attaching", "confirming", "pages", "photo", "serving"]
