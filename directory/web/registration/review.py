"""The last step: everything on one page, and the signature under it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.cases.rules import WORKING_DAYS
from directory.credentials.registration import queries, service
from directory.credentials.registration.terms import Progress, StepKey
from directory.http import headers, who
from directory.http.site import session, site
from directory.web.forms.registration.review import ReviewForm
from directory.web.registration import steps
from directory.web.registration.blueprint import pages


@pages.get("/review")
def review() -> ResponseReturnValue:
    """What is there and what is missing. Handed in already: what happens next."""
    headers.personal()
    person = who.practitioner()
    found = queries.registration(session(), person.id)
    if found is not None and found.submitted_at is not None:
        return redirect(url_for("registration.submitted"), 303)
    return _page(ReviewForm())


@pages.post("/review")
def submit() -> ResponseReturnValue:
    """Hand in. Sent twice, it is handed in once."""
    headers.personal()
    person = who.practitioner()
    form = ReviewForm()
    lines = steps.lines(person)
    if not form.validate() or any(each.lacking for each in lines):
        return _page(form), 422
    service.submit(session(), person.id, signed_as=form.signed_as.data, now=site().clock())
    return redirect(url_for("registration.submitted"), 303)


@pages.get("/submitted")
def submitted() -> ResponseReturnValue:
    """What happens next, and how long it takes."""
    headers.personal()
    person = who.practitioner()
    found = queries.registration(session(), person.id)
    if found is None or found.submitted_at is None:
        return redirect(url_for("registration.overview"), 303)
    return render_template("registration/submitted.html", submitted_at=found.submitted_at, working_days=WORKING_DAYS)


def _page(form: ReviewForm) -> str:
    person = who.practitioner()
    lines = [each for each in steps.lines(person) if each.key is not StepKey.REVIEW]
    return render_template(
        "registration/review.html",
        form=form,
        frame=steps.frame(StepKey.REVIEW, person),
        person=person,
        lines=lines,
        complete=all(each.progress is Progress.DONE or not each.lacking for each in lines),
        lacking=[(each, sentence) for each in lines for sentence in each.lacking],
    )
