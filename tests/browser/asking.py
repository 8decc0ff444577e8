"""The pages of the shortlist, of saved searches and of requests, and how a visitor comes to stand on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site

LIST = "/search?place=97214"
SOON = (date.today() + timedelta(days=5)).isoformat()  # noqa: DTZ011 -- within the hours that a request may lie ahead


def pick(page: Page, number: int) -> None:
    """Put the first people of the list on the shortlist."""
    page.goto(LIST)
    for _ in range(number):
        page.get_by_role("button", name="Add to shortlist").first.click()


def answer(page: Page) -> None:
    """Come to the people who can be asked, past the question about pregnancy."""
    page.goto("/match?place=97214")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Write the request")).to_be_visible()


def write(page: Page) -> None:
    """Choose the first two people, and come to the form."""
    for number in range(2):
        page.locator("input[name=who]").nth(number).check()
    page.get_by_role("button", name="Write the request").click()
    expect(page.get_by_role("heading", name="Your request", exact=True)).to_be_visible()


def send(page: Page) -> None:
    """Fill the form and send it."""
    page.get_by_label("Your name").fill("Maria")
    page.get_by_label("Your email address").fill("maria@example.org")
    page.get_by_label("By telephone").check()
    page.get_by_label("Your telephone number").fill("503 555 0100")
    page.get_by_label("A time that suits you").fill(f"{SOON}T10:30")
    page.get_by_label("What you would like to talk about").fill("My legs keep me awake.")
    page.get_by_label("or older").check()
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="Your request is sent")).to_be_visible()


def _compare(page: Page, site: Site) -> None:
    pick(page, 4)
    page.goto("/compare?place=97214")


def _compare_empty(page: Page, site: Site) -> None:
    page.goto("/compare")


def _saved_refused(page: Page, site: Site) -> None:
    page.goto("/saved/new?place=97214&language=es")
    page.get_by_label("Your email address").fill("zoe")
    page.get_by_role("button", name="Send me the letter").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _saved_asked(page: Page, site: Site) -> None:
    page.goto("/saved/asked")


def _match_question(page: Page, site: Site) -> None:
    page.goto("/match?place=97214")


def _match(page: Page, site: Site) -> None:
    answer(page)


def _match_refused(page: Page, site: Site) -> None:
    answer(page)
    write(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _match_sent(page: Page, site: Site) -> None:
    answer(page)
    write(page)
    send(page)


def link(page: Page, address: str, part: str) -> str:
    """Where the newest letter to a patient of the demonstration leads, of those that lead to this part of the site."""
    page.goto("/mailbox")
    for each in page.locator(".mailbox__letter", has_text=address).locator("a").all():
        page.goto(each.get_attribute("href") or "")
        onward = page.locator("#letter a").first.get_attribute("href") or ""
        if onward.startswith(f"/{part}/"):
            return onward
        page.go_back()
    raise LookupError(f"no letter to {address} leads to /{part}/")


def _visit(address: str, said: str) -> Callable[[Page, Site], None]:
    """The page behind the newest letter about somebody's request."""

    def go(page: Page, site: Site) -> None:
        page.goto(link(page, address, "visits"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Your request for a talk")
        expect(page.get_by_text(said).first).to_be_visible()

    return go


def _visit_refused(page: Page, site: Site) -> None:
    page.goto(link(page, "anselm.kaminski", "visits"))
    page.get_by_role("button", name="Agree to this time").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _outcome(page: Page, site: Site) -> None:
    page.goto(link(page, "solveig.nakamura", "outcome"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Did it work?")


def _story(page: Page, site: Site) -> None:
    page.goto(link(page, "solveig.nakamura", "outcome").replace("/outcome/", "/feedback/"))
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()


ASKING: dict[str, Callable[[Page, Site], None]] = {
    "compare": _compare,
    "compare-empty": _compare_empty,
    "saved-refused": _saved_refused,
    "saved-asked": _saved_asked,
    "match-question": _match_question,
    "match": _match,
    "match-refused": _match_refused,
    "match-sent": _match_sent,
    "visit-asked": _visit("maribel.quintero", "Asked, and not answered yet."),
    "visit-choose": _visit("anselm.kaminski", "Said yes. It is your turn to decide."),
    "visit-refused": _visit_refused,
    "visit-agreed": _visit("priscilla.otieno", "Agreed."),
    "visit-over": _visit("ottilie.brandt", "Cannot talk with you this time."),
    "outcome": _outcome,
    "story": _story,
}
"""Pages for everybody."""
