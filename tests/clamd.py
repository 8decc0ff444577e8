"""A server that speaks the protocol of a ClamAV daemon and knows one virus."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _all(line: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        more = line.recv(size - len(got))
        if not more:
            raise ConnectionError
        got += more
    return got


def clamd(line: socket.socket) -> None:
    """What a ClamAV daemon does with one INSTREAM."""
    assert _all(line, 10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack("!L", _all(line, 4))[0]:
        content += _all(line, size)
    line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@contextmanager
def served(server: socket.socket, speak: Callable[[socket.socket], None]) -> Iterator[None]:
    """Answer as many visitors as come, one after another, in this way."""
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = server.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(10)
                speak(line)

    server.settimeout(0.05)
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
