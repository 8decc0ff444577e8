"""Waiting for what a test listens to, and never for a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PATIENCE_MILLISECONDS = 60_000
"""How long a slow machine may take for one step, or for what is expected to come true."""


def until(page: Page, so: Callable[[], object], what: str) -> None:
    """Let the browser's events come in until this is so: handlers are called only while Playwright is waiting."""
    latest = time.monotonic() + PATIENCE_MILLISECONDS / 1000
    while not so():
        assert time.monotonic() < latest, f"never came: {what}"
        page.wait_for_timeout(10)


def drawn(page: Page) -> None:
    """Wait until the page has been laid out and drawn once more, with everything that was done before."""
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(true))))")
