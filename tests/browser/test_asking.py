"""From opening the site to a sent request: how many screens it takes, without script and on a small phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import asking

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site
    from tests.browser.watch import Watch

MOST_SCREENS = 5
PHONE = {"viewport": {"width": 320, "height": 700}, "is_mobile": True, "has_touch": True, "java_script_enabled": False}


def test_a_request_is_sent_within_five_screens(visitor: Callable[..., Page], site: Site, watch: Watch) -> None:
    page = visitor(**PHONE)
    screens: list[str] = []
    page.on("load", lambda shown: screens.append(shown.url))
    page.goto("/")
    page.get_by_label("Where do you need someone?").fill("97214")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Show people near me").click()
    page.get_by_role("link", name="Match for me").click()
    asking.write(page)
    asking.send(page)
    assert len(screens) <= MOST_SCREENS, screens
    for shown in screens:
        assert "pregnan" not in shown


def test_the_shortlist_is_kept_and_printed_without_script(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor(**PHONE)
    asking.pick(page, 2)
    expect(page.get_by_text("2 people are on your shortlist.")).to_be_visible()
    page.get_by_role("link", name="Compare them").click()
    columns = page.locator(".compare__one")
    expect(columns).to_have_count(2)
    room = page.locator("td.answers__room").first
    expect(room).to_be_hidden()
    page.emulate_media(media="print")
    expect(room).to_be_visible()
    expect(page.get_by_role("button", name="Take off the shortlist").first).to_be_hidden()
    expect(page.get_by_text("Printed on")).to_be_visible()


def test_at_a_desk_the_rows_of_all_columns_are_level(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor(viewport={"width": 1280, "height": 900})
    asking.pick(page, 3)
    page.goto("/compare?place=97214")
    tops = page.locator(".compare__one").evaluate_all(
        "columns => columns.map(each => [...each.children].map(row => Math.round(row.getBoundingClientRect().top)))"
    )
    assert len(tops) == 3
    assert tops[0] == tops[1] == tops[2]
    assert len(set(tops[0])) == len(tops[0])


def test_the_button_in_a_card_comes_back_to_the_same_card(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor(viewport={"width": 390, "height": 844})
    page.goto(asking.LIST)
    button = page.get_by_role("button", name="Add to shortlist").nth(9)
    place = button.get_attribute("id")
    button.click()
    back = page.locator(f"#{place}")
    expect(back).to_contain_text("On your shortlist")
    expect(back).to_be_in_viewport()
