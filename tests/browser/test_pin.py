"""The pin of a practice place: put by hand, by finger, by key, by button and without script, and said in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.members import with_a_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site


def at(page: Page) -> tuple[float, float]:
    """Where the pin stands, by the numbers that would be sent."""
    return float(page.locator("#latitude").input_value()), float(page.locator("#longitude").input_value())


def ready(page: Page) -> None:
    expect(page.locator("#pin[data-ready]")).to_be_visible()


def saved(page: Page) -> tuple[float, float]:
    """Save, come back, and say where the pin stands then."""
    address = page.url.partition("#")[0]
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Visits at")
    page.goto(address)
    return at(page)


def test_keys_and_buttons_move_the_pin_and_its_place_is_said(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    with_a_place(page, site)
    ready(page)
    expect(page.locator("#pin-said")).to_have_text("The pin is in the middle of 97214.")
    before = at(page)
    page.get_by_role("group", name="Map with the pin").focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowRight")
    after = at(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    expect(page.locator("#pin-said")).to_contain_text("The pin is about")
    page.get_by_role("button", name="Move the pin south").click()
    assert at(page)[0] < after[0]
    assert page.get_by_role("button", name="Move the pin south").evaluate("it => it === document.activeElement")
    here = at(page)
    assert saved(page) == here


def test_looking_closer_keeps_the_pin_and_what_was_typed(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    with_a_place(page, site)
    ready(page)
    page.get_by_label("The title you use here").fill("L.Ac.")
    before, around = at(page), float(page.locator("#around").input_value())
    page.get_by_role("button", name="Look closer").click()
    expect(page.locator("#around")).to_have_value(f"{around / 2:.3f}")
    assert at(page) == before
    expect(page.get_by_label("The title you use here")).to_have_value("L.Ac.")
    expect(page.get_by_role("button", name="Look closer")).to_be_focused()
    page.get_by_role("group", name="Map with the pin").focus()
    page.keyboard.press("-")
    expect(page.locator("#around")).to_have_value(f"{around:.3f}")


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
def test_the_map_is_pressed_where_the_door_is(visitor: Callable[..., Page], site: Site, touch: bool) -> None:
    page = visitor(has_touch=touch, viewport={"width": 390, "height": 844})
    with_a_place(page, site)
    ready(page)
    before = at(page)
    frame = page.locator("#pin .map__frame")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25
    if touch:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)
    after = at(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    sign = page.locator("#pin .pin__drop").bounding_box()
    assert sign is not None
    assert abs(sign["x"] + sign["width"] / 2 - x) < 3
    assert abs(sign["y"] + sign["height"] - y) < 6


def test_the_pin_is_dragged(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    with_a_place(page, site)
    ready(page)
    before = at(page)
    page.locator("#pin .map__frame").scroll_into_view_if_needed()
    sign = page.locator("#pin .pin__drop").bounding_box()
    assert sign is not None
    x, y = sign["x"] + sign["width"] / 2, sign["y"] + sign["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y + 60, steps=5)
    page.mouse.up()
    after = at(page)
    assert after[0] < before[0]
    assert after[1] < before[1]
    moved = page.locator("#pin .pin__drop").bounding_box()
    assert moved is not None
    assert abs(moved["x"] - sign["x"] + 40) < 2
    assert abs(moved["y"] - sign["y"] - 60) < 2
    assert saved(page) == after


def test_an_unknown_address_is_placed_by_hand(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    with_a_place(page, site, **{"Town": "Xyzzyville", "ZIP code": "", "State, province": "Oregon"})
    ready(page)
    expect(page.get_by_role("alert")).to_contain_text("put the pin on the map")
    expect(page.locator("#pin-said")).to_have_text("The pin is not placed yet.")
    expect(page.locator("#pin .pin__drop")).to_be_hidden()
    for _ in range(7):
        width = float(page.locator("#around").input_value())
        page.get_by_role("button", name="Look closer").click()
        expect(page.locator("#around")).to_have_value(f"{width / 2:.3f}")
    page.get_by_role("group", name="Map with the pin").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#pin .pin__drop")).to_be_visible()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fern Rooms")
    expect(page.locator("#follows")).to_be_visible()


def test_the_device_is_asked_only_when_the_button_is_pressed(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor(geolocation={"latitude": 45.51234, "longitude": -122.64321}, permissions=["geolocation"])
    with_a_place(page, site)
    ready(page)
    assert at(page) != (45.51234, -122.64321)
    page.get_by_role("button", name="I am there now").click()
    expect(page.locator("#latitude")).to_have_value("45.51234")
    expect(page.locator("#pin-said")).to_contain_text("The pin is about")
    assert saved(page) == (45.51234, -122.64321)


def test_without_script_the_buttons_and_numbers_do_the_same(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor(java_script_enabled=False)
    with_a_place(page, site)
    before = at(page)
    page.get_by_role("button", name="Move the pin north").click()
    assert at(page)[0] > before[0]
    page.get_by_text("Give the point in numbers").click()
    page.locator("#latitude").fill("45.51")
    page.locator("#longitude").fill("-122.64")
    page.get_by_role("button", name="Show it on the map").click()
    assert at(page) == (45.51, -122.64)
    address = page.url
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Visits at")
    page.goto(address)
    assert at(page) == (45.51, -122.64)
    expect(page.get_by_role("button", name="I am there now")).to_be_hidden()


def test_enter_in_a_field_saves_and_moves_no_pin(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    with_a_place(page, site)
    ready(page)
    before = at(page)
    page.get_by_label("What patients call this place").fill("New name")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Visits at New name")
    page.go_back()
    assert at(page) == before
