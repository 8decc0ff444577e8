""" "Use my location": asked only when pressed, rounded on the device, and in plain words when it cannot be had."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PORTLAND = {"latitude": 45.5152318, "longitude": -122.6783854}
SPY = """
  window.asked = 0;
  const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; real(...all); };
"""


def test_nothing_is_asked_before_the_button_is_pressed_and_what_is_sent_is_rounded(
    visitor: Callable[..., Page],
) -> None:
    page = visitor(geolocation=PORTLAND, permissions=["geolocation"])
    page.add_init_script(SPY)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto("/")
    place = page.get_by_label("Where do you need someone?")
    place.fill("97214")
    assert page.evaluate("window.asked") == 0
    expect(page.locator(".locate")).to_contain_text("round it to about a kilometer before it leaves your device")

    page.get_by_role("button", name="Use my location").click()
    expect(place).to_have_value("45.52, -122.68")
    expect(place).to_be_focused()
    assert page.evaluate("window.asked") == 1
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Show people near me").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("45.52, -122.68")
    assert not re.search(r"45\.51\d{2}|122\.67\d{2}", " ".join(sent))


def test_a_refusal_is_said_in_plain_words(visitor: Callable[..., Page]) -> None:
    page = visitor(permissions=[])
    page.goto("/")
    page.evaluate(
        """() => { navigator.geolocation.getCurrentPosition = (_found, refused) =>
          refused({ code: 1, PERMISSION_DENIED: 1 }); }"""
    )
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator(".locate [role=status]")).to_contain_text("Please type a place instead")
    expect(page.get_by_label("Where do you need someone?")).to_have_value("")


def test_without_script_there_is_no_button_that_does_nothing(visitor: Callable[..., Page]) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_role("button", name="Use my location")).to_be_hidden()
    expect(page.get_by_role("button", name="Show people near me")).to_be_visible()
