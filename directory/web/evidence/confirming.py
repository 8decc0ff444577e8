"""A colleague's answer, over the link of a letter: a page that says who asks what, and one POST."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.evidence import service
from directory.credentials.evidence.models import Evidence
from directory.errors import Gone
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.web.evidence.blueprint import pages
from directory.web.forms.evidence import AnswerForm


@pages.get("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Who asks, and what; 410 for a link that is spent, too old or was never sent."""
    return _page(token, AnswerForm())


@pages.post("/confirm/<token>")
def send_answer(token: str) -> ResponseReturnValue:
    """Keep the answer. The link is spent."""
    form = AnswerForm()
    if not form.validate():
        return _page(token, form, 422)
    _asked(token)
    service.answer(
        session(),
        token,
        confirms=form.confirms.data == "yes",
        name=form.name.data,
        words=form.words.data,
        now=site().clock(),
    )
    return redirect(url_for("evidence.answered"), 303)


@pages.get("/answered")
def answered() -> str:
    """Thanks."""
    return render_template("evidence/answered.html")


def _page(token: str, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    evidence = _asked(token)
    if evidence.told is None:
        raise Gone(gettext(service.SPENT))
    page = render_template(
        "evidence/confirm.html",
        form=form,
        token=token,
        person=people.practitioner(session(), evidence.practitioner_id),
        told=evidence.told,
    )
    return page, status


def _asked(token: str) -> Evidence:
    """The question, or the refusal in the visitor's language."""
    try:
        return service.question(session(), token, now=site().clock())
    except Gone as error:
        raise Gone(gettext(str(error))) from error
