"""The search box on a page of somebody else, as a real browser shows it there."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.browser.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, FrameLocator, Page
    from playwright.sync_api import Request as Asked

    from tests.browser.server import Site


@contextmanager
def charity(html: str) -> Iterator[str]:
    """A page of another site that holds this; its origin is another one, and so is its host."""

    @Request.application
    def answer(_request: Request) -> Response:
        return Response(f"<!doctype html><title>A charity</title><h1>A charity</h1>{html}", content_type="text/html")

    server = make_server("localhost", 0, answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.port}/news?about=somebody"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def code(page: Page, site: Site, which: str, query: str = "") -> str:
    """The HTML to copy, as it would be with the address of this server."""
    page.goto(f"/embed{query}")
    copied = page.locator(f"#{which}-code").input_value()
    ours = page.locator("link[rel=canonical]").get_attribute("href") or ""
    return copied.replace(ours.removesuffix("/embed"), site.origin)


def send(page: Page, where: Page | FrameLocator, label: str, button: str, *, apart: bool = False) -> Page:
    """Type a place and press the button: the page that opens, ``apart`` in a tab of its own. On the way nobody is told
    where somebody came from."""
    asked: list[Asked] = []
    page.context.on("request", lambda request: asked.append(request))  # noqa: PLW0108 -- it must bear a mark of theirs
    where.get_by_label(label).fill("97214")
    press = where.get_by_role("button", name=button)
    if apart:
        with page.expect_popup() as opened:
            press.click()
        page = opened.value
    else:
        press.click()
    expect(page.locator("#made-for")).to_be_visible()
    assert [each.url for each in asked if each.is_navigation_request()] == [page.url]
    assert [referrer for each in asked if (referrer := each.all_headers().get("referer"))] == []
    return page


def test_the_plain_form_opens_our_list_which_asks_about_pregnancy(
    visitor: Callable[..., Page], new_context: Callable[..., BrowserContext], site: Site
) -> None:
    copied = code(visitor(), site, "plain")
    with charity(copied) as address:
        page = new_context().new_page()
        page.goto(address)
        page = send(page, page, "Town or postal code", "Show people near me", apart=True)
    assert page.url == f"{site.origin}/search?place=97214"
    expect(page.locator("#made-for")).to_contain_text("Pregnant: not answered")


@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_the_frame_works_in_a_page_of_another_site(
    visitor: Callable[..., Page], new_context: Callable[..., BrowserContext], site: Site, size: str
) -> None:
    copied = code(visitor(), site, "framed", f"?language=es&size={size}")
    with charity(copied) as address:
        context = new_context(viewport={"width": 390, "height": 800})
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(address)
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Buscar acupuntor")
        box = page.frames[1]
        assert box.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the frame is high enough"
        assert box.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert box.evaluate("getComputedStyle(document.querySelector('button')).backgroundColor") != "rgba(0, 0, 0, 0)"
        assert context.cookies() == []
        assert [each for each in said if "favicon" not in each and "404" not in each] == []
        send(page, frame, "Población o código postal", "Mostrar personas cerca de mí")
    assert page.url == f"{site.origin}/search?lang=es&place=97214"
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_no_other_page_of_ours_is_shown_in_a_frame(new_context: Callable[..., BrowserContext], site: Site) -> None:
    with charity(f'<iframe src="{site.origin}/embed"></iframe>') as address:
        page = new_context().new_page()
        with page.expect_console_message(lambda message: "frame" in message.text.lower()):
            page.goto(address)
        assert page.frames[1].get_by_role("heading", level=1).count() == 0


def test_the_data_of_a_profile_is_no_script_to_a_browser(
    visitor: Callable[..., Page], site: Site, watch: Watch
) -> None:
    """Our policy allows no script in a page; a block of data is none, and Chromium complains of nothing."""
    page = visitor()
    page.goto(f"/practitioners/{site.slug('published')}")
    node = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert node["@type"] == "Person"
    assert watch.faults == []
