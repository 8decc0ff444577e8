"""Whom to call now. Open to everybody, and where a warning sign leads instead of to a list.

Neither page knows which sign was ticked: that is kept nowhere, so an address, a log or a cookie cannot tell it. The log
has no line about either page.
"""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.guide import emergency, evidence
from directory.guide.emergency import HelpNow
from directory.http import request_log
from directory.web import addresses, countries, facts
from directory.web.forms.about_you import stopped

pages = Blueprint("urgent", __name__, url_prefix="/urgent")
pages.before_request(request_log.leave_no_line)


@pages.get("")
def now() -> str:
    """The emergency number first, the signs, and the other numbers of the country."""
    return _page("urgent/now.html")


@pages.get("/talk")
def talk() -> str:
    """People to talk to, for whoever thinks of harming themselves."""
    return _page("urgent/talk.html")


@pages.post("/back")
def back() -> ResponseReturnValue:
    """The list may be shown again: back to the signs after a mistake, on to the list when a clinician has looked."""
    asks = addresses.asked(request.args)
    if request.form.get("why") == "mistake":
        address = addresses.of(asks, endpoint="about_you.signs")
    else:
        address = addresses.of(asks) if asks.get("place") else url_for("home.ask")
    response = make_response(redirect(address, 303))
    facts.keep(response, stopped(facts.read(), None))
    return response


def _page(template: str) -> str:
    known = facts.read()
    country = countries.of_place()
    return render_template(
        template,
        told=known,
        help=emergency.help_in(country),
        elsewhere=[_named(each) for each in emergency.COUNTRIES if each != (country or "")],
        emergency=emergency,
        evidence=evidence,
        address=lambda endpoint: addresses.of(addresses.asked(request.args), endpoint=endpoint),
    )


def _named(code: str) -> tuple[str, HelpNow]:
    return countries.name(code), emergency.help_in(code)
