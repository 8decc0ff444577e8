"""Taking back a paper that nobody looked at, and giving up one that was checked: one question, one button."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.models import Credential, Indemnity
from directory.credentials.owner import service as owner
from directory.credentials.registration.terms import StepKey
from directory.http import headers, who
from directory.http.site import session, site
from directory.jurisdictions.queries import all_rules
from directory.practitioners.models import Practitioner
from directory.web.registration import papers_told, steps


def end_paper(person: Practitioner, row: Credential, step: StepKey) -> ResponseReturnValue:
    """Ask, or do it."""
    headers.personal()
    now = site().clock()
    if request.method == "POST":
        if _lacks_second_factor(person):
            return _ask_for_it()
        owner.give_up(session(), person.id, row.id, today=now.date(), now=now)
        return redirect(url_for(f"registration.{step}"), 303)
    line = papers_told.lines_of([row], all_rules(session()), today=now.date())
    return render_template(
        "registration/end.html",
        frame=steps.frame(step, person),
        what=line[0].what,
        said=line[0].said,
        own_word=owner.is_own_word(row),
        cover=False,
        ended=row.given_up_on is not None,
        action=request.path,
        back=url_for(f"registration.{step}"),
    )


def end_cover(person: Practitioner, row: Indemnity) -> ResponseReturnValue:
    """Ask, or do it."""
    headers.personal()
    now = site().clock()
    if request.method == "POST":
        if _lacks_second_factor(person):
            return _ask_for_it()
        owner.end_cover(session(), person.id, row.id, today=now.date(), now=now)
        return redirect(url_for("registration.licences"), 303)
    line = papers_told.cover_lines([row], today=now.date())[0]
    return render_template(
        "registration/end.html",
        frame=steps.frame(StepKey.LICENCES, person),
        what=line.what,
        said=line.said,
        own_word=row.verified_on is None,
        cover=True,
        ended=row.ended_on is not None,
        action=request.path,
        back=url_for("registration.licences"),
    )


def _lacks_second_factor(person: Practitioner) -> bool:
    return person.published_at is not None and not who.has_second_factor()


def _ask_for_it() -> ResponseReturnValue:
    return redirect(url_for("account.second_factor", next=request.path), 303)
