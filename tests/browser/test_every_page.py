"""Every kind of page, visited once: one of each template, and with ``THOROUGH=1`` all of them.

It is drawn without a jump, keeps nobody out (axe-core) by night, one of each kind by day too, and fits every screen,
left to right and right to left. One of each kind is looked at in British English too.

With ``PICTURES=1`` it is photographed too, by day and by night on a phone and at a desk; the pictures lie in
``var/pictures`` to be looked at.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.architecture.messages import ROOT
from tests.browser import layout
from tests.browser.stops import EVERY_DAY, STOPS, VISITORS
from tests.examples import THOROUGH

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site

PICTURES = ROOT / "var" / "pictures"
WANTED = os.environ.get("PICTURES") == "1"
"""Four pictures of each page cost more than all that is measured on it."""
TALL = 844
SCREENS = {"phone": {"width": 390, "height": TALL}, "desk": {"width": 1280, "height": 900}}
PHONE = {"viewport": SCREENS["phone"], "is_mobile": True, "has_touch": True}
NARROWEST = 320
"""The width at which WCAG 2.2 asks that nothing scrolls sideways (1.4.10)."""
DIRECTIONS = {"ltr": (1280, 390, NARROWEST), "rtl": (NARROWEST, 1280)}
"""Widths at which a page is measured. From right to left, of the two phones only the narrower one, which is harder."""
SMALLEST = 15
"""Of print, in pixels, where the browser's own size is 16."""
A_LETTER = 0.002
"""Of layout shift: as much as one word with a rare letter moves, when the font of that letter comes at the last moment
at which "optional" still takes it. From 0.1 on, a page is said to jump (https://web.dev/articles/cls)."""
TALLEST = 1800
"""Pixels of a long page that are kept: what follows looks like what is there."""
ONE_OF_EACH = (
    "home-refused",
    "list-told",
    "by-name",
    "profile-while-pregnant",
    "map",
    "report-refused",
    "register",
    "about",
    "account-refused",
)
"""One page of each kind, where not all are visited: what a page says in which language, tests of pages know; which
colours may stand on which by day, the test of contrast (``tests/architecture``)."""
SHIFTS = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
"""
SEEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""The rules whose answer hangs on colours and widths; all others would only say the same again."""


def photograph(page: Page, name: str) -> None:
    """A phone and a desk, by day and by night, for whoever wants to look."""
    if not WANTED:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            picture = PICTURES / f"{name.format(screen=screen, scheme=scheme)}.jpg"
            tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            shown = {"x": 0, "y": 0, "width": size["width"], "height": tall}
            page.screenshot(path=picture, full_page=True, clip=shown, type="jpeg", quality=70)
            assert picture.stat().st_size > 10_000


def arrive(visitor: Callable[..., Page], site: Site, stop: str, locale: str) -> Page:
    """Stand on a page to which nothing jumped."""
    page = visitor(locale=locale, **PHONE)
    page.add_init_script(SHIFTS)
    STOPS[stop](page, site)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("window.shifted") < A_LETTER
    assert page.locator("html").get_attribute("lang") == locale
    return page


def faults(page: Page, barriers: Callable[..., list[str]], *, by_day: bool) -> list[str]:
    """What keeps somebody out of this page, by night on a phone and perhaps by day at a desk, and what does not fit a
    screen; nothing is loaded anew for it."""
    page.set_viewport_size(SCREENS["phone"])
    page.emulate_media(color_scheme="dark")
    layout.open_everything(page)
    layout.shorten(page)
    found = barriers(page) + layout.hard_to_hit(page) + layout.too_small(page, least=SMALLEST)
    page.emulate_media(color_scheme="light")
    if by_day:
        page.set_viewport_size(SCREENS["desk"])
        found += barriers(page, *SEEN)
    for direction, widths in DIRECTIONS.items():
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        for width in widths:
            page.set_viewport_size({"width": width, "height": TALL})
            found += [f"{direction} {width}: {fault}" for fault in layout.ill_fitting(page, width)]
    name = page.locator(".site-name").bounding_box()
    if name is None or name["x"] <= 640:
        found.append("from right to left the name of the site does not stand on the right")
    return found


@pytest.mark.parametrize("stop", STOPS if WANTED or THOROUGH else EVERY_DAY)
def test_a_page_keeps_nobody_out_and_fits_every_screen(
    visitor: Callable[..., Page], site: Site, barriers: Callable[..., list[str]], stop: str
) -> None:
    page = arrive(visitor, site, stop, "en-US")
    photograph(page, f"{stop}-{{screen}}-{{scheme}}-en-US")

    assert faults(page, barriers, by_day=stop in ONE_OF_EACH or THOROUGH) == []


@pytest.mark.parametrize("stop", VISITORS if WANTED or THOROUGH else ONE_OF_EACH)
def test_a_page_speaks_british_english_too(visitor: Callable[..., Page], site: Site, stop: str) -> None:
    page = arrive(visitor, site, stop, "en-GB")
    photograph(page, f"{stop}-{{screen}}-{{scheme}}-en-GB")
