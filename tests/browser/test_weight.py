"""What a page weighs on the wire with everything it loads, headers included, for somebody who was never here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.finding import HERE
from tests.browser.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

MOST_BYTES = 60_000


@pytest.mark.parametrize("address", ["/", HERE, "/search?place=10001", "/search?place=London", "/about/ranking"])
def test_a_page_is_light(visitor: Callable[..., Page], address: str) -> None:
    page = visitor()
    weight: dict[str, float] = {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def came(event: dict[str, Any]) -> None:
        weight[event["requestId"]] = event["encodedDataLength"]

    wire.on("Network.loadingFinished", came)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    until(page, lambda: len(weight) >= 4, "the page, its style, its font and its signs")
    assert sum(weight.values()) <= MOST_BYTES
