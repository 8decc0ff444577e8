"""Sending a file in a real browser: with and without script, refused, too large, and on a line that breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests import files
from tests.browser.members import newcomer

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page, Route

    from tests.browser.server import Site

TRAINING = "/evidence/for/rls:training"


def _file(content: bytes, name: str = "licence.pdf") -> Any:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def _at_the_form(page: Page, site: Site) -> None:
    newcomer(page, site)
    page.goto(f"{TRAINING}/file")
    page.get_by_label("There is no patient in this file").check()


def _send(page: Page, content: bytes) -> None:
    page.get_by_label("Your file").set_input_files(_file(content))
    page.get_by_role("button", name="Send the file").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_file_is_refused_mended_and_taken(visitor: Callable[..., Page], site: Site, script: bool) -> None:
    page = visitor(java_script_enabled=script)
    _at_the_form(page, site)
    _send(page, b"<svg/>")
    expect(page.get_by_role("alert")).to_contain_text("not a PDF, JPEG, PNG or HEIC")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("There is no patient in this file")).to_be_checked()
    _send(page, files.pdf(2))
    expect(page.get_by_role("listitem").get_by_role("link", name="Save a copy PDF, 2 pages")).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    _at_the_form(page, site)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    _send(page, b"%PDF-" + bytes(11 * 1024 * 1024))
    expect(page.get_by_role("status")).to_contain_text("larger than 10 MB")
    assert "POST" not in sent


def test_a_line_that_breaks_loses_nothing(new_context: Callable[..., BrowserContext], site: Site) -> None:
    """Nobody watches this browser's complaints: it complains about the line, and rightly."""
    page = new_context(base_url=site.origin).new_page()
    _at_the_form(page, site)
    broken = True

    def cut(route: Route) -> None:
        route.abort("internetdisconnected") if broken and route.request.method == "POST" else route.continue_()

    page.route(f"**{TRAINING}/file", cut)
    page.get_by_label("Your file").set_input_files(_file(files.pdf()))
    page.get_by_role("button", name="Send the file").click()
    expect(page.get_by_role("status")).to_contain_text("broke off")
    broken = False
    page.get_by_role("button", name="Send the file").click()
    expect(page.get_by_role("link", name="Save a copy PDF, 1 page")).to_be_visible()
