"""Taking everything along, and leaving."""

from __future__ import annotations

import json

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts import sessions
from directory.errors import Conflict
from directory.http import who
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.privacy import export as exports
from directory.privacy import queries, rules, service
from directory.web.forms.practice import LeaveForm
from directory.web.practice.blueprint import pages


@pages.get("/export")
def export() -> str:
    """What is in the file, and the button."""
    return render_template("practice/export.html", person=who.practitioner())


@pages.post("/export")
def send_export() -> Response:
    """The file itself."""
    person = who.practitioner()
    now = site().clock()
    told = exports.document(session(), person.id, now=now)
    return Response(
        json.dumps(told, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="stillpoint-{now:%Y-%m-%d}.json"'},
    )


@pages.get("/leave")
def leave() -> ResponseReturnValue:
    """What leaving means, and the form; or until when it can be taken back."""
    return _leave(who.practitioner(), LeaveForm())


@pages.post("/leave")
def send_leave() -> ResponseReturnValue:
    """Leave: nobody sees the profile from now on, and every browser is signed out."""
    person = who.practitioner()
    form = LeaveForm()
    if not form.validate():
        return _leave(person, form)
    account_id = who.account().id
    grace = site().config.leave_grace_days
    service.leave(session(), person.id, grace_days=grace, by=account_id, now=site().clock())
    sessions.end_all(session(), account_id)
    return redirect(url_for("practice.left"), 303)


@pages.get("/left")
def left() -> str:
    """What happens next. Whoever reads this has been signed out."""
    days = site().config.leave_grace_days
    day = rules.erase_on(site().clock().date(), grace_days=days)
    return render_template("practice/left.html", days=days, erase_on=day)


@pages.post("/come-back")
def come_back() -> ResponseReturnValue:
    """Take leaving back. Doing it twice is doing it once."""
    person = who.practitioner()
    try:
        service.come_back(session(), person.id, by=who.account().id, now=site().clock())
    except Conflict:
        return redirect(url_for("practice.home"), 303)
    return redirect(url_for("practice.home"), 303)


def _leave(person: Practitioner, form: LeaveForm) -> ResponseReturnValue:
    departure = queries.departure(session(), person.id)
    days = site().config.leave_grace_days
    page = render_template(
        "practice/leave.html",
        person=person,
        form=form,
        departure=departure,
        days=days,
        erase_on=rules.erase_on(site().clock().date(), grace_days=days),
    )
    return (page, 422) if form.errors else page
