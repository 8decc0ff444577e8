"""Pages of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from directory.accounts import demonstration
from directory.accounts.terms import Role
from tests.browser.members import seated, verifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site


def _queue(page: Page, site: Site) -> None:
    verifier(page, site, "/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("To do")
    page.goto("/desk?state=open&kind=photo")  # which no other test takes up
    page.locator("[data-line]").first.get_by_role("button", name="Take").click()
    expect(page.get_by_text("Yours until").first).to_be_visible()


def _queue_refused(page: Page, site: Site) -> None:
    seated(page, site, "/desk")
    page.goto("/desk?state=mine&risk=enormous&kind=nothing")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _views(page: Page, site: Site) -> None:
    verifier(page, site, "/desk")
    page.goto("/desk?kind=licence&jurisdiction=US-CA")
    page.get_by_text("Keep this filter as a view").click()
    page.get_by_label("Name of the view").fill("Licences of California, one by one in the morning")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("link", name="Change views").click()
    page.get_by_label("Another name").fill("")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()


def _case(kind: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        seated(page, site, f"/desk/cases/{site.case(kind)}")
        expect(page.get_by_role("heading", name="Registers", exact=True)).to_be_visible()

    return go


def _case_with_a_picture(page: Page, site: Site) -> None:
    seated(page, site, f"/desk/cases/{site.case('licence', 'image/jpeg')}")
    picture = page.locator("#evidence ~ .exhibit img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def _case_with_a_document(page: Page, site: Site) -> None:
    """The browser's own viewer opens the document inside the page: a frame that is refused never comes that far."""
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-extension:")):
        seated(page, site, f"/desk/cases/{site.case('indemnity', 'application/pdf')}")
        page.locator("iframe.exhibit__paper").first.scroll_into_view_if_needed()
    frames = [frame.url.partition("#")[0] for frame in page.frames]
    assert any(url.startswith(f"{site.origin}/evidence/view/") for url in frames)
    assert not any(url.startswith("chrome-error:") for url in frames)


def _refused(path: Callable[[Site], str], button: str) -> Callable[[Page, Site], None]:
    """A form of the desk that was sent as it was found."""

    def go(page: Page, site: Site) -> None:
        seated(page, site, path(site))
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()

    return go


def _of_a_case(kind: str, page: str = "") -> Callable[[Site], str]:
    return lambda site: f"/desk/cases/{site.case(kind)}{page}"


def _of_a_person(kind: str, page: str) -> Callable[[Site], str]:
    return lambda site: f"/desk/people/{site.about(site.case(kind))}/{page}"


def _desk(path: str, *, by: Role = Role.VERIFIER, button: str = "") -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        seated(page, site, path, by)
        expect(page.get_by_role("navigation", name="The desk").locator("[aria-current]")).to_be_visible()
        if button:
            page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()

    return go


def _duplicates(page: Page, site: Site) -> None:
    seated(page, site, f"/desk/duplicates/{site.case('duplicate')}")
    expect(page.get_by_role("heading", name="Why we ask")).to_be_visible()


def _colleague(page: Page, site: Site) -> None:
    seated(page, site, "/desk/staff", Role.ADMINISTRATOR)
    page.get_by_role("link", name=demonstration.COLLEAGUE.email).click()
    page.get_by_role("button", name="Take the second proofs away").click()
    expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()


WORKING: dict[str, Callable[[Page, Site], None]] = {
    "desk-queue": _queue,
    "desk-queue-refused": _queue_refused,
    "desk-views-refused": _views,
    "desk-case-picture": _case_with_a_picture,
    "desk-case-document": _case_with_a_document,
    "desk-case-refused": _refused(_of_a_case("control"), "Record the decision"),
    "desk-case-hold": _case("hold_review"),
    "desk-case-exclusion": _case("exclusion"),
    "desk-case-harm": _case("harm"),
    "desk-case-feedback": _case("feedback"),
    "desk-case-second-look": _case("second_look"),
    "desk-case-news": _case("register_news"),
    "desk-case-edit": _case("sensitive_edit"),
    "desk-duplicates": _duplicates,
    "desk-dispute-refused": _refused(lambda site: f"/desk/disputes/{site.case('dispute')}", "Say whose it is"),
    "desk-report-refused": _refused(lambda site: f"/desk/reports/{site.case('complaint')}", "Decide"),
    "desk-closing-refused": _refused(_of_a_person("closing", "closing"), "Close the profile"),
    "desk-person-refused": _refused(_of_a_person("complaint", "decision"), "Record the decision"),
    "desk-identity-refused": _refused(_of_a_case("control", "/identity"), "Put it on record"),
    "desk-certifier-refused": _refused(_of_a_case("control", "/certifier"), "Send the letter"),
    "desk-letter-refused": _refused(_of_a_case("control", "/letter"), "Make the letter"),
    "desk-telephone-refused": _refused(_of_a_case("control", "/telephone"), "Put the call on record"),
    "desk-rosters": _desk("/desk/rosters"),
    "desk-forecast": _desk("/desk/forecast"),
    "desk-figures": _desk("/desk/figures"),
    "desk-calls": _desk("/desk/calls"),
    "desk-staff-refused": _desk("/desk/staff", by=Role.ADMINISTRATOR, button="Send the invitation"),
    "desk-colleague-refused": _colleague,
    "desk-keys-refused": _desk("/desk/api-keys", by=Role.ADMINISTRATOR, button="Give the key"),
    "desk-jobs": _desk("/desk/jobs", by=Role.ADMINISTRATOR),
    "desk-log": _desk("/desk/log", by=Role.ADMINISTRATOR),
    "desk-jurisdictions": _desk("/desk/jurisdictions", by=Role.ADMINISTRATOR),
    "desk-jurisdiction-refused": _desk("/desk/jurisdictions/US-CA", by=Role.ADMINISTRATOR, button="Hide it now"),
}
"""Pages for people who have signed in."""
