"""The counts of this process, written down by a few at a time, so that a request that only reads need not write.

Each process knows what the others had used when it last wrote or read, so together they may let a few requests too many
pass, never many: at most ``WRITE_EVERY`` for each process, and ``WRITE_EVERY_KNOWN`` of those that cost us next to
nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from directory.accounts.api_keys.rules import Quota

WRITE_EVERY: Final = 10
WRITE_EVERY_KNOWN: Final = 100
"""Where an answer only said that nothing has changed, writing this down would cost more than the answer."""
WRITE_AFTER: Final = timedelta(seconds=5)
MOST_KNOWN: Final = 10_000
"""Subjects that are kept in memory; with more, those that are over are dropped, and in the end all that is written."""

Row: TypeAlias = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands after a request: ``allowed``, how many are left, and in how many seconds it starts anew."""

    allowed: bool
    left: int
    seconds: int


@dataclass(slots=True)
class _Count:
    written: int
    """By all processes, as far as this one knows."""
    waiting: int
    since: datetime


class Meter:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Row, _Count] = {}

    def take(self, row: Row, quota: Quota, *, now: datetime, used: Callable[[], int]) -> Standing:
        """Count one request, unless the quota is used up; ``used`` is asked only where this process knows nothing."""
        with self._lock:
            known = row in self._counts
        # Asked outside the lock: a slow database must not hold up everybody else.
        written = 0 if known else used()
        seconds = max(1, round((row[1] - now).total_seconds()))
        with self._lock:
            count = self._counts.setdefault(row, _Count(written, 0, now))
            total = count.written + count.waiting
            if total >= quota.most:
                return Standing(allowed=False, left=0, seconds=seconds)
            count.waiting += 1
            return Standing(allowed=True, left=quota.most - total - 1, seconds=seconds)

    def due(self, *, now: datetime, waiting: int = WRITE_EVERY) -> Sequence[tuple[Row, int]]:
        """What is to be written now, which is then nobody else's: whatever rested, and where so many are waiting."""
        with self._lock:
            taken = []
            for row, count in self._counts.items():
                rested = now - count.since >= WRITE_AFTER
                if count.waiting and (rested or count.waiting >= waiting):
                    taken.append((row, count.waiting))
                    count.written, count.waiting, count.since = count.written + count.waiting, 0, now
            self._forget(now)
            return taken

    def learn(self, row: Row, used: int) -> None:
        """What all processes together have used, as the database said after a write."""
        with self._lock:
            count = self._counts.get(row)
            if count is not None:
                count.written = max(count.written, used)

    def _forget(self, now: datetime) -> None:
        if len(self._counts) <= MOST_KNOWN:
            return
        self._counts = {row: count for row, count in self._counts.items() if row[1] > now and count.waiting}
