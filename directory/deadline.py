"""A deadline of our own for whatever waits on the database.

A server's timeouts do not help when the server, or a proxy before it, takes a statement and never answers: the packets
are acknowledged, so the kernel is content, and nothing ever arrives. Every wait of psycopg is a generator that is
resumed at least ten times a second; it is wrapped here, and when the time is up the connection is closed and the wait
fails as a lost connection does, so that the pool replaces it. No thread is needed, and nothing is shared over a fork.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

MARGIN_SECONDS = 1.0
"""How much later than the server's own timeout ours comes, so that a living server may explain itself first."""

_Result = TypeVar("_Result")
_Row = TypeVar("_Row")
_ends: ContextVar[float | None] = ContextVar("stillpoint_deadline", default=None)
_hurried: ContextVar[bool] = ContextVar("stillpoint_hurried", default=True)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything that asks the database inside this block has this long in all."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


@contextmanager
def unhurried() -> Iterator[None]:
    """Inside this block a statement may take as long as it needs, or all the time of a ``within`` around it:
    migrations, backups, reading the whole index."""
    token = _hurried.set(False)
    try:
        yield
    finally:
        _hurried.reset(token)


def while_they_come(rows: Iterable[_Row], *, seconds: float, each: int = 1_000) -> Iterator[_Row]:
    """These rows, and after so many of them the surrounding ``within`` begins anew with so many seconds: what takes
    long but keeps coming is read to its end on a busy machine too, and what has ceased to come is not waited for."""
    for number, row in enumerate(rows):
        if number % each == 0:
            _ends.set(time.monotonic() + seconds)
        yield row


def left(seconds: float) -> float | None:
    """How long a wait that may take this many seconds may take now; not below zero, ``None`` when it is not bounded."""
    ends = _ends.get()
    rest = None if ends is None else max(0.0, ends - time.monotonic())
    if not _hurried.get():
        return rest
    return seconds if rest is None else min(seconds, rest)


def passed() -> bool:
    """Whether the time of the surrounding ``within`` is up."""
    return left(1.0) == 0.0


def watch(connection: Any, *, seconds: float, lost: Callable[[str], Exception]) -> None:
    """Let no wait of this psycopg connection last longer; ``lost`` makes the exception of a lost connection."""
    wait = connection.wait

    def bounded(waiting: Generator[Any, Any, _Result], *arguments: Any, **options: Any) -> _Result:
        allowed = left(seconds)
        if allowed is None:
            result: _Result = wait(waiting, *arguments, **options)
            return result
        ends = time.monotonic() + allowed

        def cut_off() -> Generator[Any, Any, _Result]:
            try:
                state = next(waiting)
                while True:
                    ready = yield state
                    if not ready and time.monotonic() >= ends:
                        connection.pgconn.finish()
                        raise lost("the database did not answer in time and was cut off")
                    state = waiting.send(ready)
            except StopIteration as end:
                result: _Result = end.value
                return result

        return wait(cut_off(), *arguments, **options)  # type: ignore[no-any-return]

    connection.wait = bounded
