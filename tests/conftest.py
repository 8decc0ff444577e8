"""What holds for every test: no word to the outside world, one odd time zone, nobody's own settings."""

from __future__ import annotations

import ipaddress
import os
import sys
import time
from typing import Any

from hypothesis import HealthCheck, settings

from tests.completeness import IN_CI

pytest_plugins = ["tests.databases"]

# Far from UTC, and off by a quarter of an hour, so that code which takes the machine's local time is found out.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()

# The shell of whoever runs the tests must not steer them: proxies would see requests to our own test servers,
# and libpq reads every PG… variable.
for name in [name for name in os.environ if name.startswith("PG") or name.lower().endswith("_proxy")]:
    del os.environ[name]

# Two cores are shared with browsers and database servers, so a slow example says nothing about the code.
settings.register_profile("developer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if IN_CI else "developer")


class OutsideConnection(RuntimeError):
    """A test tried to reach another machine. Not an ``OSError``, so no fallback can swallow it."""


def _stays_here(host: object) -> bool:
    if host is None or isinstance(host, bytes) or str(host) in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _forbid_the_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        if not isinstance(address, tuple):  # a unix socket is a path, a connected one has no address
            return
        host = address[0]
    else:
        return
    if not _stays_here(host):
        raise OutsideConnection(f"a test tried to reach {host}; use a server on 127.0.0.1 or a prepared answer")


# An audit hook sees every socket of this process, also those that libraries open; it lasts until the process ends.
sys.addaudithook(_forbid_the_outside)
