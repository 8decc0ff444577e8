"""The walls of the test house hold: no database in this storey, no other machine in any."""

from __future__ import annotations

import errno
import socket
import time
import urllib.request

import pytest
from sqlalchemy import create_engine


def test_no_engine_is_made_in_this_storey() -> None:
    with pytest.raises(RuntimeError, match="knows no database"):
        create_engine("sqlite://")


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_no_socket_reaches_another_machine(address: tuple[str, int]) -> None:
    with pytest.raises(RuntimeError, match="tried to reach"):
        socket.create_connection(address, timeout=1)


def test_no_page_is_fetched_from_another_machine() -> None:
    with pytest.raises(RuntimeError, match="tried to reach"):
        urllib.request.urlopen("http://example.org/", timeout=1)


def test_a_server_on_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as visitor:
        # A machine cut off from every network may have switched off even the way to itself: its refusal is not ours.
        assert visitor.connect_ex(server.getsockname()) in (0, errno.ENETUNREACH)


def test_local_time_is_far_from_utc() -> None:
    assert time.localtime(0).tm_gmtoff == (12 * 60 + 45) * 60
