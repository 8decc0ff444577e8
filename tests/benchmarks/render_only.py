"""The product with a search that remembers its answer: what a page costs when nothing is searched and nothing read.

Run like the product's own command; ``pages`` compares the two.
"""

from __future__ import annotations

from typing import Any

import directory.cli.serve
import directory.web.search
from directory.app import DirectoryApp, from_environment
from directory.cli import main
from directory.search.results import Results

APPLICATION = "tests.benchmarks.render_only:application()"


class _Remembered:
    """Searches once for each address and then knows."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self._known: dict[object, Results] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def find(self, session: Any, criteria: Any, page: Any = None, **asked: Any) -> Results:
        found = self._known.get((criteria, page))
        if found is None:
            found = self._known[criteria, page] = self._real.find(session, criteria, page, **asked)
        return found


def application() -> DirectoryApp:
    """The application, as gunicorn loads it."""
    directory.web.search.service = _Remembered(directory.web.search.service)  # type: ignore[assignment]
    return from_environment()


def run() -> None:
    """The product's command with this application in the place of its own."""
    directory.cli.serve.APPLICATION = APPLICATION
    main(prog_name="stillpoint")
