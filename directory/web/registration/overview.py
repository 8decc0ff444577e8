"""Where somebody begins, comes back to, and later changes their profile."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.credentials.registration import queries
from directory.http import headers, who
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.web.registration import steps, wishes
from directory.web.registration.blueprint import pages


@pages.get("")
def overview() -> ResponseReturnValue:
    """Every step, how each stands, and what waits."""
    headers.personal()
    person = people.of_account(session(), who.account().id)
    found = None if person is None else queries.registration(session(), person.id)
    waiting = {} if person is None else edit_queries.waiting(session(), person.id)
    lines = steps.lines(person)
    return render_template(
        "registration/overview.html",
        person=person,
        lines=lines,
        begun=person is not None,
        upcoming=next((each for each in lines if each.progress != "done"), lines[-1]),
        submitted_at=found.submitted_at if found else None,
        published=person is not None and person.published_at is not None,
        wishes=[wishes.shown(each) for each in waiting.values()],
    )


@pages.post("/changes/<int:edit_id>/withdraw")
def withdraw(edit_id: int) -> ResponseReturnValue:
    """Take back a change that waits."""
    edits.withdraw(session(), edit_id, owner=who.practitioner().id, now=site().clock())
    return redirect(url_for("registration.overview"), 303)
