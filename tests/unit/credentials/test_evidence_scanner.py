"""Asking a virus scanner, against a server that speaks its protocol: what it says, and what it does not."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.credentials.evidence.scanner import Scan, Scanner
from directory.credentials.evidence.terms import Verdict
from tests.clamd import EICAR, clamd, served


def _says(answer: bytes) -> Callable[[socket.socket], None]:
    def speak(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            line.sendall(answer)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass

    return speak


def silent(line: socket.socket) -> None:
    """Takes everything and never answers."""
    while line.recv(65536):
        pass


def _asked(speak: Callable[[socket.socket], None], content: bytes, *, seconds: float = 10.0) -> Scan:
    with socket.create_server(("127.0.0.1", 0)) as server, served(server, speak):
        return Scanner(f"127.0.0.1:{server.getsockname()[1]}", seconds=seconds).scan(content)


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000])
def test_what_is_harmless_is_told_so(size: int) -> None:
    assert _asked(clamd, bytes(size)) == Scan(Verdict.NOTHING_FOUND)


@pytest.mark.parametrize("before", [0, 64 * 1024 - 10, 1_000_000])
def test_what_is_found_is_named_wherever_it_stands(before: int) -> None:
    assert _asked(clamd, bytes(before) + EICAR) == Scan(Verdict.FOUND, "Eicar-Test-Signature")


def test_a_socket_in_a_folder_will_do(tmp_path: Path) -> None:
    path = tmp_path / "clamd.ctl"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        with served(server, clamd):
            assert Scanner(str(path)).scan(EICAR).verdict is Verdict.FOUND


def test_without_an_address_nobody_is_asked() -> None:
    assert Scanner("").scan(EICAR) == Scan(Verdict.NOT_ASKED)


def test_a_scanner_that_is_away_has_said_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert Scanner(f"127.0.0.1:{port}").scan(b"x") == Scan(Verdict.AWAY)
    assert Scanner(str(tmp_path / "nobody")).scan(b"x") == Scan(Verdict.AWAY)


def test_a_scanner_that_is_too_slow_has_said_nothing() -> None:
    assert _asked(silent, b"x", seconds=0.2) == Scan(Verdict.AWAY)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK and more\0",
        b"OK\0",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"stream:  FOUND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"\xff\xfe\x00" * 3000,
        b"stream: OK",
    ],
)
def test_whatever_else_it_says_is_no_clearance(answer: bytes) -> None:
    assert _asked(_says(answer), b"x") == Scan(Verdict.AWAY)
