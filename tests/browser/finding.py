"""Pages on which somebody looks for a practitioner and says what matters to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site

HERE = "/search?place=97214"
MAP = "/search/map?place=97214"
NOBODY = f"{HERE}&radius=5&max_price=1"
FAR = "/search?place=Nome, AK"
"""Nobody practises within a day's drive."""
SCREENS = "/about-you/{number}?place=97214"


def tell(page: Page, answer: str, weeks: str = "") -> None:
    """Answer the question above the list on which somebody stands."""
    form = page.locator("#about-you form").first
    if not form.is_visible():
        page.get_by_text("Change this answer").click()
    form.get_by_label(answer, exact=True).check()
    if weeks:
        if not form.get_by_label("Completed weeks").is_visible():
            form.locator("summary").click()
        form.get_by_label("Completed weeks").fill(weeks)
    form.get_by_role("button").click()
    expect(page.locator("#made-for")).to_contain_text(f"Pregnant: {answer.lower()}")


def _home(page: Page, site: Site) -> None:
    page.goto("/")


def _home_refused(page: Page, site: Site) -> None:
    page.goto("/")
    page.get_by_label("Where do you need someone?").fill("Portland")
    page.get_by_text("how many weeks, or when is it due?").click()
    page.get_by_label("Completed weeks").fill("99")
    page.get_by_role("button", name="Show people near me").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _list(page: Page, site: Site) -> None:
    page.goto(HERE)


def _list_not_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "No")


def _list_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "Yes", "12")


def _map(page: Page, site: Site) -> None:
    page.goto(MAP)
    expect(page.locator("#map[data-ready]")).to_be_visible()


def _list_with_map(page: Page, site: Site) -> None:
    page.goto(HERE)
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator("#map[data-ready]")).to_be_visible()


def _list_empty(page: Page, site: Site) -> None:
    page.goto(NOBODY)
    expect(page.get_by_role("heading", name="Nobody fits what you asked")).to_be_visible()
    expect(page.locator("[aria-labelledby=step-1] .card").first).to_be_visible()


def _list_refused(page: Page, site: Site) -> None:
    page.goto(f"{HERE}&radius=far&max_price=none&preset=best&gender=x&language=x")
    expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()


def _list_far(page: Page, site: Site) -> None:
    page.goto(FAR)
    expect(page.locator("#journey")).to_be_visible()


def _by_name(page: Page, site: Site) -> None:
    page.goto("/practitioners?name=an")
    expect(page.locator("ol.cards .card").first).to_be_visible()


def _by_name_nobody(page: Page, site: Site) -> None:
    page.goto("/practitioners?name=Xanthippe+Quux")
    expect(page.get_by_role("heading", name="We list nobody of this name")).to_be_visible()


def _by_name_refused(page: Page, site: Site) -> None:
    page.goto("/practitioners?name=a")
    expect(page.get_by_role("alert")).to_be_visible()


def _profile(page: Page, site: Site) -> None:
    page.goto(HERE)
    page.locator("ol.cards .card__title a").first.click()
    expect(page.get_by_role("heading", name="What we checked")).to_be_visible()


def _profile_while_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "Yes", "12")
    page.goto(f"/practitioners/{site.slug('published')}")
    expect(page.locator("article.profile")).to_be_visible()


def _gone(page: Page, site: Site) -> None:
    answer = page.goto(f"/practitioners/{site.slug('suspended_by_admin')}")
    assert answer is not None
    assert answer.status == 410


def _missing(page: Page, site: Site) -> None:
    answer = page.goto("/practitioners/nobody-of-this-name")
    assert answer is not None
    assert answer.status == 404


def _told(page: Page, site: Site) -> None:
    """A list with chips, cautions, a plan that goes beyond somebody's weeks, and a wish that is only nice to have."""
    page.goto(f"{HERE}&language=es&nice=language")
    tell(page, "Yes", "34")
    page.goto(SCREENS.format(number=3))
    for words in ("I take a medicine against", "I have or had cancer", "I expect twins"):
        page.get_by_label(words).check()
    page.get_by_role("button", name="Keep this and show the list").click()
    expect(page.get_by_role("button", name="Cancer, now or before")).to_be_visible()
    page.locator(".to-ask summary").first.click()


def _about_you(page: Page, site: Site) -> None:
    page.goto(SCREENS.format(number=4))
    page.get_by_label("They make me nervous").check()
    page.get_by_role("button", name="Keep this and go on").click()
    page.goto("/about-you?place=97214")
    page.get_by_role("button", name="I am looking for someone else").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("About the person you are looking for")


def _weeks_refused(page: Page, site: Site) -> None:
    page.goto(SCREENS.format(number=1))
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Completed weeks").fill("43")
    page.get_by_role("button", name="Keep this and go on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _screen(number: int) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto(SCREENS.format(number=number))
        expect(page.get_by_text(f"Screen {number} of 6, all optional").first).to_be_visible()

    return go


def _sheet(page: Page, site: Site) -> None:
    page.goto("/about-you/sheet?place=97214")
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.locator(".sheet__person")).to_have_count(2)


def _urgent(sign: str, heading: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto(SCREENS.format(number=2))
        page.get_by_label(sign).check()
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.get_by_role("button", name="I ticked this by mistake")).to_be_visible()

    return go


FINDING: dict[str, Callable[[Page, Site], None]] = {
    "home": _home,
    "home-refused": _home_refused,
    "list": _list,
    "list-not-pregnant": _list_not_pregnant,
    "list-pregnant": _list_pregnant,
    "list-with-map": _list_with_map,
    "map": _map,
    "list-empty": _list_empty,
    "list-refused": _list_refused,
    "list-far": _list_far,
    "list-told": _told,
    "about-you": _about_you,
    "about-you-refused": _weeks_refused,
    "about-you-health": _screen(3),
    "about-you-wishes": _screen(6),
    "sheet": _sheet,
    "urgent": _urgent("Chest pain", "Please get help now"),
    "urgent-talk": _urgent("Thoughts of harming", "Please talk to somebody now"),
    "by-name": _by_name,
    "by-name-nobody": _by_name_nobody,
    "by-name-refused": _by_name_refused,
    "profile": _profile,
    "profile-while-pregnant": _profile_while_pregnant,
    "gone": _gone,
    "missing": _missing,
}
"""Pages for everybody."""
