"""The counts of this process that are not written down yet, so that no page waits for a write of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from directory.figures.rules import Count

WRITE_AFTER: Final = timedelta(seconds=30)
"""How long counts may wait for the next request before it writes them; what waits is lost when a process is killed."""

MOST_WAITING: Final = 2_000
"""Rows; with so many waiting the next request writes, however soon it comes."""


class Tally:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, date], Count] = {}
        self._written_at: datetime | None = None

    def listed(self, ids: Iterable[int], *, before: int, apart: Iterable[int] = (), now: datetime) -> None:
        """These people stood in a list in this order, behind ``before`` others, and those beside it."""
        counts = [(each, Count(appearances=1, sum_of_rank=rank)) for rank, each in enumerate(ids, start=before + 1)]
        counts += ((each, Count(apart=1)) for each in apart)
        self._add(counts, now)

    def viewed(self, practitioner_id: int, *, now: datetime) -> None:
        """Somebody opened this person's profile."""
        self._add([(practitioner_id, Count(views=1))], now)

    def due(self, now: datetime) -> Mapping[tuple[int, date], Count]:
        """What is to be written now, which is then nobody else's; empty while it may still wait."""
        with self._lock:
            rested = self._written_at is None or now - self._written_at >= WRITE_AFTER
            if not self._waiting or not (rested or len(self._waiting) >= MOST_WAITING):
                return {}
            self._written_at = now
            taken, self._waiting = self._waiting, {}
            return taken

    def _add(self, counts: Iterable[tuple[int, Count]], now: datetime) -> None:
        day = now.date()
        with self._lock:
            for practitioner_id, count in counts:
                key = practitioner_id, day
                self._waiting[key] = self._waiting.get(key, Count()) + count
