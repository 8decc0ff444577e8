"""Pages of people who have an account or are on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from directory.accounts import demonstration
from tests.browser.members import asked, kept, listed
from tests.browser.registering import begun

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site


def _on_the_list(page: Page, site: Site) -> None:
    """Come as somebody whom patients find."""
    kept(page, site, "listed", lambda: listed(page, site))


def _sign_in_refused(page: Page, site: Site) -> None:
    page.goto("/account/sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _account_refused(page: Page, site: Site) -> None:
    page.goto("/account/register")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def signed_in(page: Page) -> None:
    """Come as the fictional patient."""
    page.goto("/account/sign-in")
    page.get_by_label("Your email address").fill(demonstration.PATIENT.email)
    page.get_by_label("Password", exact=True).fill(demonstration.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def _account(page: Page, site: Site) -> None:
    signed_in(page)


def _own(path: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        kept(page, site, "patient", lambda: signed_in(page))
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _listed(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/listed")
    expect(page.get_by_role("heading", name="Where you are listed")).to_be_visible()


def _still_true(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/confirm")
    expect(page.get_by_role("button", name="Yes, all of it is still true")).to_be_visible()


def _away_refused(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/away")
    page.get_by_label("First day away").first.fill("2030-01-02")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _practice_begun(page: Page, site: Site) -> None:
    begun(page, site)
    page.goto("/practice")
    expect(page.get_by_role("heading", name="Your registration is not finished")).to_be_visible()


def _practice(address: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        _on_the_list(page, site)
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _requests(page: Page, site: Site) -> None:
    asked(page, site, "/practice/requests")
    expect(page.get_by_role("heading", name="What is agreed")).to_be_visible()


def _request(name: str, heading: str, button: str = "") -> Callable[[Page, Site], None]:
    """What one patient asked, and an answer that was sent as it was found."""

    def go(page: Page, site: Site) -> None:
        _requests(page, site)
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        if button:
            page.get_by_role("button", name=button).click()
            expect(page.get_by_role("alert")).to_be_visible()

    return go


def _service(page: Page, site: Site) -> None:
    asked(page, site, "/practice/feedback")
    expect(page.locator(".story").first).to_be_visible()


def _leave_refused(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/leave")
    page.get_by_role("button", name="Close my profile").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()


BELONGING: dict[str, Callable[[Page, Site], None]] = {
    "sign-in-refused": _sign_in_refused,
    "account-refused": _account_refused,
}
"""Pages for everybody."""

BELONGING_SIGNED_IN: dict[str, Callable[[Page, Site], None]] = {
    "account": _account,
    "account-password": _own("/account/password"),
    "account-proofs": _own("/account/second-factors"),
    "account-app": _own("/account/authenticator"),
    "account-sessions": _own("/account/sessions"),
    "listed": _listed,
    "still-true": _still_true,
    "away": _away_refused,
    "practice-begun": _practice_begun,
    "practice": _practice("/practice"),
    "practice-questions": _practice("/practice/questions"),
    "practice-preview": _practice("/practice/preview"),
    "practice-rank": _practice("/practice/rank?place=97214"),
    "practice-figures": _practice("/practice/figures"),
    "practice-export": _practice("/practice/export"),
    "practice-requests": _requests,
    "practice-request-refused": _request("Maribel Quintero", "Your answer", "Yes, at this time"),
    "practice-request-agreed": _request("Gideon Lachlan", "They would like to move it"),
    "practice-taking": _practice("/practice/requests/taking"),
    "practice-feedback": _service,
    "practice-leave-refused": _leave_refused,
    "practice-no-longer": _practice("/practice/no-longer"),
}
"""Pages for people who have signed in."""
