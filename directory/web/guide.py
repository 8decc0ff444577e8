"""The patient's guide: what to know before, during and after, with sources, and words to look for in it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from directory.guide.library import finding, rendering
from directory.guide.library.pages import Page, Section, shipped
from directory.web import facts
from directory.web.locale import lazy_gettext as _l
from directory.web.site import site

pages = Blueprint("guide", __name__, url_prefix="/guide")

SECTIONS = {
    Section.UNDERSTAND: _l("Understand"),
    Section.CHOOSE: _l("Choose"),
    Section.VISITS: _l("Visits"),
    Section.LIFE: _l("Nights and days"),
}
LONGEST_QUESTION = 200


@pages.get("")
def index() -> str:
    """Every page by section, and the words to look for."""
    parts = {title: [page for page in shipped() if page.section is section] for section, title in SECTIONS.items()}
    return render_template("guide/index.html", parts=parts, typed="")


@pages.get("/find")
def find() -> ResponseReturnValue:
    """The parts of the guide that hold the words. What somebody types is neither counted nor written down."""
    typed = request.args.get("q", "").strip()
    too_long = len(typed) > LONGEST_QUESTION
    found = [] if too_long else finding.find(typed)
    page = render_template("guide/find.html", typed=typed[:LONGEST_QUESTION], too_long=too_long, found=found)
    return page, 422 if too_long else 200


@pages.get("/<slug>")
def page(slug: str) -> str:
    """One page; ``?reading=1`` leaves everything out but the text."""
    every = shipped()
    place = next((number for number, each in enumerate(every) if each.slug == slug), None)
    if place is None:
        abort(404)
    shown = every[place]
    return render_template(
        "guide/page.html",
        page=shown,
        section=SECTIONS[shown.section],
        # The renderer shows markup in a page's text as text, so what it makes is ours.
        body=Markup(rendering.html(shown, pregnant=_for_pregnancy(shown))),  # noqa: S704
        contents=[block for block in rendering.blocks(shown) if block.is_heading],
        before=every[place - 1] if place else None,
        after=every[place + 1] if place + 1 < len(every) else None,
        reading=request.args.get("reading") == "1",
        overdue=shown.next_check < site().clock().date(),
    )


def _for_pregnancy(shown: Page) -> bool:
    """Whether the page is made for somebody who is or may be pregnant: only a page that differs asks."""
    if not rendering.differs(shown):
        return False
    return facts.read().patient(today=site().clock().date()).gestation is not None
