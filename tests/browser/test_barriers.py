"""axe-core finds nothing on any kind of page: by night on a phone, by day at a desk, everything unfolded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.layout import open_everything, shorten
from tests.browser.stops import STOPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


SEEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""The rules whose answer hangs on colours and widths; all others would only say the same again."""


@pytest.mark.parametrize("stop", STOPS)
def test_nothing_keeps_anybody_out(
    visitor: Callable[..., Page], site: Site, barriers: Callable[..., list[str]], stop: str
) -> None:
    page = visitor(viewport=PHONE, is_mobile=True, has_touch=True, color_scheme="dark")
    STOPS[stop](page, site)
    open_everything(page)
    shorten(page)
    assert barriers(page) == []
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    assert barriers(page, *SEEN) == []
