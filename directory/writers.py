"""Turns at writing to a SQLite file, which lets one at a time.

SQLite has everybody who waits look again now and then, ever more seldom, and takes whoever happens to look at the right
moment: of many who wait, one may wait for seconds while others come and go. Here the threads of a process stand in a
line, and only the first of the line looks, often. So writers of several processes take turns as well, more or less.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_PAUSE_SECONDS: Final = 0.002
"""Between two looks at whether another process still writes. A request writes for several of these."""


class Line:
    """The threads of this process that want to write to one file, in the order in which they came."""

    def __init__(self) -> None:
        self.begin_anew()
        _lines.add(self)

    def begin_anew(self) -> None:
        """Forget who stands here: after a fork they are not in this process."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; whether it came within this time. Whoever has it passes it on."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        try:
            if mine.wait(seconds):
                return True
        except BaseException:
            if not self._gave_up(mine):
                self.pass_on()
            raise
        return not self._gave_up(mine)

    def pass_on(self) -> None:
        """Give the turn to whoever has waited longest, if anybody does."""
        with self._guard:
            self._taken = bool(self._waiting)
            if self._waiting:
                self._waiting.popleft().set()

    def _gave_up(self, mine: threading.Event) -> bool:
        """Leave the line; ``False`` where the turn had come by then."""
        with self._guard:
            if mine.is_set():
                return False
            self._waiting.remove(mine)
            return True


_lines: weakref.WeakSet[Line] = weakref.WeakSet()


def _after_a_fork() -> None:
    for line in list(_lines):
        line.begin_anew()


os.register_at_fork(after_in_child=_after_a_fork)


class Connection(sqlite3.Connection):
    """A connection that waits in line before it writes, and passes its turn on with the end of its transaction."""

    line: Line | None = None
    """Where to wait; ``None`` for a database that lives in one connection."""
    _has_turn = False

    @contextmanager
    def impatient(self) -> Iterator[float]:
        """Have SQLite say at once that others write, and not after the seconds that this gives."""
        (milliseconds,) = self.execute("PRAGMA busy_timeout").fetchone()
        self.execute("PRAGMA busy_timeout=0")
        try:
            yield milliseconds / 1000
        finally:
            self.execute(f"PRAGMA busy_timeout={milliseconds}")

    def begin_writing(self, seconds: float) -> bool:
        """Begin a transaction that holds the write lock; ``False`` where that was not to be had within this time, or
        something else stands in the way. To be called ``impatient``."""
        ends = time.monotonic() + seconds
        if self.line is not None and not self.line.take(seconds):
            return False
        self._has_turn = self.line is not None
        begun = False
        try:
            begun = self._begin_before(ends)
        finally:
            if not begun:
                self._pass_on()
        return begun

    def commit(self) -> None:
        """Commit, and let the next one write."""
        super().commit()
        self._pass_on()

    def rollback(self) -> None:
        """Roll back, and let the next one write."""
        super().rollback()
        self._pass_on()

    def close(self) -> None:
        """Close, and let the next one write."""
        try:
            super().close()
        finally:
            self._pass_on()

    def _begin_before(self, ends: float) -> bool:
        while True:
            try:
                self.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            else:
                return True
            if not busy or time.monotonic() >= ends:
                return False
            time.sleep(_PAUSE_SECONDS)

    def _pass_on(self) -> None:
        if self._has_turn and self.line is not None:
            self._has_turn = False
            self.line.pass_on()
