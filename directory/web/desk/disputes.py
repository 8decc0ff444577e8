"""Two people who say that they are the same one: whose profile it is, found by two of the desk."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.cases.models import Case
from directory.cases.terms import State
from directory.desk import disputes as desk
from directory.errors import Conflict, InvalidInput, NotFound
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.web.desk.blueprint import pages
from directory.web.desk.sides import side
from directory.web.forms.desk.disputes import DisputeForm


@pages.get("/disputes/<int:case_id>")
def dispute(case_id: int) -> ResponseReturnValue:
    """Both side by side, and what one of the desk has found already."""
    return _page(_open(case_id), DisputeForm())


@pages.post("/disputes/<int:case_id>")
def send_dispute(case_id: int) -> ResponseReturnValue:
    """One voice; with the second that finds the same it is settled."""
    case, form = _open(case_id), DisputeForm()
    if not form.validate():
        return _page(case, form)
    first, second = desk.both(session(), case)
    holder = {"1": first.id, "2": second.id}[form.holder.data]
    try:
        settled = desk.settle(
            session(), case_id, holder=holder, note=form.note.data, by=who.account().id, now=site().clock()
        )
    except InvalidInput as error:
        field = form.note if error.field == "note" else form.holder
        field.errors = [*field.errors, gettext(str(error))]
        return _page(case, form)
    return redirect(url_for("desk.queue") if settled else url_for("desk.dispute", case_id=case_id), 303)


def _open(case_id: int) -> Case:
    case = session().get(Case, case_id)
    if case is None:
        raise NotFound(gettext("There is no page at this address."))
    if case.state is State.CLOSED:
        raise Conflict(gettext("This has been decided already."))
    return case


def _page(case: Case, form: DisputeForm) -> ResponseReturnValue:
    headers.personal()
    first, second = desk.both(session(), case)
    earlier = desk.proposed(session(), case)
    page = render_template(
        "desk/dispute.html",
        case_id=case.id,
        sides=[side(first), side(second)],
        waits=earlier is not None,
        mine=earlier is not None and earlier[0].decided_by == who.account().id,
        form=form,
    )
    return (page, 422) if form.errors else page
