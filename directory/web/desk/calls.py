"""Whose printed number is called this month, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from directory.accuracy import queries, service
from directory.accuracy.terms import Reached
from directory.http import who
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.web.desk.blueprint import pages

ANSWERS: Final[Mapping[Reached, LazyString]] = {
    Reached.PRACTICE: _l("The practice, or its own message"),
    Reached.NO_ANSWER: _l("Nobody, in three tries on two days"),
    Reached.WRONG_NUMBER: _l("Somebody else: a wrong number"),
    Reached.OUT_OF_SERVICE: _l("Out of service"),
    Reached.NO_LONGER_HERE: _l("The practice, where this person no longer works"),
}


@pages.get("/calls")
def calls() -> ResponseReturnValue:
    """Who is still to be called."""
    return _page(), 200


@pages.post("/calls/<int:call_id>")
def send_call(call_id: int) -> ResponseReturnValue:
    """Note what became of one call."""
    try:
        outcome = Reached(request.form.get("outcome", ""))
    except ValueError:
        return _page(unanswered=queries.test(session(), call_id).id), 422
    service.record(session(), call_id, outcome, by=who.account().id, today=site().clock().date())
    return redirect(url_for("desk.calls"), code=303)


def _page(*, unanswered: int | None = None) -> str:
    """``unanswered`` is the call that was sent without saying what became of it."""
    return render_template("desk/calls.html", calls=queries.to_call(session()), answers=ANSWERS, unanswered=unanswered)
