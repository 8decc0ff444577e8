"""What a patient says about the service of somebody whom they met, over the link that asked whether it worked."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.consultations.feedback import queries, service
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.rules import LONGEST
from directory.consultations.feedback.terms import Stand
from directory.consultations.outcomes import queries as outcomes
from directory.consultations.outcomes.models import ContactOutcome
from directory.errors import Conflict, InvalidInput, NotFound
from directory.http import headers
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.web import stories
from directory.web.forms.feedback import FeedbackForm

pages = Blueprint("feedback", __name__, url_prefix="/feedback")


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@pages.get("/<token>")
def index(token: str) -> ResponseReturnValue:
    """The questions, or what was said and how to take it back."""
    said = queries.by_token(session(), token)
    if said is not None:
        return _said(token, said)
    return _form(token, _outcome(token), FeedbackForm())


@pages.post("/<token>")
def send(token: str) -> ResponseReturnValue:
    """Take it; it is read before anybody sees it."""
    found, form = _outcome(token), FeedbackForm()
    if not form.validate():
        return _form(token, found, form, 422)
    law = jurisdictions.all_rules(session())
    try:
        service.send(session(), found, form.answers, form.words.data, law, now=site().clock())
    except InvalidInput as error:
        session().rollback()
        form.words.errors = [*form.words.errors, stories.complaint(error)]
        return _form(token, _outcome(token), form, 422)
    except Conflict as error:
        session().rollback()
        form.form_errors.append(gettext(str(error)))
        return _form(token, _outcome(token), form, 409)
    return redirect(url_for("feedback.index", token=token), 303)


@pages.post("/<token>/take-back")
def take_back(token: str) -> ResponseReturnValue:
    """Erase it at once, wherever it stands. Pressing it twice is pressing it once."""
    said = queries.by_token(session(), token)
    if said is not None:
        service.withdraw(session(), said, now=site().clock())
    return redirect(url_for("feedback.taken_back"), 303)


@pages.get("/taken-back")
def taken_back() -> str:
    """It is gone."""
    return render_template("feedback/taken_back.html")


def _outcome(token: str) -> ContactOutcome:
    """The contact behind a link; ``NotFound`` also where nothing may be said of it, now or ever."""
    try:
        found = outcomes.by_token(session(), token)
    except NotFound as error:
        raise NotFound(gettext(str(error))) from error
    if not service.may_tell(found, jurisdictions.all_rules(session()), now=site().clock()):
        raise NotFound(gettext("There is no page at this address."))
    return found


def _form(token: str, found: ContactOutcome, form: FeedbackForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "feedback/index.html", token=token, form=form, name=found.practitioner.display_name, longest=LONGEST
    )
    return page, status


def _said(token: str, said: ServiceStory) -> str:
    return render_template(
        "feedback/said.html",
        token=token,
        name=said.practitioner.display_name,
        story=stories.line(said),
        shown=said.stand is Stand.PUBLISHED,
        refused=said.stand is Stand.REFUSED,
    )
