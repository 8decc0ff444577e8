"""What holds for every test: no word to the outside world, one odd time zone, nobody's own settings."""

from __future__ import annotations

import gc
import ipaddress
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from directory.accounts import passwords
from tests.examples import THOROUGH, examples

pytest_plugins = ["tests.databases"]

# Several thousand modules and tests stay until the end: looking through them for garbage, again and again, finds none.
gc.disable()
_NEW_OBJECTS = (100_000, 50, 50)
"""How many there are before the youngest are looked through, and how often that is before the older ones are."""


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*_NEW_OBJECTS)
    gc.enable()


# Far from UTC, and off by a quarter of an hour, so that code which takes the machine's local time is found out.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()

# The shell of whoever runs the tests must not steer them: proxies would see requests to our own test servers,
# and libpq reads every PG… variable.
for name in [name for name in os.environ if name.startswith("PG") or name.lower().endswith("_proxy")]:
    del os.environ[name]

# Two cores are shared with browsers and database servers, so a slow example says nothing about the code. The examples
# are the same in every run, so that no run fails by itself; with THOROUGH=1 they are others each time, and more.
_ALWAYS = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "max_examples": examples()}
settings.register_profile("thorough", print_blob=True, **_ALWAYS)
settings.register_profile("quick", derandomize=True, database=None, print_blob=True, **_ALWAYS)
settings.load_profile("thorough" if THOROUGH else "quick")

_AS_SHIPPED = passwords._hasher
# The same way, only cheaper: stories sign people in hundreds of times. What it costs has tests of its own.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def passwords_as_shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords cost what they cost in production."""
    monkeypatch.setattr(passwords, "_hasher", _AS_SHIPPED)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


class OutsideConnection(RuntimeError):
    """A test tried to reach another machine. Not an ``OSError``, so no fallback can swallow it."""


def _stays_here(host: object) -> bool:
    if host is None or isinstance(host, bytes) or str(host) in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


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
