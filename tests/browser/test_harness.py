"""The browser of the tests does what the other tests here rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error

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


def test_no_page_reaches_another_machine(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


def test_a_visitor_may_have_no_script(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.set_content("<title>before</title><script>document.title = 'after'</script>")
    assert page.title() == "before"
