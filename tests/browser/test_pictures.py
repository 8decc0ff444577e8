"""Pictures of every page in eight variants, kept in ``var/pictures`` to be looked at; and nothing jumps meanwhile.

A phone and a desk, by day and by night, in American and British English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.architecture.messages import ROOT
from tests.browser.stops import STOPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site

PICTURES = ROOT / "var" / "pictures"
SCREENS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
LOCALES = ("en-US", "en-GB")
A_LETTER = 0.002
"""Of layout shift: as much as one word with a rare letter moves, when the font of that letter comes at the last moment
at which "optional" still takes it. From 0.1 on, a page is said to jump (https://web.dev/articles/cls)."""
TALLEST = 1800
"""Pixels of a long page that are kept: what follows looks like what is there."""
SHIFTS = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("stop", [stop for stop in STOPS if stop != "list-not-pregnant"])
def test_a_page_in_its_variants(visitor: Callable[..., Page], site: Site, stop: str, locale: str) -> None:
    page = visitor(locale=locale, viewport=SCREENS["phone"])
    page.add_init_script(SHIFTS)
    STOPS[stop](page, site)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("window.shifted") < A_LETTER
    assert page.locator("html").get_attribute("lang") == locale
    PICTURES.mkdir(parents=True, exist_ok=True)
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            picture = PICTURES / f"{stop}-{screen}-{scheme}-{locale}.jpg"
            tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            shown = {"x": 0, "y": 0, "width": size["width"], "height": tall}
            page.screenshot(path=picture, full_page=True, clip=shown, type="jpeg", quality=70)
            assert picture.stat().st_size > 10_000
