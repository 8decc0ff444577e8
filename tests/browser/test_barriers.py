"""axe-core finds nothing on any kind of page: by day on a desk with everything unfolded, by night on a phone."""

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


@pytest.mark.parametrize("stop", STOPS)
def test_nothing_keeps_anybody_out(
    visitor: Callable[..., Page], site: Site, barriers: Callable[[Page], list[str]], stop: str
) -> None:
    """Colours hang on the scheme and targets on the width, so two of the four pairs of them see every rule."""
    page = visitor(viewport=PHONE, is_mobile=True, has_touch=True, color_scheme="dark")
    STOPS[stop](page, site)
    shorten(page)
    assert barriers(page) == []
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    open_everything(page)
    assert barriers(page) == []
