"""The living style page, in development only: every token and every part of the pages, as the templates draw them.

It is for whoever builds pages, so its own words are not translated.
"""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, render_template

from directory.guide import emergency, evidence
from directory.paths import STATIC
from directory.web.forms.style import SampleForm
from directory.web.presenters.cards import Row
from directory.web.presenters.checks import Check
from directory.web.presenters.known import Known

pages = Blueprint("style", __name__, url_prefix="/style")

SPACES: Final = tuple(f"space-{step}" for step in range(1, 8))
SIZES: Final = ("size-small", "size-text", "size-large", "size-h3", "size-h2", "size-h1")


@pages.get("")
def parts() -> str:
    """Tokens and parts, in the order of the stylesheet."""
    form = SampleForm(data={"refused": "zzzz", "answer": "no"})
    form.refused.errors = ["This is where the complaint stands."]
    return render_template(
        "style/index.html",
        colours=_tokens(r"--([a-z-]+): #[0-9a-f]{6};"),
        spaces=SPACES,
        sizes=SIZES,
        icons=re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")),
        form=form,
        known=(
            Known("checked", "Checked with its source", "With whom, and when."),
            Known("shown", "A document we were shown", "What it was."),
            Known("stated", "The practitioner’s own word", "On which day."),
            Known("missing", "Nothing told us"),
            Known("ask", "Something to ask"),
        ),
        checks=(
            Check("A paper", "checked", "Active, checked with the register on a day.", "Next: its renewal."),
            Check("A declaration", "stated", "What they say (their own statement)."),
            Check("Nothing here", "missing", "Nothing told us."),
        ),
        rows=(
            Row("Nearness", "2 miles; you asked within 25 miles", 0.9, 0.25, 0.225),
            Row("Experience with RLS", "39 people in 24 months", 0.5, 0.75, 0.375),
        ),
        help=emergency.help_in("US"),
        emergency=emergency,
        evidence=evidence,
        heading="Style",
        words={
            "lead": "Every token and part of the pages, drawn by the same macros. Only development shows this page.",
            "colours": "Colours",
            "type": "Type",
            "space": "Space",
            "icons": "Signs",
            "forms": "Forms",
            "buttons": "Buttons",
            "notices": "Notices",
            "people": "People and facts",
            "chips": "Chips",
            "numbers": "Numbers",
            "ways": "Ways through",
            "empty": "Nothing here",
            "sample": "A sentence as it stands on a page, long enough to break over two lines on a telephone.",
            "press": "Press",
            "name": "Somebody with a name of several words",
            "arabic": "الدكتورة فاطمة الزهراء",
        },
    )


def _tokens(pattern: str) -> list[str]:
    """The names of tokens in the order of the stylesheet, each once."""
    return list(dict.fromkeys(re.findall(pattern, (STATIC / "site.css").read_text(encoding="utf-8"))))
