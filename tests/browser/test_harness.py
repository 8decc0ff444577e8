"""The browser of the tests does what the other tests here rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error

from tests.browser import layout
from tests.browser.stops import EVERY_DAY, LIKE, STOPS
from tests.browser.test_every_page import ONE_OF_EACH, PHONE, faults
from tests.browser.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

GOOD = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1><p>Words.</p></main>"
BAD = "<!doctype html><html><title>A page</title><main><h1>A page</h1><img src='data:,'><input></main>"


def test_axe_finds_nothing_on_a_sound_page(page: Page, barriers: Callable[[Page], list[str]]) -> None:
    page.set_content(GOOD)
    assert barriers(page) == []


def test_axe_finds_what_keeps_people_out(page: Page, barriers: Callable[[Page], list[str]]) -> None:
    page.set_content(BAD)
    assert {line.partition(":")[0] for line in barriers(page)} >= {"html-has-lang", "image-alt", "label"}


def test_a_sound_page_lies_well(page: Page) -> None:
    page.set_content(GOOD)
    assert layout.sticking_out(page, 1280) == layout.covered_or_cut(page) == layout.hard_to_hit(page) == []
    assert layout.too_small(page, least=15) == []


def test_what_lies_badly_is_measured(page: Page) -> None:
    page.set_content(
        "<main style='font-size: 16px'><p>One line</p><p style='margin-top: -2.2em'>Another line</p>"
        "<p style='width: 3em; overflow: hidden; white-space: nowrap'>Many words that do not fit</p>"
        "<p style='width: 2000px; font-size: 9px'>Far</p><button>Ok</button><p><a href='#'>x</a></p></main>"
    )
    found = layout.covered_or_cut(page)
    assert any("covers" in line for line in found)
    assert any("cut off" in line for line in found)
    assert any("sticks out" in line for line in layout.sticking_out(page, 1280))
    assert len(layout.hard_to_hit(page)) == 2
    assert len(layout.too_small(page, least=15)) == 2


def test_what_a_page_must_never_do_is_noticed(new_context: Callable[..., BrowserContext]) -> None:
    watch = Watch("http://127.0.0.1")
    context = new_context()
    watch.follow(context)
    page = context.new_page()
    with pytest.raises(Error):
        page.goto("http://example.org/search?pregnancy=yes", referer="http://127.0.0.1/")
    with context.expect_event("console"):
        context.new_page().evaluate("console.error('refused')")
    assert {fault.partition(":")[0] for fault in watch.faults} == {
        "asked another machine", "console", "says too much", "tells where somebody was",
    }  # fmt: skip
    assert watch.asked == ["http://example.org/search?pregnancy=yes"]


def test_no_page_reaches_another_machine(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


def test_a_visitor_may_have_no_script(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.set_content("<title>before</title><script>document.title = 'after'</script>")
    assert page.title() == "before"


def test_a_page_that_is_left_out_on_most_days_has_one_like_it_that_is_not() -> None:
    assert set(LIKE) < set(STOPS)
    assert set(LIKE.values()) <= set(EVERY_DAY)
    assert set(ONE_OF_EACH) <= set(EVERY_DAY)


def test_what_is_planted_into_a_sound_page_is_found(
    visitor: Callable[..., Page], barriers: Callable[..., list[str]]
) -> None:
    page = visitor(**PHONE)
    page.goto("/about")
    assert faults(page, barriers, by_day=True) == []
    page.evaluate(
        """() => document.querySelector('main').insertAdjacentHTML('beforeend', `<input id=planted>
          <div id=wide>One line</div><p id=faint>Words</p><p id=small>Words</p><button id=low>Ok</button>`)"""
    )
    # As script may set what the site's policy forbids in its pages.
    page.evaluate(
        """() => { for (const [id, style] of Object.entries({
          wide: 'width: 391px', faint: 'color: #777; background: #666', small: 'font-size: 9px',
          low: 'min-height: 0; height: 20px; padding: 0'}))
          for (const each of style.split(';')) { const [name, value] = each.split(':');
            document.getElementById(id).style.setProperty(name.trim(), value.trim(), 'important'); } }"""
    )
    found = faults(page, barriers, by_day=True)
    for part in ("label: ", "color-contrast: ", "small: ", "not 44: button#low", "ltr 390: ", "rtl 320: "):
        assert any(part in line for line in found), (part, found)
    assert not any(line.startswith("ltr 1280") for line in found)
