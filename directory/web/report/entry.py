"""Something in an entry is wrong."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.terms import Action
from directory.cases.rules import WORKING_DAYS
from directory.cases.service import TooMany
from directory.complaints import service as complaints
from directory.complaints.terms import Field
from directory.guide import evidence
from directory.http.locale import current
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.forms.report import EntryForm
from directory.web.report.blueprint import pages, too_many, too_often, whom

_PAGE = "report/entry.html"


@pages.get("/<slug>")
def entry(slug: str) -> ResponseReturnValue:
    """What is it about, and what is wrong?"""
    return render_template(_PAGE, form=EntryForm(), **_values(whom(slug)))


@pages.post("/<slug>")
def send_entry(slug: str) -> ResponseReturnValue:
    """Take the report; what cannot be used comes back with 422 as it was typed."""
    person, form = whom(slug), EntryForm()
    if not form.validate():
        return render_template(_PAGE, form=form, **_values(person)), 422
    refused = too_often(Action.REPORT, _PAGE, form, **_values(person))
    if refused is not None:
        return refused
    try:
        complaints.report(
            session(),
            Field(form.about.data),
            form.text.data,
            about=person.id,
            email=form.email.data,
            language=str(current()),
            harm_hours=site().config.harm_look_hours,
            now=site().clock(),
        )
    except TooMany:
        too_many(form)
        return render_template(_PAGE, form=form, **_values(person)), 429
    return redirect(url_for("report.sent"), 303)


@pages.get("/sent")
def sent() -> str:
    """What happens next."""
    return render_template("report/sent.html", working_days=WORKING_DAYS, evidence=evidence)


def _values(person: Practitioner) -> dict[str, object]:
    return {"person": person, "evidence": evidence, "working_days": WORKING_DAYS}
