"""The patient's guide: what to know before, during and after, with sources, and words to look for in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from directory.guide.library import finding, rendering
from directory.guide.library.pages import Page, Section, shipped
from directory.http.locale import lazy_gettext as _l
from directory.http.site import site
from directory.web import facts

pages = Blueprint("guide", __name__, url_prefix="/guide")

SECTIONS = {
    Section.UNDERSTAND: _l("Understand"),
    Section.CHOOSE: _l("Choose"),
    Section.VISITS: _l("Visits"),
    Section.LIFE: _l("Nights and days"),
}
LONGEST_QUESTION = 200

ONWARD: Final[Mapping[str, tuple[tuple[str, Any], ...]]] = {
    "restless-legs": (("care.letter", _l("A letter to your doctor or midwife")), ("diary.index", _l("Night diary"))),
    "could-it-be-rls": (("care.letter", _l("A letter to your doctor or midwife")),),
    "iron-first": (("care.letter", _l("A letter to your doctor or midwife")),),
    "evidence": (("care.empty_plan", _l("Plan visits")),),
    "how-it-is-explained": (("care.questions", _l("Questions to ask")),),
    "choosing": (("care.questions", _l("Questions to ask")),),
    "questions-to-ask": (("care.questions", _l("Questions to ask")),),
    "money": (("care.empty_plan", _l("Plan visits")), ("care.superbill", _l("What belongs on a superbill"))),
    "stories": (("about.ranking", _l("How ranking works")),),
    "when-not": (("about_you.overview", _l("Tell us more, or look for someone else")),),
    "a-session": (("care.prepare", _l("The day before and the day")),),
    "after-a-session": (("care.after", _l("After a session")),),
    "how-often": (("care.empty_plan", _l("Plan visits")),),
    "no-change": (("care.review", _l("Go on, change, end, or see a doctor?")),),
    "points": (("care.questions", _l("Questions to ask")),),
    "preparing": (("care.prepare", _l("The day before and the day")), ("care.bring", _l("Medicines and supplements"))),
    "pregnancy": (("care.letter", _l("A letter to your doctor or midwife")),),
    "questions": (("care.index", _l("For your visits")),),
    "side-effects": (("care.after", _l("After a session")), ("urgent.now", _l("When to get help now"))),
    "habits": (("diary.index", _l("Night diary")),),
    "medicines": (("care.bring", _l("Medicines and supplements")),),
    "tonight": (("diary.index", _l("Night diary")),),
    "with-other-treatment": (("care.letter", _l("A letter to your doctor or midwife")),),
}
"""What to do with what one has read, page by page: where it leads, and in what words."""


@pages.app_template_global("guide_title")
def title(slug: str) -> str:
    """The title of a page, for whoever leads to it. ``KeyError`` where there is none."""
    return _titles()[slug]


@cache
def _titles() -> Mapping[str, str]:
    return {page.slug: page.title for page in shipped()}


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
        onward=ONWARD[shown.slug],
        reading=request.args.get("reading") == "1",
        overdue=shown.next_check < site().clock().date(),
    )


def _for_pregnancy(shown: Page) -> bool:
    """Whether the page is made for somebody who is or may be pregnant: only a page that differs asks."""
    if not rendering.differs(shown):
        return False
    return facts.read().patient(today=site().clock().date()).gestation is not None
