"""Did it work? One tap, over the link in a letter. Opening the page changes nothing: scanners open it too."""

from __future__ import annotations

import math

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts import rules, throttle
from directory.accounts.terms import Action, Scope
from directory.consultations.feedback import service as feedback
from directory.consultations.outcomes import queries, service
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.terms import Contact
from directory.errors import Conflict, NotFound
from directory.http import headers
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.web.forms.outcome import SAID, OutcomeForm

pages = Blueprint("outcome", __name__, url_prefix="/outcome")


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@pages.get("/<token>")
def index(token: str) -> ResponseReturnValue:
    """Four buttons; afterwards, what was said, and how to change it."""
    return _page(token, OutcomeForm())


@pages.post("/<token>")
def send(token: str) -> ResponseReturnValue:
    """Take the word."""
    form = OutcomeForm()
    _found(token)
    if not form.validate():
        return _page(token, form, 422)
    network = rules.network(request.remote_addr)
    secret, now = site().config.secret_key, site().clock()
    subjects = {Scope.NETWORK: rules.subject(secret, Action.REPORT, Scope.NETWORK, network)}
    waiting = throttle.must_wait(session(), Action.REPORT, subjects, now=now)
    if waiting:
        form.form_errors.append(
            gettext("Many messages came from your network in a short time. Please try again later.")
        )
        response = make_response(_page(token, form, 429))
        response.headers["Retry-After"] = str(max(1, math.ceil(waiting.total_seconds())))
        return response
    throttle.count(session(), Action.REPORT, subjects, now=now)
    try:
        service.tell(
            session(), token, Contact(form.contact.data), network=rules.subject(secret, "outcome", network), now=now
        )
    except Conflict as error:
        session().rollback()
        form.form_errors.append(gettext(str(error)))
        return _page(token, form, 409)
    return redirect(url_for("outcome.index", token=token), 303)


def _found(token: str) -> ContactOutcome:
    try:
        return queries.by_token(session(), token)
    except NotFound as error:
        raise NotFound(gettext(str(error))) from error


def _page(token: str, form: OutcomeForm, status: int = 200) -> tuple[str, int]:
    found, now = _found(token), site().clock()
    law = jurisdictions.all_rules(session())
    page = render_template(
        "outcome/index.html",
        token=token,
        form=form,
        outcome=found,
        said=None if found.contact is None else str(SAID[found.contact]),
        choices=SAID,
        is_open=service.is_open(found, now=now) and found.case_id is None,
        may_tell_more=feedback.may_tell(found, law, now=now),
    )
    return page, status
