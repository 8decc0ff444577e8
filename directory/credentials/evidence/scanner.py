"""Asking a ClamAV daemon about a file, by the INSTREAM command of https://docs.clamav.net/manpage/clamd.8.html."""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass
from typing import Final

from directory.credentials.evidence.terms import Verdict

_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_FOUND: Final = re.compile(r"stream: (\S.{0,199}) FOUND\0")


@dataclass(frozen=True, slots=True)
class Scan:
    """A verdict, and the name of what was found."""

    verdict: Verdict
    found: str = ""


@dataclass(frozen=True, slots=True)
class Scanner:
    """The daemon at ``address``, which is ``host:port``, the path of a socket, or empty for none."""

    address: str
    seconds: float = 15.0

    def scan(self, content: bytes) -> Scan:
        """What the daemon says about this file. Never raises for what the daemon does."""
        if not self.address:
            return Scan(Verdict.NOT_ASKED)
        try:
            with self._connected() as daemon:
                daemon.sendall(b"zINSTREAM\0")
                for at in range(0, len(content), _CHUNK):
                    chunk = content[at : at + _CHUNK]
                    daemon.sendall(struct.pack("!L", len(chunk)) + chunk)
                daemon.sendall(struct.pack("!L", 0))
                answer = _line(daemon)
        except OSError:
            return Scan(Verdict.AWAY)
        if answer == "stream: OK\0":
            return Scan(Verdict.NOTHING_FOUND)
        found = _FOUND.fullmatch(answer)
        return Scan(Verdict.FOUND, found[1]) if found else Scan(Verdict.AWAY)

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            daemon = socket.socket(socket.AF_UNIX)
            daemon.settimeout(self.seconds)
            try:
                daemon.connect(self.address)
            except OSError:
                daemon.close()
                raise
            return daemon
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self.seconds)


def _line(daemon: socket.socket) -> str:
    """The answer with its zero byte, or as much as comes."""
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        more = daemon.recv(_LONGEST_ANSWER)
        if not more:
            break
        answer += more
    return answer.decode("utf-8", "replace")
