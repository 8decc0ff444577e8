"""The slider over a list: words at once, the list when the hand rests, late and lost answers, and no script at all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.finding import HERE, tell
from tests.browser.waiting import drawn, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Request, Route

DESK = {"viewport": {"width": 1280, "height": 900}}


def people(page: Page) -> list[str]:
    """The addresses of the people in the list, in order."""
    page.wait_for_load_state()
    return [link.get_attribute("href") or "" for link in page.locator("ol.cards .card__title a").all()]


def slide(page: Page, keys: str) -> None:
    """Move the slider with the keyboard, a step for each key."""
    page.locator("#leaning-range").focus()
    page.keyboard.press(keys)


def settled(page: Page, leaning: int) -> None:
    """Wait until the list is that of this place on the slider."""
    page.wait_for_url(lambda address: parse_qs(urlsplit(address).query).get("leaning") == [str(leaning)])
    expect(page.locator("#found")).to_have_attribute("aria-busy", "false")


def test_the_list_and_the_words_follow_the_slider(visitor: Callable[..., Page]) -> None:
    page = visitor(**DESK)
    page.goto(f"{HERE}&radius=100")
    before, said = people(page), page.locator("#leaning-said").inner_text()
    slide(page, "Home")
    expect(page.locator("#leaning-said")).not_to_have_text(said)
    settled(page, 0)
    nearest = people(page)
    assert nearest != before
    expect(page.locator("#found")).to_contain_text(page.locator("#leaning-said").inner_text())
    expect(page.locator("#slider [role=status]")).to_contain_text("in this order now")
    expect(page.locator("#leaning-range")).to_be_focused()
    page.reload()
    assert people(page) == nearest, "the address says where the slider stands"
    expect(page.locator("#leaning-range")).to_have_value("0")


def test_what_is_asked_next_keeps_the_slider_where_it_is(visitor: Callable[..., Page]) -> None:
    page = visitor(**DESK)
    page.goto(HERE)
    slide(page, "End")
    settled(page, 100)
    page.locator("#radius").select_option("50")
    page.get_by_role("button", name="Show the list").click()
    expect(page.locator("#made-for")).to_contain_text("50 miles")
    expect(page.locator("#leaning-range")).to_have_value("100")
    slide(page, "Home")
    settled(page, 0)
    tell(page, "No")
    expect(page.locator("#leaning-range")).to_have_value("0")


def test_an_answer_that_comes_late_does_not_undo_a_later_choice(visitor: Callable[..., Page]) -> None:
    page = visitor(**DESK)
    page.goto(f"{HERE}&radius=100&leaning=100")
    experienced = people(page)
    page.goto(f"{HERE}&radius=100")
    held: list[Route] = []
    over: list[Request] = []

    def slowly(route: Route) -> None:
        if "leaning=0" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    def ended(request: Request) -> None:
        if "leaning=0" in request.url:
            over.append(request)

    page.on("requestfinished", ended)
    page.on("requestfailed", ended)

    page.route("**/search?*", slowly)
    slide(page, "Home")
    expect(page.locator("#slider [role=status]")).to_contain_text("Putting the list in this order")
    expect(page.locator("#found")).to_have_attribute("aria-busy", "true")
    until(page, lambda: held, "the request for the nearest")
    slide(page, "End")
    settled(page, 100)
    assert people(page) == experienced
    for route in held:
        route.continue_()
    until(page, lambda: len(over) == len(held), "the end of the late answer")
    drawn(page)
    assert people(page) == experienced
    assert "leaning=100" in page.url


def test_a_lost_answer_is_said_and_can_be_asked_for_again(visitor: Callable[..., Page]) -> None:
    page = visitor(**DESK)
    page.goto(HERE)
    before = people(page)
    again = page.get_by_role("button", name="Put in this order")
    expect(again).to_be_hidden()
    page.route("**/search?*leaning*", lambda route: route.fulfill(status=503, body="away"))
    slide(page, "Home")
    expect(page.locator("#slider [role=status]")).to_contain_text("could not be fetched")
    expect(again).to_be_visible()
    assert people(page) == before
    page.unroute("**/search?*leaning*")
    again.click()
    settled(page, 0)
    expect(again).to_be_hidden()


def test_without_script_a_button_asks_for_the_order(visitor: Callable[..., Page]) -> None:
    page = visitor(**DESK, java_script_enabled=False)
    page.goto(f"{HERE}&radius=100&accepting=yes")
    before = people(page)
    slide(page, "Home")
    page.get_by_role("button", name="Put in this order").click()
    page.wait_for_url("**leaning=0*")
    expect(page.locator("#leaning-range")).to_have_value("0")
    assert parse_qs(urlsplit(page.url).query)["accepting"] == ["yes"]
    assert people(page) != before
