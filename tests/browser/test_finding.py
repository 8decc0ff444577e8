"""Finding somebody whose name is known, and somebody when everybody is far away."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.finding import FAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site
    from tests.browser.watch import Watch

PHONE = {"viewport": {"width": 320, "height": 700}, "is_mobile": True, "has_touch": True, "java_script_enabled": False}


def somebody_listed(site: Site, page: Page) -> str:
    """The name of somebody who can be shown today: two words of plain letters."""
    with closing(sqlite3.connect(site.database)) as database:
        rows = database.execute(
            "SELECT display_name, slug FROM practitioner WHERE account_status = 'published'"
        ).fetchall()
    for name, slug in rows:
        given, _, family = name.partition(" ")
        if len(given) > 5 and len(family) > 5 and f"{given}{family}".isascii() and f"{given}{family}".isalpha():
            answer = page.request.get(f"/practitioners/{slug}")
            if answer.status == 200:
                return str(name)
    raise AssertionError("there is nobody of such a name")


def test_on_a_phone_a_misspelled_name_leads_to_the_person(
    visitor: Callable[..., Page], site: Site, watch: Watch
) -> None:
    page = visitor(**PHONE)
    name = somebody_listed(site, page)
    given, _, family = name.partition(" ")
    page.goto("/practitioners")
    field = page.get_by_label("Name", exact=True)
    field.fill("a")
    page.get_by_role("button", name="Find by name").click()
    expect(page.get_by_role("alert")).to_contain_text("at least two")
    expect(page.get_by_label("Name", exact=True)).to_have_value("a")

    page.get_by_label("Name", exact=True).fill(f"Dr {family}, {given[:2]}x{given[3:]} LAc")
    page.get_by_role("button", name="Find by name").click()
    close = page.get_by_role("region", name="Close to what you typed")
    expect(close.get_by_role("link", name=name, exact=True).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    page.get_by_label("Name", exact=True).fill(f"{family.upper()} {given}")
    page.get_by_role("button", name="Find by name").click()
    person = page.get_by_role("region", name="of this name").get_by_role("link", name=name, exact=True).first
    person.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert any(asked.startswith("/practitioners?name=") for asked in watch.asked)


def test_far_from_everybody_the_page_adds_up_and_leads_to_a_first_talk(visitor: Callable[..., Page]) -> None:
    page = visitor(**PHONE)
    page.goto(FAR)
    box = page.get_by_role("region", name="A long way there")
    said = re.search(
        r"about (\d+) miles each way .* visits are ([\d,]+) to ([\d,]+) miles", box.inner_text(), re.DOTALL
    )
    assert said is not None
    one_way, fewest, most = (int(each.replace(",", "")) for each in said.groups())
    assert (fewest, most) == (12 * one_way, 20 * one_way)
    expect(box.get_by_role("listitem")).to_have_count(3)
    expect(box).to_contain_text("ferritin")
    expect(page.locator("ol.cards .card").first).to_contain_text("there and back, straight line")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    link = box.get_by_role("link", name="See who offers a first talk")
    if link.count():
        number = re.search(r"(\d+) (person|people) who", box.inner_text())
        assert number is not None
        link.click()
        assert parse_qs(urlsplit(page.url).query) == {"place": ["Nome, AK"], "mode": ["remote"]}
        expect(page.locator("#list")).to_contain_text(number[1])
        expect(page.get_by_text("Needling cannot be done remotely").first).to_be_visible()
    else:
        expect(box).to_contain_text("Nobody we list who fits what you asked offers one to people in Alaska.")
