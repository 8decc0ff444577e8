"""The symptom diary: a page that works without a network and keeps every night on its owner's device.

Nothing that is noted is sent. The one exception is asked for: the numbers of one page, made into a PDF and forgotten.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.care import nights, paper
from directory.errors import InvalidInput
from directory.http import headers
from directory.http.locale import day, gettext, number
from directory.http.site import site
from directory.paths import STATIC

pages = Blueprint("diary", __name__, url_prefix="/diary")

SCRIPTS: Final = (
    "page.js",
    "moving.js",
    "night.js",
    "papers.js",
    "seen.js",
    "store.js",
    "database.js",
    "file.js",
    "figures.js",
    "charts.js",
)
LARGEST_SUMMARY: Final = 20_000


@pages.get("")
def index() -> str:
    """The diary. The page is the same for everybody, so that the device can keep it."""
    return render_template("diary/index.html", scripts=SCRIPTS)


@pages.get("/app.webmanifest")
def manifest() -> Response:
    """What a device needs to know to keep the diary like an app."""
    said = {
        "id": "/diary",
        "name": gettext("Night diary"),
        "short_name": gettext("Nights"),
        "start_url": url_for("diary.index"),
        "scope": url_for("diary.index"),
        "display": "standalone",
        "background_color": "#1d1a16",
        "theme_color": "#14454a",
        "icons": [{"src": url_for("static", filename="favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return Response(json.dumps(said, ensure_ascii=False), mimetype="application/manifest+json")


@pages.get("/worker.js")
def worker() -> Response:
    """The program that answers for the diary where there is no network. It changes whenever a file of it does."""
    files = [
        url_for("diary.index"),
        *(url_for("static", filename=f"diary/{name}") for name in SCRIPTS[:1]),
        *(f"{url_for('static', filename='')}diary/{name}" for name in SCRIPTS[1:]),
        *(url_for("static", filename=name) for name in ("site.css", "diary.css", "icons.svg", "favicon.svg")),
        url_for("static", filename="fonts/text.woff2"),
    ]
    program = (STATIC / "diary" / "worker.js").read_text(encoding="utf-8")
    content = render_template("diary/index.html", scripts=SCRIPTS) + program
    content += "".join((STATIC / "diary" / name).read_text(encoding="utf-8") for name in SCRIPTS)
    kept = {"version": hashlib.sha256(content.encode()).hexdigest()[:16], "files": files}
    response = Response(f"self.KEPT = {json.dumps(kept)};\n{program}", mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for("diary.index")
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/pdf")
def about_pdf() -> str:
    """What making the PDF means. The diary takes its token from here, when its owner asks."""
    return render_template("diary/pdf.html")


@pages.post("/pdf")
def make_pdf() -> ResponseReturnValue:
    """One page for a clinician, of the numbers that were sent; nothing of them is kept. 422 when they are none."""
    headers.personal()
    if request.content_length is None or request.content_length > LARGEST_SUMMARY:
        raise InvalidInput(gettext("This is not a summary of a diary."))
    told = nights.summary(request.get_json(silent=True))
    response = Response(paper.one_page(told, _words()), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="restless-nights.pdf"'
    return response


def _words() -> paper.Words:
    return paper.Words(
        title=gettext("Restless nights, four weeks"),
        lead=gettext(
            "Noted by the person themselves in a diary for restless legs. Own wording, no validated scale. "
            "Intensity: 0 is none, 10 is the worst they can think of."
        ),
        recent=gettext("Latest four weeks"),
        earlier=gettext("The four before"),
        nights_noted=gettext("Nights with a note"),
        intensity=gettext("Intensity, 0 to 10"),
        awake=gettext("Minutes awake"),
        restless=gettext("Nights with restless legs"),
        medicine=gettext("Nights with medicine for it"),
        iron=gettext("Days with iron"),
        treatments=gettext("Treatments"),
        half=gettext("The middle of the nights; in brackets the range in which half of them lie."),
        chart=gettext("Intensity, night by night"),
        dot=gettext("A dot is a treatment. A gap is a night without a note."),
        honest=gettext("Nights differ by themselves. These numbers do not say why they changed, if they did."),
        made_on=gettext(
            "Made on %(day)s with %(site)s from numbers on the person’s own device.",
            day=day(site().clock().date()),
            site=site().config.site_name,
        ),
        nothing=gettext("not noted"),
        day=day,
        number=number,
    )
