"""A certifier's answer, over the link of a letter: a page that says who is meant, and one POST."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.control import service
from directory.credentials.control.models import ControlQuestion
from directory.errors import Gone
from directory.http import headers
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.web.forms.control import CertifierAnswerForm

pages = Blueprint("control", __name__, url_prefix="/control")


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@pages.get("/<token>")
def question(token: str) -> ResponseReturnValue:
    """Who is meant; 410 for a link that is spent, too old or was never sent."""
    return _page(token, CertifierAnswerForm(), 200)


@pages.post("/<token>")
def send_answer(token: str) -> ResponseReturnValue:
    """Keep the answer. The link is spent."""
    form = CertifierAnswerForm()
    if not form.validate():
        return _page(token, form, 422)
    try:
        service.answer(session(), token, confirms=form.confirms.data == "yes", now=site().clock())
    except Gone as error:
        raise Gone(gettext(str(error))) from error
    return redirect(url_for("control.answered"), 303)


@pages.get("/answered")
def answered() -> str:
    """Thanks."""
    return render_template("control/answered.html")


def _page(token: str, form: CertifierAnswerForm, status: int) -> ResponseReturnValue:
    asked = _asked(token)
    return render_template("control/question.html", form=form, token=token, told=asked.told), status


def _asked(token: str) -> ControlQuestion:
    """The question, or the refusal in the visitor's language."""
    try:
        return service.question(session(), token, now=site().clock())
    except Gone as error:
        raise Gone(gettext(str(error))) from error
