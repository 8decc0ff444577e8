"""Standing in line to write: first come, first served, and nobody who left or failed holds the others up."""

from __future__ import annotations

import threading

import pytest

from directory.writers import Line

PATIENCE = 30
"""Seconds; far more than anything here takes."""


def stand(line: Line, name: str, served: list[str], *, seconds: float = PATIENCE) -> threading.Thread:
    """Somebody who waits in the line, says so when it is their turn, and passes it on."""

    def wait() -> None:
        if line.take(seconds):
            served.append(name)
            line.pass_on()

    before = line.waiting
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    while line.waiting == before and thread.is_alive():
        thread.join(0.001)
    return thread


def test_who_came_first_is_served_first() -> None:
    line, served = Line(), list[str]()
    assert line.take(0)
    threads = [stand(line, str(number), served) for number in range(12)]
    assert served == []
    line.pass_on()
    for each in threads:
        each.join(PATIENCE)
    assert served == [str(number) for number in range(12)]
    assert line.take(0), "the last one left the turn to whoever comes next"


def test_whose_patience_ends_leaves_the_line() -> None:
    line, served = Line(), list[str]()
    assert line.take(0)
    assert not line.take(0.001)
    assert line.waiting == 0
    waiting = stand(line, "patient", served)
    line.pass_on()
    waiting.join(PATIENCE)
    assert served == ["patient"]


def test_who_is_interrupted_while_waiting_leaves_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    assert line.take(0)

    def interrupt(_event: threading.Event, _seconds: float | None = None) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(threading.Event, "wait", interrupt)
        with pytest.raises(KeyboardInterrupt):
            line.take(PATIENCE)
    assert line.waiting == 0
    line.pass_on()
    assert line.take(0)


def test_after_a_fork_nobody_stands_there() -> None:
    line = Line()
    assert line.take(0)
    line.begin_anew()
    assert line.take(0)
