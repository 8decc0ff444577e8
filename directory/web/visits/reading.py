"""Opening a link. It changes nothing: whoever checks letters for traps opens every link in them."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from directory.consultations.terms import Side
from directory.errors import Gone, NotFound
from directory.http.locale import gettext
from directory.http.site import site
from directory.web.presenters import talks
from directory.web.visits.blueprint import page, pages, read


@pages.get("/erased")
def erased() -> str:
    """What was sent is erased."""
    return render_template("visits/erased.html")


@pages.get("/letter-sent")
def letter_sent() -> str:
    """A new link is on its way."""
    return render_template("visits/letter_sent.html")


@pages.get("/<token>")
def visit(token: str) -> ResponseReturnValue:
    """What was sent, where it stands, and what may be decided."""
    return page(token)


@pages.get("/<token>/<code>/talk.ics")
def visit_calendar(token: str, code: str) -> Response:
    """The entry for one's calendar once more."""
    now = site().clock()
    found = read(token, now=now)
    if found is None:
        raise Gone(gettext("This link has ended. Have a new one sent to your mailbox."))
    one = next((each for each in found[1] if each.code == code), None)
    if one is None or one.request.email_sealed is None:
        raise NotFound(gettext("There is no page at this address."))
    return talks.calendar_file(one, Side.PATIENT, to=one.request.email_sealed)
