"""Pages to read, to prepare a visit with, and to report with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.finding import HERE, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site


def _about(which: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto("/")
        page.get_by_role("contentinfo").get_by_role("link", name=which).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _guide(path: str, heading: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)

    return go


def _plan_refused(page: Page, site: Site) -> None:
    page.goto("/care/plan")
    page.get_by_label("Later visits").fill("a lot")
    page.get_by_role("button", name="Add it up").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _plan_made(page: Page, site: Site) -> None:
    page.goto(HERE)
    page.locator(".card__title a").first.click()
    page.get_by_role("link", name="Plan visits").click()
    page.get_by_label("Day of the first visit").fill((datetime.now(UTC) + timedelta(days=7)).date().isoformat())
    page.get_by_label("Later visits").fill("87.50")
    page.get_by_role("button", name="Add it up").click()
    expect(page.get_by_role("heading", name="What it adds up to")).to_be_visible()


def _bring_refused(page: Page, site: Site) -> None:
    page.goto("/care/bring")
    page.get_by_label("Dose, and when").nth(1).fill("50 mg in the morning")
    page.get_by_role("button", name="Make the list").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)


def _bring_made(page: Page, site: Site) -> None:
    page.goto("/care/bring")
    for number, name in enumerate(("Sertraline", "Warfarin", "Magnesium")):
        page.get_by_label("Name", exact=True).nth(number).fill(name)
    page.get_by_label("A medicine for restless legs that acts like dopamine").check()
    page.get_by_role("button", name="Make the list").click()
    expect(page.locator(".medicine-asks")).to_have_count(4)


def _prepare_while_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "Yes", "34")
    page.goto("/care/prepare")
    expect(page.get_by_label("Take your maternity notes")).to_be_visible()


def _summary_seen(page: Page, site: Site) -> None:
    """What would be handed over, with one of everything that somebody can type for it."""
    page.goto("/care/summary")
    page.click("#add-medicines")
    page.locator("#medicines").get_by_label("Name").fill("Pramipexole")
    page.locator("#medicines").get_by_label("Hand this over").check()
    page.click("#add-answers")
    page.locator("#answers").get_by_label("Question").fill("May I stand up when my legs need to move?")
    page.locator("#answers").get_by_label("Hand this over").check()
    page.fill("#words", "I cannot lie still for half an hour.")
    page.check("#with-words")
    page.get_by_role("button", name="Show what would be handed over").click()
    expect(page.locator("#preview")).to_be_visible()


def _questions_made(page: Page, site: Site) -> None:
    page.goto("/care/questions")
    for which in ("First", "Second", "Third", "Fourth"):
        page.get_by_label(f"{which} person").fill("Anna von Berg")
    page.get_by_role("button", name="Make the page").click()
    expect(page.locator(".question-paper--4")).to_be_visible()


def _letter_refused(page: Page, site: Site) -> None:
    page.goto("/care/letter")
    page.get_by_role("button", name="Make the letter").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)


def _letter_made(page: Page, site: Site) -> None:
    page.goto("/care/letter")
    page.get_by_label("My midwife").check()
    page.get_by_label("Your name", exact=True).fill("Alex Marlow")
    page.get_by_role("button", name="Make the letter").click()
    expect(page.get_by_role("article", name="The letter")).to_contain_text("Dear midwife,")


def _after_refused(page: Page, site: Site) -> None:
    page.goto("/care/after")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Take them into my calendar").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _harm_by(page: Page, site: Site) -> None:
    page.goto(f"/report/{site.slug('published')}/harm")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()


def _harm_sent(page: Page, site: Site) -> None:
    page.goto("/report/harm/sent")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _accuracy(page: Page, site: Site) -> None:
    page.goto("/accuracy")
    expect(page.get_by_role("heading", level=1)).to_have_text("How true this directory is")


def _embed(page: Page, site: Site) -> None:
    page.goto("/embed?language=es&size=narrow")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Buscar acupuntor")


def _embed_refused(page: Page, site: Site) -> None:
    page.goto("/embed?language=xx")
    expect(page.get_by_role("alert")).to_be_visible()


def _data(page: Page, site: Site) -> None:
    page.goto("/data")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open data")


def _harm(page: Page, site: Site) -> None:
    page.goto("/report/harm")
    expect(page.get_by_role("heading", name="Somebody to talk to", exact=True)).to_be_visible()


def _report_refused(page: Page, site: Site) -> None:
    page.goto(f"/report/{site.slug('published')}")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()


READING: dict[str, Callable[[Page, Site], None]] = {
    "harm": _harm,
    "harm-by-refused": _harm_by,
    "harm-sent": _harm_sent,
    "accuracy": _accuracy,
    "embed": _embed,
    "embed-refused": _embed_refused,
    "data": _data,
    "report-refused": _report_refused,
    "about": _about("Who runs this"),
    "ranking": _about("How ranking works"),
    "privacy": _about("Privacy"),
    "terms": _about("Terms"),
    "accessibility": _about("Accessibility"),
    "guide": _guide("/guide", "The guide"),
    "guide-page": _guide("/guide/evidence", "What the evidence says"),
    "guide-reading": _guide("/guide/points?reading=1", "Points and their names"),
    "plan": _guide("/care/plan", "Plan visits"),
    "plan-refused": _plan_refused,
    "plan-made": _plan_made,
    "review-point": _guide("/care/review", "Go on, change, end, or see a doctor?"),
    "care": _guide("/care", "For your visits"),
    "care-bring-refused": _bring_refused,
    "care-bring-made": _bring_made,
    "care-prepare": _prepare_while_pregnant,
    "care-questions": _questions_made,
    "care-summary": _summary_seen,
    "care-letter-refused": _letter_refused,
    "care-letter-made": _letter_made,
    "care-superbill": _guide("/care/superbill", "What belongs on a superbill"),
    "care-after-refused": _after_refused,
    "api": _guide("/api", "For programs"),
    "guide-found": _guide("/guide/find?q=iron", "Look in the guide"),
}
"""Pages for everybody."""
