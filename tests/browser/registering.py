"""Pages on which practitioners find themselves in the register, and register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.members import kept, newcomer, with_a_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site


def _register(page: Page, site: Site) -> None:
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Are you an acupuncturist?").click()
    page.get_by_label("Or your family name").fill("Du")
    page.get_by_label("and the state").select_option("NY")
    page.get_by_role("button", name="Find my entry").click()
    expect(page.get_by_role("heading", name="Entries of this name")).to_be_visible()


def _register_entry(page: Page, site: Site) -> None:
    _register(page, site)
    page.get_by_role("link", name="Juan L Du").click()
    page.get_by_role("button", name="Remove me").click()
    expect(page.get_by_role("alert")).to_contain_text("Please tick this box")


def _register_claim(page: Page, site: Site) -> None:
    _register(page, site)
    page.get_by_role("link", name="Juan L Du").click()
    page.get_by_role("link", name="This is me").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def begun(page: Page, site: Site) -> None:
    """Come as a newcomer of whom nothing is written down but a name."""
    kept(page, site, "newcomer", lambda: newcomer(page, site))


def _settled(page: Page, site: Site) -> str:
    """Come as a newcomer who gave the address of one place; where its pin is."""

    def enter() -> None:
        with_a_place(page, site)
        expect(page.locator("#pin")).to_be_visible()

    return kept(page, site, "settled", enter).partition("#")[0]


def _places(page: Page, site: Site) -> None:
    _settled(page, site)
    page.goto("/registration/places")


def _place_new_refused(page: Page, site: Site) -> None:
    with_a_place(page, site, **{"Town": "Xyzzyville", "ZIP code": ""})
    expect(page.locator("#pin[data-ready]")).to_be_visible()


def _place_pin(page: Page, site: Site) -> None:
    page.goto(_settled(page, site))
    expect(page.locator("#pin[data-ready]")).to_be_visible()


def _place_visits(page: Page, site: Site) -> None:
    page.goto(f"{_settled(page, site)}/visits")
    page.get_by_label("Saturday").fill("10-9")
    page.get_by_label("At patients’ homes").check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _place_access(page: Page, site: Site) -> None:
    page.goto(f"{_settled(page, site)}/access")


def _evidence_claim(page: Page, site: Site) -> None:
    newcomer(page, site)
    page.goto("/evidence/for/rls:patients/statement")
    page.get_by_label("Your statement").fill("In the last 24 months I have seen twelve people with RLS.")
    page.get_by_label("Signed: your full name").fill("Juniper Underhill")
    page.get_by_label("This is true").check()
    page.get_by_role("button", name="Sign it today").click()
    expect(page.get_by_text("Waits to be looked at")).to_be_visible()


def _evidence_file_refused(page: Page, site: Site) -> None:
    begun(page, site)
    page.goto("/evidence/for/rls:training/file")
    page.get_by_role("button", name="Send the file").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _evidence_ask_refused(page: Page, site: Site) -> None:
    begun(page, site)
    page.goto("/evidence/for/rls:patients/colleague")
    page.get_by_role("button", name="Write to them").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(4)


def _photo(page: Page, site: Site) -> None:
    begun(page, site)
    page.goto("/evidence/photo")


def _work(page: Page, site: Site) -> None:
    begun(page, site)
    page.goto("/registration/work")


def _offers(page: Page, site: Site) -> None:
    _settled(page, site)
    page.goto("/registration/offers")


def _prices(page: Page, site: Site) -> None:
    _offers(page, site)
    page.get_by_role("main").get_by_role("link", name="Fern Rooms").click()
    page.get_by_label("First visit").fill("much")
    page.get_by_text("Insurers that have paid for visits here").first.click()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _words(page: Page, site: Site) -> None:
    begun(page, site)
    page.goto("/registration/words")
    page.get_by_label("In a sentence or two").press_sequentially("I treat RLS, and I guarantee that it helps.")
    expect(page.get_by_text("These words may not stand here:")).to_be_visible()


def _step(path: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        begun(page, site)
        page.goto(f"/registration/{path}".rstrip("/"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


REGISTERING: dict[str, Callable[[Page, Site], None]] = {
    "register": _register,
    "register-entry": _register_entry,
    "register-claim": _register_claim,
}
"""Pages for everybody."""

REGISTERING_SIGNED_IN: dict[str, Callable[[Page, Site], None]] = {
    "places": _places,
    "place-unknown": _place_new_refused,
    "place-pin": _place_pin,
    "place-visits": _place_visits,
    "place-access": _place_access,
    "evidence-claim": _evidence_claim,
    "evidence-file-refused": _evidence_file_refused,
    "evidence-ask-refused": _evidence_ask_refused,
    "photo": _photo,
    "work": _work,
    "offers": _offers,
    "prices": _prices,
    "words": _words,
    "education": _step("education/new"),
    "licences": _step("licences"),
    "licence": _step("licences/new/US-OR/licence"),
    "cover": _step("licences/cover/new"),
    "rls": _step("rls"),
    "pregnancy": _step("pregnancy"),
    "registration": _step(""),
}
"""Pages for people who have signed in."""
