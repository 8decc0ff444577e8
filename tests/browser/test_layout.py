"""Pages for whom they are harder to read: long names, large print, forced colours, stillness, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import layout
from tests.browser.finding import HERE, tell
from tests.browser.stops import STOPS
from tests.browser.test_every_page import NARROWEST, PHONE, SMALLEST, TALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site


def turn(page: Page, width: int) -> None:
    """Make the window this wide."""
    page.set_viewport_size({"width": width, "height": TALL})


def enlarge(page: Page, pixels: int) -> None:
    """Choose this size of print in the browser, as people do in its settings; resizing the window undoes it."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})
    page.wait_for_function("size => getComputedStyle(document.documentElement).fontSize === `${size}px`", arg=pixels)


NAMES = (
    "Anna-Sophie " + "Hohenzollern-Sigmaringen " * 7 + "von Berg",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter",
    "الدكتورة فاطمة الزهراء عبد الرحمن بنت محمد",
    "欧阳李明华",
)


@pytest.mark.parametrize("stop", ["list", "list-with-map", "map", "profile", "by-name"])
def test_names_of_any_length_and_script_fit(visitor: Callable[..., Page], site: Site, stop: str) -> None:
    page = visitor(**PHONE)
    STOPS[stop](page, site)
    layout.shorten(page)
    named = page.evaluate(
        """names => { const all = [...document.querySelectorAll('main bdi')];
          all.forEach((it, at) => { it.textContent = names[at % names.length]; }); return all.length; }""",
        NAMES,
    )
    assert named > 0
    for width in (1280, NARROWEST):
        turn(page, width)
        assert layout.ill_fitting(page, width) == [], width


@pytest.mark.parametrize("stop", ["home-refused", "list-pregnant", "profile", "ranking"])
def test_print_of_twice_the_size_fits_too(visitor: Callable[..., Page], site: Site, stop: str) -> None:
    page = visitor(viewport={"width": 1280, "height": TALL})
    STOPS[stop](page, site)
    layout.open_everything(page)
    for width in (1280, 640):
        turn(page, width)
        enlarge(page, 32)
        assert layout.ill_fitting(page, width) == [], width
    assert layout.too_small(page, least=2 * SMALLEST) == []


def test_forced_colours_keep_every_edge_and_mark(visitor: Callable[..., Page]) -> None:
    page = visitor(forced_colors="active")
    page.goto(HERE)
    edges = page.evaluate(
        """() => [...document.querySelectorAll('main button, main .button, main select, main input, .notice, .card')]
          .filter((it) => it.checkVisibility() && !['radio', 'checkbox', 'range', 'hidden'].includes(it.type))
          .filter((it) => { const style = getComputedStyle(it);
            return !['Top', 'Bottom', 'Left', 'Right'].some((side) => parseFloat(style[`border${side}Width`]) > 0
              && style[`border${side}Style`] !== 'none'); })
          .map((it) => it.outerHTML.slice(0, 80))"""
    )
    assert edges == []
    page.locator("ol.cards .card__title a").first.focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    page.locator("ol.cards .card__title a").first.click()
    mark = page.locator(".check--checked .icon").first
    expect(mark).to_be_visible()
    assert mark.evaluate("it => getComputedStyle(it).stroke") != "none"


def test_nothing_moves_for_people_who_asked_for_stillness(visitor: Callable[..., Page]) -> None:
    page = visitor(reduced_motion="reduce")
    page.goto(HERE)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((it) => { const style = getComputedStyle(it);
          return style.transitionDuration !== '0s' || style.animationName !== 'none'
            || style.scrollBehavior === 'smooth'; }).map((it) => it.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_on_a_telephone_the_first_person_is_near_and_the_jump_to_the_list_shows_its_heading(
    visitor: Callable[..., Page],
) -> None:
    page = visitor(**PHONE, reduced_motion="reduce")
    page.goto(HERE)
    tell(page, "Yes", "12")
    name = page.locator("ol.cards .card__title").first
    assert name.evaluate("it => it.getBoundingClientRect().top + scrollY") < 2 * TALL
    for number in page.locator("#help-now .help-now__call .telephone").all():
        box = number.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    page.get_by_role("link", name="go to the list").click()
    heading, leave = page.locator("#list").bounding_box(), page.locator(".quick-leave").bounding_box()
    assert heading is not None
    assert leave is not None
    assert heading["y"] >= 0
    assert heading["y"] + heading["height"] <= leave["y"] < TALL


def test_on_paper_stands_what_was_asked_and_found_and_nothing_to_press(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto(HERE)
    tell(page, "Yes", "12")
    page.emulate_media(media="print")
    for gone in (".site-nav", ".skip-link", ".quick-leave", "main form", "main button"):
        for each in page.locator(gone).all():
            expect(each).to_be_hidden()
    expect(page.locator("#made-for")).to_contain_text("12 weeks")
    expect(page.locator("#help-now")).to_contain_text("911")
    for number in page.locator("#help-now .telephone").all():
        expect(number).to_be_visible()
    expect(page.locator("ol.cards .card").first).to_be_visible()
    assert layout.covered_or_cut(page) == []

    page.emulate_media(media="screen")
    page.locator("ol.cards .card__title a").first.click()
    page.wait_for_url("**/practitioners/**")
    page.emulate_media(media="print")
    expect(page.locator(".quick-leave")).to_be_hidden()
    expect(page.locator("a.telephone").first).to_be_visible()
    outside = page.locator("main a[href^=http]:visible").first
    said = outside.evaluate("it => getComputedStyle(it, '::after').content")
    assert (outside.get_attribute("href") or "nothing") in said
    assert layout.covered_or_cut(page) == []
