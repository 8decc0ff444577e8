"""What the browser itself notices: complaints, requests to others, addresses that say too much."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request

TELLING = re.compile(r"pregnan|trimester|week|\bdue\b|\bage\b|condition|red.?flag|about_you", re.IGNORECASE)
"""Names and values under which an address could carry something about somebody's health."""
OF_WORK = re.compile(r"/(registration|evidence)/[^?]*|next=/(registration|evidence)/[^&]*")
"""Paths about what somebody does at work, which say nothing of their own health."""
VIEWER = ("chrome-extension://", "chrome://")
"""Parts of the browser itself, with which it shows a document inside a page."""
EXPECTED = "Failed to load resource: the server responded with a status of"
"""What Chromium says of a page that is a refusal; tests look at those pages themselves."""


class Watch:
    """Listens to contexts; ``faults`` says what must never happen, ``asked`` is every page that was asked for."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self.faults: list[str] = []
        self.asked: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of this context."""
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self.asked.append(request.url.removeprefix(self._origin))
        if not request.url.startswith((f"{self._origin}/", "data:", *VIEWER)):
            self.faults.append(f"asked another machine: {request.url}")
        if TELLING.search(OF_WORK.sub("", unquote(request.url))):
            self.faults.append(f"says too much: {request.url}")
        # The browser's own viewer of documents is told where it is, and tells us alone when it asks for the document.
        of_viewer = request.url.startswith((f"{self._origin}/evidence/view/", *VIEWER))
        if request.headers.get("referer", "") not in ("", f"{self._origin}/" if of_viewer else ""):
            self.faults.append(f"tells where somebody was: {request.headers['referer']}")
